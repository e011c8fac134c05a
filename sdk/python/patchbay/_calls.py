"""Running one call: whole or streamed, waited for by a thread or by an event loop."""

from __future__ import annotations

from typing import Any, AsyncIterator, Callable, Dict, Iterator, List, Optional

from . import _callbacks, _debug, _engine, _loops, _rules, _settings, _told
from ._engine import BYTES, CHUNK, END, FAILED, RESULT, Engine, Event
from ._objects import Answer, HttpxBinaryResponseContent, hidden_params
from ._responses import wrapped

#: Makes an answer of a JSON object.
Make = Callable[[Dict[str, Any]], Any]


def anything(document: Dict[str, Any]) -> Any:
    return wrapped(document)


def plain(document: Dict[str, Any]) -> Any:
    return document


class Collected:
    """The events of a call that is answered whole."""

    def __init__(self, make: Make, model: Optional[str]) -> None:
        self.make = make
        self.model = model
        self.data: Any = None
        self.pieces: List[bytes] = []
        self.media: Optional[str] = None
        self.about: Optional[str] = None

    def take(self, event: Event) -> bool:
        """True at the end. Raises what failed."""
        kind, name, data, about = event
        if _debug.on():
            _debug.answered(data)
        if kind == RESULT:
            self.data = data
        elif kind == BYTES:
            self.pieces.append(data)
            self.media = name or self.media
        elif kind == END:
            self.about = about
            return True
        elif kind == FAILED:
            raise _engine.failure(event, self.model)
        return False

    def answer(self) -> Any:
        if self.data is None:
            return HttpxBinaryResponseContent(b"".join(self.pieces), self.media, hidden_params(self.about))
        made = self.make(_engine.of_json(self.data))
        if isinstance(made, Answer):
            made.__dict__["_facts"] = self.about
        return made


def whole(engine: Any, operation: str, request: Dict[str, Any], make: Make) -> Any:
    """A call that is answered whole; `engine` is an Engine, or a provider in Python (_custom.Provider)."""
    _rules.before(request)
    told = _told.Told(operation, request, False) if _callbacks.wanted(request) else None
    try:
        answer = _whole(engine, operation, request, make)
        _rules.after(request, answer)
    except Exception as error:
        if told is not None:
            told.failed(error)
        raise
    if told is not None:
        told.succeeded(answer)
    return answer


def _whole(engine: Any, operation: str, request: Dict[str, Any], make: Make) -> Any:
    if not isinstance(engine, Engine):
        return engine.whole(operation, request)
    call = engine.start(operation, request)
    collected = Collected(make, request.get("model"))
    while not collected.take(_engine.wait(call)):  # type: ignore[arg-type]
        pass
    return collected.answer()


async def whole_async(engine: Any, operation: str, request: Dict[str, Any], make: Make) -> Any:
    _rules.before(request)
    told = _told.Told(operation, request, True) if _callbacks.wanted(request) else None
    try:
        answer = await _whole_async(engine, operation, request, make)
        _rules.after(request, answer)
    except Exception as error:
        if told is not None:
            await told.failed_async(error)
        raise
    if told is not None:
        await told.succeeded_async(answer)
    return answer


async def _whole_async(engine: Any, operation: str, request: Dict[str, Any], make: Make) -> Any:
    if not isinstance(engine, Engine):
        return await engine.whole_async(operation, request)
    call = engine.start(operation, request)
    collected = Collected(make, request.get("model"))
    while not collected.take(await _loops.wait(call)):
        pass
    return collected.answer()


