"""`success_callback` and `failure_callback`: functions of the program that are told of calls.

They get what LiteLLM gives them: the call's arguments, the answer or the exception, when it began and when it
ended. An object with LiteLLM's methods (`log_success_event`, `async_log_success_event`, ...) may stand in
`callbacks`. They run where the answer is received; what they raise is warned of and harms no call.
"""

from __future__ import annotations

import datetime
import warnings
from typing import Any, Dict, Iterator, List

from . import _settings


class CustomLogger:
    """The base of callback objects; the methods that a program needs are its own."""

    def log_success_event(self, kwargs: Dict[str, Any], response_obj: Any, start_time: Any, end_time: Any) -> None:
        pass

    def log_failure_event(self, kwargs: Dict[str, Any], response_obj: Any, start_time: Any, end_time: Any) -> None:
        pass

    async def async_log_success_event(
        self, kwargs: Dict[str, Any], response_obj: Any, start_time: Any, end_time: Any
    ) -> None:
        pass

    async def async_log_failure_event(
        self, kwargs: Dict[str, Any], response_obj: Any, start_time: Any, end_time: Any
    ) -> None:
        pass


def wanted() -> bool:
    """Is there any callback?"""
    get = _settings.get
    return bool(get("success_callback") or get("failure_callback") or get("callbacks"))


def now() -> datetime.datetime:
    return datetime.datetime.now()


def _listed(kind: str) -> Iterator[Any]:
    for callback in (*_settings.get(kind + "_callback"), *_settings.get("callbacks")):
        if isinstance(callback, str):
            _told_of_name(callback)
        else:
            yield callback


_told: List[str] = []


def _told_of_name(name: str) -> None:
    if name in _told:
        return
    _told.append(name)
    warnings.warn(
        f"the log sink '{name}' is not run by the client library: give a function, or use the gateway",
        stacklevel=6,
    )


def _arguments(call: Dict[str, Any], answer: Any, failed: bool) -> Dict[str, Any]:
    hidden = getattr(answer, "_hidden_params", {}) or {}
    return {
        **call,
        "litellm_call_id": hidden.get("litellm_call_id"),
        "litellm_params": {"metadata": call.get("metadata"), "api_base": hidden.get("api_base")},
        "custom_llm_provider": hidden.get("custom_llm_provider"),
        "exception": answer if failed else None,
    }


def _run(kind: str, call: Dict[str, Any], answer: Any, started: datetime.datetime) -> None:
    facts = (_arguments(call, answer, kind == "failure"), answer, started, now())
    for callback in _listed(kind):
        try:
            own = getattr(callback, f"log_{kind}_event", None)
            if own is not None:
                own(*facts)
            elif callable(callback):
                callback(*facts)
        except Exception as wrong:  # noqa: BLE001
            warnings.warn(f"a {kind} callback failed: {wrong!r}", stacklevel=2)


async def _run_async(kind: str, call: Dict[str, Any], answer: Any, started: datetime.datetime) -> None:
    import inspect

    facts = (_arguments(call, answer, kind == "failure"), answer, started, now())
    for callback in _listed(kind):
        try:
            own = getattr(callback, f"async_log_{kind}_event", None)
            result = own(*facts) if own is not None else callback(*facts) if callable(callback) else None
            if inspect.isawaitable(result):
                await result
        except Exception as wrong:  # noqa: BLE001
            warnings.warn(f"a {kind} callback failed: {wrong!r}", stacklevel=2)


def succeeded(call: Dict[str, Any], answer: Any, started: datetime.datetime) -> None:
    _run("success", call, answer, started)


def failed(call: Dict[str, Any], error: BaseException, started: datetime.datetime) -> None:
    _run("failure", call, error, started)


async def succeeded_async(call: Dict[str, Any], answer: Any, started: datetime.datetime) -> None:
    await _run_async("success", call, answer, started)


async def failed_async(call: Dict[str, Any], error: BaseException, started: datetime.datetime) -> None:
    await _run_async("failure", call, error, started)
