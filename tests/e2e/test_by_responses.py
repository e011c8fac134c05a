"""Chat with models that have the Responses API alone, for the clients of the makers."""

import json

import anthropic
import openai
import pytest

from support import canary, messages, responses
from support.answers import openai_error
from support.gateway import config, deployment
from support.responses import CITIES, REASONING, openai_client, served
from support.wire import ask

TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
SEALED = "gAAAA"
both = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


async def says(exchange):
    """As a model of OpenAI's that has no other API; Claude answers in its own."""
    if exchange.path.startswith("/v1/messages"):
        return await messages.says(exchange)
    if exchange.path != "/v1/responses":
        return await exchange.answer(404, openai_error("This is not a chat model"))
    await responses.says(exchange)


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["sealed"] = says
    base = upstream.url + "/v1"
    spoken = deployment("spoken", "openai/gpt-5-pro", base, canary.OPENAI)
    spoken["model_info"] = {"mode": "chat"}
    told = deployment("told", "openai/of-the-house", base, canary.OPENAI)
    told["model_info"] = {"mode": "responses"}
    made = config(
        deployment("pro", "openai/gpt-5-pro", base, canary.OPENAI),
        deployment("marked", "openai/responses/gpt-4o", base, canary.OPENAI),
        deployment("any/*", "openai/*", base, canary.OPENAI),
        deployment("claude", "anthropic/claude-sonnet-4-5", upstream.url, canary.ANTHROPIC),
        spoken,
        told,
        router_settings={"num_retries": 0},
    )
    yield from served(tmp_path_factory.mktemp("by-responses"), made)


@pytest.fixture
def client(gateway):
    yield from openai_client(gateway)


def said(client, stream: bool, turns, model="pro", **more) -> dict:
    """The message, asked for whole or as a stream and joined, as a client sends it back."""
    body = {"model": model, "messages": turns, "user": "script:sealed", **more}
    if not stream:
        return client.chat.completions.create(**body).choices[0].message.model_dump(exclude_none=True)
    with client.chat.completions.stream(**body) as running:
        blocks = [
            block
            for event in running
            if event.type == "chunk" and event.chunk.choices
            for block in getattr(event.chunk.choices[0].delta, "thinking_blocks", None) or ()
        ]
        message = running.get_final_completion().choices[0].message
    return {**message.model_dump(exclude_none=True), "thinking_blocks": blocks}


ASKED = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Weather?"}]
RESULTS = [{"role": "tool", "tool_call_id": f"call_{city}", "content": "sunny"} for city in CITIES]


@both
def test_thoughts_and_calls_go_over_two_turns(client, upstream, stream):
    message = said(client, stream, ASKED, tools=[TOOL], reasoning_effort="low")
    sent = upstream.requests[-1].json
    assert (sent["model"], sent["instructions"], sent["reasoning"]) == ("gpt-5-pro", "Be brief.", {"effort": "low"})
    assert (sent["store"], sent["include"]) == (False, ["reasoning.encrypted_content"])
    assert message["content"] == "I look."
    (block,) = message["thinking_blocks"]
    assert block["thinking"] == "Hm." and block["signature"].startswith("pb1.responses.")
    calls = [(call["id"], json.loads(call["function"]["arguments"])) for call in message["tool_calls"]]
    assert calls == [(f"call_{city}", {"city": city}) for city in CITIES]
    turn = {name: message[name] for name in ("role", "content", "thinking_blocks")}
    turn["tool_calls"] = [
        {"type": "function", "id": call["id"], "function": {k: call["function"][k] for k in ("name", "arguments")}}
        for call in message["tool_calls"]
    ]
    said(client, stream, [*ASKED, turn, *RESULTS], tools=[TOOL])
    _, thought, words, *rest = upstream.requests[-1].json["input"]
    assert thought == {"type": "reasoning", "summary": REASONING["summary"], "encrypted_content": SEALED}
    assert words["content"] == [{"type": "output_text", "text": "I look."}]
    assert [item["type"] for item in rest] == ["function_call"] * 2 + ["function_call_output"] * 2
    said(client, False, [*ASKED, turn, *RESULTS], model="claude", tools=[TOOL], max_tokens=2048)
    assert "pb1." not in upstream.requests[-1].body.decode(), "OpenAI's thoughts are nothing to Claude"


@both
def test_thoughts_come_back_from_clients_of_anthropic(gateway, upstream, stream):
    with anthropic.Anthropic(base_url=gateway.url, api_key=canary.MASTER, max_retries=0) as client:
        body = {
            "model": "pro",
            "max_tokens": 2048,
            "messages": [{"role": "user", "content": "Weather?"}],
            "metadata": {"user_id": "script:sealed"},
            "thinking": {"type": "enabled", "budget_tokens": 1024},
        }

        def ask_it():
            if not stream:
                return client.messages.create(**body)
            with client.messages.stream(**body) as running:
                return running.get_final_message()

        made = ask_it()
        assert [block.type for block in made.content] == ["thinking", "text", "tool_use", "tool_use"]
        results = [
            {"type": "tool_result", "tool_use_id": block.id, "content": "sunny"}
            for block in made.content
            if block.type == "tool_use"
        ]
        turn = [block.model_dump(exclude_none=True) for block in made.content]
        body["messages"] += [{"role": "assistant", "content": turn}, {"role": "user", "content": results}]
        ask_it()
        items = upstream.requests[-1].json["input"]
        assert items[1]["encrypted_content"] == SEALED and items[2]["role"] == "assistant"


@pytest.mark.parametrize(
    ("model", "path", "upstream_model"),
    [
        ("pro", "/v1/responses", "gpt-5-pro"),
        ("marked", "/v1/responses", "gpt-4o"),
        ("told", "/v1/responses", "of-the-house"),
        ("any/o3-pro", "/v1/responses", "o3-pro"),
        ("any/responses/gpt-4o", "/v1/responses", "gpt-4o"),
        ("any/gpt-4o", "/v1/chat/completions", "gpt-4o"),
        ("spoken", "/v1/chat/completions", "gpt-5-pro"),
    ],
)
def test_the_way_is_that_of_the_model(gateway, upstream, model, path, upstream_model):
    ask(gateway.port, {"model": model, "messages": ASKED})
    sent = upstream.requests[-1]
    assert (sent.path, sent.json["model"]) == (path, upstream_model)
    ask(gateway.port, {"model": model, "input": "Hi"}, path="/v1/responses")
    sent = upstream.requests[-1]
    assert (sent.path, sent.json) == ("/v1/responses", {"model": upstream_model, "input": "Hi"})


def test_what_cannot_be_said_is_refused_by_name(client):
    with pytest.raises(openai.BadRequestError) as failed:
        said(client, False, ASKED, stop=["x"], seed=1, n=2)
    assert "['n', 'seed', 'stop'], for model=gpt-5-pro" in failed.value.message
    assert said(client, False, ASKED, extra_body={"drop_params": True}, stop=["x"])["content"]


def test_text_completions_of_such_a_model(client, upstream):
    made = client.completions.create(model="pro", prompt="Weather?", user="script:sealed")
    assert made.choices[0].text == "I look."
    assert upstream.requests[-1].path == "/v1/responses"
