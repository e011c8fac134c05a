"""Waiting for a call's events within an event loop, without a thread: asyncio's, or trio's, and what runs on them (anyio).

asyncio has one watcher for all calls of a loop, and the loop one descriptor: the engine puts calls that have something on
the watcher's list (_native.Ready) and makes the descriptor readable if the list was empty. So waiting for an event costs no
system call, and of many that come together the first wakes the loop for all.
"""

from __future__ import annotations

import os
import sys
import weakref
from typing import Any, Dict, List, Tuple

from . import _native

Event = Tuple[int, Any, Any, Any]


class _Watcher:
    """Of one loop, on its thread. It does not hold the loop. A call is waited for in one loop at a time."""

    def __init__(self, loop: Any) -> None:
        self.ready = _native.Ready()
        self._waiting: Dict[Any, List[Any]] = {}
        loop.add_reader(self.ready.fileno(), self._wake)

    def add(self, call: Any, future: Any) -> None:
        self._waiting.setdefault(call, []).append(future)

    def forget(self, call: Any, future: Any) -> None:
        waiting = self._waiting.get(call)
        if waiting is not None and future in waiting:
            waiting.remove(future)
            if not waiting:
                del self._waiting[call]

    def _wake(self) -> None:
        for call in self.ready.take():
            for future in self._waiting.pop(call, ()):
                if not future.done():
                    future.set_result(None)


_watchers: "weakref.WeakKeyDictionary[Any, _Watcher]" = weakref.WeakKeyDictionary()


def _after_fork() -> None:
    global _watchers
    _watchers = weakref.WeakKeyDictionary()


os.register_at_fork(after_in_child=_after_fork)


def _new_watcher(loop: Any) -> _Watcher:
    # What waited in a loop that was closed is of it, and would hold it here.
    for reference in _watchers.keyrefs():
        other = reference()
        if other is not None and other.is_closed():
            _watchers.pop(other, None)
    watcher = _watchers[loop] = _Watcher(loop)
    return watcher


async def wait(call: Any) -> Event:
    """The next event. A task that is cancelled cancels the call."""
    event = call.next(0)
    if event is not None:
        return event
    trio = _trio()
    if trio is not None:
        return await _wait_trio(call, trio)
    import asyncio

    loop = asyncio.get_running_loop()
    watcher = _watchers.get(loop) or _new_watcher(loop)
    while True:
        # After the first time there is nothing to do: the call is watched, and next() that gave nothing is told of the next.
        if call.watch(watcher.ready):
            event = call.next(0)
            if event is not None:
                return event
        future = loop.create_future()
        watcher.add(call, future)
        try:
            await future
        except BaseException:
            watcher.forget(call, future)
            call.cancel()
            raise
        event = call.next(0)
        if event is not None:
            return event


async def sleep(seconds: float) -> None:
    """Waits in the loop that runs this task."""
    trio = _trio()
    if trio is not None:
        return await trio.sleep(seconds)
    import asyncio

    await asyncio.sleep(seconds)


def _trio() -> Any:
    """trio, if its loop runs this task."""
    trio = sys.modules.get("trio")
    if trio is None:
        return None
    asyncio = sys.modules.get("asyncio")
    if asyncio is not None and asyncio._get_running_loop() is not None:
        return None
    return trio


async def _wait_trio(call: Any, trio: Any) -> Event:
    while True:
        try:
            await trio.lowlevel.wait_readable(call.fileno())
        except BaseException:
            call.cancel()
            raise
        event = call.next(0)
        if event is not None:
            return event
