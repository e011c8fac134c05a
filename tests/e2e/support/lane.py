"""An upstream in a process of its own that takes its time, can die, come back at the same port, and turn slow.

    python -m support.lane PORT SECONDS      prints `ready: PORT`, serves until it is killed
"""

import asyncio
import os
import random
import signal
import socket
import sys

from . import answers, paths
from .process import Process
from .upstream import Connection, read_request

GREY = 20  #: how much slower after SIGUSR1, until the next one


class Lane:
    """Started at once. kill() and start() as often as wanted; stop() in the end."""

    def __init__(self, seconds: float):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.seconds = seconds
        self.start()

    def start(self):
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(paths.E2E)}
        self.process = Process(
            [sys.executable, "-m", "support.lane", self.port, self.seconds], environment, paths.E2E
        )
        self.process.wait_for("ready: ", 20)

    def kill(self):
        """Nobody listens any more, and who was being answered is cut off."""
        self.process.signal(signal.SIGKILL)
        self.process.wait(10)

    def turn(self):
        """Grey if it was not, and back."""
        at = self.process.mark()
        self.process.signal(signal.SIGUSR1)
        self.process.wait_for("turned", 10, at)

    def stop(self):
        if self.process.running():
            self.kill()


async def main(port: int, seconds: float):
    state = {"times": 1}
    draw = random.Random(port)

    async def default(exchange):
        """The head and the first words after half of the time, the rest after the other half."""
        wait = seconds * state["times"] * draw.uniform(0.4, 0.6)
        await asyncio.sleep(wait)
        if not exchange.json.get("stream"):
            await asyncio.sleep(wait)
            return await exchange.answer(200, answers.completion())
        await exchange.start_stream()
        await exchange.event(answers.piece("Hello"))
        await asyncio.sleep(wait)
        await exchange.event(answers.piece(" there"))
        await exchange.event(answers.piece(finish="stop"))
        await exchange.event(answers.usage_piece())
        await exchange.event("[DONE]")
        await exchange.finish()

    def turn():
        state["times"] = GREY if state["times"] == 1 else 1
        print("turned", state["times"], flush=True)

    async def serve(reader, writer):
        connection = Connection(reader, writer)
        try:
            while exchange := await read_request(connection):
                await default(exchange)
        except ConnectionError:
            pass
        finally:
            connection.close()

    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, turn)
    server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=1024)
    print("ready:", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
