"""/v1/completions: to models that complete texts as it is, to models of chat by way of chat; OpenAI's SDK in front."""

import json

import openai
import pytest

from support import answers, canary
from support.answers import completion, openai_error, piece, usage_piece
from support.gateway import Gateway, config, deployment, guardrail
from support.wire import ask

PATH = "/v1/completions"
NATIVE = {
    "id": "cmpl-up1",
    "object": "text_completion",
    "created": 1700000000,
    "model": "gpt-3.5-turbo-instruct:1",
    "choices": [{"index": 0, "text": " there", "logprobs": None, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}


async def texts(exchange):
    await exchange.answer(200, NATIVE)


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["texts"] = texts
    base = upstream.url + "/v1"
    made = config(
        deployment("instruct", "openai/gpt-3.5-turbo-instruct", base, canary.OPENAI),
        deployment("chat", "openai/gpt-4o", base, canary.OPENAI),
        deployment("claude", "anthropic/claude-sonnet-4-5", upstream.url, canary.ANTHROPIC),
    )
    running = Gateway(tmp_path_factory.mktemp("completions"), made)
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(gateway):
    with openai.OpenAI(
        base_url=gateway.url + "/v1", api_key=canary.MASTER, max_retries=0
    ) as made:
        yield made


def test_a_model_that_completes_texts_is_asked_as_it_is(client, upstream):
    more = {"echo": True, "suffix": "!", "logprobs": 1, "best_of": 2, "user": "script:texts"}
    for prompt in ("Hi", ["a", "b"], [1, 2], [[1], [2]]):
        answer = client.completions.create(model="instruct", prompt=prompt, **more)
        assert answer.choices[0].text == " there" and answer.model == "instruct"
        sent = upstream.requests[-1]
        assert sent.path == PATH
        assert sent.json == {"model": "gpt-3.5-turbo-instruct", "prompt": prompt, **more}


@pytest.mark.parametrize("model", ["chat", "claude"])
def test_a_model_of_chat_answers_too(client, upstream, model):
    answer = client.completions.create(model=model, prompt="Hi", max_tokens=64, stop=["END"])
    assert answer.object == "text_completion" and answer.id.startswith("chatcmpl-")
    assert [(c.text, c.finish_reason) for c in answer.choices] == [("Hello from upstream", "stop")]
    assert (answer.model, answer.usage.prompt_tokens, answer.usage.completion_tokens) == (model, 11, 4)
    sent = upstream.requests[-1].json
    assert sent["max_tokens"] == 64
    assert "Hi" in json.dumps(sent["messages"]) and "prompt" not in sent


@pytest.mark.parametrize("model", ["chat", "claude"])
@pytest.mark.parametrize("asked", [True, False])
def test_streams(client, model, asked):
    more = {"stream_options": {"include_usage": True}} if asked else {}
    seen = list(
        client.completions.create(model=model, prompt="Hi", stream=True, echo=True, **more)
    )
    words = "".join(choice.text for chunk in seen for choice in chunk.choices)
    assert words == "HiHello from upstream"
    assert [c.finish_reason for chunk in seen for c in chunk.choices if c.finish_reason] == ["stop"]
    usages = [chunk.usage for chunk in seen if chunk.usage]
    assert [u.total_tokens for u in usages] == ([15] if asked else [])


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"prompt": ["a", "b"]}, "prompt"),
        ({"prompt": [1, 2]}, "prompt"),
        ({"suffix": "!"}, "suffix"),
        ({"best_of": 2}, "best_of"),
    ],
)
def test_what_only_a_completing_model_can_do_is_refused_by_name(client, upstream, more, param):
    upstream.clear()
    with pytest.raises(openai.BadRequestError) as raised:
        client.completions.create(**{"model": "chat", "prompt": "Hi", **more})
    assert raised.value.param == param and "answers chat" in str(raised.value)
    assert upstream.requests == []


@pytest.mark.parametrize("stream", [False, True])
def test_errors_are_the_sdks_own(client, upstream, stream):
    async def refuses(exchange):
        await exchange.answer(429, openai_error("slow down"), [("retry-after", "7")])

    upstream.scripts["refuses"] = refuses
    with pytest.raises(openai.RateLimitError) as raised:
        client.completions.create(
            model="chat", prompt="Hi", user="script:refuses", stream=stream
        )
    assert raised.value.response.headers["retry-after"] == "7"


def test_guardrails_see_prompts_and_answers(start, upstream):
    text = "It is 123-45-6789, no more."
    rules = {"patterns": [{"pattern_name": "us_ssn", "pattern_type": "prebuilt", "action": "MASK"}]}
    made = config(deployment("chat", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI))
    made["guardrails"] = [
        guardrail(mode, mode, default_on=True, **rules) for mode in ("pre_call", "post_call")
    ]
    gateway = start(made)

    async def tells(exchange):
        if not exchange.json.get("stream"):
            return await exchange.answer(200, completion(text))
        await answers.streamed(piece(text), piece(finish="stop"), usage_piece())(exchange)

    upstream.scripts["tells"] = tells
    for stream in (False, True):
        body = {"model": "chat", "prompt": text, "user": "script:tells", "stream": stream}
        answer = ask(gateway.port, body, path=PATH)
        assert answer.status == 200
        assert b"123-45" not in answer.body and b"[US_SSN_REDACTED]" in answer.body
        assert b"123-45" not in upstream.requests[-1].body
