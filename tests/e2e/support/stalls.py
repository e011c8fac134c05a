"""How long the machine kept a thread from running: what a test that bounds a time must not take for the gateway's."""

import threading
import time

TICK = 0.01


class Stalls:
    """`with Stalls() as stalls:` a thread wants the processor every 10 ms, and notes how much too late it came."""

    def __init__(self):
        self._late: list[tuple[float, float]] = []  #: when it came at last, and how much too late
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        due = time.monotonic() + TICK
        while not self._ending.wait(max(0.0, due - time.monotonic())):
            now = time.monotonic()
            if now > due:
                self._late.append((now, now - due))
            due = now + TICK

    def net(self, begun: float, ended: float | None = None) -> float:
        """Seconds of time.monotonic() from `begun` to `ended` (now) without those that the machine did something else."""
        if ended is None:
            ended = time.monotonic()
        late = sum(min(late, at - begun) for at, late in self._late if begun < at <= ended + TICK)
        return max(0.0, ended - begun - late)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ending.set()
        self._thread.join()
