"""Connections and framing: keep-alive, pipelining, chunks, Expect, and requests that try to be two."""

import pytest

from support import canary
from support.wire import Ended, Wire, ask, chat, request


def chunked(body: bytes, size: int, trailer: bytes = b"") -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return (
        b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
        + b"0\r\n"
        + trailer
        + b"\r\n"
    )


def body_of(value) -> bytes:
    return request(value).split(b"\r\n\r\n", 1)[1]


def test_keep_alive(gateway):
    with Wire(gateway.port) as wire:
        for _ in range(20):
            wire.send(request(chat()))
            assert wire.answer().status == 200
        wire.send(request(chat(), headers={"Connection": "close"}))
        assert wire.answer().status == 200
        assert wire.closed()


def test_keep_alive_survives_errors_and_streams(gateway):
    with Wire(gateway.port) as wire:
        for body, status in [
            (chat(), 200),
            (b"{", 400),
            (chat(stream=True), 200),
            (chat(model="nobody"), 400),
            (chat(), 200),
        ]:
            wire.send(request(body))
            answer = wire.answer()
            assert (answer.status, answer.complete) == (status, True)
        wire.send(request(chat(), key=None))
        assert wire.answer().status == 401


def test_http_1_0_closes(gateway):
    with Wire(gateway.port) as wire:
        wire.send(request(chat(), version="HTTP/1.0"))
        answer = wire.answer()
        assert answer.status == 200
        assert "transfer-encoding" not in answer.headers
        assert wire.closed()


def test_stream_over_http_1_0_is_not_chunked(gateway):
    with Wire(gateway.port) as wire:
        wire.send(request(chat(stream=True), version="HTTP/1.0"))
        answer = wire.answer()
        assert "transfer-encoding" not in answer.headers
        assert answer.events[-1] == "[DONE]"


def test_pipelining_answers_in_order(gateway):
    with Wire(gateway.port) as wire:
        paths = ["/health/liveliness", "/v1/models", "/nothing", "/health/readiness", "/v1/models"]
        wire.send(b"".join(request(method="GET", path=path) for path in paths) + request(chat()))
        answers = [wire.answer("GET") for _ in paths] + [wire.answer()]
    assert [answer.status for answer in answers] == [200, 200, 404, 200, 200, 200]
    assert answers[0].json == "I'm alive!"
    assert answers[5].json["object"] == "chat.completion"


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_chunked_request_body(gateway, upstream, size):
    body = body_of(chat(extra="y" * 3000))
    with Wire(gateway.port) as wire:
        wire.send(
            request(headers={"Transfer-Encoding": "chunked"}, length=False) + chunked(body, size)
        )
        assert wire.answer().status == 200
        wire.send(request(method="GET", path="/health/liveliness"))
        assert wire.answer("GET").status == 200
    assert upstream.requests[-1].json["extra"] == "y" * 3000


def test_expect_100_continue(gateway):
    body = body_of(chat())
    with Wire(gateway.port) as wire:
        wire.send(
            request(
                headers={"Expect": "100-continue", "Content-Length": str(len(body))}, length=False
            )
        )
        assert wire.head().status == 100
        wire.send(body)
        assert wire.answer().status == 200


def test_expect_100_continue_refused_without_reading_the_body(gateway):
    with Wire(gateway.port) as wire:
        wire.send(
            request(
                key=None,
                headers={"Expect": "100-continue", "Content-Length": "50000000"},
                length=False,
            )
        )
        answer = wire.answer()
        assert answer.status in (401, 413)


def test_request_byte_by_byte(gateway):
    with Wire(gateway.port) as wire:
        for byte in request(chat()):
            wire.send(bytes([byte]))
        assert wire.answer().status == 200


def refused(gateway, upstream, raw: bytes):
    """Refused with 400 (or by closing), the connection closed, and nothing sent on."""
    before = len(upstream.requests)
    with Wire(gateway.port) as wire:
        wire.send(raw)
        try:
            answer = wire.answer()
        except Ended:
            answer = None
        if answer is not None:
            assert 400 <= answer.status < 500, answer
            assert wire.closed()
    assert len(upstream.requests) == before


SMUGGLED = b"GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5, 6",
        "Content-Length: +5",
        "Content-Length: -5",
        "Content-Length: 0x5",
        "Content-Length: 5 5",
        "Content-Length: 99999999999999999999999",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: identity, chunked\r\nContent-Length: 5",
        "Transfer-Encoding : chunked",
        "Content-Length : 5",
        "Transfer-Encoding:\x0bchunked",
        "X: a\x00b\r\nContent-Length: 5",
    ],
)
def test_ambiguous_length_is_refused(gateway, upstream, headers):
    start = (
        f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {canary.MASTER}"
    )
    head = f"{start}\r\n{headers}\r\n\r\n"
    refused(gateway, upstream, head.encode("latin-1") + b"0\r\n\r\n" + SMUGGLED)


@pytest.mark.parametrize(
    "body",
    [
        b"zz\r\n{}\r\n0\r\n\r\n",
        b"-1\r\n\r\n0\r\n\r\n",
        b"5\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}XX0\r\n\r\n",
        b"FFFFFFFFFFFFFFFFF\r\n{}\r\n",
        b"0x2\r\n{}\r\n0\r\n\r\n",
        b"\r\n2\r\n{}\r\n0\r\n\r\n",
    ],
)
def test_bad_chunks_are_refused(gateway, upstream, body):
    head = request(headers={"Transfer-Encoding": "chunked"}, length=False)
    refused(gateway, upstream, head + body + SMUGGLED)


@pytest.mark.parametrize(
    "raw",
    [
        b"\r\n\r\n\r\n\x00\x01\x02",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon here\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: y\r\n" % n for n in range(50_000)) + b"\r\n",
    ],
)
def test_what_is_not_http_is_refused(gateway, upstream, raw):
    try:
        refused(gateway, upstream, raw)
    except ConnectionError:
        pass  # closed while the rest was still being sent
    assert ask(gateway.port, method="GET", path="/health/liveliness").status == 200
