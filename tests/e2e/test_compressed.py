"""Compressed request bodies."""

import gzip
import json
import zlib

import pytest

from support.wire import Wire, ask, chat, request


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


CODINGS = [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", bare)]


@pytest.mark.parametrize("coding, encode", CODINGS)
@pytest.mark.parametrize("size", [10, 3_000_000])
def test_a_compressed_request_reaches_the_provider_plain(gateway, upstream, coding, encode, size):
    body = chat(user="".join(str(i * 7919) for i in range(size // 7)))
    coded = encode(json.dumps(body).encode())
    answer = ask(gateway.port, coded, headers={"Content-Encoding": coding})
    assert answer.status == 200
    sent = upstream.requests[-1]
    assert sent.json["user"] == body["user"]
    assert "content-encoding" not in sent.headers


def test_chunked_and_compressed(gateway):
    body = gzip.compress(json.dumps(chat()).encode())
    headers = {"Content-Encoding": "gzip", "Transfer-Encoding": "chunked"}
    head = request(headers=headers, length=False)
    with Wire(gateway.port) as wire:
        wire.send(head)
        for at in range(0, len(body), 7):
            piece = body[at : at + 7]
            wire.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        wire.send(b"0\r\n\r\n")
        assert wire.answer().status == 200


@pytest.mark.parametrize(
    "status, coding, body",
    [
        (413, "gzip", gzip.compress(bytes(101 << 20), mtime=0)),
        (400, "gzip", json.dumps(chat()).encode()),
        (400, "gzip", gzip.compress(json.dumps(chat()).encode(), mtime=0)[:-1]),
        (400, "gzip", gzip.compress(json.dumps(chat()).encode(), mtime=0) + b"x"),
        (415, "br", b"x"),
        (415, "gzip, gzip", b"x"),
    ],
)
def test_what_cannot_be_decoded_is_refused_with_the_reason(gateway, status, coding, body):
    answer = ask(gateway.port, body, headers={"Content-Encoding": coding})
    assert answer.status == status
    assert answer.error["message"]
    if status == 415:
        assert answer.headers["accept-encoding"] == "gzip, deflate, zstd"
        assert coding in answer.error["message"]


def test_without_a_key_nothing_is_decoded(gateway):
    answer = ask(gateway.port, b"not gzip", key=None, headers={"Content-Encoding": "gzip"})
    assert answer.status == 401
