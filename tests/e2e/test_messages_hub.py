"""/v1/messages at a provider that speaks OpenAI's chat API: translated there and back, for Anthropic's SDK."""

import json

import anthropic
import pytest

from support import answers, canary
from support.answers import completion, openai_error, piece, usage_piece
from support.gateway import Gateway, config
from support.messages import BETAS, CLAUDE_CODE, TOOL, check_error, dumped
from support.operations import CHAT, MESSAGES
from support.records import Log, tokens, told
from support.wire import ask

CITIES = ("Paris", "Rome")
CALLS = [
    {
        "id": f"call_{city}",
        "type": "function",
        "function": {"name": "get_weather", "arguments": json.dumps({"city": city})},
    }
    for city in CITIES
]
USES = [
    {"type": "tool_use", "id": f"call_{city}", "name": "get_weather", "input": {"city": city}}
    for city in CITIES
]
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def delta(**members) -> dict:
    found = piece()
    found["choices"][0]["delta"] = members
    return found


def whole_calls() -> dict:
    made = completion(None)
    made["choices"][0]["message"] |= {"content": None, "tool_calls": CALLS}
    made["choices"][0]["finish_reason"] = "tool_calls"
    return made


def streamed_calls() -> list[dict]:
    """Two calls whose arguments come in turns."""
    found = [delta(role="assistant", content=None)]
    for index, call in enumerate(CALLS):
        begun = {**call, "function": {"name": "get_weather", "arguments": ""}}
        found.append(delta(tool_calls=[{"index": index, **begun}]))
    for half in (slice(0, 6), slice(6, None)):
        for index, call in enumerate(CALLS):
            part = call["function"]["arguments"][half]
            found.append(delta(tool_calls=[{"index": index, "function": {"arguments": part}}]))
    return [*found, piece(finish="tool_calls"), usage_piece()]


async def calls(exchange):
    if exchange.json.get("stream"):
        return await answers.streamed(*streamed_calls())(exchange)
    await exchange.answer(200, whole_calls())


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["calls"] = calls
    made = config(
        CHAT.deployment(upstream), CHAT.deployment(upstream, "thinks", model="openai/gpt-5")
    )
    running = Gateway(tmp_path_factory.mktemp("hub"), made)
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(gateway):
    with anthropic.Anthropic(base_url=gateway.url, api_key=canary.MASTER, max_retries=0) as made:
        yield made


def final(client, stream: bool, script="default", **more):
    """The message, asked for whole or as a stream."""
    body = {**MESSAGES.body(script), **more}
    if not stream:
        return client.messages.create(**body)
    with client.messages.stream(**body) as running:
        return running.get_final_message()


both = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


@both
def test_text(client, upstream, stream):
    more = {"temperature": 0.5, "top_p": 0.9}
    answer = final(client, stream, system="Be brief.", stop_sequences=["END"], extra_body=more)
    assert dumped(answer.content) == [{"type": "text", "text": "Hello from upstream"}]
    assert (answer.model, answer.stop_reason, answer.role) == ("m", "end_turn", "assistant")
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (11, 4)
    assert answer.id.startswith("msg_")
    sent = upstream.requests[-1]
    assert sent.path == "/v1/chat/completions"
    assert sent.headers["authorization"] == f"Bearer {canary.OPENAI}"
    asked = sent.json
    assert asked["model"] == "gpt-4o" and asked["max_tokens"] == 64
    assert asked["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello"},
    ]
    assert (asked["temperature"], asked["top_p"], asked["stop"]) == (0.5, 0.9, ["END"])
    assert bool(asked.get("stream")) is stream
    assert not {"system", "stop_sequences", "metadata", "tool_choice"} & set(asked)


@both
def test_two_calls_of_tools_over_two_turns(client, upstream, stream):
    asked = {"tools": [TOOL], "tool_choice": {"type": "any"}}
    first = final(client, stream, "calls", **asked)
    assert dumped(first.content) == USES
    assert first.stop_reason == "tool_use"
    sent = upstream.requests[-1].json
    assert sent["tool_choice"] == "required"
    assert sent["tools"][0]["function"]["name"] == "get_weather"
    assert sent["tools"][0]["function"]["parameters"] == TOOL["input_schema"]
    results = [
        {"type": "tool_result", "tool_use_id": "call_Paris", "content": "sunny"},
        {"type": "tool_result", "tool_use_id": "call_Rome", "content": "gone", "is_error": True},
        {"type": "text", "text": "Well?"},
    ]
    turns = [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": dumped(first.content)},
        {"role": "user", "content": results},
    ]
    second = final(client, stream, messages=turns, **asked)
    assert second.stop_reason == "end_turn"
    _, said, paris, rome, well = upstream.requests[-1].json["messages"]
    assert [
        (call["id"], json.loads(call["function"]["arguments"])) for call in said["tool_calls"]
    ] == [(f"call_{city}", {"city": city}) for city in CITIES]
    assert (paris["role"], paris["tool_call_id"], paris["content"]) == (
        "tool",
        "call_Paris",
        "sunny",
    )
    assert rome["tool_call_id"] == "call_Rome" and rome["content"] == "Error: gone"
    assert well["role"] == "user"


