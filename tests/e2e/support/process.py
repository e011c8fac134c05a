"""A child process with its output collected and its end awaited; nothing here sleeps to synchronise."""

import os
import re
import subprocess
import threading
import time
from pathlib import Path


class Process:
    """Runs a command; stdout and stderr together, line by line, are in `lines`."""

    def __init__(self, command, env=None, cwd=None):
        self.command = [str(part) for part in command]
        self.lines: list[str] = []
        self._grew = threading.Condition()
        self._ended = False
        self.child = subprocess.Popen(
            self.command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="backslashreplace",
        )
        self._pump = threading.Thread(target=self._read, daemon=True)
        self._pump.start()

    def _read(self):
        for line in self.child.stdout:
            with self._grew:
                self.lines.append(line.rstrip("\n"))
                self._grew.notify_all()
        with self._grew:
            self._ended = True
            self._grew.notify_all()

    @property
    def pid(self) -> int:
        return self.child.pid

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def mark(self) -> int:
        """A place in the output, for wait_for(since=...)."""
        return len(self.lines)

    def wait_for(self, pattern: str, seconds: float, since: int = 0) -> re.Match:
        """The first match of `pattern` in a line from `since` on; AssertionError at the deadline or at the end."""
        until = time.monotonic() + seconds
        expression = re.compile(pattern)
        at = since
        with self._grew:
            while True:
                for line in self.lines[at:]:
                    if match := expression.search(line):
                        return match
                at = len(self.lines)
                left = until - time.monotonic()
                if self._ended or left <= 0:
                    why = "ended" if self._ended else f"said nothing for {seconds} s"
                    raise AssertionError(
                        f"{self.command[0]} {why} without /{pattern}/:\n{self.output}"
                    )
                self._grew.wait(left)

    def signal(self, number: int):
        self.child.send_signal(number)

    def running(self) -> bool:
        return self.child.poll() is None

    def wait(self, seconds: float) -> int:
        """The exit status; kills the process and fails when it does not end in time."""
        try:
            status = self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise AssertionError(
                f"{self.command[0]} did not end in {seconds} s:\n{self.output}"
            ) from None
        self._pump.join(10)
        return status

    def stop(self, seconds: float = 20) -> int:
        if self.running():
            self.child.terminate()
        return self.wait(seconds)

    # What /proc knows, for tests that bound resources.

    def rss(self) -> int:
        """Resident bytes."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))


def run(command, env=None, cwd=None, seconds: float = 30) -> tuple[int, str]:
    """Runs a command to its end: status and output."""
    process = Process(command, env, cwd)
    status = process.wait(seconds)
    return status, process.output


def eventually(check, seconds: float, step: float = 0.02):
    """Polls until check() is true and returns it; AssertionError with the last value at the deadline."""
    until = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        assert time.monotonic() < until, f"not so after {seconds} s; last: {value!r}"
        time.sleep(step)


def within_a_minute(test):
    """Runs what a minute's end would spoil; again, if one came."""
    for _ in range(3):
        minute = int(time.time() // 60)
        try:
            return test()
        except AssertionError:
            if int(time.time() // 60) == minute:
                raise
    raise AssertionError("a minute ended each time")
