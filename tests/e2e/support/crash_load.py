"""The load of the crash lab: connections that ask in a mixture of ways, and what they know for certain afterwards."""

import asyncio
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from . import answers

PRICE = 11 * 2500 + 4 * 10000  # gpt-4o, nano-dollars, for what every answer of the upstream says it used
KINDS = {"whole": 6, "stream": 3, "failing": 2, "cancelled": 1}  # and how often


class Counting:
    """Scripts for the upstream, which count what was served to its end."""

    def __init__(self, upstream):
        self.served = 0
        self._failed: set[int] = set()
        upstream.scripts["default"] = self._whole
        for kind in KINDS:
            upstream.scripts[f"lab-{kind}"] = getattr(self, f"_{kind}")

    async def _whole(self, exchange):
        await exchange.answer(200, answers.completion())
        self.served += 1

    async def _stream(self, exchange):
        await exchange.start_stream()
        for value in (answers.piece("Hello"), answers.piece(" there"), answers.piece(finish="stop")):
            await exchange.event(value)
        await exchange.event(answers.usage_piece())
        await exchange.event("[DONE]")
        await exchange.finish()
        self.served += 1

    async def _failing(self, exchange):
        """500 for the first attempt of a call, so the call has two entries."""
        if exchange.number not in self._failed:
            self._failed.add(exchange.number)
            return await exchange.answer(500, answers.openai_error("down"))
        return await self._whole(exchange)

    async def _cancelled(self, exchange):
        """Never ends by itself: its client goes away."""
        await exchange.start_stream()
        await exchange.event(answers.piece("Hello"))
        await exchange.connection.gone.wait()
        exchange.keep = False


@dataclass
class Notes:
    """What the clients saw."""

    complete: dict[str, str] = field(default_factory=dict)  # call id -> kind
    cancelled: set[str] = field(default_factory=set)
    statuses: Counter = field(default_factory=Counter)  # of answers that were no 200
    seconds: list[float] = field(default_factory=list)  # of complete answers

    def slowest(self) -> float:
        return max(self.seconds, default=0.0)

    def p99(self) -> float:
        ordered = sorted(self.seconds)
        return ordered[int(len(ordered) * 0.99)] if ordered else 0.0


class Load:
    """Clients in a thread of their own, from start() to stop(), or until the gateway is gone."""

    def __init__(self, port: int, key: str, connections: int, seed: int):
        self.port, self.key, self.connections = port, key, connections
        self.notes = Notes()
        self._draw = random.Random(seed)
        self._stopping = False
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def start(self):
        self._thread.start()
        return self

    def stop(self) -> Notes:
        """After the answers under way."""
        self._stopping = True
        self._thread.join(60)
        assert not self._thread.is_alive(), "a request hangs"
        return self.notes

    def renew(self) -> Notes:
        """The notes so far; from now on others are taken."""
        taken, self.notes = self.notes, Notes()
        return taken

    async def _run(self):
        await asyncio.gather(*(self._client() for _ in range(self.connections)))

    async def _client(self):
        connection = None
        while not self._stopping:
            kind = self._draw.choices(list(KINDS), list(KINDS.values()))[0]
            try:
                connection = connection or await asyncio.open_connection("127.0.0.1", self.port)
                kept = await asyncio.wait_for(self._ask(*connection, kind), 30)
            except (ConnectionError, asyncio.IncompleteReadError):
                kept = None
            if not kept and connection:
                connection[1].close()
                connection = None
            if kept is None:  # the gateway is gone
                return

    async def _ask(self, reader, writer, kind: str) -> bool:
        """True: the connection may be used again."""
        body = {
            "model": "lab",
            "stream": kind in ("stream", "cancelled"),
            "messages": [{"role": "user", "content": f"script:lab-{kind} {self._draw.getrandbits(48)}"}],
        }
        text = json.dumps(body).encode()
        begun = time.monotonic()
        writer.write(
            b"POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s" % (self.key.encode(), len(text), text)
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        call = fields.get("x-litellm-call-id", "")
        if kind == "cancelled" and status == 200:
            self.notes.cancelled.add(call)
            return False
        if "content-length" in fields:
            await reader.readexactly(int(fields["content-length"]))
        else:
            while size := int(await reader.readuntil(b"\r\n"), 16):
                await reader.readexactly(size + 2)
            await reader.readexactly(2)
        if status == 200:
            self.notes.complete[call] = kind
            self.notes.seconds.append(time.monotonic() - begun)
        else:
            self.notes.statuses[status] += 1
        return fields.get("connection") != "close"
