"""LiteLLM's lists of models and providers, made of what is known of models (models.py) when they are asked for."""

from __future__ import annotations

import enum
import functools
from typing import Any, Dict, List

from . import _told, models

#: LiteLLM's name -> the provider and the mode of the models that are in it; "" any.
_LISTS = {
    "open_ai_chat_completion_models": ("openai", "chat"),
    "open_ai_text_completion_models": ("openai", "completion"),
    "open_ai_embedding_models": ("openai", "embedding"),
    "anthropic_models": ("anthropic", "chat"),
    "cohere_chat_models": ("cohere_chat", "chat"),
    "cohere_models": ("cohere", "chat"),
    "mistral_chat_models": ("mistral", "chat"),
    "deepseek_models": ("deepseek", "chat"),
    "groq_models": ("groq", ""),
    "gemini_models": ("gemini", ""),
    "bedrock_models": ("bedrock", ""),
    "azure_llms": ("azure", "chat"),
    "openrouter_models": ("openrouter", ""),
    "azure_models": ("azure", ""),
    "ollama_models": ("ollama", ""),
    "replicate_models": ("replicate", ""),
    "together_ai_models": ("together_ai", ""),
    "perplexity_models": ("perplexity", ""),
    "deepinfra_models": ("deepinfra", ""),
    "xai_models": ("xai", ""),
    "fireworks_ai_models": ("fireworks_ai", ""),
    "databricks_models": ("databricks", ""),
    "cerebras_models": ("cerebras", ""),
    "sambanova_models": ("sambanova", ""),
    "nvidia_nim_models": ("nvidia_nim", ""),
    "watsonx_models": ("watsonx", ""),
    "vertex_chat_models": ("vertex_ai", "chat"),
    "vertex_language_models": ("vertex_ai", "chat"),
    "bedrock_converse_models": ("bedrock", "chat"),
    "openai_image_generation_models": ("openai", "image_generation"),
    "all_embedding_models": ("", "embedding"),
}
names = [*_LISTS, "models_by_provider", "CallTypes", "LlmProviders", "LITELLM_CHAT_PROVIDERS"]


@functools.lru_cache(maxsize=1)
def _by_provider() -> Dict[str, List[str]]:
    found: Dict[str, List[str]] = {}
    for name, facts in models._table().items():
        found.setdefault(facts.get("litellm_provider") or "", []).append(name)
    return found


def _listed(provider: str, mode: str) -> List[str]:
    table = models._table()
    here = _by_provider().get(provider, []) if provider else table
    return [name for name in here if not mode or table[name].get("mode") == mode]


@functools.lru_cache(maxsize=1)
def _providers() -> Any:
    """An enumeration of the providers that are served: LlmProviders.OPENAI == "openai"."""
    served = {one.upper(): one for one in models.provider_list}
    return enum.Enum("LlmProviders", served, type=str, module=f"{__package__}._lists")


@functools.lru_cache(maxsize=1)
def _call_types() -> Any:
    """An enumeration of what calls are called: CallTypes.acompletion == "acompletion"."""
    made = [prefix + name for name in _told.CALL_TYPES.values() for prefix in ("", "a")]
    return enum.Enum("CallTypes", {one: one for one in made}, type=str, module=f"{__package__}._lists")


def __getattr__(name: str) -> Any:
    if name in _LISTS:
        return _listed(*_LISTS[name])
    if name == "models_by_provider":
        return {provider: list(known) for provider, known in _by_provider().items()}
    if name == "CallTypes":
        return _call_types()
    if name == "LlmProviders":
        return _providers()
    if name == "LITELLM_CHAT_PROVIDERS":
        return models.provider_list
    raise AttributeError(name)
