"""Guardrails on /v1/responses: they read chat, so a guarded call goes that way, whatever its provider speaks."""

import json

import pytest

from support.answers import completion, piece
from support.gateway import config, guardrail
from support.operations import RESPONSES
from support.wire import Wire, request

SSN = "123-45-6789"
TEXT = f"It is {SSN}, no more."
MASKED = "It is [US_SSN_REDACTED], no more."
MASK = {"patterns": [{"pattern_type": "prebuilt", "pattern_name": "us_ssn", "action": "MASK"}]}
BLOCK = {"patterns": [{"pattern_name": "us_ssn", "action": "BLOCK"}]}
both_rules = pytest.mark.parametrize("rules", [MASK, BLOCK], ids=["mask", "block"])
#: The provider's own pieces cut the number, too.
WORDS = ["It is 123-", "45-67", "89, no", " more."]


@pytest.fixture
def guarded(start, upstream):
    def run(mode, rules):
        made = config(RESPONSES.deployment(upstream))
        made["guardrails"] = [guardrail("ssn", mode, default_on=True, **rules)]
        upstream.clear()
        return start(made)

    return run


def text_of(events) -> str:
    values = [json.loads(text) for text in events]
    return "".join(v["delta"] for v in values if v["type"] == "response.output_text.delta")


def test_requests_are_masked_wherever_a_text_stands(guarded, upstream):
    items = [
        {"role": "user", "content": [{"type": "input_text", "text": TEXT}]},
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": TEXT}]},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": json.dumps({"to": SSN})},
        {"type": "function_call_output", "call_id": "c", "output": TEXT},
    ]
    tool = {"type": "function", "name": "f", "description": TEXT, "parameters": {"type": "object"}}
    answer = RESPONSES.ask(guarded("pre_call", MASK), instructions=TEXT, input=items, tools=[tool])
    assert answer.status == 200
    assert answer.headers["x-litellm-applied-guardrails"] == "ssn"
    sent = upstream.requests[-1]
    assert sent.path == "/v1/chat/completions"
    assert SSN not in sent.body.decode() and sent.body.decode().count("[US_SSN_REDACTED]") == 6


@pytest.mark.parametrize("stream", [False, True])
def test_requests_are_blocked(guarded, upstream, stream):
    answer = RESPONSES.ask(guarded("pre_call", BLOCK), input=TEXT, stream=stream)
    assert answer.status == 400 and "Content blocked" in answer.error["message"]
    assert upstream.requests == []


@both_rules
def test_whole_answers(guarded, upstream, rules):
    async def whole(exchange):
        await exchange.answer(200, completion(TEXT))

    upstream.scripts["whole"] = whole
    answer = RESPONSES.ask(guarded("post_call", rules), "whole")
    if rules is BLOCK:
        assert answer.status == 400 and "Content blocked" in answer.error["message"]
        return
    assert answer.status == 200 and answer.json["object"] == "response"
    assert answer.json["output"][0]["content"][0]["text"] == MASKED
    assert answer.json["usage"]["input_tokens"] == 11


@both_rules
def test_streams_cut_at_every_byte(guarded, upstream, rules):
    values = [piece(word) for word in WORDS] + [piece(finish="stop")]
    lines = [f"data: {json.dumps(value)}\n\n" for value in values]
    stream = ("".join(lines) + "data: [DONE]\n\n").encode()

    async def bytes_at(exchange):
        at = exchange.number
        await exchange.start_stream()
        pieces = [stream[:at], stream[at:]] if at < len(stream) else [b"%c" % c for c in stream]
        for data in pieces:
            await exchange.chunk(data)
        await exchange.finish()

    upstream.scripts["bytes"] = bytes_at
    gateway = guarded("post_call", rules)
    with Wire(gateway.port) as wire:
        for at in range(1, len(stream) + 1):
            body = RESPONSES.body(f"bytes {at}", stream=True)
            wire.send(request(body, path=RESPONSES.path))
            answer = wire.answer()
            assert SSN not in answer.body.decode()
            if answer.status != 200:
                # Nothing was fit to be sent before the verdict.
                assert rules is BLOCK and answer.status == 400
                assert "Content blocked" in answer.error["message"]
                continue
            assert "123-45" not in text_of(answer.events)
            last = json.loads(answer.events[-1])
            if rules is BLOCK:
                assert last["type"] == "response.failed"
                assert "Content blocked" in last["response"]["error"]["message"]
                assert "no more" not in answer.body.decode()
            else:
                assert text_of(answer.events) == MASKED and last["type"] == "response.completed"
                assert last["response"]["output"][0]["content"][0]["text"] == MASKED


@pytest.mark.parametrize("stream", [False, True])
def test_arguments_of_tools_are_masked(guarded, upstream, stream):
    call = {
        "index": 0,
        "id": "c1",
        "type": "function",
        "function": {"name": "send", "arguments": json.dumps({"to": SSN})},
    }

    async def calls(exchange):
        if not exchange.json.get("stream"):
            made = completion(None)
            made["choices"][0]["message"]["tool_calls"] = [call]
            made["choices"][0]["finish_reason"] = "tool_calls"
            return await exchange.answer(200, made)
        one = piece()
        one["choices"][0]["delta"] = {"tool_calls": [call]}
        await exchange.start_stream()
        for value in (one, piece(finish="tool_calls"), "[DONE]"):
            await exchange.event(value)
        await exchange.finish()

    upstream.scripts["calls"] = calls
    answer = RESPONSES.ask(guarded("post_call", MASK), "calls", stream=stream)
    made = json.loads(answer.events[-1])["response"] if stream else answer.json
    assert SSN not in answer.body.decode()
    assert json.loads(made["output"][0]["arguments"]) == {"to": "[US_SSN_REDACTED]"}
