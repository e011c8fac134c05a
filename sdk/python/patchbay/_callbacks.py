"""`success_callback`, `failure_callback`, `input_callback` and `callbacks`: functions and objects of the program that
are told of calls.

They run where the answer is received; what they raise is warned of and harms no call. What they are told is in _told.py. Names
of log sinks in these lists are the engine's affair (_settings.of_the_engine).
"""

from __future__ import annotations

import warnings
from typing import Any, Callable, Dict, Iterator, List, Optional

from . import _settings


class CustomLogger:
    """The base of callback objects; the methods that a program needs are its own."""

    def log_pre_api_call(self, model: str, messages: Any, kwargs: Dict[str, Any]) -> None:
        """Before the call is sent."""

    def log_post_api_call(self, kwargs: Dict[str, Any], response_obj: Any, start_time: Any, end_time: Any) -> None:
        """After a provider has answered, before log_success_event()."""

    def log_stream_event(self, kwargs: Dict[str, Any], response_obj: Any, start_time: Any, end_time: Any) -> None:
        """Each piece of a stream that `for` reads."""

    def log_success_event(self, kwargs: Dict[str, Any], response_obj: Any, start_time: Any, end_time: Any) -> None:
        """A good end; `response_obj` is the answer, of a stream the whole one."""

    def log_failure_event(self, kwargs: Dict[str, Any], response_obj: Any, start_time: Any, end_time: Any) -> None:
        """A bad end; `kwargs["exception"]` is why."""

    async def async_log_stream_event(
        self, kwargs: Dict[str, Any], response_obj: Any, start_time: Any, end_time: Any
    ) -> None:
        """Each piece of a stream that `async for` reads."""

    async def async_log_success_event(
        self, kwargs: Dict[str, Any], response_obj: Any, start_time: Any, end_time: Any
    ) -> None:
        """log_success_event() of an awaited call."""

    async def async_log_failure_event(
        self, kwargs: Dict[str, Any], response_obj: Any, start_time: Any, end_time: Any
    ) -> None:
        """log_failure_event() of an awaited call."""


def own(callback: Any, name: str) -> Optional[Callable[..., Any]]:
    """The object's method, unless it is the base's, which does nothing."""
    method = getattr(callback, name, None)
    base = getattr(CustomLogger, name, None)
    return None if method is None or getattr(method, "__func__", method) is base else method


def listed(*settings: str, told: Any = None) -> Iterator[Any]:
    """The functions and objects of these settings, and of the call's own arguments `told` of the same names; each once."""
    seen: List[Any] = []
    for setting in settings:
        for callback in (*(_settings.get(setting) or ()), *((told or {}).get(setting) or ())):
            if not isinstance(callback, str) and not any(callback is one for one in seen):
                seen.append(callback)
                yield callback


_ALL = (
    "success_callback", "failure_callback", "callbacks", "input_callback", "_async_success_callback", "_async_failure_callback",
    "_async_input_callback",
)


def wanted(request: Any = None) -> bool:
    """Is there any function or object, of the program's or of this call's, that hears of it? Of a call with `no-log` none does."""
    if request is not None and request.get("no-log") is True and not _settings.get("global_disable_no_log_param"):
        return False
    if getattr(request, "logger_fn", None) is not None or getattr(request, "told", None):
        return True
    return _settings.any_of(_ALL) and next(listed(*_ALL), None) is not None


class _Manager:
    """LiteLLM's object that changes the lists of callbacks: `patchbay.logging_callback_manager`."""

    def _add(self, setting: str, callback: Any) -> None:
        given = _settings.get(setting)
        if given is None:
            _settings.put(setting, given := [])
        if callback not in given:
            given.append(callback)

    def add_litellm_callback(self, callback: Any) -> None:
        self._add("callbacks", callback)

    def add_litellm_input_callback(self, callback: Any) -> None:
        self._add("input_callback", callback)

    def add_litellm_success_callback(self, callback: Any) -> None:
        self._add("success_callback", callback)

    def add_litellm_failure_callback(self, callback: Any) -> None:
        self._add("failure_callback", callback)

    def add_litellm_async_success_callback(self, callback: Any) -> None:
        self._add("_async_success_callback", callback)

    def add_litellm_async_failure_callback(self, callback: Any) -> None:
        self._add("_async_failure_callback", callback)

    def remove_callback_from_list_by_object(self, callback_list: List[Any], obj: Any, **_: Any) -> None:
        callback_list[:] = [one for one in callback_list if one is not obj and getattr(one, "__self__", None) is not obj]

    def remove_callbacks_by_type(self, callback_list: List[Any], callback_type: Any) -> None:
        callback_list[:] = [one for one in callback_list if not isinstance(one, callback_type)]

    def get_custom_loggers_for_type(self, callback_type: Any) -> List[Any]:
        return [one for one in listed(*_ALL) if isinstance(one, callback_type)]

    def _reset_all_callbacks(self) -> None:
        for setting in _ALL:
            _settings.put(setting, [])


logging_callback_manager = _Manager()


def _is_object(callback: Any) -> bool:
    """An object with LiteLLM's methods, and no function."""
    return hasattr(callback, "log_success_event") or hasattr(callback, "async_log_success_event")


def _calls(callbacks: Iterator[Any], method: str, facts: Any, plain: Any) -> Iterator[Any]:
    for callback in callbacks:
        try:
            if _is_object(callback):
                method_of = own(callback, method)
                if method_of is not None:
                    yield method_of(*facts)
            elif plain is not None and callable(callback):
                yield callback(*plain)
        except Exception as wrong:  # noqa: BLE001 -- the program's own
            _warn(method, wrong)


def _warn(method: str, wrong: BaseException) -> None:
    kind = method.replace("async_", "").replace("log_", "").replace("_event", "")
    warnings.warn(f"a {kind} callback failed: {wrong!r}", stacklevel=2)


def each(callbacks: Iterator[Any], method: str, facts: Any, plain: Any = None) -> None:
    left: List[Any] = [one for one in _calls(callbacks, method, facts, plain) if hasattr(one, "cr_code")]
    for coroutine in left:
        coroutine.close()
        warnings.warn("a callback that is `async` hears of awaited calls alone", stacklevel=2)


async def each_async(callbacks: Iterator[Any], method: str, facts: Any, plain: Any = None) -> None:
    for result in _calls(callbacks, method, facts, plain):
        if hasattr(result, "__await__"):
            try:
                await result
            except Exception as wrong:  # noqa: BLE001
                _warn(method, wrong)
