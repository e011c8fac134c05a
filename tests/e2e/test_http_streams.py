"""Event streams as bytes: their shape, their errors before and after the first event, slow readers."""

import asyncio
import json
import threading
import time

import pytest

from support import answers, paths
from support.answers import anthropic_error, error, openai_error, piece
from support.process import eventually
from support.stalls import Stalls
from support.wire import Wire, ask, chat, request

MODELS = ["scripted", "scripted-claude"]


@pytest.mark.parametrize("model", MODELS)
def test_shape_of_a_stream(gateway, model):
    answer = ask(gateway.port, chat(model=model, stream=True))
    assert answer.status == 200
    assert answer.complete
    assert answer.headers["content-type"].split(";")[0] == "text/event-stream"
    assert answer.headers["x-accel-buffering"] == "no"
    assert "no-cache" in answer.headers["cache-control"]
    assert answer.headers["x-litellm-call-id"]
    assert answer.headers["x-litellm-model-group"] == model
    assert "content-length" not in answer.headers
    blocks = answer.body.split(b"\n\n")
    assert blocks.pop() == b""
    assert all(block.startswith(b"data: ") and b"\n" not in block for block in blocks)
    assert blocks[-1] == b"data: [DONE]"
    values = [json.loads(text) for text in answer.events[:-1]]
    assert all(value["object"] == "chat.completion.chunk" for value in values)
    assert (
        "".join(value["choices"][0]["delta"].get("content") or "" for value in values)
        == "Hello from upstream"
    )
    assert not any(value.get("usage") for value in values)


@pytest.mark.parametrize("model", MODELS)
def test_usage_when_asked(gateway, model):
    events = ask(
        gateway.port, chat(model=model, stream=True, stream_options={"include_usage": True})
    ).events
    last = json.loads(events[-2])
    assert last["choices"] == []
    assert last["usage"]["prompt_tokens"] == 11 and last["usage"]["completion_tokens"] == 4


def test_each_event_arrives_when_it_is_sent(gateway, upstream):
    """An event is not kept back until the next one: the upstream sends it only after the client has read the last."""
    turns = asyncio.Queue()

    async def by_turns(exchange):
        await exchange.start_stream()
        for number in range(5):
            await turns.get()
            await exchange.event(piece(f"p{number}"))
        await exchange.event("[DONE]")
        await exchange.finish()

    upstream.scripts["by-turns"] = by_turns
    with Wire(gateway.port) as wire:
        wire.send(request(chat("by-turns", stream=True)))
        for number in range(5):
            upstream.loop.call_soon_threadsafe(turns.put_nowait, None)
            wire.until(b'"p%d"' % number)
        wire.until(b"[DONE]")


