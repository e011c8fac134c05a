"""Seeded mutations of bytes, JSON documents and requests."""

import copy
import json
import random

NASTY = [
    None,
    True,
    False,
    0,
    -1,
    1e308,
    2**63,
    "",
    "\x00",
    "a" * 5000,
    "\ud7ff\U0001f50c",
    [],
    {},
    [[]],
    {"": None},
    [{"role": "user"}],
    {"type": "text"},
    "NaN",
    -0.0,
    ["x"] * 300,
]
HEADERS = [
    "Content-Length: 0",
    "Content-Length: 7",
    "Content-Length: 9999999",
    "Transfer-Encoding: chunked",
    "Connection: close",
    "Connection: upgrade",
    "Upgrade: websocket",
    "Expect: 100-continue",
    "Host:",
    "X-Long: " + "v" * 9000,
    "Authorization: Bearer x",
    "Accept-Encoding: gzip",
    "\x01: x",
    "no-colon",
    "Content-Encoding: gzip",
    "Range: bytes=0-1",
    "TE: trailers",
    "Authorization:",
    "x-litellm-timeout: soon",
    "x-litellm-num-retries: -5",
    "x-litellm-call-id: " + "i" * 3000,
]


def flip(source: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(source.choice([1, 1, 1, 2, 5, 20])):
        changed[source.randrange(len(changed))] ^= 1 << source.randrange(8)
    return bytes(changed)


def truncate(source: random.Random, data: bytes) -> bytes:
    return data[: source.randrange(len(data))] or b"x"


def splice(source: random.Random, data: bytes) -> bytes:
    """Removes, repeats or inserts a range."""
    a, b = sorted(source.randrange(len(data) + 1) for _ in range(2))
    return (
        source.choice(
            [
                data[:a] + data[b:],
                data[:b] + data[a:],
                data[:a] + source.randbytes(b - a) + data[b:],
                data[:a] + b"\r\n" + data[a:],
                data[:a] + b"\x00" * 8 + data[a:],
            ]
        )
        or b"\x00"
    )


def json_value(source: random.Random, value):
    """A copy with one place replaced, removed, added or repeated."""
    value = copy.deepcopy(value)
    places = []

    def walk(node):
        for key in (
            node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        ):
            places.append((node, key))
            walk(node[key])

    walk(value)
    if not places:
        return source.choice(NASTY)
    node, key = source.choice(places)
    kind = source.randrange(4)
    if kind == 0:
        del node[key]
    elif kind == 1 and isinstance(node, dict):
        node[source.choice(["", "model", "stream", "messages", "tools", "n", "\u0000", "stop"])] = (
            source.choice(NASTY)
        )
    elif kind == 2:
        node[key] = json.loads(json.dumps(node))
    else:
        node[key] = source.choice(NASTY)
    return value


def head(source: random.Random, data: bytes) -> bytes:
    """Adds, removes, repeats or replaces header lines or the request line."""
    lines, _, body = data.partition(b"\r\n\r\n")
    rows = lines.split(b"\r\n")
    kind = source.randrange(5)
    if kind == 0:
        rows.insert(source.randrange(1, len(rows) + 1), source.choice(HEADERS).encode())
    elif kind == 1:
        rows.pop(source.randrange(len(rows)))
    elif kind == 2:
        rows.append(source.choice(rows))
    elif kind == 3:
        first = rows[0].split(b" ")
        first[source.randrange(len(first))] = source.choice(
            [
                b"",
                b"GET",
                b"TRACE",
                b"CONNECT",
                b"*",
                b"http://x/v1/models",
                b"/" + b"%00" * 5,
                b"HTTP/1.0",
                b"HTTP/3",
                b"/v1/models/../chat/completions",
                b"x" * 9000,
            ]
        )
        rows[0] = b" ".join(first)
    else:
        source.shuffle(rows)
    return b"\r\n".join(rows) + b"\r\n\r\n" + body


def raw(source: random.Random, data: bytes) -> bytes:
    for _ in range(source.choice([1, 1, 2])):
        data = source.choice([flip, truncate, splice])(source, data)
    return data
