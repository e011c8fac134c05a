"""The engine in this process: the client that module functions use, and waiting for a call's events.

Nothing is loaded before the first call. A client belongs to the process that opened it; after a fork the
child opens its own, and what it inherited is left alone. At the interpreter's exit clients are closed, which
cancels what is under way.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
import threading
import warnings
import weakref
from typing import Any, Dict, List, Optional, Tuple

from . import _debug, _native, _object, _settings, exceptions

RESULT, CHUNK, BYTES, END, FAILED = 1, 2, 3, 100, 101

Event = Tuple[int, Optional[str], Any, Optional[str]]

_lock = threading.Lock()
_plain_engine: Optional["Engine"] = None
#: The engine of the settings that were last asked for, and their configuration.
_set_engine: Optional[Tuple[str, "Engine"]] = None
_engines: "weakref.WeakSet[Engine]" = weakref.WeakSet()


def _plain(value: Any) -> Any:
    """What json cannot write by itself: models of pydantic, our own objects, arrays and numbers of numpy, sets."""
    for name in ("model_dump", "dict", "to_dict"):
        dump = getattr(value, name, None)
        if callable(dump) and not isinstance(value, type):
            try:
                return dump(exclude_none=True)
            except TypeError:
                return dump()
    if isinstance(value, (set, frozenset)):
        return list(value)
    if hasattr(value, "tolist") and not isinstance(value, type):
        return value.tolist()
    raise TypeError(f"a call's parameters must be JSON, and {type(value).__name__} is not")


_encoder = json.JSONEncoder(default=_plain, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_careful = json.JSONEncoder(default=_plain, separators=(",", ":"), allow_nan=False)


_scan = json.JSONDecoder().scan_once


def of_json(text: str) -> Any:
    """json.loads() of what the engine says, in half its time: a streamed event is so short that what is around the
    scanner costs as much as the scanner."""
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        return json.loads(text)
    return value if end == len(text) else json.loads(text)


def to_json(value: Any) -> str:
    try:
        text = _encoder.encode(value)
    except (TypeError, ValueError, RecursionError) as wrong:
        raise _named(value, wrong) from None
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can only write as an escape
        return _careful.encode(value)
    return text


def _named(value: Any, wrong: Exception) -> Exception:
    """The same, with the name of the parameter that is no JSON."""
    for name, one in value.items() if isinstance(value, dict) else ():
        try:
            _encoder.encode(one)
        except (TypeError, ValueError, RecursionError) as found:
            kind = TypeError if isinstance(found, TypeError) else ValueError
            return kind(f"{name}: {found}")
    return wrong


def _load() -> None:
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib")
    # The system's own C++ runtime if it has one: a newer one serves others in the process, too.
    before = [(name, os.path.join(folder, "spare", name)) for name in ("libgcc_s.so.1", "libstdc++.so.6")]
    deps = os.path.join(folder, "deps")
    if os.path.isdir(deps):
        before += [(os.path.join(deps, name), name) for name in sorted(os.listdir(deps))]
    _native.load(os.path.join(folder, "libpatchbay.so.0"), before)


class Engine:
    """A client of the engine, with or without a configuration; any thread. Whoever waits for a call of it holds
    it: when nobody does any more, it is closed."""

    def __init__(
        self, config: Optional[str] = None, config_file: Optional[str] = None, settings_only: bool = False
    ) -> None:
        _load()
        self.pid = os.getpid()
        self._client = _native.Client(config, config_file, None, settings_only)
        errors: List[str] = []
        for is_error, place, message in self._client.problems:
            if is_error:
                errors.append(f"{place}: {message}" if place else message)
            elif config or config_file:
                warnings.warn(f"{place}: {message}" if place else message, stacklevel=4)
        if not self._client.is_open:
            raise ValueError("the configuration cannot be used: " + "; ".join(errors))
        _engines.add(self)

    def start(self, operation: str, request: Dict[str, Any]) -> Any:
        """A call, as the extension's Call."""
        if "openai" in sys.modules:
            exceptions.join_openai()
        if "pydantic.main" in sys.modules:
            _object.join_pydantic()
        mock = request.get("mock_response")
        if isinstance(mock, BaseException) or isinstance(mock, type):
            raise self._played(mock, request)
        identity = request.pop("litellm_call_id", None)
        if _debug.on():
            _debug.asked(operation, request)
        return self._client.start(operation, to_json(request), identity)

    def _played(self, mock: Any, request: Dict[str, Any]) -> BaseException:
        """What a provider's failure would be raised as that a program plays with an exception of its own."""
        error = mock() if isinstance(mock, type) else mock
        if isinstance(error, exceptions.PatchbayError) or not isinstance(error, Exception):
            return error
        about = {"model": request.get("model"), "custom_llm_provider": request.get("custom_llm_provider")}
        found = self.look_up("provider", {k: v for k, v in about.items() if v})
        cls = exceptions.of_status(getattr(error, "status_code", None) or 500)
        return exceptions.raisable(cls)(
            message=f"{cls.__name__}: {error}",
            model=found.get("model") or request.get("model"),
            llm_provider=found.get("provider") or "",
            status_code=getattr(error, "status_code", None) or 500,
            body=getattr(error, "body", None),
        )

    def look_up(self, what: str, about: Dict[str, Any]) -> Any:
        return json.loads(self._client.look_up(what, to_json(about)))

    def close(self) -> None:
        if self.pid == os.getpid():
            self._client.close()


