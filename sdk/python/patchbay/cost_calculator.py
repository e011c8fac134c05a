"""What calls cost, in dollars, by the engine's table of prices (docs/spend.md).

The engine counts in integers; what is returned is the float that is nearest to its exact decimal number.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Tuple

from . import _engine, _objects, exceptions, models, tokens

_SIZE = re.compile(r"(\d+)\s*-?x-?\s*(\d+)")


def _price_of(model: str, provider: Optional[str], about: Dict[str, Any]) -> Optional[Dict[str, float]]:
    """The engine's bill; None for a model without prices."""
    asked = {"model": model, **about}
    if provider:
        asked["custom_llm_provider"] = provider
    own = models.registered_prices(model, provider)
    if own:
        asked["prices"] = own
    return _engine.default().look_up("cost", asked) or None


def _no_price(model: Any, provider: Optional[str]) -> Exception:
    """Why there is none. Raises BadRequestError for a name that tells no provider."""
    if not provider:
        models.get_llm_provider(model)
    return exceptions.ModelNotMappedError(
        f"This model isn't mapped yet. model={model}, custom_llm_provider={provider}. "
        "Give it prices with patchbay.register_model()."
    )


def _custom(per_token: Any, per_second: Any, used: Dict[str, Any], ms: float) -> Optional[Tuple[float, float]]:
    if per_token:
        return (
            used["prompt_tokens"] * per_token["input_cost_per_token"],
            used["completion_tokens"] * per_token["output_cost_per_token"],
        )
    if per_second is not None:
        return per_second * ms / 1000, 0.0
    return None


def cost_per_token(
    model: str = "",
    prompt_tokens: float = 0,
    completion_tokens: float = 0,
    response_time_ms: Optional[float] = 0.0,
    custom_llm_provider: Optional[str] = None,
    region_name: Optional[str] = None,
    prompt_characters: Optional[float] = None,
    completion_characters: Optional[float] = None,
    cache_creation_input_tokens: Optional[int] = 0,
    cache_read_input_tokens: Optional[int] = 0,
    custom_cost_per_token: Optional[Dict[str, float]] = None,
    custom_cost_per_second: Optional[float] = None,
    number_of_queries: Optional[int] = None,
    usage_object: Any = None,
    service_tier: Optional[str] = None,
    **_: Any,
) -> Tuple[float, float]:
    """(what the prompt costs, what the answer costs) of so many tokens.

    `prompt_tokens` contain those that were read from a cache or written to it. `usage_object`, an answer's usage,
    goes in place of the counts. Raises for a model without prices.
    """
    usage: Dict[str, Any] = {
        "prompt_tokens": int(prompt_tokens or 0),
        "completion_tokens": int(completion_tokens or 0),
        "total_tokens": int(prompt_tokens or 0) + int(completion_tokens or 0),
        "cache_creation_input_tokens": cache_creation_input_tokens or 0,
        "cache_read_input_tokens": cache_read_input_tokens or 0,
    }
    custom = _custom(custom_cost_per_token, custom_cost_per_second, usage, response_time_ms or 0.0)
    if custom is not None:
        return custom
    if usage_object is not None:
        usage = _plain(usage_object)
    units = {
        "chars_in": prompt_characters,
        "chars_out": completion_characters,
        "queries": number_of_queries,
        "ms_in": response_time_ms,
    }
    about = {"usage": usage, "units": {k: int(v) for k, v in units.items() if v}, "service_tier": service_tier}
    price = _price_of(model, custom_llm_provider, {k: v for k, v in about.items() if v})
    if price is None:
        raise _no_price(model, custom_llm_provider)
    return price["input"], price["output"]


def _plain(value: Any) -> Dict[str, Any]:
    if isinstance(value, dict):
        return value
    for name in ("model_dump", "dict"):
        dump = getattr(value, name, None)
        if callable(dump):
            return dump()
    raise TypeError(f"usage: expected a dictionary or an object of an answer, not {type(value).__name__}")


def _names_of(answer: Dict[str, Any], hidden: Dict[str, Any], model: Optional[str]) -> List[str]:
    """Names under which an answer's model may have a price, the most telling first."""
    names = [model, hidden.get("received_model_id"), answer.get("model")]
    return [name for name in dict.fromkeys(names) if name]


