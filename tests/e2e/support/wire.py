"""HTTP/1.1 by hand: a blocking socket and a strict reader of answers, for what client libraries hide."""

import json
import socket
import time
from dataclasses import dataclass, field

from . import canary


class Malformed(AssertionError):
    """The peer sent what is not HTTP/1.1."""


class Ended(Exception):
    """The peer closed before an answer began."""


@dataclass
class Answer:
    status: int
    headers: dict = field(default_factory=dict)
    body: bytes = b""
    complete: bool = True  #: False: the peer closed inside a chunked or counted body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self) -> dict:
        """The OpenAI error object; fails on anything else."""
        value = self.json["error"]
        assert set(value) >= {"message", "type", "param", "code"}, value
        assert isinstance(value["message"], str) and value["message"], value
        assert isinstance(value["code"], str), value
        return value

    @property
    def events(self) -> list[str]:
        return sse(self.body)


def sse(body: bytes) -> list[str]:
    """The data of each event of a complete event stream."""
    text = body.decode()
    assert text.endswith("\n\n"), text[-80:]
    found = []
    for block in text[:-2].split("\n\n"):
        data = [line[6:] for line in block.split("\n") if line.startswith("data: ")]
        if data:
            found.append("\n".join(data))
    return found


class Wire:
    """One connection. Every wait ends at the deadline of `seconds`."""

    def __init__(self, port: int, seconds: float = 20, receive_buffer: int | None = None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.seconds = seconds
        self.socket.settimeout(seconds)
        self.socket.connect(("127.0.0.1", port))
        self.data = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data: bytes):
        self.socket.sendall(data)

    def receive(self) -> bool:
        """Reads some more; False at the end. A reset counts as the end."""
        try:
            piece = self.socket.recv(65536)
        except ConnectionError:
            return False
        self.data += piece
        return bool(piece)

    def until(self, mark: bytes) -> bytes:
        while mark not in self.data:
            if not self.receive():
                if self.data:
                    raise Malformed(f"closed inside {self.data[:200]!r}")
                raise Ended
        taken, self.data = self.data.split(mark, 1)
        return taken

    def exactly(self, count: int) -> bytes:
        while len(self.data) < count:
            if not self.receive():
                raise EOFError
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def head(self) -> Answer:
        lines = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        parts = lines[0].split(" ", 2)
        if len(parts) < 2 or parts[0] not in ("HTTP/1.1", "HTTP/1.0") or not parts[1].isdigit():
            raise Malformed(lines[0])
        headers = {}
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if not colon or not name or name != name.strip():
                raise Malformed(line)
            headers[name.lower()] = value.strip()
        return Answer(int(parts[1]), headers)

    def answer(self, to: str = "POST") -> Answer:
        """The next answer that is not 1xx, with its whole body."""
        found = self.head()
        while 100 <= found.status < 200:
            found = self.head()
        if to == "HEAD" or found.status in (204, 304):
            return found
        try:
            if found.headers.get("transfer-encoding", "").lower() == "chunked":
                while size := int(self.until(b"\r\n"), 16):
                    found.body += self.exactly(size)
                    if self.exactly(2) != b"\r\n":
                        raise Malformed("chunk without its end")
                if self.until(b"\r\n"):
                    raise Malformed("trailers nobody announced")
            elif "content-length" in found.headers:
                found.body = self.exactly(int(found.headers["content-length"]))
            else:
                while self.receive():
                    pass
                found.body, self.data = self.data, b""
        except (EOFError, Ended):
            found.complete = False
        return found

    def closed(self) -> bool:
        """True when the peer closes within the deadline without sending more."""
        until = time.monotonic() + self.seconds
        while time.monotonic() < until:
            try:
                if not self.receive():
                    return not self.data
            except TimeoutError:
                return False
            if self.data:
                return False
        return False


class Recorded(Wire):
    """Reads answers from bytes that were received before."""

    def __init__(self, data: bytes):
        self.data = data

    def receive(self) -> bool:
        return False


def request(
    body=b"",
    method="POST",
    path="/v1/chat/completions",
    headers=None,
    key=canary.MASTER,
    version="HTTP/1.1",
    length=True,
) -> bytes:
    """The bytes of a request; `body` may be a value for JSON."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    given = {"Host": "gateway", "Content-Type": "application/json"}
    if key:
        given["Authorization"] = f"Bearer {key}"
    if length and (body or method == "POST"):
        given["Content-Length"] = str(len(body))
    given.update(headers or {})
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value is not None)
    return f"{method} {path} {version}\r\n{lines}\r\n".encode() + body


def ask(port: int, body=b"", method="POST", **options) -> Answer:
    """One request on a connection of its own."""
    with Wire(port) as wire:
        wire.send(request(body, method, **options))
        return wire.answer(method)


def chat(script: str = "default", model: str = "scripted", **more) -> dict:
    return {"model": model, "messages": [{"role": "user", "content": f"script:{script}"}], **more}
