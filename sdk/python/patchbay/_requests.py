"""From the arguments of a call to the request that the engine reads."""

from __future__ import annotations

import copy
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

#: A function that gives an access token of Azure's, which azure-identity renews before it ends.
TOKEN_PROVIDER = "azure_ad_token_provider"

#: Arguments that are for callbacks and log sinks, not for a provider.
_NOTES = ("metadata", "litellm_metadata", "model_info")


class Request(dict):
    """A request, and beside it the functions of the program's that are told of its call alone."""

    logger_fn: Any = None
    #: as the settings of the same names: `success_callback`, `failure_callback`, `callbacks`
    told: Dict[str, Any] = {}
    #: What its answer is held against (_schemas.py); None: nothing.
    schema: Any = None


def changed(request: Dict[str, Any], **members: Any) -> Request:
    """A copy with other members, and without those that are None here."""
    made = Request({name: value for name, value in {**request, **members}.items() if name not in members or value is not None})
    made.logger_fn = getattr(request, "logger_fn", None)
    made.told = getattr(request, "told", {})
    made.schema = getattr(request, "schema", None)
    return made


#: Arguments that are in Request.told.
_TOLD = ("success_callback", "failure_callback", "callbacks")


def build(arguments: Dict[str, Any], own: bool = True) -> Dict[str, Any]:
    """The request of a call with these arguments: what is None was not given, settings fill in.

    `own`: it names its own deployment, and no Router's.
    """
    request = Request((k, v) for k, v in arguments.items() if v is not None and k not in _WITHIN)
    if callable(arguments.get("logger_fn")):
        request.logger_fn = arguments["logger_fn"]
    if own and arguments.get("client") is not None:
        _of_client(arguments["client"], request)
    told = {name: arguments[name] for name in _TOLD if isinstance(arguments.get(name), (list, tuple))}
    if told:
        request.told = told
    if callable(request.get(TOKEN_PROVIDER)):
        request["azure_ad_token"] = request.pop(TOKEN_PROVIDER)()
    checked = request.pop("enable_json_schema_validation", _settings.get("enable_json_schema_validation")) is True
    if own:
        _of_azure(request, arguments)
    _settings.fill(request, own)
    if own:
        price(request)
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
    if "litellm_call_id" in request:
        request["litellm_call_id"] = str(request["litellm_call_id"])
    for name in _NOTES:
        if name in request:
            request[name] = _noted(request[name])
    if isinstance(request.get("fallbacks"), (list, tuple)):
        request["fallbacks"] = [_fallback(one) for one in request["fallbacks"]]
    messages = request.get("messages")
    if isinstance(messages, (list, tuple)):
        request["messages"] = [_told(one) for one in messages]
    if "response_format" in request:
        request["response_format"] = _format(request["response_format"])
        request.schema = _schema(request["response_format"], checked)
    if "tools" in request:
        request["tools"] = [_format_tool(tool) for tool in request["tools"]]
    if "mock_response" in request:
        _mock(request["mock_response"])
    return request


def _of_azure(request: Dict[str, Any], arguments: Dict[str, Any]) -> None:
    """LiteLLM's older ways to say that a model is a deployment of Azure's: `deployment_id="..."`, and `azure=True`."""
    name = request.pop("deployment_id", None)
    if name is not None or arguments.get("azure") is True:
        request["model"] = name or request.get("model")
        request["custom_llm_provider"] = "azure"


def _of_client(client: Any, request: Dict[str, Any]) -> None:
    """Adds where a client of the package `openai` asks, and as whom, to a call that does not say it itself. Others have no
    address: they are LiteLLM's own HTTP clients, which the engine has no use for."""
    if not any(cls.__module__.partition(".")[0] == "openai" for cls in type(client).__mro__):
        return
    address = str(getattr(client, "base_url", "") or "")
    version = getattr(client, "_api_version", None)  # Azure's
    if version:
        address = address.partition("/openai/")[0]
        request.setdefault("api_version", version)
    if address and "base_url" not in request:
        request.setdefault("api_base", address.rstrip("/"))
    for name in ("api_key", "organization"):
        value = getattr(client, name, None)
        if isinstance(value, str) and value:
            request.setdefault(name, value)
    headers = getattr(client, "_custom_headers", None)
    if headers:
        request["extra_headers"] = {**headers, **(request.get("extra_headers") or {})}


def _refusal(text: str) -> Exception:
    return exceptions.raisable(exceptions.BadRequestError)(text)


