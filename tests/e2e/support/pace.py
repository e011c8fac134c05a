"""A load whose calls are noted one by one: when each began, how long it took, what came of it and who answered.

Windows of one run are compared with one another, since the machine's other work is the same in neighbouring ones.
"""

import asyncio
import json
import threading
import time
from dataclasses import dataclass

from . import canary
from .wire import chat


@dataclass
class Call:
    begun: float
    took: float
    status: int  #: 0: no whole answer came
    model_id: str
    retries: int


def p99(calls) -> float:
    ordered = sorted(call.took for call in calls)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


class Pace:
    """Connections that ask as fast as they are answered, in a thread, until end(). `streams`: all calls are streams."""

    def __init__(self, port: int, model: str, connections: int = 32, key: str = canary.MASTER, streams: bool = False):
        body = json.dumps(chat(model=model, stream=streams)).encode()
        self._request = (
            b"POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s" % (key.encode(), len(body), body)
        )
        self.port, self.connections = port, connections
        self.calls: list[Call] = []
        self._ending = False
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()

    def end(self):
        """After the answers under way."""
        self._ending = True
        self._thread.join(90)
        assert not self._thread.is_alive(), "a request hangs"

    def window(self, seconds: float) -> list[Call]:
        """Lets the load run for so long; the calls that began and ended meanwhile."""
        begun = time.monotonic()
        time.sleep(seconds)  # the window itself, not a wait for something
        return self.between(begun, time.monotonic())

    def between(self, begin: float, end: float) -> list[Call]:
        return [call for call in list(self.calls) if begin <= call.begun and call.begun + call.took <= end]

    def failed(self) -> list[Call]:
        return [call for call in self.calls if call.status != 200]

    async def _run(self):
        await asyncio.gather(*(self._client() for _ in range(self.connections)))

    async def _client(self):
        connection = None
        while not self._ending:
            begun = time.monotonic()
            try:
                connection = connection or await asyncio.open_connection("127.0.0.1", self.port)
                status, fields, whole = await asyncio.wait_for(self._ask(*connection), 60)
            except (ConnectionError, asyncio.IncompleteReadError, TimeoutError):
                status, fields, whole = 0, {}, False
            took = time.monotonic() - begun
            told = fields.get("x-litellm-model-id", ""), int(fields.get("x-litellm-attempted-retries", "0"))
            self.calls.append(Call(begun, took, status if whole else 0, *told))
            if fields.get("connection") == "close" or not fields:
                connection[1].close() if connection else None
                connection = None
                await asyncio.sleep(0)

    async def _ask(self, reader, writer):
        """Status, headers, and whether the answer is whole: a stream ends with [DONE]."""
        writer.write(self._request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        if "content-length" in fields:
            await reader.readexactly(int(fields["content-length"]))
            return int(head.split(" ", 2)[1]), fields, True
        body = b""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readexactly(2)
        return int(head.split(" ", 2)[1]), fields, body.endswith(b"data: [DONE]\n\n")
