"""What reaches Anthropic of an OpenAI client's request, and what of its answers reaches the client."""

import json

import openai
import pytest

from support import answers, canary
from support.gateway import config, deployment
from support.wire import ask, chat

SONNET, OPUS = "claude-sonnet-4-5-20250929", "claude-opus-4-6"
NAMES = ["srv/todo.find", "srv_todo_find"]
TOOLS = [{"type": "function", "function": {"name": name}} for name in NAMES]
CHOICE = {"type": "function", "function": {"name": NAMES[0]}}
BIG = "12345678901234567890123"


async def calls_the_chosen_tool(exchange):
    """Calls the tool that tool_choice names, with an id of 23 digits."""
    name = exchange.json["tool_choice"]["name"]
    if not exchange.json.get("stream"):
        use = {"type": "tool_use", "id": "t", "name": name, "input": {"id": int(BIG)}}
        await exchange.answer(
            200, {**answers.message(), "content": [use], "stop_reason": "tool_use"}
        )
        return
    await exchange.start_stream()
    for event in (
        {"type": "message_start", "message": {**answers.message(), "content": []}},
        {
            "type": "content_block_start",
            "index": 0,
            "content_block": {"type": "tool_use", "id": "t", "name": name, "input": {}},
        },
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "input_json_delta", "partial_json": f'{{"id":{BIG}}}'},
        },
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "tool_use"},
            "usage": {"output_tokens": 7},
        },
        {"type": "message_stop"},
    ):
        await exchange.event(event, event["type"])
    await exchange.finish()


@pytest.fixture
def served(start, upstream):
    """served(**sections) starts a gateway with Claude behind the names "sonnet", "opus", "own"."""

    def run(**sections):
        def claude(name, model, info=None, **params):
            made = deployment(name, f"anthropic/{model}", upstream.url, canary.ANTHROPIC, **params)
            return made | {"model_info": info} if info else made

        upstream.clear()
        return start(
            config(
                claude("sonnet", SONNET),
                claude("opus", OPUS),
                claude("own", "nobody-knows-it", {"max_output_tokens": 5000}),
                claude("unknown", "nobody-knows-it"),
                claude("set", SONNET, max_tokens=77),
                **sections,
            )
        )

    return run


def test_without_max_tokens_a_model_may_answer_as_long_as_it_can(served, upstream):
    gateway = served()
    for model, sent in (
        ("sonnet", 64000),
        ("opus", 128000),
        ("own", 5000),
        ("unknown", 4096),
        ("set", 77),
    ):
        assert ask(gateway.port, chat(model=model)).status == 200
        assert upstream.requests[-1].json["max_tokens"] == sent, model
    assert ask(gateway.port, chat(model="sonnet", max_tokens=5)).status == 200
    assert upstream.requests[-1].json["max_tokens"] == 5


def test_the_setting_of_the_plugin_is_bounded_by_what_the_model_can(served, upstream):
    gateway = served(plugins={"settings": {"anthropic": {"default_max_tokens": 50000}}})
    for model, sent in (("sonnet", 50000), ("own", 5000), ("unknown", 50000)):
        assert ask(gateway.port, chat(model=model)).status == 200
        assert upstream.requests[-1].json["max_tokens"] == sent, model


WHILE_THINKING = {"reasoning_effort": "high", "temperature": 0.2, "top_p": 0.5}


def test_what_anthropic_refuses_together_is_sent_and_what_it_has_not_is_named(served, upstream):
    gateway = served()
    assert ask(gateway.port, chat(model="sonnet", **WHILE_THINKING)).status == 200
    sent = upstream.requests.pop().json
    assert (sent["temperature"], sent["top_p"], sent["max_tokens"]) == (0.2, 0.5, 4096 + 4096)
    answer = ask(gateway.port, chat(model="sonnet", seed=1, **WHILE_THINKING))
    assert answer.status == 400
    assert "['seed']" in answer.error["message"]
    assert upstream.requests == []


def test_what_anthropic_refuses_together_is_dropped_on_demand(served, upstream):
    gateway = served(litellm_settings={"drop_params": True})
    assert ask(gateway.port, chat(model="sonnet", **WHILE_THINKING)).status == 200
    sent = upstream.requests[-1].json
    assert sent["thinking"] == {"type": "enabled", "budget_tokens": 4096}
    assert not {"temperature", "top_p"} & set(sent)


def test_tools_have_the_clients_names_and_numbers_their_digits(served, upstream):
    upstream.scripts["tool"] = calls_the_chosen_tool
    gateway = served()
    with openai.OpenAI(
        base_url=f"http://127.0.0.1:{gateway.port}/v1", api_key=canary.MASTER, max_retries=0
    ) as client:
        ask_for = {
            "model": "sonnet",
            "messages": [{"role": "user", "content": "script:tool"}],
            "tools": TOOLS,
            "tool_choice": CHOICE,
        }
        whole = client.chat.completions.create(**ask_for).choices[0].message.tool_calls[0]
        pieces = [
            chunk.choices[0].delta.tool_calls[0].function
            for chunk in client.chat.completions.create(stream=True, **ask_for)
            if chunk.choices and chunk.choices[0].delta.tool_calls
        ]
    sent = [tool["name"] for tool in upstream.requests[-1].json["tools"]]
    assert sent[1] == NAMES[1] and sent[0] not in NAMES
    assert whole.function.name == pieces[0].name == NAMES[0]
    arguments = "".join(piece.arguments for piece in pieces)
    assert json.loads(arguments) == json.loads(whole.function.arguments) == {"id": int(BIG)}
