"""Masks on streams hold however the text, the bytes and the channels of a stream are cut."""

import asyncio
import json

import pytest

from support import answers
from support.answers import piece
from support.gateway import guardrail
from support.guarded import MASKED, RULES, TEXT, content, events_of, guarded
from support.wire import Wire, ask, chat, request

SECRETS = ["jane.doe@example.org", "123-45-6789", "4111 1111 1111 1111", "Project Kestrel"]


def assert_masked(answer):
    assert answer.status == 200 and answer.complete
    assert content(answer.events) == MASKED
    assert answer.events[-1] == "[DONE]"
    assert json.loads(answer.events[-2])["choices"][0]["finish_reason"] == "stop"
    for secret in SECRETS:
        assert secret not in answer.body.decode()


def test_a_streaming_mask_holds_for_every_split_of_the_text(start, upstream):
    """The provider's pieces end at every place of the text, and at every two places near a secret."""
    splits = [[TEXT[:at], TEXT[at:]] for at in range(len(TEXT) + 1)]
    begin = TEXT.index("jane")
    splits += [
        [TEXT[:a], TEXT[a:b], TEXT[b:]] for a in range(begin, begin + 21) for b in range(a, begin + 24)
    ]
    splits += [list(TEXT)]

    async def split(exchange):
        await exchange.start_stream()
        await exchange.chunk(events_of(splits[exchange.number]))
        await exchange.finish()

    upstream.scripts["split"] = split
    gateway = start(guarded(upstream, guardrail("pii", "post_call", default_on=True, **RULES)))
    with Wire(gateway.port) as wire:
        for number in range(len(splits)):
            wire.send(request(chat(f"split {number}", stream=True)))
            assert_masked(wire.answer())


def assert_blocked(answer):
    """Whatever was released before the verdict holds nothing of what was found, and the end is an error."""
    assert "123-45" not in answer.body.decode()
    if answer.status != 200:  # nothing was fit to be sent before
        assert answer.status == 400 and "Content blocked" in answer.error["message"]
        return
    last = json.loads(answer.events[-1])
    assert "Content blocked" in last["error"]["message"] and "[DONE]" not in answer.events


BLOCK = {"patterns": [{"pattern_name": "us_ssn", "action": "BLOCK"}]}
VERDICTS = {"mask": (RULES, assert_masked), "block": (BLOCK, assert_blocked)}


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("model", ["scripted", "scripted-claude"])
def test_a_streaming_verdict_holds_for_every_split_of_the_bytes(start, upstream, model, verdict):
    """The network's pieces end at every byte of the provider's stream, and after each byte."""
    rules, check = VERDICTS[verdict]
    words = ["Write to jane", ".doe@exa", *TEXT[len("Write to jane.doe@exa") :].split(" ", 3)]
    words[2:] = [words[2]] + [" " + word for word in words[3:]]
    assert "".join(words) == TEXT
    if model == "scripted":
        stream = events_of(words)
    else:
        stream = "".join(
            f"event: {name}\ndata: {json.dumps(value)}\n\n"
            for name, value in answers.message_events(words)
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
    gateway = start(guarded(upstream, guardrail("pii", "post_call", default_on=True, **rules)))
    with Wire(gateway.port) as wire:
        for at in range(1, len(stream) + 1):
            wire.send(request(chat(f"bytes {at}", model=model, stream=True)))
            check(wire.answer())


def test_the_first_token_waits_for_the_next_at_most(start, upstream):
    """Tokens begin with their blank, so a word is known to be over when the next token comes."""
    turns = asyncio.Queue()

    async def by_turns(exchange):
        await exchange.start_stream()
        for token in ["The", " quick", " brown", " fox"]:
            await turns.get()
            await exchange.event(piece(token))
        await exchange.event("[DONE]")
        await exchange.finish()

    upstream.scripts["turns"] = by_turns

    def next_turn():
        upstream.call(turns.put(None))

    gateway = start(guarded(upstream, guardrail("pii", "post_call", default_on=True, **RULES)))
    with Wire(gateway.port) as wire:
        wire.send(request(chat("turns", stream=True)))
        next_turn()
        next_turn()
        head = wire.head()
        assert head.headers["x-litellm-applied-guardrails"] == "pii"
        wire.until(b'"content":"The "')
        next_turn()
        wire.until(b'"content":"quick "')
        next_turn()
        wire.until(b"[DONE]")


def test_channels_of_a_stream_are_masked_apart(start, upstream):
    async def channels(exchange):
        await exchange.start_stream()
        tool = {"index": 0, "id": "t1", "type": "function"}
        for delta in [
            {"role": "assistant", "reasoning_content": "mail jane.doe@exam"},
            {"content": "is 123-45-"},
            {"reasoning_content": "ple.org then"},
            {"tool_calls": [{**tool, "function": {"name": "send", "arguments": '{"to":"jane.doe'}}]},
            {"content": "6789."},
            {"tool_calls": [{"index": 0, "function": {"arguments": '@example.org"}'}}]},
        ]:
            value = piece()
            value["choices"][0]["delta"] = delta
            await exchange.event(value)
        await exchange.event(piece(finish="tool_calls"))
        await exchange.event("[DONE]")
        await exchange.finish()

    upstream.scripts["channels"] = channels
    gateway = start(guarded(upstream, guardrail("pii", "post_call", default_on=True, **RULES)))
    answer = ask(gateway.port, chat("channels", stream=True))
    joined = {"content": "", "reasoning_content": "", "arguments": "", "name": ""}
    for text in answer.events[:-1]:
        delta = json.loads(text)["choices"][0]["delta"]
        for name in ("content", "reasoning_content"):
            joined[name] += delta.get(name) or ""
        for call in delta.get("tool_calls") or []:
            joined["arguments"] += call["function"].get("arguments") or ""
            joined["name"] += call["function"].get("name") or ""
    assert joined == {
        "content": "is [US_SSN_REDACTED].",
        "reasoning_content": "mail [EMAIL_REDACTED] then",
        "arguments": '{"to":"[EMAIL_REDACTED]"}',
        "name": "send",
    }
    assert json.loads(answer.events[-2])["choices"][0]["finish_reason"] == "tool_calls"
