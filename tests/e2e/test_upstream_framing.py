"""Unusual but right answers of upstreams: every way to frame a body or an event, in pieces of any size."""

import asyncio
import json

import pytest

from support import answers, paths
from support.wire import ask, chat

MODELS = ["scripted", "scripted-claude"]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: "


def whole_body(exchange) -> bytes:
    value = answers.message() if answers.is_messages(exchange) else answers.completion()
    return json.dumps(value).encode()


def event_stream(exchange) -> str:
    if answers.is_messages(exchange):
        events = answers.message_events(["Hello", " from", " upstream"])
        return "".join(f"event: {name}\ndata: {json.dumps(value)}\n\n" for name, value in events)
    values = [answers.piece(text) for text in ("Hello", " from", " upstream")]
    values.append(answers.piece(finish="stop"))
    return "".join(f"data: {json.dumps(value)}\n\n" for value in values) + "data: [DONE]\n\n"


def with_length(body: bytes) -> bytes:
    return HEAD + b"application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


WHOLE = {
    "content length": with_length,
    "until close": lambda body: HEAD + b"application/json\r\n\r\n" + body,
    "HTTP/1.0": lambda body: b"HTTP/1.0 200 OK\r\n\r\n" + body,
    "chunked with extension and trailer": lambda body: (
        HEAD
        + b'application/json\r\nTransfer-Encoding: Chunked\r\nTrailer: X\r\n\r\n%X;a="b;c"\r\n%s\r\n0;x\r\nX: y\r\n\r\n'
        % (len(body), body)
    ),
    "continue and early hints first": lambda body: (
        b"HTTP/1.1 100 Continue\r\n\r\n"
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + with_length(body)
    ),
    "no reason phrase": lambda body: with_length(body).replace(b"200 OK", b"200 "),
    "white space around the JSON": lambda body: with_length(b"\r\n \n" + body + b" \r\n\n"),
    "odd header spacing": lambda body: with_length(body).replace(b"Length: ", b"LENGTH:\t  "),
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", WHOLE)
def test_whole_answer(gateway, upstream, model, name):
    async def script(exchange):
        await exchange.send(WHOLE[name](whole_body(exchange)))
        exchange.close()

    upstream.scripts["framed"] = script
    answer = ask(gateway.port, chat("framed", model))
    assert answer.status == 200, answer.body
    assert answer.json["choices"][0]["message"]["content"] == "Hello from upstream"


STREAMS = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "no space after the colon": lambda text: text.replace("data: ", "data:"),
    "comments between": lambda text: ": ping\n\n" + text.replace("\n\n", "\n\n: keep-alive\n\n:\n"),
    "byte order mark": lambda text: "\ufeff" + text,
    "other fields": lambda text: text.replace("data: ", "id: 7\nretry: 10\nunknown: x\ndata: "),
    "blank lines": lambda text: "\n\n" + text.replace("\n\n", "\n\n\n\n"),
}


def said(events) -> str:
    values = [json.loads(event) for event in events[:-1]]
    return "".join(v["choices"][0]["delta"].get("content") or "" for v in values if v["choices"])


def framed_stream(name, size):
    async def script(exchange):
        data = STREAMS[name](event_stream(exchange)).encode()
        await exchange.start_stream()
        for at in range(0, len(data), size):
            await exchange.chunk(data[at : at + size])
            if size > 1:
                await asyncio.sleep(0)
        await exchange.finish()

    return script


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("size", [1, 17, 100_000])
@pytest.mark.parametrize("name", STREAMS)
def test_stream(gateway, upstream, model, size, name):
    upstream.scripts["framed-stream"] = framed_stream(name, size)
    answer = ask(gateway.port, chat("framed-stream", model, stream=True))
    assert answer.status == 200, answer.body
    assert answer.events[-1] == "[DONE]"
    assert said(answer.events) == "Hello from upstream"


@pytest.mark.parametrize("model", MODELS)
def test_stream_until_close(gateway, upstream, model):
    async def script(exchange):
        await exchange.send(HEAD + b"text/event-stream\r\n\r\n" + event_stream(exchange).encode())
        exchange.close()

    upstream.scripts["until-close"] = script
    answer = ask(gateway.port, chat("until-close", model, stream=True))
    assert said(answer.events) == "Hello from upstream"


@pytest.mark.parametrize("model", MODELS)
def test_text_of_all_kinds_survives(gateway, upstream, model):
    """Escapes, surrogate pairs, line separators, NUL: what the model said is what the client reads."""
    text = (
        'q"\\/\b\f\n\r\t\x00\x1f\u007f\u2028\u2029\ufeff\U0001f50c\ud7ff{}[]data: [DONE]\n\ndata: x'
    )

    async def script(exchange):
        await exchange.start_stream()
        if answers.is_messages(exchange):
            for name, value in answers.message_events(list(text)):
                await exchange.event(json.dumps(value, ensure_ascii=False), name)
        else:
            for character in text:
                await exchange.event(json.dumps(answers.piece(character), ensure_ascii=False))
            await exchange.event(answers.piece(finish="stop"))
            await exchange.event("[DONE]")
        await exchange.finish()

    upstream.scripts["kinds"] = script
    assert said(ask(gateway.port, chat("kinds", model, stream=True)).events) == text


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(gateway, upstream, status):
    """Our key must not go where an answer points."""

    async def script(exchange):
        await exchange.answer(status, b"", [("location", f"{upstream.url}/elsewhere")])

    upstream.scripts["redirects"] = script
    upstream.clear()
    answer = ask(gateway.port, chat("redirects"))
    assert answer.status >= 400
    assert answer.error
    assert len(upstream.requests) == 1


def test_one_event_of_many_megabytes(gateway, upstream):
    async def script(exchange):
        await exchange.start_stream()
        await exchange.event(answers.piece("x" * 4_000_000))
        await exchange.event("[DONE]")
        await exchange.finish()

    upstream.scripts["megabytes"] = script
    answer = ask(gateway.port, chat("megabytes", stream=True))
    assert said(answer.events) == "x" * 4_000_000


def test_event_without_end_is_bounded(gateway, upstream):
    """An upstream that never ends its event does not get all the memory there is."""

    async def script(exchange):
        await exchange.start_stream()
        await exchange.chunk(b"data: ")
        for _ in range(4000):
            if exchange.connection.gone.is_set():
                break
            await exchange.chunk(b"x" * 65536)
        exchange.cut()

    upstream.scripts["endless-event"] = script
    before = gateway.rss()
    answer = ask(gateway.port, chat("endless-event", stream=True))
    assert answer.status >= 500 or '"error"' in answer.events[-1]
    assert paths.SANITIZED or gateway.rss() - before < 128 << 20
