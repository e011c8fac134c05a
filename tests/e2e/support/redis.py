"""A Redis server of Debian's on a port of its own."""

import shutil
import socket
import subprocess

import pytest

from .process import eventually

needs_redis = pytest.mark.skipif(not shutil.which("redis-server"), reason="there is no redis-server")


class Redis:
    """Started at once; stop() it, whatever happens."""

    def __init__(self, folder, password=None):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.arguments = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1"]
        self.arguments += ["--save", "", "--dir", str(folder)]
        if password:
            self.arguments += ["--requirepass", password]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.arguments, stdout=subprocess.DEVNULL)
        eventually(self.answers, 10)

    def answers(self) -> bool:
        try:
            return self.ask("PING") != b""
        except OSError:
            return False

    def ask(self, text: str) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), 5) as to:
            to.sendall(text.encode() + b"\r\n")
            return to.recv(65536)

    def stop(self):
        self.process.kill()
        self.process.wait()
