"""A Redis server of Debian's on a port of its own."""

import contextlib
import shutil
import socket
import subprocess
import threading

import pytest

from .process import eventually

needs_redis = pytest.mark.skipif(
    not shutil.which("redis-server"), reason="there is no redis-server"
)


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

    def command(self, *words):
        """A command of any words and its reply: text, a number, a list, None; an error is raised."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as to:
            parts = [str(word).encode() for word in words]
            to.sendall(
                b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(p), p) for p in parts)
            )
            return _reply(to.makefile("rb"))

    def stop(self):
        self.process.kill()
        self.process.wait()


def _reply(stream):
    line = stream.readline()
    kind, rest = line[:1], line[1:-2]
    if kind == b"*":
        return [_reply(stream) for _ in range(int(rest))]
    if kind == b"$":
        return stream.read(int(rest) + 2)[:-2].decode() if int(rest) >= 0 else None
    if kind == b":":
        return int(rest)
    if kind == b"-":
        raise ValueError(rest.decode())
    return rest.decode()


class Cut:
    """A way to a port that can be cut: then nothing passes, and nobody is told."""

    def __init__(self, port: int):
        self.to = port
        self.passing = threading.Event()
        self.passing.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        self.passing.clear()

    def mend(self):
        self.passing.set()

    def close(self):
        self.passing.set()
        self.listener.close()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.to), 5)
                far.settimeout(None)
            except OSError:
                return
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source, sink):
        try:
            while data := source.recv(65536):
                self.passing.wait()
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