class Stream:
    """A streamed answer: iterate over it with `for` or `async for`.

    begin() or begin_async() come first: they wait for the first that the provider says, so that a call which fails
    does so where it is made. It is also a context manager. Left before its end (`close()`, a `break` after which nobody holds it, an
    exception) it cancels the call, which closes the provider's connection.
    """

    def __init__(
        self, engine: Any, operation: str, request: Dict[str, Any], make: Make, awaited: bool = False
    ) -> None:
        _rules.before(request)
        self._told = _told.Told(operation, request, awaited) if _callbacks.wanted(request) else None
        self._make = make
        self._engine: Any = engine  # which is closed when nobody holds it
        self._call: Any = None
        self._refused: Optional[Exception] = None  # what start() raised, for begin() to tell and raise
        try:
            self._call = engine.start(operation, request)
        except Exception as error:  # noqa: BLE001
            self._refused = error
        kept = self._told is not None or _settings.get("max_budget") or _settings.get("post_call_rules") or getattr(request, "schema", None)
        self._pieces: Optional[List[Any]] = [] if kept else None
        self._request = request if kept else None
        #: What the engine says of the call, in a list that all pieces have: so those which are kept know what it cost.
        self._facts: List[Optional[str]] = [None]
        self._first: Optional[Event] = None
        self.model = request.get("model")
        self._provider = request.get("custom_llm_provider")

    @property
    def _hidden_params(self) -> Dict[str, Any]:
        return hidden_params(self._facts[0])

    @property
    def custom_llm_provider(self) -> Optional[str]:
        return self._hidden_params.get("custom_llm_provider") or self._provider

    @property
    def completion_stream(self) -> "Stream":
        """LiteLLM's name for where the pieces come from."""
        return self

    # What is different where no engine streams (_custom_stream.py).

    _read = staticmethod(_engine.of_json)

    def _event(self) -> Event:
        return _engine.wait(self._call)  # type: ignore[return-value]

    async def _event_async(self) -> Event:
        return await _loops.wait(self._call)

    def _failure(self, event: Event) -> BaseException:
        return _engine.failure(event, self.model)

    def begin(self) -> "Stream":
        """Raises what failed before anything was said."""
        if self._refused is not None:
            if self._told is not None:
                self._told.failed(self._refused)
            raise self._refused
        try:
            self._first = self._event()
        except BaseException:
            self.close()
            raise
        self._note_first()
        if self._first is not None and self._first[0] == FAILED:
            next(self)
        return self

    async def begin_async(self) -> "Stream":
        """begin() for asyncio."""
        if self._refused is not None:
            if self._told is not None:
                await self._told.failed_async(self._refused)
            raise self._refused
        try:
            self._first = await self._event_async()
        except BaseException:
            self.close()
            raise
        self._note_first()
        if self._first[0] == FAILED:
            await self.__anext__()
        return self

    def _note_first(self) -> None:
        if self._first is not None:
            self._facts[0] = self._first[3]

    def _waiting(self) -> Optional[Event]:
        """The event that begin() took."""
        event, self._first = self._first, None
        return event

    def _take(self, event: Event) -> Any:
        """A piece; None at the end. Raises what failed."""
        kind, name, data, about = event
        if about:
            self._facts[0] = about
        if _debug.on():
            _debug.answered(data)
        if kind == CHUNK:
            made = self._make(self._read(data))
            if name is not None and isinstance(made, dict):
                made.setdefault("type", name)
            elif isinstance(made, Answer):
                made.__dict__["_facts"] = self._facts
            if self._pieces is not None:
                self._pieces.append(made)
            return made
        if kind == BYTES:
            return data
        if kind == RESULT:  # the provider answers whole what was asked as a stream
            return self._make(self._read(data))
        self._call = self._engine = None
        if kind == FAILED:
            raise self._failure(event)
        return None

    def _answer(self) -> Any:
        """What the pieces make, for those who are told of it."""
        from ._chunks import stream_chunk_builder

        try:
            answer = stream_chunk_builder(self._pieces or [])
        except Exception:  # noqa: BLE001 -- pieces of another API
            return self._pieces
        if answer is not None:
            answer._hidden_params = self._hidden_params
        return answer

    def _end(self) -> Any:
        """The whole answer, if somebody wants to hear of it."""
        if self._pieces is None:
            return None
        answer = self._answer()
        _rules.after(self._request or {}, answer)
        return answer

    def __iter__(self) -> "Iterator[Any]":
        return self

    def __next__(self) -> Any:
        if self._call is None:
            raise StopIteration
        try:
            piece = self._take(self._waiting() or self._event())
            answer = self._end() if piece is None else None
        except BaseException as error:
            if self._ended_meanwhile(error):
                raise StopIteration from None
            self.close()
            if self._told is not None and isinstance(error, Exception):
                self._told.failed(error)
            raise
        if piece is None:
            if self._told is not None:
                self._told.succeeded(answer)
            raise StopIteration
        if self._told is not None:
            self._told.streamed(piece)
        return piece

    def __aiter__(self) -> "AsyncIterator[Any]":
        return self

    async def __anext__(self) -> Any:
        if self._call is None:
            raise StopAsyncIteration
        try:
            piece = self._take(self._waiting() or await self._event_async())
            answer = self._end() if piece is None else None
        except BaseException as error:
            if self._ended_meanwhile(error):
                raise StopAsyncIteration from None
            self.close()
            if self._told is not None and isinstance(error, Exception):
                await self._told.failed_async(error)
            raise
        if piece is None:
            if self._told is not None:
                await self._told.succeeded_async(answer)
            raise StopAsyncIteration
        if self._told is not None:
            await self._told.streamed_async(piece)
        return piece

    def _ended_meanwhile(self, error: BaseException) -> bool:
        """Another thread or task that reads the same stream has had its end."""
        return self._call is None and isinstance(error, RuntimeError)

    def close(self) -> None:
        call, self._call, self._engine = self._call, None, None
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
