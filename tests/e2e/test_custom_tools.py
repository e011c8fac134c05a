"""Tools of free text in chat: as they are at OpenAI, functions of one text at providers that have no others."""

import json

import openai
import pytest

from support import answers, canary, messages
from support.answers import completion, piece, usage_piece
from support.gateway import config, deployment
from support.responses import openai_client, served

INPUT = 'print("a")\n'
TOOL = {
    "type": "custom",
    "custom": {
        "name": "run",
        "description": "Runs code.",
        "format": {"type": "grammar", "grammar": {"syntax": "lark", "definition": "start: LINE"}},
    },
}
HISTORY = [
    {"role": "user", "content": "Go"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "call_1", "type": "custom", "custom": {"name": "run", "input": INPUT}}],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": "a"},
]
ARGUMENTS = json.dumps({"input": INPUT})
CALL = {"id": "call_1", "type": "function", "function": {"name": "run", "arguments": ARGUMENTS}}
both = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


async def calls(exchange):
    """A call of the tool in the words of whoever is asked; streamed in two pieces."""
    stream = exchange.json.get("stream")
    if answers.is_messages(exchange):
        said = [{"type": "tool_use", "id": "call_1", "name": "run", "input": {"input": INPUT}}]
        if stream:
            return await answers.streamed(*messages.events(said, "tool_use"))(exchange)
        return await exchange.answer(200, messages.message(said, "tool_use"))
    own = exchange.json["tools"][0]["type"] == "custom"
    call = HISTORY[1]["tool_calls"][0] if own else CALL
    if not stream:
        made = completion(None)
        made["choices"][0] |= {
            "message": {"role": "assistant", "content": None, "tool_calls": [call]},
            "finish_reason": "tool_calls",
        }
        return await exchange.answer(200, made)
    kind, member, text = ("custom", "input", INPUT) if own else ("function", "arguments", ARGUMENTS)
    found = []
    for half in (slice(0, 6), slice(6, None)):
        part = {"index": 0, kind: {member: text[half]}}
        if half.start == 0:
            part |= {"id": "call_1", "type": kind, kind: {"name": "run", member: text[half]}}
        one = piece()
        one["choices"][0]["delta"] = {"tool_calls": [part]}
        found.append(one)
    await answers.streamed(*found, piece(finish="tool_calls"), usage_piece())(exchange)


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["custom"] = calls
    made = config(
        deployment(
            "row", "openai_like/custom", upstream.url + "/v1", canary.OPENAI, allowed_openai_params=["user"]
        ),
        deployment("claude", "anthropic/claude-sonnet-4-5", upstream.url, canary.ANTHROPIC),
        deployment("openai", "openai/custom", upstream.url + "/v1", canary.OPENAI),
    )
    yield from served(tmp_path_factory.mktemp("custom-tools"), made)


@pytest.fixture
def client(gateway):
    yield from openai_client(gateway)


def asked(client, model, stream, **more):
    """The one call of the answer as (id, type, name, input), and how many pieces its input came in."""
    body = {"model": model, "messages": HISTORY, "tools": [TOOL], "user": "script:custom", **more}
    if not stream:
        (call,) = client.chat.completions.create(**body).choices[0].message.tool_calls
        assert call.type == "custom" and not getattr(call, "function", None)
        return call.id, call.custom.name, call.custom.input
    ids, names, inputs, reasons = [], [], [], []
    for chunk in client.chat.completions.create(**body, stream=True):
        for choice in chunk.model_dump()["choices"]:
            reasons.append(choice["finish_reason"])
            for part in choice["delta"].get("tool_calls") or []:
                assert part["index"] == 0 and not part.get("function")
                ids.append(part.get("id"))
                names.append(part["custom"].get("name"))
                inputs.append(part["custom"]["input"])
    assert reasons[-1] == "tool_calls"
    return *("".join(filter(None, many)) for many in (ids, names)), "".join(inputs)


@both
@pytest.mark.parametrize("model", ["row", "claude", "openai"])
def test_the_client_calls_and_is_called_in_its_own_form(client, upstream, model, stream):
    choice = {"type": "custom", "custom": {"name": "run"}}
    found = asked(client, model, stream, tool_choice=choice)
    assert found == ("call_1", "run", INPUT)
    sent = upstream.requests[-1].json
    if model == "openai":
        assert (sent["tools"], sent["tool_choice"], sent["messages"]) == ([TOOL], choice, HISTORY)
    elif model == "row":
        (tool,) = sent["tools"]
        assert tool["type"] == "function" and list(tool["function"]["parameters"]["properties"]) == ["input"]
        assert "start: LINE" in tool["function"]["description"]
        assert sent["tool_choice"] == {"type": "function", "function": {"name": "run"}}
        (call,) = sent["messages"][1]["tool_calls"]
        assert call["type"] == "function" and json.loads(call["function"]["arguments"]) == {"input": INPUT}
    else:
        (tool,) = sent["tools"]
        assert tool["name"] == "run" and tool["input_schema"]["required"] == ["input"]
        assert sent["messages"][1]["content"][0]["input"] == {"input": INPUT}


def test_the_grammar_that_nobody_keeps_to_is_named(client):
    body = {"model": "row", "messages": HISTORY, "tools": [TOOL], "user": "script:custom"}
    answer = client.chat.completions.with_raw_response.create(**body)
    assert answer.headers["x-patchbay-dropped"] == "tools[0].custom.format"
    answer = client.chat.completions.with_raw_response.create(**{**body, "model": "openai"})
    assert "x-patchbay-dropped" not in answer.headers


def test_a_tool_without_a_name_is_refused(client, upstream):
    before = len(upstream.requests)
    with pytest.raises(openai.BadRequestError, match=r"tools\[0\].custom.name"):
        asked(client, "row", False, tools=[{"type": "custom", "custom": {}}])
    assert len(upstream.requests) == before
