"""What of a request is for a provider in Python, and what is about the call."""

from __future__ import annotations

from typing import Any, Dict

from . import models

#: What the call is made of, which handlers have by names of their own.
_OWN = frozenset({"model", "messages", "input", "prompt", "stream_timeout"})
#: What says how the call is made, and is not sent.
_ABOUT = frozenset(
    {
        "api_key", "api_base", "api_version", "organization", "custom_llm_provider", "timeout", "request_timeout", "num_retries",
        "max_retries", "retry_policy", "retry_strategy", "cooldown_time", "fallbacks", "max_fallbacks", "context_window_fallback_dict",
        "metadata", "litellm_metadata", "litellm_call_id", "litellm_trace_id", "litellm_session_id", "litellm_credential_name",
        "model_info", "base_model", "guardrails", "tags", "caching", "cache", "no-log", "drop_params", "additional_drop_params",
        "allowed_openai_params", "supports_system_message", "ensure_alternating_roles", "ssl_verify", "extra_headers", "rpm", "tpm",
        "max_parallel_requests", "weight", "order", "priority", "deployment_id", "id", "merge_reasoning_content_in_choices",
        "use_in_pass_through", "user_continue_message", "assistant_continue_message", "hf_model_name", "region_name",
    }
)


def optional_params(request: Dict[str, Any]) -> Dict[str, Any]:
    """OpenAI's parameters, and those that only the provider knows, as they were given."""
    dropped = request.get("additional_drop_params") or ()
    return {
        name: value
        for name, value in request.items()
        if name not in _OWN and name not in _ABOUT and name not in dropped and not models.is_price(name)
    }


def litellm_params(request: Dict[str, Any], provider: str, identity: str) -> Dict[str, Any]:
    """What is known of the call besides."""
    told = {name: value for name, value in request.items() if name in _ABOUT or models.is_price(name)}
    return {**told, "custom_llm_provider": provider, "litellm_call_id": identity}