def test_images(client, upstream):
    data = {"type": "base64", "media_type": "image/png", "data": PIXEL}
    link = {"type": "url", "url": "https://example.org/a.png"}
    content = [{"type": "image", "source": source} for source in (data, link)]
    final(client, False, messages=[{"role": "user", "content": content}])
    sent = upstream.requests[-1].json["messages"][0]["content"]
    assert [part["image_url"]["url"] for part in sent] == [
        f"data:image/png;base64,{PIXEL}",
        "https://example.org/a.png",
    ]


@both
@pytest.mark.parametrize(
    ("finish", "expected"),
    [("stop", "end_turn"), ("length", "max_tokens"), ("content_filter", "refusal")],
)
def test_stop_reasons(client, upstream, stream, finish, expected):
    async def ends(exchange):
        if stream:
            return await answers.streamed(piece("Hello"), piece(finish=finish), usage_piece())(
                exchange
            )
        made = completion("Hello")
        made["choices"][0]["finish_reason"] = finish
        await exchange.answer(200, made)

    upstream.scripts["ends"] = ends
    assert final(client, stream, "ends").stop_reason == expected


@both
def test_cached_tokens_are_told_apart(recorded, client, upstream, stream):
    usage = {**answers.USAGE, "prompt_tokens_details": {"cached_tokens": 5}}

    async def cached(exchange):
        if stream:
            last = {**usage_piece(), "usage": usage}
            return await answers.streamed(piece("Hello"), piece(finish="stop"), last)(exchange)
        await exchange.answer(200, completion("Hello", usage=usage))

    upstream.scripts["cached"] = cached
    found = final(client, stream, "cached").usage
    assert (found.input_tokens, found.cache_read_input_tokens, found.output_tokens) == (6, 5, 4)


@both
def test_the_record_and_metrics_have_the_provider_s_counts(start, upstream, tmp_path, stream):
    log = Log(tmp_path)
    gateway = start(config(CHAT.deployment(upstream), **log.sections), env=log.environment)
    assert MESSAGES.ask(gateway, stream=stream).status == 200
    (record,) = log.records()
    assert record["call_type"] == MESSAGES.call_type
    assert tokens(record) == told(11, 4)
    assert record["metadata"]["user_api_key_request_route"] == MESSAGES.route
    assert record["custom_llm_provider"] == "openai"
    assert "Hello" in json.dumps(record["messages"])


@both
@pytest.mark.parametrize(
    ("model", "more", "effort"),
    [("thinks", {}, "high"), ("m", {"drop_params": True}, None)],
    ids=["thinks", "does not think"],
)
def test_a_request_as_claude_code_sends_it(gateway, upstream, stream, model, more, effort):
    answer = ask(
        gateway.port,
        {**CLAUDE_CODE, "model": model, "stream": stream, **more},
        path="/v1/messages?beta=true",
        headers={"anthropic-beta": BETAS, "anthropic-version": "2023-06-01"},
    )
    assert answer.status == 200, answer.body
    assert "context_management" in answer.headers["x-patchbay-dropped"]
    sent = upstream.requests[-1]
    assert not [name for name in sent.headers if name.startswith("anthropic-")]
    left_out = {"thinking", "context_management", "output_config", "metadata", "system"}
    assert not left_out & set(sent.json)
    assert sent.json.get("reasoning_effort") == effort
    text = sent.body.decode()
    assert "cache_control" not in text and "defer_loading" not in text
    assert "x-anthropic-billing-header" not in text and "You are Claude Code." in text


def test_an_effort_that_a_model_lacks_is_left_out(gateway, upstream):
    """The client cannot know the model behind the name; how much to think changes no question."""
    upstream.clear()
    answer = MESSAGES.ask(gateway, output_config={"effort": "high"})
    assert answer.status == 200
    assert "reasoning_effort" not in upstream.requests[-1].json


@both
@pytest.mark.parametrize(
    ("status", "kind", "exception"),
    [
        (400, "invalid_request_error", anthropic.BadRequestError),
        (401, "authentication_error", anthropic.AuthenticationError),
        (404, "not_found_error", anthropic.NotFoundError),
        (429, "rate_limit_error", anthropic.RateLimitError),
        (500, "api_error", anthropic.InternalServerError),
    ],
)
def test_errors_are_anthropic_s(gateway, client, upstream, stream, status, kind, exception):
    upstream.scripts["failing"] = answers.error(status, openai_error("no luck"))
    check_error(MESSAGES.ask(gateway, "failing", stream=stream), status, kind, "no luck")
    with pytest.raises(exception):
        final(client, stream, "failing")


def test_a_stream_that_breaks_off_ends_with_an_error(gateway, client, upstream):
    upstream.scripts["breaks"] = answers.streamed(piece("Hello"), end=answers.cut)
    answer = MESSAGES.ask(gateway, "breaks", stream=True)
    assert answer.status == 200 and b"message_stop" not in answer.body
    assert json.loads(answer.events[-1])["error"]["type"] == "api_error"
    with pytest.raises(anthropic.APIStatusError):
        final(client, True, "breaks")


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([{"role": "user", "content": [{"type": "image", "source": {}}]}], "messages.0.content.0"),
        ([{"role": "user", "content": 7}], "messages.0.content"),
        ("Hello", "messages"),
    ],
)
def test_a_wrong_shape_is_refused_by_its_place(gateway, upstream, messages, said):
    upstream.clear()
    answer = MESSAGES.ask(gateway, messages=messages)
    check_error(answer, 400, "invalid_request_error", "")
    assert said in answer.body.decode()
    assert upstream.requests == []
