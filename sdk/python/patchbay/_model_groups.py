"""What a Router knows of the models that share a name."""

from __future__ import annotations

from typing import Any, Dict, List

from . import exceptions, models
from ._objects import OpenAIObject

_LARGEST = ("max_input_tokens", "max_output_tokens", "input_cost_per_token", "output_cost_per_token")
_ADDED = ("tpm", "rpm")


class ModelGroupInfo(OpenAIObject):
    """LiteLLM's class: `model_group`, `providers`, `mode`, limits, prices, and `supports_...`."""


def info(name: str, entries: List[Dict[str, Any]]) -> ModelGroupInfo:
    """Of the entries of `model_list` with this name. What an entry's model_info says goes before the table of models."""
    made: Dict[str, Any] = {"model_group": name, "providers": [], "mode": None, **dict.fromkeys((*_LARGEST, *_ADDED))}
    made.update(dict.fromkeys((one for one in models.__all__ if one.startswith("supports_")), False))
    for entry in entries:
        params, own = entry["litellm_params"], entry["model_info"]
        known = _known(params, own)
        provider = known.pop("provider")
        if provider and provider not in made["providers"]:
            made["providers"].append(provider)
        made["mode"] = made["mode"] or known.get("mode")
        for member in _LARGEST:
            told = [value for value in (made[member], known.get(member)) if value is not None]
            made[member] = max(told) if told else None
        for member in _ADDED:
            value = params.get(member, own.get(member))
            if value is not None:
                made[member] = (made[member] or 0) + value
        for member in made:
            if member.startswith("supports_"):
                made[member] = made[member] or bool(known.get(member))
    return ModelGroupInfo(**made)


def _known(params: Dict[str, Any], own: Dict[str, Any]) -> Dict[str, Any]:
    model = own.get("base_model") or params.get("base_model") or params.get("model", "")
    provider = params.get("custom_llm_provider")
    facts: Dict[str, Any] = {}
    try:
        facts = models.get_model_info(model, provider)
    except exceptions.ModelNotMappedError:
        pass
    try:
        provider = models.get_llm_provider(params.get("model", ""), provider)[1]
    except exceptions.BadRequestError:
        pass
    return {**facts, **{k: v for k, v in own.items() if v is not None}, "provider": provider}
