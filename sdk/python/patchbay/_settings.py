"""The module's settings: `patchbay.drop_params = True` and the like, with LiteLLM's names and defaults.

They live in the package's own namespace, where programs set them; these tables say which there are, what becomes
of each, and which of LiteLLM's cannot be had: setting one of those raises, as a program that believes in a setting
that nobody reads is worse off. A setting that is None says nothing.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import types
from typing import Any, Dict, Iterable, List, Optional

#: name -> default
DEFAULTS: Dict[str, Any] = {
    "api_base": None,
    "api_key": None,
    "api_version": None,
    "organization": None,
    "drop_params": False,
    "modify_params": False,
    "enable_json_schema_validation": False,
    "num_retries": None,
    "request_timeout": None,
    "ssl_verify": None,
    "headers": None,
    "model_alias_map": {},
    "default_fallbacks": None,
    "model_fallbacks": None,
    "input_callback": [],
    "success_callback": [],
    "failure_callback": [],
    "callbacks": [],
    "_async_input_callback": [],
    "_async_success_callback": [],
    "_async_failure_callback": [],
    "callback_settings": {},
    "custom_provider_map": [],
    "turn_off_message_logging": False,
    "pre_call_rules": [],
    "post_call_rules": [],
    "cache": None,
    "disable_token_counter": False,
    "disable_hf_tokenizer_download": None,
    "vertex_project": None,
    "vertex_location": None,
    "max_budget": 0.0,
    "_current_cost": 0.0,
    "set_verbose": False,
    "suppress_debug_info": False,
    "telemetry": False,
    # As LiteLLM has them, so that programs can read them; what they turn on is always so here, or never.
    "drop_unknown": False,
    "use_client": False,
    "add_function_to_prompt": False,
    "model_cost_map_url": "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",
    "use_litellm_proxy": False,
    "return_response_headers": True,
    "disable_aiohttp_transport": True,
    "disable_stop_sequence_limit": True,
    "disable_streaming_logging": False,
    "redact_messages_in_exceptions": False,
    "include_cost_in_streaming_usage": False,
}

#: LiteLLM's names for keys of providers, besides "<provider>_key"
_KEYS = ("amazon_nova_api_key", "cloudflare_api_key", "datarobot_key", "gradient_ai_api_key", "heroku_key", "infinity_key", "llama_api_key",
         "maritalk_key", "nebius_key", "ovhcloud_key", "snowflake_key", "vercel_ai_gateway_key", "wandb_key", "xai_key", "openai_key", "azure_key", "anthropic_key", "cohere_key", "replicate_key", "huggingface_key", "openrouter_key",
         "groq_key", "databricks_key", "vertex_ai_key", "ai21_key", "baseten_key", "nlp_cloud_key", "ollama_key", "predibase_key",
         "togetherai_api_key", "novita_api_key")
#: Those whose names are not made so: provider -> name
_OTHER_KEYS = {"together_ai": "togetherai_api_key", "novita": "novita_api_key", "amazon_nova": "amazon_nova_api_key",
               "cloudflare": "cloudflare_api_key", "gradient_ai": "gradient_ai_api_key", "meta_llama": "llama_api_key"}

#: setting -> the parameter of a call that it stands for
_PARAMETERS = {
    "api_base": "api_base",
    "api_key": "api_key",
    "api_version": "api_version",
    "organization": "organization",
    "num_retries": "num_retries",
    "request_timeout": "timeout",
    "ssl_verify": "ssl_verify",
    "default_fallbacks": "fallbacks",
    "model_fallbacks": "fallbacks",
}
#: The same of calls of one provider: how its name begins -> settings that are parameters.
_OF_PROVIDER = {"vertex": ("vertex_project", "vertex_location")}

#: Settings that the engine reads as they are, where they say something: `litellm_settings` has them.
_OF_THE_ENGINE: Dict[str, Any] = {
    "cost_discount_config": {},
    "cost_margin_config": {},
    "block_requests_for_models_without_pricing": False,
    "langfuse_default_tags": None,
    "redact_user_api_key_info": False,
    "standard_logging_payload_excluded_fields": None,
    "global_disable_no_log_param": False,
}

_NO_HTTPX = "the engine has its own HTTP client"
_PARAMETER = "give the call its parameters"
_GUARDED = "guardrails are the gateway's"
_SINK = "give the log sink its `callback_settings`"
#: setting of LiteLLM -> why it cannot be had
_NOT_DONE = {
    "client_session": _NO_HTTPX,
    "aclient_session": _NO_HTTPX,
    "base_llm_aiohttp_handler": _NO_HTTPX,
    "in_memory_llm_clients_cache": _NO_HTTPX,
    "force_ipv4": _NO_HTTPX,
    "custom_prompt_dict": "prompts are written by the provider's plugin",
    "credential_list": "give the call its key",
    "fallbacks": "give the call `fallbacks`, or use `default_fallbacks` or a Router",
    "content_policy_fallbacks": "give the call `fallbacks`, or use a Router",
    "context_window_fallbacks": "give the call `context_window_fallback_dict`, or use a Router",
    "global_prompt_manager": "there is no prompt management",
    "prompt_name_config_map": "there is no prompt management",
    "service_callback": "there are no services to be told of",
    **dict.fromkeys(("http2", "ssl_certificate", "ssl_security_level", "ssl_ecdh_curve", "aiohttp_trust_env"), _NO_HTTPX),
    **dict.fromkeys(
        (
            "max_tokens", "vertex_ai_safety_settings", "reasoning_auto_summary", "route_all_chat_openai_to_responses",
            "enable_anthropic_prompt_caching", "enable_gemini_default_thinking_level_low", "openai_system_messages_first",
            "num_retries_per_request", "project",
        ),
        _PARAMETER,
    ),
    **dict.fromkeys(
        (
            "banned_keywords_list", "blocked_user_list", "google_moderation_confidence_threshold", "llamaguard_model_name",
            "openai_moderations_model_name", "presidio_ad_hoc_recognizers", "output_parse_pii",
        ),
        _GUARDED,
    ),
    **dict.fromkeys(
        (
            "s3_callback_params", "datadog_params", "datadog_llm_observability_params", "aws_sqs_callback_params",
            "argilla_transformation_object", "generic_logger_headers",
        ),
        _SINK,
    ),
    "log_raw_request_response": "a request is written by the provider's plugin when it is sent",
    "caching_with_models": "give Cache() its arguments",
    "default_in_memory_ttl": "give Cache() its `ttl`",
    "default_redis_ttl": "give Cache() its `ttl`",
    "allowed_fails": "give a Router `allowed_fails`",
    "max_fallbacks": "give a Router `max_fallbacks`",
    "vector_store_registry": "the engine has no such operation yet",
    "secret_manager_client": "keys come from the call or the environment",
    "budget_duration": "there is no budget that begins anew: set max_budget and reset _current_cost",
}

#: Settings that are lists.
_LISTS = frozenset(
    {
        "input_callback", "success_callback", "failure_callback", "callbacks", "pre_call_rules", "post_call_rules", "custom_provider_map",
        "_async_input_callback", "_async_success_callback", "_async_failure_callback",
    }
)
_MODULE = sys.modules[__package__]


class _Package(types.ModuleType):
    """The package's own class, so that a setting which cannot be had says so where it is set."""

    def __setattr__(self, name: str, value: Any) -> None:
        # LiteLLM has a module and a function of the name "responses"; importing the module leaves the function.
        if isinstance(value, types.ModuleType) and isinstance(self.__dict__.get(name), types.FunctionType):
            return
        why = _NOT_DONE.get(name)
        if why is not None and value:
            raise NotImplementedError(f"patchbay.{name} is LiteLLM's and has no effect here: {why}")
        if name in _LISTS and value is not None and not isinstance(value, (list, tuple)):
            raise TypeError(f"patchbay.{name}: expected a list, not {type(value).__name__}")
        super().__setattr__(name, value)