def _mock(mock: Any) -> None:
    if isinstance(mock, BaseException) or (isinstance(mock, type) and issubclass(mock, BaseException)):
        return  # raised where the call would be made: _engine.Engine.start()
    if isinstance(mock, bool) or not (isinstance(mock, (str, dict)) or hasattr(mock, "model_dump")):
        raise _refusal(f"mock_response: expected a text, an answer or an exception, not {type(mock).__name__}")


def _told(message: Any) -> Any:
    """A message without what it does not say: `dict(answer.choices[0].message)` has a `tool_calls` that is None, which
    providers refuse. One that does not say whose it is is the model's, as LiteLLM has it."""
    if type(message) is dict and None in message.values():
        message = {name: value for name, value in message.items() if value is not None}
    if type(message) is dict and "role" not in message:
        return {"role": "assistant", **message}
    return message


def _fallback(model: Any) -> Any:
    """One of `fallbacks`, in the words of the engine."""
    if isinstance(model, dict) and "base_url" in model:
        return {("api_base" if name == "base_url" else name): value for name, value in model.items()}
    return model


def _noted(value: Any) -> Any:
    """What a program notes of a call for itself may be anything: what is not JSON is noted as its text."""
    if isinstance(value, dict):
        return {str(name): _noted(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_noted(one) for one in value]
    if isinstance(value, float) and value - value != 0:
        return str(value)
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def price(request: Dict[str, Any]) -> None:
    """Adds the prices that register_model() was given."""
    models = sys.modules.get(f"{__package__}.models")
    if models is not None and isinstance(request.get("model"), str):
        for name, value in models.registered_prices(request["model"], request.get("custom_llm_provider")).items():
            request.setdefault(name, value)


def _seconds(timeout: Any) -> float:
    """A number, also of an httpx.Timeout: how long it waits for what the provider says, else its longest part."""
    if isinstance(timeout, (int, float, str)):
        try:
            return float(timeout)
        except ValueError:
            raise _refusal(f"timeout: expected a number of seconds, not {timeout!r}") from None
    names = ("read", "connect", "write", "pool")
    if not any(hasattr(timeout, name) for name in names):
        raise _refusal(f"timeout: expected a number of seconds or an httpx.Timeout, not {type(timeout).__name__}")
    known = [part for name in names if (part := getattr(timeout, name, None)) is not None]
    if getattr(timeout, "read", None) is not None:
        return float(timeout.read)
    return float(max(known)) if known else 600.0


def _format(value: Any) -> Any:
    """`response_format`, where a pydantic class stands for its schema."""
    if not isinstance(value, type):
        return value
    if not hasattr(value, "model_json_schema"):
        raise _refusal(f"response_format: {value.__name__} is no pydantic model and no dictionary")
    schema = value.model_json_schema()
    _close(schema, schema)
    return {"type": "json_schema", "json_schema": {"name": value.__name__, "schema": schema, "strict": True}}


def _schema(response_format: Any, checked: bool) -> Any:
    """_schemas.wanted(), in calls that may want it."""
    if not checked and not (isinstance(response_format, dict) and "enforce_validation" in response_format):
        return None
    from . import _schemas

    return _schemas.wanted(response_format, checked)


#: LiteLLM's name.
type_to_response_format_param = _format


def _close(schema: Any, root: Dict[str, Any]) -> None:
    """What OpenAI's strict schemas must say, as its SDK does: all members are there, and no others; a `$ref` stands
    alone, so one with words beside it becomes what it means; a default of None says nothing."""
    if isinstance(schema, list):
        for inner in schema:
            _close(inner, root)
    if not isinstance(schema, dict):
        return
    if "$ref" in schema and len(schema) > 1:
        meant = _resolved(schema.pop("$ref"), root)
        schema.update({**copy.deepcopy(meant), **schema})
    if schema.get("type") == "object" and isinstance(schema.get("properties"), dict):
        schema["additionalProperties"] = False
        schema["required"] = list(schema["properties"])
    if schema.get("default", schema) is None:
        del schema["default"]
    for name, inner in schema.items():
        if name == "properties" and isinstance(inner, dict):  # names of members, which may be any word
            inner = list(inner.values())
        _close(inner, root)


def _resolved(reference: str, root: Dict[str, Any]) -> Dict[str, Any]:
    """What a "#/$defs/Name" of pydantic's stands for."""
    found: Any = root
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def _format_tool(tool: Any) -> Any:
    if isinstance(tool, type) and hasattr(tool, "model_json_schema"):
        return {"type": "function", "function": {"name": tool.__name__, "parameters": tool.model_json_schema()}}
    return tool
