"""What is known of models and providers: who serves a name, which keys are needed, what a model can do."""

from __future__ import annotations

import functools
import os
from typing import Any, Dict, List, Optional, Tuple

from . import _engine, exceptions

__all__ = [
    "get_llm_provider",
    "get_max_tokens",
    "get_model_info",
    "get_supported_openai_params",
    "get_valid_models",
    "model_cost",
    "model_list",
    "provider_list",
    "supports_audio_input",
    "supports_audio_output",
    "supports_function_calling",
    "supports_parallel_function_calling",
    "supports_pdf_input",
    "supports_prompt_caching",
    "supports_reasoning",
    "supports_response_schema",
    "supports_system_messages",
    "supports_tool_choice",
    "supports_vision",
    "supports_web_search",
    "validate_environment",
]


def _who(model: str, custom_llm_provider: Optional[str] = None, api_base: Optional[str] = None) -> Dict[str, Any]:
    about = {"model": model, "custom_llm_provider": custom_llm_provider, "api_base": api_base}
    return _engine.default().look_up("provider", {k: v for k, v in about.items() if v})


def get_llm_provider(
    model: str,
    custom_llm_provider: Optional[str] = None,
    api_base: Optional[str] = None,
    api_key: Optional[str] = None,
    **_: Any,
) -> Tuple[str, str, Optional[str], Optional[str]]:
    """(model without its provider, provider, key, address) of a model's name.

    The key is `api_key`, else None: a call finds it in the environment. Raises BadRequestError for a name that
    tells no provider.
    """
    found = _who(model, custom_llm_provider, api_base)
    if not found:
        raise exceptions.raisable(exceptions.BadRequestError)(
            "LLM Provider NOT provided. Pass in the LLM provider you are trying to call. "
            f"You passed model={model}\n Pass model as E.g. For 'Huggingface' inference endpoints pass in "
            "`completion(model='huggingface/starcoder',..)`",
            model=model,
            llm_provider="",
        )
    return found["model"], found["provider"], api_key, api_base or found.get("api_base") or None


def validate_environment(
    model: Optional[str] = None, api_key: Optional[str] = None, api_base: Optional[str] = None
) -> Dict[str, Any]:
    """{"keys_in_environment": bool, "missing_keys": [...]}: can this model be called?"""
    if api_key is not None or model is None:
        return {"keys_in_environment": api_key is not None, "missing_keys": []}
    found = _who(model, None, api_base)
    names = found.get("api_key_env") or []
    there = not names or any(os.environ.get(name) for name in names)
    return {"keys_in_environment": bool(found) and there, "missing_keys": [] if there else [names[0]]}


@functools.lru_cache(maxsize=1)
def _table() -> Dict[str, Dict[str, Any]]:
    """The gateway's catalogue of models, by name, with what each supports."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
    table: Dict[str, Dict[str, Any]] = {}
    with open(os.path.join(folder, "models.tsv"), encoding="utf-8") as file:
        names = next(file).rstrip("\n").split("\t")
        for line in file:
            row = dict(zip(names, line.rstrip("\n").split("\t")))
            table[row["name"]] = {
                "litellm_provider": row["provider"],
                "mode": row.get("mode") or None,
                "max_input_tokens": int(row.get("max_input_tokens") or 0) or None,
                "max_output_tokens": int(row.get("max_output_tokens") or 0) or None,
            }
    with open(os.path.join(folder, "abilities.tsv"), encoding="utf-8") as file:
        for line in file:
            has, _, models = line.rstrip("\n").partition("\t")
            abilities = {"supports_" + one: True for one in has.split()}
            for name in models.split():
                if name in table:
                    table[name].update(abilities)
    return table


def _facts(model: str, custom_llm_provider: Optional[str]) -> Dict[str, Any]:
    table = _table()
    name = model
    provider = custom_llm_provider
    try:
        name, provider, _, _ = get_llm_provider(model, custom_llm_provider)
    except exceptions.BadRequestError:
        pass
    for one in (model, f"{provider}/{name}", name, name.partition("/")[2]):
        facts = table.get(one) or table.get(one.lower())
        if facts is None:
            continue
        served_by = facts.get("litellm_provider", "")
        if provider and one != model and not served_by.startswith(provider):
            continue
        return facts
    return {}


def get_model_info(model: str, custom_llm_provider: Optional[str] = None) -> Dict[str, Any]:
    """All that is known of a model: limits, mode, what it supports. Raises if it is not known."""
    facts = _facts(model, custom_llm_provider)
    if not facts:
        raise Exception(f"This model isn't mapped yet. model={model}, custom_llm_provider={custom_llm_provider}.")
    return {"key": model, "max_tokens": facts.get("max_output_tokens"), **facts}


def get_max_tokens(model: str) -> Optional[int]:
    """The tokens that an answer of the model can have."""
    facts = get_model_info(model)
    return facts.get("max_output_tokens") or facts.get("max_tokens")


def _supports(ability: str) -> Any:
    def ask(model: str, custom_llm_provider: Optional[str] = None) -> bool:
        return bool(_facts(model, custom_llm_provider).get(ability))

    ask.__name__ = ask.__qualname__ = ability
    ask.__doc__ = f"Is it known of the model that it has `{ability}`? Never raises for a model that is not known."
    return ask


supports_audio_input = _supports("supports_audio_input")
supports_audio_output = _supports("supports_audio_output")
supports_function_calling = _supports("supports_function_calling")
supports_parallel_function_calling = _supports("supports_parallel_function_calling")
supports_pdf_input = _supports("supports_pdf_input")
supports_prompt_caching = _supports("supports_prompt_caching")
supports_reasoning = _supports("supports_reasoning")
supports_response_schema = _supports("supports_response_schema")
supports_system_messages = _supports("supports_system_messages")
supports_tool_choice = _supports("supports_tool_choice")
supports_vision = _supports("supports_vision")
supports_web_search = _supports("supports_web_search")


def get_supported_openai_params(
    model: str, custom_llm_provider: Optional[str] = None, request_type: str = "chat_completion"
) -> Optional[List[str]]:
    """Not done: what a model takes is decided by its provider's plugin when it is called."""
    raise NotImplementedError(
        "get_supported_openai_params(): which parameters a provider takes is decided by its plugin at the call; "
        "pass drop_params=True to have others left out (docs/client.md)"
    )


def get_valid_models(**_: Any) -> List[str]:
    """Names of models whose provider's key is in the environment."""
    there = [
        row["provider"]
        for row in _engine.default().look_up("providers", {})
        if any(os.environ.get(name) for name in row["api_key_env"])
    ]
    return [name for name, facts in _table().items() if facts.get("litellm_provider") in there]


def __getattr__(name: str) -> Any:
    if name == "model_cost":
        return _table()
    if name == "model_list":
        return list(_table())
    if name == "provider_list":
        return [row["provider"] for row in _engine.default().look_up("providers", {})]
    raise AttributeError(name)
