"""What callbacks are told of a call, which is what LiteLLM tells them: the call's arguments with what is known of it (of a failure
the exception), the answer, when it began and when it ended.
"""

from __future__ import annotations

import datetime
import functools
import traceback
from typing import Any, Dict, Optional

from . import _callbacks, _engine, _settings


def now() -> datetime.datetime:
    return datetime.datetime.now()


#: An operation -> LiteLLM's name of the call. Awaited ones have an "a" in front.
CALL_TYPES = {
    "chat.completions": "completion",
    "completions": "text_completion",
    "embeddings": "embedding",
    "moderations": "moderation",
    "images.generate": "image_generation",
    "rerank": "rerank",
    "audio.speech": "speech",
    "responses": "responses",
    "messages": "anthropic_messages",
    "generate_content": "generate_content",
}
#: What of a call is not the provider's to read.
_NO_PARAMETERS = frozenset(
    {
        "model", "messages", "metadata", "api_key", "input", "prompt", "query", "api_base", "api_version", "organization",
        "custom_llm_provider", "timeout", "num_retries", "max_retries", "mock_response", "drop_params", "fallbacks", "caching",
    }
)


def _bare(name: str, provider: Optional[str]) -> str:
    return name[len(provider) + 1 :] if provider and name.startswith(provider + "/") else name


def _bare_name(name: Any, provider: Optional[str]) -> Any:
    """A model's name without its provider, before anybody was asked."""
    if not isinstance(name, str) or "/" not in name:
        return name
    if _settings.get("custom_provider_map"):
        from . import _custom_map

        own = _custom_map.find(name, provider)
        if own is not None:
            return own.model
    return _the_engine_s(name)


@functools.lru_cache(maxsize=256)
def _the_engine_s(name: str) -> str:
    return _engine.default().look_up("provider", {"model": name}).get("model") or name


def _dumped(answer: Any) -> Any:
    """The answer as JSON: records of calls are written as JSON by who is told of them."""
    dump = getattr(answer, "model_dump", None)
    return dump() if callable(dump) else [_dumped(one) for one in answer] if isinstance(answer, list) else answer


def _failure(error: Any) -> Dict[str, Any]:
    return {
        "error_class": type(error).__name__,
        "error_code": str(getattr(error, "status_code", "") or ""),
        "error_message": str(error),
        "llm_provider": getattr(error, "llm_provider", None),
    }


