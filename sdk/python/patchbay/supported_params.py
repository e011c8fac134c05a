"""get_supported_openai_params(): which of OpenAI's parameters a model takes.

Only its provider's plugin knows, and it says so when it is called. So each parameter is tried: a call is made whose
provider is a port of this machine at which nobody listens. What the plugin does not take it refuses before it connects.
"""

from __future__ import annotations

import functools
import socket
from typing import Any, Dict, List, Optional

from . import _calls, _custom_map, _engine, exceptions

#: LiteLLM's list of what calls of chats may have, besides model and messages.
OPENAI_CHAT_COMPLETION_PARAMS = [
    "functions", "function_call", "temperature", "top_p", "n", "stream", "stream_options", "stop", "max_completion_tokens", "modalities",
    "prediction", "audio", "max_tokens", "presence_penalty", "frequency_penalty", "logit_bias", "user", "request_timeout", "api_base",
    "api_version", "api_key", "deployment_id", "organization", "base_url", "default_headers", "timeout", "response_format", "seed", "tools",
    "tool_choice", "max_retries", "parallel_tool_calls", "logprobs", "top_logprobs", "reasoning_effort", "extra_headers", "thinking",
    "web_search_options", "service_tier", "prompt_cache_key", "safety_identifier", "verbosity", "store",
]
_FUNCTION = {"name": "f", "parameters": {"type": "object", "properties": {}}}
#: A value of each parameter that every model which takes it at all takes.
_CHAT: Dict[str, Any] = {
    "audio": {"voice": "alloy", "format": "wav"},
    "extra_headers": {},
    "frequency_penalty": 0.1,
    "function_call": "auto",
    "functions": [_FUNCTION],
    "logit_bias": {"1": 1},
    "logprobs": True,
    "max_completion_tokens": 4096,
    "max_retries": 0,
    "max_tokens": 4096,
    "modalities": ["text", "audio"],
    "n": 2,
    "parallel_tool_calls": True,
    "prediction": {"type": "content", "content": "x"},
    "presence_penalty": 0.1,
    "prompt_cache_key": "x",
    "reasoning_effort": "low",
    "response_format": {"type": "json_object"},
    "safety_identifier": "x",
    "seed": 1,
    "service_tier": "auto",
    "stop": ["x"],
    "store": False,
    "stream": True,
    "stream_options": {"include_usage": True},
    "temperature": 1,
    "thinking": {"type": "enabled", "budget_tokens": 1024},
    "tool_choice": "auto",
    "tools": [{"type": "function", "function": _FUNCTION}],
    "top_logprobs": 1,
    "top_p": 0.9,
    "user": "x",
    "verbosity": "low",
    "web_search_options": {},
}
_EMBEDDINGS: Dict[str, Any] = {"dimensions": 256, "encoding_format": "float", "user": "x"}
#: What goes along with a parameter that means nothing alone.
_WITH: Dict[str, Dict[str, Any]] = {
    "function_call": {"functions": [_FUNCTION]},
    "parallel_tool_calls": {"tools": _CHAT["tools"]},
    "stream_options": {"stream": True},
    "tool_choice": {"tools": _CHAT["tools"]},
    "top_logprobs": {"logprobs": True},
}
#: Not the provider's: every model takes them.
_EVERYWHERE = ("extra_headers", "max_retries")
#: Keys that no provider is shown, so that none is fetched.
_NOBODY = {"api_key": "none", "aws_access_key_id": "none", "aws_secret_access_key": "none", "aws_region_name": "us-east-1"}
_REQUESTS: Dict[str, Any] = {
    "chat_completion": ("chat.completions", _CHAT, {"messages": [{"role": "user", "content": "x"}]}),
    "embeddings": ("embeddings", _EMBEDDINGS, {"input": "x"}),
}


def get_supported_openai_params(
    model: str, custom_llm_provider: Optional[str] = None, request_type: str = "chat_completion"
) -> Optional[List[str]]:
    """OpenAI's parameters that the model takes; of others a call is refused, or they are dropped with `drop_params`.

    `request_type` is "chat_completion" or "embeddings". None for a model that nobody knows.
    """
    if request_type not in _REQUESTS:
        raise NotImplementedError(f"get_supported_openai_params(request_type={request_type!r}): there are {', '.join(_REQUESTS)}")
    if _custom_map.find(model, custom_llm_provider) is not None:
        return list(_REQUESTS[request_type][1])
    about = {"model": model, **({"custom_llm_provider": custom_llm_provider} if custom_llm_provider else {})}
    found = _engine.default().look_up("provider", about)
    if not found or not found["served"]:
        return None
    if found["provider"].startswith("vertex"):
        raise NotImplementedError("get_supported_openai_params(): Vertex AI's models are not asked without a token of Google's")
    return list(_taken(model, custom_llm_provider, request_type))


@functools.lru_cache(maxsize=128)
def _taken(model: str, provider: Optional[str], request_type: str) -> List[str]:
    operation, parameters, request = _REQUESTS[request_type]
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and never listens
        at = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        known = {"model": model, "api_base": at, "num_retries": 0, "timeout": 5, **request, **_NOBODY}
        if provider:
            known["custom_llm_provider"] = provider
        return [
            name
            for name, value in parameters.items()
            if name in _EVERYWHERE or not _refused(operation, {**known, **_WITH.get(name, {}), name: value})
        ]


def _refused(operation: str, request: Dict[str, Any]) -> bool:
    call = _engine.default().start(operation, request)
    collected = _calls.Collected(dict, None)
    try:
        while not collected.take(_engine.wait(call)):  # type: ignore[arg-type]
            pass
    except exceptions.UnsupportedParamsError:
        return True
    except exceptions.PatchbayError:
        return False  # it would have been asked
    return False
