"""Streamed chats of providers in Python: from what a handler's generator gives to pieces in OpenAI's shape."""

from __future__ import annotations

import collections
import json
import time
import uuid
from typing import Any, Deque, Dict, List, Optional

from . import _calls, _loops
from ._engine import CHUNK, END, FAILED, Event
from ._object import OpenAIObject

_NOTHING = object()


class Pieces:
    """What a handler has said so far.

    As LiteLLM has it: one id for all pieces, the role in the first alone, no empty ones; the reason of the end comes last and
    by itself, and after it the usage, if it is asked for.
    """

    def __init__(self, model: str, with_usage: bool) -> None:
        self._head = {"id": f"chatcmpl-{uuid.uuid4()}", "created": int(time.time()), "model": model}
        self._with_usage = with_usage
        self._said = self._called = False
        self._finish: Optional[str] = None
        self.usage: Optional[Dict[str, Any]] = None

    def of(self, given: Any) -> List[Dict[str, Any]]:
        """The pieces of one that the handler gave: one, or none."""
        if isinstance(given, OpenAIObject):
            given = given.model_dump(exclude_none=True)
        if not isinstance(given, dict):
            raise TypeError(f"a provider's stream must be of dictionaries, and not of {type(given).__name__}")
        if "choices" in given:
            choice: Dict[str, Any] = {"delta": {}, **(given["choices"] or [{}])[0]}
            delta = {name: value for name, value in choice["delta"].items() if value not in (None, "")}
            finish = choice.get("finish_reason")
        else:
            choice = {}
            delta = {"content": given["text"]} if given.get("text") else {}
            if given.get("tool_use"):
                delta["tool_calls"] = [given["tool_use"]]
            if given.get("provider_specific_fields"):
                delta["provider_specific_fields"] = given["provider_specific_fields"]
            finish = given.get("finish_reason") if given.get("is_finished") else None
        self._finish = finish or self._finish
        if given.get("usage"):
            usage = given["usage"]
            self.usage = usage.model_dump(exclude_none=True) if isinstance(usage, OpenAIObject) else dict(usage)
        self._called = self._called or bool(delta.get("tool_calls"))
        delta.pop("role", None)
        return [self._piece(delta, index=choice.get("index", 0))] if delta else []

    def end(self) -> List[Dict[str, Any]]:
        """The last ones."""
        finish = self._finish or "stop"
        made = [self._piece({}, finish_reason="tool_calls" if finish == "stop" and self._called else finish)]
        if self._with_usage and self.usage:
            made.append({**self._head, "choices": [], "usage": self.usage})
        return made

    def _piece(self, delta: Dict[str, Any], **choice: Any) -> Dict[str, Any]:
        if not self._said:
            delta = {"role": "assistant", **delta}
            self._said = True
        return {**self._head, "choices": [{"index": 0, "delta": delta, **choice}]}


class Source:
    """The events of a streamed chat, as an engine's call has them; of one reader at a time."""

    def __init__(self, provider: Any, operation: str, request: Dict[str, Any]) -> None:
        from . import _custom

        if operation != "chat.completions":
            provider._method(operation, "")
            raise NotImplementedError(f"{provider.name}/{provider.model}: there are streams of chats alone")
        self._provider, self._operation, self._request = provider, operation, request
        self._attempts = _custom.Attempts(provider, request)
        self._pieces = Pieces(provider.model, bool((request.get("stream_options") or {}).get("include_usage")))
        self._ready: Deque[Event] = collections.deque()
        self._given: Any = None  # the handler's generator
        self._begun = False

    def _open(self, awaited: bool) -> Any:
        method = self._provider.handler.astreaming if awaited else self._provider.handler.streaming
        opened = self._provider.call(method, self._operation, self._request, awaited, self._attempts.identity)
        return (opened,) if isinstance(opened, dict) else opened  # one piece, as LiteLLM's documentation has it

    def _about(self) -> str:
        return json.dumps(self._attempts.facts(self._pieces.usage), default=str)

    def _take(self, given: Any) -> None:
        made = self._pieces.end() if given is _NOTHING else self._pieces.of(given)
        self._begun = self._begun or bool(made)
        self._ready.extend((CHUNK, None, one, None) for one in made)
        if given is _NOTHING:
            self._ready.append((END, None, None, self._about()))

    def _failed(self, error: Exception) -> float:
        """Seconds after which the handler is asked again; if it is not, the failure is the next event."""
        try:
            if not self._begun:
                return self._attempts.failed(error)
            failure = self._provider.failure(error)
        except Exception as raised:  # noqa: BLE001
            failure = raised
        self._ready.append((FAILED, None, failure, self._about()))
        return 0.0

    def next_event(self) -> Event:
        while not self._ready:
            try:
                if self._given is None:
                    self._given = iter(self._open(False))
                self._take(next(self._given, _NOTHING))
            except Exception as error:  # noqa: BLE001 -- the program's own
                wait = self._failed(error)
                self._given = None
                time.sleep(wait)
        return self._ready.popleft()

    async def next_event_async(self) -> Event:
        while not self._ready:
            try:
                if self._given is None:
                    opened = self._open(True)
                    self._given = await opened if hasattr(opened, "__await__") else opened
                    self._given = self._given.__aiter__() if hasattr(self._given, "__aiter__") else iter(self._given)
                self._take(await self._next())
            except Exception as error:  # noqa: BLE001 -- the program's own
                wait = self._failed(error)
                self._given = None
                await _loops.sleep(wait)
        return self._ready.popleft()

    async def _next(self) -> Any:
        if not hasattr(self._given, "__anext__"):
            return next(self._given, _NOTHING)
        try:
            return await self._given.__anext__()
        except StopAsyncIteration:
            return _NOTHING

    def cancel(self) -> None:
        """Ends the handler's generator; an asynchronous one that nobody closes is ended by its loop."""
        given, self._given = self._given, None
        if hasattr(given, "close"):
            given.close()

    async def aclose(self) -> None:
        given, self._given = self._given, None
        if hasattr(given, "aclose"):
            await given.aclose()


class ProviderStream(_calls.CustomStreamWrapper):
    """A streamed chat of a provider in Python."""

    _read = staticmethod(lambda data: data)

    def _event(self) -> Event:
        return self._call.next_event()

    async def _event_async(self) -> Event:
        return await self._call.next_event_async()

    def _failure(self, event: Event) -> BaseException:
        return event[2]

    async def aclose(self) -> None:
        call = self._call
        if call is not None:
            await call.aclose()
        self.close()