class Told:
    """What callbacks are told of one call."""

    def __init__(self, operation: str, request: Dict[str, Any], awaited: bool) -> None:
        self.started = now()
        self.request = dict(request)
        self.awaited = awaited
        name = CALL_TYPES.get(operation, operation)
        self.call_type = "a" + name if awaited else name
        self._logger_fn = getattr(request, "logger_fn", None)
        self._told = getattr(request, "told", None)
        self._first: Optional[datetime.datetime] = None  # when the first piece of a stream came
        facts = self.kwargs("pre_api_call")
        said = (facts["model"], self._said(), facts)
        _callbacks.each(_callbacks.listed("callbacks", told=self._told), "log_pre_api_call", said)
        inputs = ("input_callback", "_async_input_callback") if awaited else ("input_callback",)
        _callbacks.each(_callbacks.listed(*inputs), "log_pre_api_call", said, plain=(facts,))
        self._log(facts)

    def _log(self, facts: Dict[str, Any]) -> None:
        """Tells the call's own `logger_fn`, before the call and after it."""
        if self._logger_fn is not None:
            _callbacks.each(iter((self._logger_fn,)), "logger_fn", None, plain=(facts,))

    def _said(self) -> Any:
        for name in ("messages", "input", "prompt", "query", "contents"):
            if name in self.request:
                return self.request[name]
        return None

    def _model(self, hidden: Dict[str, Any], answer: Any) -> Any:
        """The provider's own name of the model, as LiteLLM tells it."""
        if hidden.get("received_model_id"):
            return _bare(hidden["received_model_id"], hidden.get("custom_llm_provider"))
        return getattr(answer, "model", None) or _bare_name(self.request.get("model"), self.request.get("custom_llm_provider"))

    def kwargs(self, event: str, answer: Any = None, failed: bool = False) -> Dict[str, Any]:
        call = {k: v for k, v in self.request.items() if k != "api_key"}
        hidden = getattr(answer, "_hidden_params", None) or {}
        cost = hidden.get("response_cost")
        call["model"] = self._model(hidden, answer)
        facts: Dict[str, Any] = {
            **call,
            "messages": self._said(),
            "input": self._said(),
            "optional_params": {k: v for k, v in call.items() if k not in _NO_PARAMETERS},
            "litellm_params": {
                "metadata": call.get("metadata"),
                "api_base": hidden.get("api_base") or call.get("api_base"),
                "custom_llm_provider": hidden.get("custom_llm_provider"),
            },
            "litellm_call_id": hidden.get("litellm_call_id"),
            "custom_llm_provider": hidden.get("custom_llm_provider") or getattr(answer, "llm_provider", None),
            "call_type": self.call_type,
            "stream": bool(call.get("stream")),
            "user": call.get("user"),
            "start_time": self.started,
            "end_time": now(),
            "response_cost": cost,
            "cache_hit": bool(hidden.get("cache_hit")),
            "log_event_type": event,
            "exception": answer if failed else None,
            "litellm_trace_id": hidden.get("litellm_call_id"),
        }
        facts["completion_start_time"] = self._first or facts["end_time"]
        if failed:
            facts["traceback_exception"] = "".join(traceback.format_exception(answer))
        if event != "pre_api_call":
            facts["standard_logging_object"] = self._payload(facts, answer, failed)
        if facts["stream"] and answer is not None and not failed:
            facts["complete_streaming_response"] = answer
            if self.awaited:
                facts["async_complete_streaming_response"] = answer
        return facts

    def _payload(self, facts: Dict[str, Any], answer: Any, failed: bool) -> Dict[str, Any]:
        """The members of LiteLLM's StandardLoggingPayload that a program asks for; log sinks get all of it."""
        whole = answer if isinstance(answer, dict) else getattr(answer, "__dict__", {})
        usage = whole.get("usage") or {}
        hidden = getattr(answer, "_hidden_params", None) or {}
        return {
            "id": whole.get("id"),
            "call_type": self.call_type,
            "status": "failure" if failed else "success",
            "stream": facts["stream"],
            "trace_id": facts["litellm_call_id"],
            "model": facts.get("model"),
            "model_id": hidden.get("model_id"),
            "model_group": hidden.get("model_group") or self.request.get("model"),
            "model_parameters": facts["optional_params"],
            "hidden_params": hidden,
            "request_tags": (facts.get("metadata") or {}).get("tags") or [],
            "custom_llm_provider": facts["custom_llm_provider"],
            "api_base": facts["litellm_params"]["api_base"],
            "response_cost": facts["response_cost"] or 0.0,
            "cache_hit": facts["cache_hit"],
            "prompt_tokens": usage.get("prompt_tokens") or usage.get("input_tokens") or 0,
            "completion_tokens": usage.get("completion_tokens") or usage.get("output_tokens") or 0,
            "total_tokens": usage.get("total_tokens") or 0,
            "startTime": facts["start_time"].timestamp(),
            "endTime": facts["end_time"].timestamp(),
            "response_time": (facts["end_time"] - facts["start_time"]).total_seconds(),
            "messages": facts["messages"],
            "response": None if failed else _dumped(answer),
            "completionStartTime": facts["completion_start_time"].timestamp(),
            "litellm_call_id": facts["litellm_call_id"],
            "session_id": (facts.get("metadata") or {}).get("session_id"),
            "cache_key": hidden.get("cache_key"),
            "metadata": facts.get("metadata") or {},
            "end_user": facts["user"] or "",
            "error_str": str(answer) if failed else None,
            "error_information": _failure(answer) if failed else None,
        }

    def succeeded(self, answer: Any) -> None:
        self._log(self.kwargs("post_api_call", answer))
        facts = (self.kwargs("successful_api_call", answer), answer, self.started, now())
        _callbacks.each(_callbacks.listed("callbacks", told=self._told), "log_post_api_call", facts)
        _callbacks.each(_callbacks.listed("success_callback", "callbacks", told=self._told), "log_success_event", facts, plain=facts)

    def failed(self, error: BaseException) -> None:
        self._log(self.kwargs("post_api_call", error, True))
        facts = (self.kwargs("failed_api_call", error, True), None, self.started, now())
        _callbacks.each(_callbacks.listed("failure_callback", "callbacks", told=self._told), "log_failure_event", facts, plain=facts)

    def streamed(self, piece: Any) -> None:
        self._first = self._first or now()
        if any(_callbacks.own(one, "log_stream_event") for one in _callbacks.listed("callbacks", told=self._told)):
            _callbacks.each(_callbacks.listed("callbacks", told=self._told), "log_stream_event", (self.kwargs("stream"), piece, self.started, now()))

    async def succeeded_async(self, answer: Any) -> None:
        self._log(self.kwargs("post_api_call", answer))
        facts = (self.kwargs("successful_api_call", answer), answer, self.started, now())
        _callbacks.each(_callbacks.listed("callbacks", told=self._told), "log_post_api_call", facts)
        heard = _callbacks.listed("success_callback", "_async_success_callback", "callbacks", told=self._told)
        await _callbacks.each_async(heard, "async_log_success_event", facts, facts)

    async def failed_async(self, error: BaseException) -> None:
        self._log(self.kwargs("post_api_call", error, True))
        facts = (self.kwargs("failed_api_call", error, True), None, self.started, now())
        heard = _callbacks.listed("failure_callback", "_async_failure_callback", "callbacks", told=self._told)
        await _callbacks.each_async(heard, "async_log_failure_event", facts, facts)

    async def streamed_async(self, piece: Any) -> None:
        self._first = self._first or now()
        if any(_callbacks.own(one, "async_log_stream_event") for one in _callbacks.listed("callbacks", told=self._told)):
            facts = (self.kwargs("stream"), piece, self.started, now())
            await _callbacks.each_async(_callbacks.listed("callbacks", told=self._told), "async_log_stream_event", facts)