def default() -> Engine:
    """The engine of the module's functions, as the settings are now."""
    global _plain_engine, _set_engine
    config = _settings.of_the_engine()
    if config is None:
        engine = _plain_engine
        if engine is None:
            with _lock:
                if _plain_engine is None:
                    _plain_engine = Engine()
                engine = _plain_engine
        return engine
    known = _set_engine
    if known is None or known[0] != config:
        with _lock:
            if _set_engine is None or _set_engine[0] != config:
                _set_engine = (config, Engine(config, settings_only=True))
            known = _set_engine
    return known[1]


def forget_settings_engine() -> None:
    """The next call opens an engine anew, if the settings want one; what it kept in memory is gone."""
    global _set_engine
    with _lock:
        _set_engine = None


def _after_fork() -> None:
    global _plain_engine, _set_engine, _lock, _engines
    _plain_engine = _set_engine = None
    _lock = threading.Lock()
    _engines = weakref.WeakSet()


def _at_exit() -> None:
    for engine in list(_engines):
        engine.close()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_at_exit)


def _select() -> Any:
    """select() of gevent or eventlet, if the program's threads are theirs; None: they are the system's."""
    for name, patched in (("gevent.monkey", "is_module_patched"), ("eventlet.patcher", "is_monkey_patched")):
        module = sys.modules.get(name)
        if module is not None and getattr(module, patched)("select"):
            import select

            return select.select
    return None


def _next(call: Any, timeout_ms: int) -> Optional[Event]:
    """call.next(), in which other threads run: the engine's own wait would hold up all that gevent has."""
    select = _select() if timeout_ms != 0 else None
    if select is None:
        return call.next(timeout_ms)
    event = call.next(0)
    while event is None:
        select([call.fileno()], [], [], None if timeout_ms < 0 else timeout_ms / 1000)
        event = call.next(0)
        if timeout_ms >= 0:
            break
    return event


def wait(call: Any, timeout_ms: int = -1) -> Optional[Event]:
    """The next event. A signal's exception (KeyboardInterrupt) cancels the call."""
    try:
        return _next(call, timeout_ms)
    except BaseException:
        call.cancel()
        raise


def failure(event: Event, asked: Optional[str]) -> exceptions.PatchbayError:
    """The exception of a FAILED event of a call of the model `asked`."""
    about = json.loads(event[3]) if event[3] else None
    return exceptions.from_failure(json.loads(event[2]), about, asked)
