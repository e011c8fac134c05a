"""Waiting for a call's events within an event loop, without a thread: asyncio's, or trio's, and what runs on them (anyio).

asyncio has one watcher for all calls of a loop, an epoll of its own that the loop watches: to wait for the next event of a
call is one system call, where registering its descriptor with the loop and taking it out again would be two and much more of
Python. The kernel forgets descriptors that are closed, so a call that nobody holds leaves nothing behind.
"""

from __future__ import annotations

import os
import select
import sys
import weakref
from typing import Any, Dict, List, Tuple

Event = Tuple[int, Any, Any, Any]
_ONCE = select.EPOLLIN | select.EPOLLONESHOT
#: Descriptors that are looked at in one turn of the loop; others come in the next.
_TURN = 512


class _Watcher:
    """Of one loop, on its thread. It does not hold the loop."""

    def __init__(self, loop: Any) -> None:
        self._epoll = select.epoll()
        self._waiting: Dict[int, List[Any]] = {}
        loop.add_reader(self._epoll.fileno(), self._wake)

    def watch(self, descriptor: int, ready: Any) -> None:
        self._waiting.setdefault(descriptor, []).append(ready)
        try:
            self._epoll.modify(descriptor, _ONCE)
        except FileNotFoundError:  # the first time, or another call's of the same number
            self._epoll.register(descriptor, _ONCE)

    def forget(self, descriptor: int, ready: Any) -> None:
        waiting = self._waiting.get(descriptor)
        if waiting is not None and ready in waiting:
            waiting.remove(ready)
            if not waiting:
                del self._waiting[descriptor]

    def _wake(self) -> None:
        for descriptor, _ in self._epoll.poll(0, _TURN):
            for ready in self._waiting.pop(descriptor, ()):
                if not ready.done():
                    ready.set_result(None)


_watchers: "weakref.WeakKeyDictionary[Any, _Watcher]" = weakref.WeakKeyDictionary()


def _after_fork() -> None:
    global _watchers
    _watchers = weakref.WeakKeyDictionary()


os.register_at_fork(after_in_child=_after_fork)


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
    watcher = _watchers.get(loop)
    if watcher is None:
        watcher = _watchers[loop] = _Watcher(loop)
    descriptor = call.fileno()
    while True:
        ready = loop.create_future()
        watcher.watch(descriptor, ready)
        try:
            await ready
        except BaseException:
            call.cancel()
            raise
        finally:
            watcher.forget(descriptor, ready)
        event = call.next(0)
        if event is not None:
            return event


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
