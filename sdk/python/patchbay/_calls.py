"""Running one call: whole or streamed, waited for by a thread or by an event loop."""

from __future__ import annotations

import json
from typing import Any, AsyncIterator, Callable, Dict, Iterator, List, Optional

from . import _callbacks, _engine
from ._engine import BYTES, CHUNK, END, FAILED, RESULT, Engine, Event
from ._objects import Answer, HttpxBinaryResponseContent, hidden_params, wrapped

#: Makes an answer of a JSON object.
Make = Callable[[Dict[str, Any]], Any]


def anything(document: Dict[str, Any]) -> Any:
    return wrapped(document)


def plain(document: Dict[str, Any]) -> Any:
    return document


class _Collected:
    """The events of a call that is answered whole."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.data: Any = None
        self.pieces: List[bytes] = []
        self.media: Optional[str] = None
        self.about: Optional[str] = None

    def take(self, event: Event) -> bool:
        """True at the end. Raises what failed."""
        kind, name, data, about = event
        if kind == RESULT:
            self.data = data
        elif kind == BYTES:
            self.pieces.append(data)
            self.media = name or self.media
        elif kind == END:
            self.about = about
            return True
        elif kind == FAILED:
            raise _engine.failure(event)
        return False

    def answer(self) -> Any:
        if self.data is None:
            return HttpxBinaryResponseContent(b"".join(self.pieces), self.media, hidden_params(self.about))
        made = self.make(json.loads(self.data))
        if isinstance(made, Answer):
            made.__dict__["_facts"] = self.about
        return made


def whole(engine: Engine, operation: str, request: Dict[str, Any], make: Make) -> Any:
    if not _callbacks.wanted():
        return _whole(engine, operation, request, make)
    started = _callbacks.now()
    try:
        answer = _whole(engine, operation, request, make)
    except Exception as error:
        _callbacks.failed(request, error, started)
        raise
    _callbacks.succeeded(request, answer, started)
    return answer


def _whole(engine: Engine, operation: str, request: Dict[str, Any], make: Make) -> Any:
    call = engine.start(operation, request)
    collected = _Collected(make)
    while not collected.take(_engine.wait(call)):  # type: ignore[arg-type]
        pass
    return collected.answer()


async def whole_async(engine: Engine, operation: str, request: Dict[str, Any], make: Make) -> Any:
    started = _callbacks.now()
    call = engine.start(operation, request)
    collected = _Collected(make)
    try:
        while not collected.take(await _engine.wait_async(call)):
            pass
    except Exception as error:
        if _callbacks.wanted():
            await _callbacks.failed_async(request, error, started)
        raise
    answer = collected.answer()
    if _callbacks.wanted():
        await _callbacks.succeeded_async(request, answer, started)
    return answer


class Stream:
    """A streamed answer: iterate over it with `for` or `async for`.

    It is also a context manager. Left before its end (`close()`, a `break` after which nobody holds it, an
    exception) it cancels the call, which closes the provider's connection.
    """

    def __init__(self, engine: Engine, operation: str, request: Dict[str, Any], make: Make) -> None:
        self._request = request
        self._started = _callbacks.now()
        self._make = make
        self._call: Any = engine.start(operation, request)
        self._logged: Optional[List[Any]] = [] if _callbacks.wanted() else None
        self._facts: Optional[str] = None
        self.model = request.get("model")

    @property
    def _hidden_params(self) -> Dict[str, Any]:
        return hidden_params(self._facts)

    def _take(self, event: Event) -> Any:
        """A piece; None at the end. Raises what failed."""
        kind, name, data, about = event
        if about:
            self._facts = about
        if kind == CHUNK:
            made = self._make(json.loads(data))
            if name is not None and isinstance(made, dict):
                made.setdefault("type", name)
            elif isinstance(made, Answer):
                made.__dict__["_facts"] = self._facts
            if self._logged is not None:
                self._logged.append(made)
            return made
        if kind == BYTES:
            return data
        if kind == RESULT:  # the provider answers whole what was asked as a stream
            return self._make(json.loads(data))
        self._call = None
        if kind == FAILED:
            raise _engine.failure(event)
        return None

    def _answer(self) -> Any:
        from ._chunks import stream_chunk_builder

        try:
            return stream_chunk_builder(self._logged or [])
        except Exception:  # noqa: BLE001 -- pieces of another API
            return self._logged

    def __iter__(self) -> "Iterator[Any]":
        return self

    def __next__(self) -> Any:
        if self._call is None:
            raise StopIteration
        try:
            piece = self._take(_engine.wait(self._call))  # type: ignore[arg-type]
        except BaseException as error:
            self.close()
            if self._logged is not None and isinstance(error, Exception):
                _callbacks.failed(self._request, error, self._started)
            raise
        if piece is None:
            if self._logged is not None:
                _callbacks.succeeded(self._request, self._answer(), self._started)
            raise StopIteration
        return piece

    def __aiter__(self) -> "AsyncIterator[Any]":
        return self

    async def __anext__(self) -> Any:
        if self._call is None:
            raise StopAsyncIteration
        try:
            piece = self._take(await _engine.wait_async(self._call))
        except BaseException as error:
            self.close()
            if self._logged is not None and isinstance(error, Exception):
                await _callbacks.failed_async(self._request, error, self._started)
            raise
        if piece is None:
            if self._logged is not None:
                await _callbacks.succeeded_async(self._request, self._answer(), self._started)
            raise StopAsyncIteration
        return piece

    def close(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            call.cancel()

    async def aclose(self) -> None:
        self.close()

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    async def __aenter__(self) -> "Stream":
        return self

    async def __aexit__(self, *_: Any) -> None:
        self.close()


class CustomStreamWrapper(Stream):
    """LiteLLM's name for a streamed chat."""
