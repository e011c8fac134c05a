"""`custom_provider_map`: which models are those of a provider in Python."""

from __future__ import annotations

import functools
import warnings
from typing import Any, List, NamedTuple, Optional

from . import _engine, _settings, exceptions
from ._custom_llm import CustomLLM


class Found(NamedTuple):
    provider: str
    handler: CustomLLM
    model: str  #: without its provider


def names() -> List[str]:
    """The providers of the map."""
    return [one["provider"] for one in _settings.get("custom_provider_map") or ()]


def find(model: Any, custom_llm_provider: Optional[str] = None) -> Optional[Found]:
    """Who in Python serves a model; None: nobody, it is the engine's. A provider of the engine's own goes before one of the map
    that has its name, as LiteLLM has it. Raises LiteLLMUnknownProvider where the map names no CustomLLM."""
    table = _settings.get("custom_provider_map")
    if not table or not isinstance(model, str):
        return None
    prefix, slash, rest = model.partition("/")
    wanted = custom_llm_provider or (prefix if slash else None)
    for one in table:
        if one["provider"] != wanted or _is_the_engine_s(wanted):
            continue
        bare = rest if slash and prefix == wanted else model
        if not isinstance(one["custom_handler"], CustomLLM):
            raise exceptions.raisable(exceptions.LiteLLMUnknownProvider)(
                f"custom_provider_map: {wanted}: `custom_handler` must be an object of a class that derives from CustomLLM",
                model=bare,
                llm_provider=wanted,
            )
        return Found(wanted, one["custom_handler"], bare)
    return None


@functools.lru_cache(maxsize=64)
def _is_the_engine_s(provider: str) -> bool:
    served = bool(_engine.default().look_up("provider", {"model": f"{provider}/a"}).get("served"))
    if served:
        warnings.warn(
            f"custom_provider_map: {provider!r} is the name of a provider that is there, which is asked; give yours another",
            stacklevel=2,
        )
    return served
