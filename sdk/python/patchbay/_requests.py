"""From the arguments of a call to the request that the engine reads."""

from __future__ import annotations

import sys
from typing import Any, Dict

from . import _settings, exceptions

#: Arguments that mean something within LiteLLM only.
_WITHIN = frozenset(
    {
        "acompletion", "aembedding", "atext_completion", "client", "shared_session", "logger_fn", "verbose",
        "litellm_logging_obj", "use_client", "max_workers", "litellm_request_debug",
        "callbacks", "success_callback", "failure_callback", "azure", "complete_response",
    }
)


def build(arguments: Dict[str, Any], own: bool = True) -> Dict[str, Any]:
    """The request of a call with these arguments: what is None was not given, settings fill in.

    `own`: it names its own deployment, and no Router's.
    """
    request = {k: v for k, v in arguments.items() if v is not None and k not in _WITHIN}
    _settings.fill(request, own)
    if own:
        _price(request)
    if arguments.get("complete_response"):
        request.pop("stream", None)
    if "base_url" in request:
        request["api_base"] = request.pop("base_url")
    aliases = _settings.get("model_alias_map")
    if aliases:
        request["model"] = aliases.get(request.get("model"), request.get("model"))
    headers = request.pop("headers", None) or _settings.get("headers")
    if headers:
        request["extra_headers"] = {**headers, **(request.get("extra_headers") or {})}
    if "timeout" in request:
        request["timeout"] = _seconds(request["timeout"])
    if "response_format" in request:
        request["response_format"] = _format(request["response_format"])
    if "tools" in request:
        request["tools"] = [_format_tool(tool) for tool in request["tools"]]
    mock = request.get("mock_response")
    if isinstance(mock, BaseException):
        raise mock
    return request


def _price(request: Dict[str, Any]) -> None:
    """Adds the prices that register_model() was given."""
    models = sys.modules.get(f"{__package__}.models")
    if models is not None and isinstance(request.get("model"), str):
        for name, value in models.registered_prices(request["model"], request.get("custom_llm_provider")).items():
            request.setdefault(name, value)


def _seconds(timeout: Any) -> Any:
    """A number, also of an httpx.Timeout, whose longest part is all that a call may take."""
    if isinstance(timeout, (int, float, str)):
        return float(timeout)
    parts = [getattr(timeout, name, None) for name in ("read", "connect", "write", "pool")]
    known = [part for part in parts if part is not None]
    return float(max(known)) if known else 600.0


def _format(value: Any) -> Any:
    """`response_format`, where a pydantic class stands for its schema."""
    if not isinstance(value, type):
        return value
    if not hasattr(value, "model_json_schema"):
        raise exceptions.raisable(exceptions.BadRequestError)(
            f"response_format: {value.__name__} is no pydantic model and no dictionary"
        )
    schema = value.model_json_schema()
    _close(schema)
    return {"type": "json_schema", "json_schema": {"name": value.__name__, "schema": schema, "strict": True}}


def _close(schema: Any) -> None:
    """What OpenAI's strict schemas must say: all members are there, and no others."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema:
            schema["additionalProperties"] = False
            schema["required"] = list(schema["properties"])
        for inner in schema.values():
            _close(inner)
    elif isinstance(schema, list):
        for inner in schema:
            _close(inner)


def _format_tool(tool: Any) -> Any:
    if isinstance(tool, type) and hasattr(tool, "model_json_schema"):
        return {"type": "function", "function": {"name": tool.__name__, "parameters": tool.model_json_schema()}}
    return tool