@pytest.mark.parametrize(
    "model, body, status",
    [
        ("scripted", openai_error("no such thing"), 404),
        ("scripted", openai_error("slow down"), 429),
        ("scripted", openai_error("broken"), 500),
        ("scripted-claude", anthropic_error("overloaded", "overloaded_error"), 529),
        ("scripted-claude", anthropic_error("bad", "invalid_request_error"), 400),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_error_before_the_first_event_is_plain_http(gateway, upstream, model, body, status, stream):
    name = f"fails-{status}"
    upstream.scripts[name] = error(status, body)
    answer = ask(gateway.port, chat(name, model, stream=stream))
    assert answer.status == (500 if status == 529 else status)
    assert answer.headers["content-type"].split(";")[0] == "application/json"
    assert body["error"]["message"] in answer.error["message"]


def test_error_as_first_event_is_plain_http(gateway, upstream):
    async def first_is_error(exchange):
        await exchange.start_stream()
        await exchange.event(openai_error("quota is gone", "insufficient_quota"))
        await exchange.finish()

    upstream.scripts["first-is-error"] = first_is_error
    answer = ask(gateway.port, chat("first-is-error", stream=True))
    assert answer.status >= 400
    assert "quota is gone" in answer.error["message"]


async def begin(exchange):
    """A stream up to its first text."""
    await exchange.start_stream()
    if answers.is_messages(exchange):
        for name, value in answers.message_events(["part"])[:3]:
            await exchange.event(value, name)
    else:
        await exchange.event(piece("part"))


async def error_event(exchange):
    await begin(exchange)
    if answers.is_messages(exchange):
        await exchange.event(anthropic_error("it broke", "overloaded_error"), "error")
    else:
        await exchange.event(openai_error("it broke"))
    await exchange.finish()


async def cut(exchange):
    await begin(exchange)
    exchange.cut()


async def ends_early(exchange):
    await begin(exchange)
    await exchange.finish()


async def garbage_event(exchange):
    await begin(exchange)
    await exchange.event('{"choices": [{"delta": ')
    exchange.cut()


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("script", [error_event, cut, garbage_event])
def test_error_in_the_stream_is_an_error_event(gateway, upstream, model, script):
    upstream.scripts["breaks"] = script
    answer = ask(gateway.port, chat("breaks", model, stream=True))
    assert answer.status == 200
    events = answer.events
    assert any('"part"' in event for event in events[:-1])
    last = json.loads(next(event for event in reversed(events) if event != "[DONE]"))
    assert set(last) == {"error"}
    assert last["error"]["message"]
    assert last["error"]["code"].isdigit()
    if script is error_event:
        assert "it broke" in last["error"]["message"]


def test_stream_that_ends_without_its_end_is_reported(gateway, upstream):
    """Anthropic ends a stream with message_stop; without it the answer is not whole."""
    upstream.scripts["early"] = ends_early
    events = ask(gateway.port, chat("early", "scripted-claude", stream=True)).events
    last = json.loads(next(event for event in reversed(events) if event != "[DONE]"))
    assert "error" in last


@pytest.mark.parametrize(
    "script, body", [("not-json", b"<html>busy</html>"), ("empty", b""), ("half", b'{"id": "x", ')]
)
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("stream", [False, True])
def test_unreadable_answer(gateway, upstream, script, body, model, stream):
    upstream.scripts[script] = error(200, body)
    answer = ask(gateway.port, chat(script, model, stream=stream))
    assert answer.status >= 500
    assert answer.error


def test_slow_reader_pauses_the_upstream(gateway, upstream):
    """A client that does not read holds the upstream back, and the gateway's memory stays where it was."""
    sent = []
    block = piece("x" * 60_000)
    total = 1000  # about 60 MB

    async def firehose(exchange):
        await exchange.start_stream()
        for _ in range(total):
            await exchange.event(block)
            sent.append(time.monotonic())
        await exchange.event("[DONE]")
        await exchange.finish()

    upstream.scripts["firehose"] = firehose
    ask(gateway.port, chat())
    before = gateway.rss()
    with Wire(gateway.port, paths.deadline(60), receive_buffer=65536) as wire:
        wire.send(request(chat("firehose", stream=True)))
        assert wire.head().status == 200
        stalled = eventually(
            lambda: len(sent) if sent and time.monotonic() - sent[-1] > 0.5 else 0,
            paths.deadline(20),
        )
        assert stalled < total / 2, f"{stalled} of {total} events were taken from the upstream"
        assert paths.SANITIZED or gateway.rss() - before < 24 << 20
        # Others are served meanwhile.
        assert ask(gateway.port, chat()).status == 200
        while b"[DONE]" not in wire.data:
            wire.data = wire.data[-16:]
            assert wire.receive()
    assert len(sent) == total


def drain(wire, stop):
    """Reads as fast as it can, until told to stop."""
    while not stop.is_set() and wire.receive():
        wire.data = b""


def test_starvation(gateway, upstream):
    """A stream at full speed does not keep the events of another from their client."""
    upstream.scripts["full-speed"] = answers.endless(0, 4000)

    async def paced(exchange):
        await exchange.start_stream()
        for _ in range(20):
            await exchange.event(piece(f"t{time.monotonic():.6f}."))
            await asyncio.sleep(0.02)
        await exchange.event("[DONE]")
        await exchange.finish()

    upstream.scripts["paced"] = paced
    stop = threading.Event()
    with Wire(gateway.port) as fast, Wire(gateway.port) as slow, Stalls() as stalls:
        fast.send(request(chat("full-speed", stream=True)))
        fast.until(b"xxxx")
        reader = threading.Thread(target=drain, args=(fast, stop), daemon=True)
        reader.start()
        slow.send(request(chat("paced", stream=True)))
        delays = []
        for _ in range(20):
            slow.until(b'"t')
            sent = float(slow.until(b'."'))
            delays.append(stalls.net(sent))
        stop.set()
        reader.join(paths.deadline(10))
    print(f"slowest event: {max(delays) * 1000:.0f} ms")
    assert max(delays) < paths.deadline(0.5)
