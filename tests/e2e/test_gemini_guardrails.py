"""Guardrails on Gemini's API: they read requests and answers as chat, whole and streamed."""

import json

import pytest

from support import answers
from support.answers import completion, piece
from support.gateway import config, guardrail
from support.gemini import body, call, check_error, responses, words
from support.operations import CHAT

SSN = "123-45-6789"
TEXT = f"It is {SSN}, no more."
MASKED = "It is [US_SSN_REDACTED], no more."
MASK = {"patterns": [{"pattern_type": "prebuilt", "pattern_name": "us_ssn", "action": "MASK"}]}
BLOCK = {"patterns": [{"pattern_name": "us_ssn", "action": "BLOCK"}]}
#: The provider's own pieces cut the number, too.
WORDS = ["It is 123-", "45-67", "89, no", " more."]
rules = pytest.mark.parametrize("rules", [MASK, BLOCK], ids=["mask", "block"])
STREAM = {"action": "streamGenerateContent", "query": {"alt": "sse"}}


@pytest.fixture
def guarded(start, upstream):
    def run(mode, given):
        made = config(CHAT.deployment(upstream))
        made["guardrails"] = [guardrail("ssn", mode, default_on=True, **given)]
        upstream.clear()
        return start(made)

    return run


def test_requests_are_masked(guarded, upstream):
    gateway = guarded("pre_call", MASK)
    asked = body(text=TEXT, systemInstruction={"parts": [{"text": TEXT}]})
    asked["contents"] += [
        {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {"a": TEXT}}}]},
        {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {"b": TEXT}}}]},
    ]
    answer = call(gateway, asked)
    assert answer.status == 200, answer.body
    assert answer.headers["x-litellm-applied-guardrails"] == "ssn"
    sent = upstream.requests[-1].body.decode()
    assert SSN not in sent and sent.count("[US_SSN_REDACTED]") == 4


@pytest.mark.parametrize("options", [{}, STREAM], ids=["whole", "stream"])
def test_requests_are_blocked(guarded, upstream, options):
    gateway = guarded("pre_call", BLOCK)
    answer = call(gateway, body(text=TEXT), **options)
    assert answer.status == 400
    check_error(answer.json, 400, "INVALID_ARGUMENT", "Content blocked")
    assert upstream.requests == []


@rules
def test_whole_answers(guarded, upstream, rules):
    async def whole(exchange):
        await exchange.answer(200, completion(TEXT))

    upstream.scripts["whole"] = whole
    answer = call(guarded("post_call", rules), body("whole"))
    if rules is BLOCK:
        assert answer.status == 400
        return check_error(answer.json, 400, "INVALID_ARGUMENT", "Content blocked")
    assert answer.json["candidates"][0]["content"]["parts"] == [{"text": MASKED}]
    assert answer.json["usageMetadata"]["promptTokenCount"] == 11


@rules
def test_streams(guarded, upstream, rules):
    pieces = [piece(word) for word in WORDS]
    upstream.scripts["pieces"] = answers.streamed(*pieces, piece(finish="stop"))
    answer = call(guarded("post_call", rules), body("pieces"), **STREAM)
    assert SSN not in answer.body.decode()
    if rules is BLOCK:
        value = answer.json if answer.status != 200 else responses(answer)[-1]
        assert not answer.complete or answer.status == 400
        return check_error(value, 400, "INVALID_ARGUMENT", "Content blocked")
    found = responses(answer)
    assert words(found) == MASKED
    assert found[-1]["candidates"][0]["finishReason"] == "STOP"


def test_arguments_of_calls_are_masked(guarded, upstream):
    function = {"name": "send", "arguments": json.dumps({"to": SSN})}

    async def calls(exchange):
        made = completion(None)
        made["choices"][0]["message"]["tool_calls"] = [
            {"id": "t1", "type": "function", "function": function}
        ]
        await exchange.answer(200, made)

    upstream.scripts["calls"] = calls
    answer = call(guarded("post_call", MASK), body("calls"))
    (part,) = answer.json["candidates"][0]["content"]["parts"]
    assert part["functionCall"]["args"] == {"to": "[US_SSN_REDACTED]"}