def _image_units(answer: Dict[str, Any], size: Any, n: Any) -> Dict[str, int]:
    made = len(answer.get("data") or []) or int(n or 1)
    units = {"images_out": made}
    edges = _SIZE.search(str(size or answer.get("size") or ""))
    if edges:
        units["pixels_in"] = made * int(edges[1]) * int(edges[2])
    return units


def _image_names(names: List[str], size: Any, quality: Any, answer: Dict[str, Any]) -> List[str]:
    """LiteLLM's price map has names for sizes and qualities: "hd/1024-x-1792/dall-e-3"."""
    edges = _SIZE.search(str(size or answer.get("size") or "1024x1024"))
    middle = f"{edges[1]}-x-{edges[2]}" if edges else ""
    found: List[str] = []
    for name in names:
        bare = name.rpartition("/")[2]
        for level in (quality or answer.get("quality"), "standard", None):
            found.append("/".join(filter(None, (level, middle, bare))))
    return [*dict.fromkeys(found), *names]


def completion_cost(
    completion_response: Any = None,
    model: Optional[str] = None,
    prompt: str = "",
    messages: Optional[List[Any]] = None,
    completion: str = "",
    total_time: Optional[float] = 0.0,
    call_type: Optional[str] = None,
    custom_llm_provider: Optional[str] = None,
    region_name: Optional[str] = None,
    size: Optional[str] = None,
    quality: Optional[str] = None,
    n: Optional[int] = None,
    custom_cost_per_token: Optional[Dict[str, float]] = None,
    custom_cost_per_second: Optional[float] = None,
    service_tier: Optional[str] = None,
    **_: Any,
) -> float:
    """What an answer cost, in dollars; or what `completion` would as the answer to `prompt` or `messages`.

    Raises for a model without prices.
    """
    hidden = getattr(completion_response, "_hidden_params", None) or {}
    answer = _plain(completion_response) if completion_response is not None else {}
    usage = answer.get("usage")
    if usage is None and completion_response is None:
        usage = _counted(model or "", prompt, messages, completion)
    used = {"prompt_tokens": 0, "completion_tokens": 0, **(usage or {})}
    custom = _custom(custom_cost_per_token, custom_cost_per_second, used, total_time or 0.0)
    if custom is not None:
        return sum(custom)
    provider = custom_llm_provider or hidden.get("custom_llm_provider")
    names = _names_of(answer, hidden, model)
    about: Dict[str, Any] = {"usage": usage or {}}
    if isinstance(completion_response, _objects.ImageResponse) or call_type in ("image_generation", "aimage_generation"):
        names = _image_names(names, size, quality, answer)
        about["units"] = _image_units(answer, size, n)
    if service_tier:
        about["service_tier"] = service_tier
    for name in names:
        price = _price_of(name, provider, about)
        if price is not None and price["priced"]:
            return price["cost"]
    raise _no_price(names[0] if names else model, provider)


def _counted(model: str, prompt: str, messages: Optional[List[Any]], completion: str) -> Dict[str, int]:
    asked = tokens.token_counter(model=model, messages=messages) if messages else 0
    if not messages and prompt:
        asked = tokens.token_counter(model=model, text=prompt)
    said = tokens.token_counter(model=model, text=completion) if completion else 0
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def response_cost_calculator(response_object: Any, model: Optional[str] = None, **facts: Any) -> Optional[float]:
    """completion_cost(); None, and no exception, for a model without prices."""
    try:
        return completion_cost(completion_response=response_object, model=model, **facts)
    except Exception:  # noqa: BLE001 -- as LiteLLM has it
        return None


def get_response_cost_from_hidden_params(hidden_params: Any) -> Optional[float]:
    """What a LiteLLM or a Patchbay gateway says that it charged for an answer; None: it says nothing, or it was none."""
    headers = _plain(hidden_params).get("additional_headers") or {}
    try:
        return float(headers["llm_provider-x-litellm-response-cost"])
    except (KeyError, TypeError, ValueError):
        return None