def install() -> None:
    """Puts the defaults into the package."""
    _MODULE.__class__ = _Package
    for name, value in {**DEFAULTS, **_OF_THE_ENGINE}.items():
        if isinstance(value, (list, dict)):
            value = type(value)()
        setattr(_MODULE, name, value)
    for name in (*_KEYS, *_NOT_DONE):
        _MODULE.__dict__.setdefault(name, None)
    for name in ("drop_params", "modify_params"):
        if os.environ.get(f"LITELLM_{name.upper()}", "").lower() == "true":
            setattr(_MODULE, name, True)


def get(name: str) -> Any:
    return _MODULE.__dict__.get(name)


def any_of(names: Iterable[str]) -> bool:
    """Does any of these settings say something?"""
    module = _MODULE.__dict__
    for name in names:
        if module.get(name):
            return True
    return False


def put(name: str, value: Any) -> None:
    _MODULE.__dict__[name] = value


def fill(request: Dict[str, Any], own: bool) -> None:
    """Adds to a call what the settings say and the call does not. `own`: it names its own deployment; one that a
    Router finds has the Router's settings."""
    module = _MODULE.__dict__
    if module.get("drop_params") and "drop_params" not in request:
        request["drop_params"] = True
    if not own:
        return
    for setting, parameter in _PARAMETERS.items():
        value = module.get(setting)
        if value is not None and parameter not in request:
            request[parameter] = value
    model = request.get("model")
    if not isinstance(model, str):
        return
    provider = str(request.get("custom_llm_provider") or model.partition("/")[0])
    # LiteLLM's own names for the keys of a few providers: patchbay.openai_key = "sk-...".
    if "api_key" not in request:
        if provider == model and any_of(_KEYS):
            provider = _provider_of(model)
        key = module.get(_OTHER_KEYS.get(provider) or f"{provider}_key")
        if isinstance(key, str):
            request["api_key"] = key
    for beginning, names in _OF_PROVIDER.items():
        if provider.startswith(beginning):
            for name in names:
                if module.get(name) is not None:
                    request.setdefault(name, module[name])


@functools.lru_cache(maxsize=256)
def _provider_of(model: str) -> str:
    """Who serves a name that does not say it; "" if that is not known."""
    from . import _engine

    return _engine.default().look_up("provider", {"model": model}).get("provider") or ""


def _names(setting: str) -> List[str]:
    return [one for one in _MODULE.__dict__.get(setting) or () if isinstance(one, str)]


def of_the_engine() -> Optional[str]:
    """The configuration, as JSON, that the settings ask the engine for: log sinks by name, a cache. None: nothing
    that an engine without a configuration does not do."""
    module = _MODULE.__dict__
    litellm: Dict[str, Any] = {}
    for setting in ("callbacks", "success_callback", "failure_callback"):
        names = module.get(setting) and _names(setting)
        if names:
            litellm[setting] = names
    cache = module.get("cache")
    if cache is not None:
        litellm.update(cache.settings())
    for setting in _OF_THE_ENGINE:
        if module.get(setting):
            litellm[setting] = module[setting]
    if not litellm:
        return None
    config: Dict[str, Any] = {"litellm_settings": litellm}
    if module.get("turn_off_message_logging"):
        litellm["turn_off_message_logging"] = True
    if module.get("callback_settings"):
        config["callback_settings"] = module["callback_settings"]
    return json.dumps(config, sort_keys=True)
