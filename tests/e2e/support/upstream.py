"""A scripted upstream: plain asyncio, for tests that need exact bytes, exact timing or exact endings.

A request names its script: the first `script:NAME` anywhere in its body. Every script is an async
function of an Exchange. The upstream runs in a thread with an event loop of its own; a test reads what
the scripts saw through `requests` and plain attributes.
"""

import asyncio
import json
import re
import threading
import time

NAME = re.compile(rb"script:([a-z0-9_-]+)(?: (\d+))?")


class Connection:
    """One accepted socket; reads ahead, so that the time of the peer's hang-up is known."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.data = b""
        self.gone = asyncio.Event()
        self.gone_at: float | None = None
        self._grew = asyncio.Event()
        self._pump = asyncio.ensure_future(self._read())

    async def _read(self):
        try:
            while piece := await self.reader.read(65536):
                self.data += piece
                self._grew.set()
        except OSError:
            pass
        self.gone_at = time.monotonic()
        self.gone.set()
        self._grew.set()

    async def until(self, enough) -> bool:
        """Waits until enough(data) is true; False when the peer went first."""
        while not enough(self.data):
            if self.gone.is_set():
                return False
            self._grew.clear()
            await self._grew.wait()
        return True

    def close(self):
        self._pump.cancel()
        self.writer.close()


class Exchange:
    """One request, and the ways to answer it."""

    def __init__(self, connection, method, path, headers, body):
        self.connection = connection
        self.method, self.path, self.headers, self.body = method, path, headers, body
        self.keep = True
        self.arrived = time.monotonic()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def number(self) -> int:
        """The number after the script's name: `script:NAME 17`."""
        return int(NAME.search(self.body).group(2))

    async def send(self, data: bytes):
        self.connection.writer.write(data)
        await self.connection.writer.drain()

    async def answer(self, status: int, value, headers=(), reason="X"):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        lines = [f"HTTP/1.1 {status} {reason}", f"content-length: {len(body)}"]
        given = {name.lower() for name, _ in headers}
        if "content-type" not in given:
            lines.append("content-type: application/json")
        lines += [f"{name}: {text}" for name, text in headers]
        await self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    async def start_stream(self, headers=()):
        lines = ["HTTP/1.1 200 OK", "transfer-encoding: chunked"]
        if "content-type" not in {name.lower() for name, _ in headers}:
            lines.append("content-type: text/event-stream")
        lines += [f"{name}: {text}" for name, text in headers]
        await self.send("\r\n".join(lines).encode() + b"\r\n\r\n")

    async def chunk(self, data: bytes):
        await self.send(b"%x\r\n%s\r\n" % (len(data), data))

    async def event(self, value, name: str | None = None):
        text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        head = f"event: {name}\n" if name else ""
        await self.chunk(f"{head}data: {text}\n\n".encode())

    async def finish(self):
        await self.send(b"0\r\n\r\n")

    def cut(self):
        """Ends the connection where it is, with a reset if anything was unread."""
        self.keep = False
        self.connection.writer.transport.abort()

    def close(self):
        """Ends the connection with a FIN after what was written."""
        self.keep = False
        self.connection.writer.close()


async def read_request(connection) -> Exchange | None:
    """The next request of a connection; None when the peer went first."""
    if not await connection.until(lambda data: b"\r\n\r\n" in data):
        return None
    head, connection.data = connection.data.split(b"\r\n\r\n", 1)
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    if "chunked" in headers.get("transfer-encoding", ""):
        body = b""
        while True:
            if not await connection.until(lambda data: b"\r\n" in data):
                return None
            size_line, rest = connection.data.split(b"\r\n", 1)
            size = int(size_line, 16)
            connection.data = rest
            if not await connection.until(lambda data, n=size: len(data) >= n + 2):
                return None
            body += connection.data[:size]
            connection.data = connection.data[size + 2 :]
            if size == 0:
                break
    else:
        size = int(headers.get("content-length", "0"))
        if not await connection.until(lambda data: len(data) >= size):
            return None
        body, connection.data = connection.data[:size], connection.data[size:]
    return Exchange(connection, method, path, headers, body)


class Upstream:
    """The server. `scripts` maps names to async functions; "default" answers what names no script."""

    def __init__(self, scripts: dict):
        self.scripts = dict(scripts)
        self.requests: list[Exchange] = []
        self.connections = 0
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self.call(asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024))
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def call(self, coroutine, seconds: float = 30):
        """Runs a coroutine on the upstream's loop, from a test."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(seconds)

    def clear(self):
        self.requests.clear()

    def of(self, script: str) -> list[Exchange]:
        return [x for x in self.requests if f"script:{script}".encode() in x.body]

    def stop(self):
        async def end():
            self._server.close()
            own = asyncio.current_task()
            tasks = [task for task in asyncio.all_tasks() if task is not own]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        self.call(end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()

    async def _serve(self, reader, writer):
        self.connections += 1
        connection = Connection(reader, writer)
        try:
            while exchange := await read_request(connection):
                self.requests.append(exchange)
                named = NAME.search(exchange.body)
                name = named.group(1).decode() if named else "default"
                await self.scripts.get(name, self.scripts["default"])(exchange)
                if not exchange.keep:
                    break
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            connection.close()
