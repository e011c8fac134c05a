"""Guardrails on /v1/messages, at a provider that speaks it and at one that is translated for."""

import json

import pytest

from support import answers, canary
from support.answers import completion, message, message_events, piece
from support.gateway import config, deployment, guardrail
from support.messages import check_error
from support.operations import CHAT, MESSAGES
from support.versions import SHIPPED, build
from support.wire import Wire, request

SSN = "123-45-6789"
TEXT = f"It is {SSN}, no more."
MASKED = "It is [US_SSN_REDACTED], no more."
MASK = {"patterns": [{"pattern_type": "prebuilt", "pattern_name": "us_ssn", "action": "MASK"}]}
BLOCK = {"patterns": [{"pattern_name": "us_ssn", "action": "BLOCK"}]}
PROVIDERS = {"native": MESSAGES, "hub": CHAT}
each_provider = pytest.mark.parametrize("provider", PROVIDERS)
#: The provider's own pieces cut the number, too.
WORDS = ["It is 123-", "45-67", "89, no", " more."]


@pytest.fixture
def guarded(start, upstream):
    def run(provider, mode, rules):
        made = config(PROVIDERS[provider].deployment(upstream))
        made["guardrails"] = [guardrail("ssn", mode, default_on=True, **rules)]
        upstream.clear()
        return start(made)

    return run


def stream_of(provider) -> bytes:
    if provider == "native":
        named = message_events(WORDS)
        return "".join(f"event: {n}\ndata: {json.dumps(v)}\n\n" for n, v in named).encode()
    values = [piece(word) for word in WORDS] + [piece(finish="stop")]
    return ("".join(f"data: {json.dumps(v)}\n\n" for v in values) + "data: [DONE]\n\n").encode()


def text_of(events) -> str:
    values = [json.loads(text) for text in events]
    return "".join(value["delta"].get("text", "") for value in values if "delta" in value)


def masked(answer) -> bool:
    return SSN not in answer.body.decode() and "[US_SSN_REDACTED]" in answer.body.decode()


@each_provider
def test_requests_are_masked(guarded, upstream, provider):
    gateway = guarded(provider, "pre_call", MASK)
    content = [{"type": "text", "text": TEXT}]
    answer = MESSAGES.ask(gateway, system=TEXT, messages=[{"role": "user", "content": content}])
    assert answer.status == 200
    assert answer.headers["x-litellm-applied-guardrails"] == "ssn"
    sent = upstream.requests[-1].body.decode()
    assert SSN not in sent and sent.count("[US_SSN_REDACTED]") == 2


@each_provider
@pytest.mark.parametrize("stream", [False, True])
def test_requests_are_blocked(guarded, upstream, provider, stream):
    gateway = guarded(provider, "pre_call", BLOCK)
    turns = [{"role": "user", "content": TEXT}]
    answer = MESSAGES.ask(gateway, messages=turns, stream=stream)
    check_error(answer, 400, "invalid_request_error", "Content blocked")
    assert upstream.requests == []


@each_provider
@pytest.mark.parametrize("rules", [MASK, BLOCK], ids=["mask", "block"])
def test_whole_answers(guarded, upstream, provider, rules):
    async def whole(exchange):
        await exchange.answer(200, message(TEXT) if provider == "native" else completion(TEXT))

    upstream.scripts["whole"] = whole
    answer = MESSAGES.ask(guarded(provider, "post_call", rules), "whole")
    if rules is BLOCK:
        return check_error(answer, 400, "invalid_request_error", "Content blocked")
    assert answer.status == 200 and answer.json["type"] == "message"
    assert answer.json["content"] == [{"type": "text", "text": MASKED}]
    assert answer.json["usage"]["input_tokens"] == 11


@each_provider
@pytest.mark.parametrize("rules", [MASK, BLOCK], ids=["mask", "block"])
def test_streams_cut_at_every_byte(guarded, upstream, provider, rules):
    stream = stream_of(provider)

    async def bytes_at(exchange):
        at = exchange.number
        await exchange.start_stream()
        pieces = [stream[:at], stream[at:]] if at < len(stream) else [b"%c" % c for c in stream]
        for data in pieces:
            await exchange.chunk(data)
        await exchange.finish()

    upstream.scripts["bytes"] = bytes_at
    gateway = guarded(provider, "post_call", rules)
    with Wire(gateway.port) as wire:
        for at in range(1, len(stream) + 1):
            body = MESSAGES.body(f"bytes {at}", stream=True)
            wire.send(request(body, path=MESSAGES.path))
            answer = wire.answer()
            if rules is BLOCK and answer.status != 200:
                # Nothing was fit to be sent before the verdict.
                check_error(answer, 400, "invalid_request_error", "Content blocked")
                continue
            assert SSN not in answer.body.decode() and "123-45" not in text_of(answer.events)
            last = json.loads(answer.events[-1])
            if rules is BLOCK:
                assert last["type"] == "error" and "Content blocked" in last["error"]["message"]
                assert "no more" not in answer.body.decode()
            else:
                assert text_of(answer.events) == MASKED
                assert last["type"] == "message_stop"
                names = [json.loads(text)["type"] for text in answer.events]
                assert names.index("content_block_stop") < names.index("message_delta")


@each_provider
def test_arguments_of_tools_are_masked(guarded, upstream, provider):
    use = {"type": "tool_use", "id": "t1", "name": "send", "input": {"to": SSN}}
    call = {"name": "send", "arguments": json.dumps({"to": SSN})}

    async def calls(exchange):
        if provider == "native":
            made = {**message(), "content": [use], "stop_reason": "tool_use"}
        else:
            made = completion(None)
            made["choices"][0]["message"]["tool_calls"] = [
                {"id": "t1", "type": "function", "function": call}
            ]
            made["choices"][0]["finish_reason"] = "tool_calls"
        await exchange.answer(200, made)

    upstream.scripts["calls"] = calls
    answer = MESSAGES.ask(guarded(provider, "post_call", MASK), "calls")
    assert masked(answer)
    assert answer.json["content"][-1]["input"] == {"to": "[US_SSN_REDACTED]"}
    assert answers.is_messages(upstream.requests[-1]) is (provider == "native")


@pytest.mark.parametrize("guarded", [False, True], ids=["unguarded", "guarded"])
def test_a_model_that_only_speaks_messages_is_refused_rather_than_passed_by(start, tmp_path, guarded):
    """Guardrails read what goes by way of chat, and this provider does not chat."""
    folder = tmp_path / "plugins"
    folder.mkdir(mode=0o755)
    build(folder / "versioned.so", 1, VERSIONED_FAILS=1, VERSIONED_OPERATION='"messages"')
    made = config(
        deployment("m", "versioned/m", "http://127.0.0.1:1", canary.MISC),
        plugins={"directories": [str(SHIPPED), str(folder)]},
    )
    if guarded:
        made["guardrails"] = [guardrail("ssn", "pre_call", default_on=True, **MASK)]
    answer = MESSAGES.ask(start(made))
    if guarded:
        check_error(answer, 400, "invalid_request_error", "cannot look at messages calls: ssn")
    else:
        assert "this version fails" in answer.body.decode()
