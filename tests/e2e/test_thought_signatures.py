"""Signatures of Gemini's thoughts come back with their calls through APIs that have no place for them."""

import base64
import json

import anthropic
import openai
import pytest

from support import answers, canary
from support.gateway import Gateway, config, deployment

#: Longer than an id may be at OpenAI, with every character of base64.
SIGNATURES = [base64.b64encode(bytes(range(shift, 256)) * 2).decode() for shift in (0, 1)]
PARTS = [
    {"functionCall": {"name": "look", "args": {"n": n}}, "thoughtSignature": signature}
    for n, signature in enumerate(SIGNATURES)
]
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}}


def of_gemini(*parts) -> dict:
    content = {"role": "model", "parts": list(parts)}
    return {
        "candidates": [{"content": content, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 2, "totalTokenCount": 7},
        "modelVersion": "gemini-3-pro-preview",
        "responseId": "r1",
    }


async def calls(exchange):
    """Two signed calls at first, then words."""
    later = b"function_response" in exchange.body
    answer = of_gemini({"text": "Done."}) if later else of_gemini(*PARTS)
    if "streamGenerateContent" in exchange.path:
        await exchange.start_stream()
        await exchange.event(answer)
        return await exchange.finish()
    await exchange.answer(200, answer)


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["signed"] = calls
    made = config(
        deployment("gemini", "gemini/gemini-3-pro-preview", upstream.url, canary.OPENAI),
        deployment("gpt", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
    )
    running = Gateway(tmp_path_factory.mktemp("signatures"), made)
    yield running
    assert running.stop() == 0


def signatures(upstream) -> list[str]:
    """Those that Google was sent last."""
    turns = upstream.of("signed")[-1].json["contents"]
    return [
        part["thoughtSignature"]
        for turn in turns
        for part in turn["parts"]
        if "function_call" in part
    ]


@pytest.mark.parametrize("streamed", [False, True])
def test_through_the_messages_api(gateway, upstream, streamed):
    client = anthropic.Anthropic(base_url=gateway.url, api_key=canary.MASTER, max_retries=0)
    tools = [{"name": "look", "input_schema": SCHEMA}]
    messages = [{"role": "user", "content": "script:signed"}]

    def ask():
        asked = {"model": "gemini", "max_tokens": 64, "tools": tools, "messages": messages}
        if not streamed:
            return client.messages.create(**asked)
        with client.messages.stream(**asked) as stream:
            return stream.get_final_message()

    first = ask()
    uses = [block for block in first.content if block.type == "tool_use"]
    assert [use.input for use in uses] == [{"n": 0}, {"n": 1}]
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
    assert all(set(use.id) <= allowed for use in uses)
    results = [{"type": "tool_result", "tool_use_id": use.id, "content": "r"} for use in uses]
    messages += [
        {"role": "assistant", "content": [block.model_dump() for block in first.content]},
        {"role": "user", "content": results},
    ]
    assert ask().content[-1].text == "Done."
    assert signatures(upstream) == SIGNATURES


def test_through_the_responses_api(gateway, upstream):
    client = openai.OpenAI(base_url=gateway.url + "/v1", api_key=canary.MASTER, max_retries=0)
    tools = [{"type": "function", "name": "look", "parameters": SCHEMA, "strict": False}]
    items = [{"role": "user", "content": "script:signed"}]
    first = client.responses.create(model="gemini", input=items, tools=tools, store=False)
    made = [item for item in first.output if item.type == "function_call"]
    items += [item.model_dump() for item in first.output]
    items += [
        {"type": "function_call_output", "call_id": call.call_id, "output": "r"} for call in made
    ]
    again = client.responses.create(model="gemini", input=items, tools=tools, store=False)
    assert again.output_text == "Done."
    assert signatures(upstream) == SIGNATURES


def test_openais_models_get_ids_that_they_take(gateway, upstream):
    async def whole(exchange):
        await exchange.answer(200, answers.completion("Hi"))

    upstream.scripts["other"] = whole
    client = openai.OpenAI(base_url=gateway.url + "/v1", api_key=canary.MASTER, max_retries=0)
    ids = [f"call_{n}__thought__{signature}" for n, signature in enumerate(SIGNATURES)]
    function = {"name": "look", "arguments": json.dumps({"n": 0})}
    messages = [
        {"role": "user", "content": "script:other"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": id, "type": "function", "function": function} for id in ids],
        },
        *({"role": "tool", "tool_call_id": id, "content": "r"} for id in ids),
    ]
    client.chat.completions.create(model="gpt", messages=messages)
    sent = upstream.of("other")[-1].json["messages"]
    assert [call["id"] for call in sent[1]["tool_calls"]] == ["call_0", "call_1"]
    assert [result["tool_call_id"] for result in sent[2:]] == ["call_0", "call_1"]
