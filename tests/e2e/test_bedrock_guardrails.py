"""Guardrails on Bedrock's API: they read requests and answers as chat, whole and streamed."""

import json

import pytest

from support import answers
from support.answers import completion, piece
from support.bedrock import body, call, check_error, chunks, events, frames, joined, words
from support.gateway import config, guardrail
from support.guarded import MASKED, RULES, TEXT, events_of
from support.guarded import guarded as both_guarded
from support.operations import CHAT, MESSAGES
from support.wire import Wire, request

SSN = "123-45-6789"
SAID = f"It is {SSN}, no more."
HIDDEN = "It is [US_SSN_REDACTED], no more."
MASK = {"patterns": [{"pattern_type": "prebuilt", "pattern_name": "us_ssn", "action": "MASK"}]}
BLOCK = {"patterns": [{"pattern_name": "us_ssn", "action": "BLOCK"}]}
#: The provider's own pieces cut the number, too.
WORDS = ["It is 123-", "45-67", "89, no", " more."]
rules = pytest.mark.parametrize("rules", [MASK, BLOCK], ids=["mask", "block"])
actions = pytest.mark.parametrize("action", ["converse", "converse-stream"])


@pytest.fixture
def guarded(start, upstream):
    def run(mode, given):
        made = config(CHAT.deployment(upstream), MESSAGES.deployment(upstream, "claude"))
        made["guardrails"] = [guardrail("ssn", mode, default_on=True, **given)]
        upstream.clear()
        return start(made)

    return run


def test_requests_are_masked(guarded, upstream):
    gateway = guarded("pre_call", MASK)
    asked = body(text=SAID, system=[{"text": SAID}])
    use = {"toolUseId": "i", "name": "f", "input": {"a": SAID}}
    result = {"toolUseId": "i", "content": [{"json": {"b": SAID}}]}
    asked["messages"] += [
        {"role": "assistant", "content": [{"toolUse": use}]},
        {"role": "user", "content": [{"toolResult": result}]},
    ]
    answer = call(gateway, asked)
    assert answer.status == 200, answer.body
    assert answer.headers["x-litellm-applied-guardrails"] == "ssn"
    sent = upstream.requests[-1].body.decode()
    assert SSN not in sent and sent.count("[US_SSN_REDACTED]") == 4


@actions
def test_requests_are_blocked(guarded, upstream, action):
    gateway = guarded("pre_call", BLOCK)
    check_error(call(gateway, body(text=SAID), action), 400, "ValidationException", "Content blocked")
    assert upstream.requests == []


@rules
def test_whole_answers(guarded, upstream, rules):
    async def whole(exchange):
        await exchange.answer(200, completion(SAID))

    upstream.scripts["whole"] = whole
    answer = call(guarded("post_call", rules), body("whole"))
    if rules is BLOCK:
        return check_error(answer, 400, "ValidationException", "Content blocked")
    assert words(answer.json) == HIDDEN
    assert answer.json["usage"]["inputTokens"] == 11


def check_blocked(answer):
    """Whatever was released before the verdict holds nothing of what was found, and the end is an exception."""
    assert b"123-45" not in answer.body
    if answer.status != 200:  # nothing was fit to be sent before
        return check_error(answer, 400, "ValidationException", "Content blocked")
    headers, payload = frames(answer)[-1]
    assert (headers[":message-type"], headers[":exception-type"]) == ("exception", "validationException")
    assert "Content blocked" in payload["message"]


@rules
def test_streams(guarded, upstream, rules):
    pieces = [piece(word) for word in WORDS]
    upstream.scripts["pieces"] = answers.streamed(*pieces, piece(finish="stop"))
    answer = call(guarded("post_call", rules), body("pieces"), "converse-stream")
    if rules is BLOCK:
        return check_blocked(answer)
    made = joined(events(answer))
    assert words(made) == HIDDEN and made["stopReason"] == "end_turn"


@rules
@pytest.mark.parametrize("model", ["m", "claude"])
def test_invoked_streams(guarded, upstream, rules, model):
    """A provider that speaks Anthropic's API is asked by way of chat, so that guardrails can read it."""
    pieces = [piece(word) for word in WORDS] if model == "m" else answers.message_events(WORDS)
    end = [piece(finish="stop")] if model == "m" else []
    upstream.scripts["pieces"] = answers.streamed(*pieces, *end)
    turn = {"role": "user", "content": "script:pieces"}
    made = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 64, "messages": [turn]}
    answer = call(guarded("post_call", rules), made, "invoke-with-response-stream", model)
    if rules is BLOCK:
        return check_blocked(answer)
    found = [one["delta"] for one in chunks(answer) if one["type"] == "content_block_delta"]
    assert "".join(delta["text"] for delta in found) == HIDDEN


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
    (block,) = answer.json["output"]["message"]["content"]
    assert block["toolUse"]["input"] == {"to": "[US_SSN_REDACTED]"}


def check_masked(answer):
    assert answer.status == 200 and answer.complete
    made = joined(events(answer))
    assert words(made) == MASKED and made["stopReason"] == "end_turn"


@pytest.mark.parametrize("verdict", ["mask", "block"])
@pytest.mark.parametrize("model", ["scripted", "scripted-claude"])
def test_a_streaming_verdict_holds_for_every_split_of_the_bytes(start, upstream, model, verdict):
    """The network's pieces end at every byte of the provider's stream, and after each byte."""
    given, check = (RULES, check_masked) if verdict == "mask" else (BLOCK, check_blocked)
    texts = ["Write to jane", ".doe@exa", TEXT[len("Write to jane.doe@exa") :]]
    if model == "scripted":
        stream = events_of(texts)
    else:
        stream = "".join(
            f"event: {name}\ndata: {json.dumps(value)}\n\n"
            for name, value in answers.message_events(texts)
        ).encode()

    async def bytes_at(exchange):
        at = exchange.number
        await exchange.start_stream()
        pieces = [stream[:at], stream[at:]] if at < len(stream) else [b"%c" % c for c in stream]
        for data in pieces:
            if data:
                await exchange.chunk(data)
        await exchange.finish()

    upstream.scripts["bytes"] = bytes_at
    gateway = start(both_guarded(upstream, guardrail("pii", "post_call", default_on=True, **given)))
    with Wire(gateway.port) as wire:
        for at in range(1, len(stream) + 1):
            path = f"/bedrock/model/{model}/converse-stream"
            wire.send(request(body(f"bytes {at}", text=""), path=path))
            check(wire.answer())
