"""A scripted realtime upstream: the `websockets` library's server, in a thread of its own.

The model in the URL names the script, an async function of (connection); what is not there is answered
with the status that the model's name ends with ("refuse-429").
"""

import asyncio
import json
import threading
import time
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import serve


class RealtimeUpstream:
    def __init__(self, scripts: dict):
        self.scripts = dict(scripts)
        self.requests = []  #: (path with query, headers) of every handshake
        self.ended_at = []  #: when a connection ended
        self.closes = []  #: (code, reason) that the peer sent, None if it sent none
        self.open = 0
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self.call(self._start())
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    async def _start(self):
        return await serve(
            self._serve,
            "127.0.0.1",
            0,
            process_request=self._check,
            select_subprotocol=lambda _, offered: "realtime" if "realtime" in offered else None,
            max_size=64 << 20,
        )

    def call(self, coroutine, seconds: float = 30):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(seconds)

    def stop(self):
        async def end():
            self._server.close()
            await self._server.wait_closed()

        self.call(end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)

    @staticmethod
    def _model(path: str) -> str:
        return parse_qs(urlsplit(path).query).get("model", [""])[0]

    def _check(self, connection, request):
        self.requests.append((request.path, request.headers))
        model = self._model(request.path)
        if model.startswith("refuse-"):
            status = HTTPStatus(int(model.rsplit("-", 1)[1]))
            text = json.dumps({"error": {"message": f"refused with {status.value}", "type": "t"}})
            return connection.respond(status, text)
        return None

    async def _serve(self, connection):
        self.open += 1
        try:
            await self.scripts[self._model(connection.request.path)](connection)
            await connection.wait_closed()
        finally:
            self.open -= 1
            self.ended_at.append(time.monotonic())
            end = connection.protocol.close_rcvd
            self.closes.append((end.code, end.reason) if end else None)


async def echo(connection):
    """Says hello, then sends everything back."""
    await connection.send(json.dumps({"type": "session.created", "session": {"id": "s-1"}}))
    async for message in connection:
        await connection.send(message)


async def answer(connection):
    """Answers every frame with a response.done of 10 tokens in (2 of them cached) and 5 out."""
    usage = {
        "total_tokens": 15,
        "input_tokens": 10,
        "output_tokens": 5,
        "input_token_details": {"cached_tokens": 2, "audio_tokens": 4, "text_tokens": 6},
        "output_token_details": {"audio_tokens": 3, "text_tokens": 2},
    }
    async for _ in connection:
        await connection.send(json.dumps({"type": "response.done", "response": {"usage": usage}}))


async def die(connection):
    """Ends the TCP connection in the middle of a session."""
    await connection.recv()
    connection.transport.abort()


async def leave(connection):
    """Closes with a code of its own."""
    await connection.recv()
    await connection.close(4003, "session expired")
