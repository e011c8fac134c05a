"""What is known of models and providers: who serves a name, which keys are needed, what a model can do and costs."""

from __future__ import annotations

import functools
import os
import re
from typing import Any, Dict, FrozenSet, List, Optional, Tuple

from . import _custom_map, _engine, _settings, exceptions

#: Members of get_model_info() that are there, None, when nothing is known.
_MEMBERS = (
    "max_tokens", "max_input_tokens", "max_output_tokens", "input_cost_per_token", "output_cost_per_token",
    "cache_creation_input_token_cost", "cache_read_input_token_cost", "litellm_provider", "mode",
    "supports_system_messages", "supports_response_schema", "supports_vision", "supports_function_calling",
    "supports_tool_choice", "supports_assistant_prefill", "supports_prompt_caching", "supports_computer_use",
    "supports_audio_input", "supports_audio_output", "supports_embedding_image_input", "supports_pdf_input",
    "supports_native_streaming", "supports_parallel_function_calling", "supports_web_search", "supports_reasoning",
    "supports_url_context", "supported_openai_params", "output_vector_size", "tpm", "rpm",
)
#: Fields that are prices of what a call uses.
_PRICE = re.compile(r"(input|output|cache_creation_input|cache_read_input)_.*cost|(input|output)_cost_per_")
_ABILITIES = tuple(name for name in _MEMBERS if name.startswith("supports_"))

__all__ = [
    "get_api_base", "get_api_key", "get_llm_provider", "get_max_tokens", "get_model_cost_map", "get_model_info",
    "get_valid_models", "model_cost", "model_list", "provider_list", "register_model", "validate_environment",
    *_ABILITIES,
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
    own = _custom_map.find(model, custom_llm_provider)
    if own is not None:
        return own.model, own.provider, api_key, api_base
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


#: Variables that LiteLLM wants besides a provider's key, or in place of it.
_WANTED: Dict[str, Tuple[str, ...]] = {
    "azure": ("AZURE_API_BASE", "AZURE_API_VERSION", "AZURE_API_KEY"),
    "bedrock": ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    "sagemaker": ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    "vertex_ai": ("VERTEXAI_PROJECT", "VERTEXAI_LOCATION"),
    "cloudflare": ("CLOUDFLARE_API_KEY", "CLOUDFLARE_ACCOUNT_ID"),
    "ollama": ("OLLAMA_API_BASE",),
    "ollama_chat": ("OLLAMA_API_BASE",),
    # Servers of one's own, which ask for no key as a rule.
    **dict.fromkeys(
        (
            "custom_openai", "hosted_vllm", "infinity", "lemonade", "litellm_proxy", "llamafile", "lm_studio", "oobabooga",
            "openai_like", "triton", "vllm", "xinference",
        ),
        (),
    ),
}


def validate_environment(
    model: Optional[str] = None, api_key: Optional[str] = None, api_base: Optional[str] = None, **_: Any
) -> Dict[str, Any]:
    """{"keys_in_environment": bool, "missing_keys": [...]}: can this model be called?"""
    if api_key is not None or model is None:
        return {"keys_in_environment": api_key is not None, "missing_keys": []}
    found = _who(model, None, api_base)
    if not found:
        return {"keys_in_environment": False, "missing_keys": []}
    wanted = _WANTED.get(found["provider"])
    if wanted is None:  # any one of the names that a key may have
        names = found.get("api_key_env") or []
        missing = [] if not names or any(os.environ.get(name) for name in names) else names[:1]
    else:
        missing = [name for name in wanted if not os.environ.get(name)]
    if api_base is not None:
        missing = [name for name in missing if not name.endswith("_API_BASE")]
    return {"keys_in_environment": not missing, "missing_keys": missing}


def get_api_base(model: str, optional_params: Any = None) -> Optional[str]:
    """The address at which a model is called: the one that the call gives, the program's, else its provider's."""
    given = optional_params if isinstance(optional_params, dict) else getattr(optional_params, "__dict__", {})
    own = given.get("api_base") or given.get("base_url") or _settings.get("api_base")
    return own or _who(model, given.get("custom_llm_provider")).get("api_base") or None


def get_api_key(llm_provider: str, dynamic_api_key: Optional[str] = None) -> Optional[str]:
    """The provider's key: the one given, else that of the environment."""
    if dynamic_api_key:
        return dynamic_api_key
    for row in _engine.default().look_up("providers", {}):
        if row["provider"] == llm_provider:
            return next((os.environ[name] for name in row["api_key_env"] if os.environ.get(name)), None)
    return None


@functools.lru_cache(maxsize=1)
def _table() -> Dict[str, Dict[str, Any]]:
    """The gateway's catalogue of models, by name, with what each supports."""
    table: Dict[str, Dict[str, Any]] = {}
    names, *lines = _engine.default().look_up("catalogue", {})["table"].rstrip("\n").split("\n")
    columns = names.split("\t")
    for line in lines:
        row = dict(zip(columns, line.split("\t")))
        table[row["name"]] = {
            "litellm_provider": row["provider"],
            "mode": row.get("mode") or None,
            "max_input_tokens": int(row.get("max_input_tokens") or 0) or None,
            "max_output_tokens": int(row.get("max_output_tokens") or 0) or None,
        }
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
    with open(os.path.join(folder, "abilities.tsv"), encoding="utf-8") as file:
        for line in file:
            has, _, models = line.rstrip("\n").partition("\t")
            abilities = {"supports_" + one: True for one in has.split()}
            for name in models.split():
                if name in table:
                    table[name].update(abilities)
    return table


#: What programs have said of models: name -> LiteLLM's fields.
_registered: Dict[str, Dict[str, Any]] = {}


def register_model(model_cost: Any) -> Dict[str, Dict[str, Any]]:
    """Adds to what is known of models, or changes it: {"name": {"input_cost_per_token": ..., "max_tokens": ...}}.

    A text is the address of such a JSON document. Calls cost what is said here from now on. The map, as
    `patchbay.model_cost`.
    """
    if isinstance(model_cost, str):
        import json
        import urllib.request

        with urllib.request.urlopen(model_cost, timeout=5) as answer:
            model_cost = json.load(answer)
    if not isinstance(model_cost, dict):
        raise TypeError("register_model(): expected a dictionary, or the address of a JSON document")
    for name, facts in model_cost.items():
        if not isinstance(facts, dict):
            raise TypeError(f"register_model(): {name}: expected a dictionary of LiteLLM's fields")
        _registered[name] = {**_registered.get(name, {}), **facts}
    _facts.cache_clear()
    costs = _costs()
    costs.take(model_cost)
    return costs


def is_price(name: str) -> bool:
    """Is it the name of a price of what a call uses?"""
    return _PRICE.match(name) is not None


def _own_facts(model: str, provider: Optional[str]) -> Dict[str, Any]:
    for name in (model, f"{provider}/{model}", model.partition("/")[2]):
        if name in _registered:
            return _registered[name]
    return {}


def registered_prices(model: str, provider: Optional[str] = None) -> Dict[str, Any]:
    """The prices that register_model() was given for a model."""
    if not _registered:
        return {}
    facts = _own_facts(model, provider)
    return {k: v for k, v in facts.items() if v is not None and is_price(k)}


@functools.lru_cache(maxsize=512)
def _facts(model: str, custom_llm_provider: Optional[str]) -> Dict[str, Any]:
    if not isinstance(model, str):
        return {}
    table = _table()
    name, provider = model, custom_llm_provider
    try:
        name, provider, _, _ = get_llm_provider(model, custom_llm_provider)
    except exceptions.BadRequestError:
        pass
    own = _own_facts(model, provider)
    for one in (model, f"{provider}/{name}", name, name.partition("/")[2]):
        facts = table.get(one) or table.get(one.lower())
        if facts is None:
            continue
        served_by = facts.get("litellm_provider", "")
        if provider and one != model and not served_by.startswith(provider):
            continue
        return {**facts, **_prices(model, custom_llm_provider), **own}
    return own


def _prices(model: str, provider: Optional[str]) -> Dict[str, Any]:
    about = {"model": model, **({"custom_llm_provider": provider} if provider else {})}
    return {k: v for k, v in _engine.default().look_up("model", about).items() if is_price(k)}


def get_model_info(model: str, custom_llm_provider: Optional[str] = None, **_: Any) -> Dict[str, Any]:
    """All that is known of a model: limits, mode, prices of a token, what it supports. Raises if it is not known."""
    facts = _facts(model, custom_llm_provider)
    if not facts:
        raise exceptions.ModelNotMappedError(f"This model isn't mapped yet. model={model}, custom_llm_provider={custom_llm_provider}.")
    known = {"key": model, **dict.fromkeys(_MEMBERS), **facts}
    known["max_tokens"] = facts.get("max_output_tokens") or facts.get("max_tokens")
    if known["max_tokens"] is None and known["mode"] == "embedding":
        known["max_tokens"] = known["max_input_tokens"]
    for price in ("input_cost_per_token", "output_cost_per_token"):
        known[price] = known[price] or 0  # programs multiply
    return known


def get_max_tokens(model: str) -> Optional[int]:
    """The tokens that an answer of the model can have."""
    return get_model_info(model)["max_tokens"]


def max_window(model: str) -> Optional[int]:
    """The tokens that a model can be asked with; None if that is not known."""
    facts = _facts(model, None)
    return facts.get("max_input_tokens") or facts.get("max_tokens") or facts.get("max_output_tokens")


class _Model(dict):
    """What `model_cost` has of one model; a member that is set is set in what is known, as register_model() does."""

    def __init__(self, name: str, facts: Dict[str, Any]) -> None:
        super().__init__(facts)
        self._name = name

    def __setitem__(self, member: str, value: Any) -> None:
        super().__setitem__(member, value)
        register_model({self._name: {member: value}})

    def update(self, *members: Any, **named: Any) -> None:
        for member, value in dict(*members, **named).items():
            self[member] = value

    def __reduce__(self) -> Any:
        return (dict, (dict(self),))


class _Costs(dict):
    """`model_cost`: what is known of all models, by name. Prices are looked up when a model is."""

    def __init__(self) -> None:
        super().__init__(_table())

    def take(self, models: Dict[str, Dict[str, Any]]) -> None:
        """Of register_model(): names that are new."""
        super().update({name: facts for name, facts in models.items() if name not in self})

    def __getitem__(self, name: str) -> Dict[str, Any]:
        return _Model(name, {**super().__getitem__(name), **_facts(name, None)})

    def __setitem__(self, name: str, facts: Dict[str, Any]) -> None:
        register_model({name: facts})

    def update(self, *models: Any, **named: Any) -> None:
        register_model(dict(*models, **named))

    def setdefault(self, name: str, default: Any = None) -> Any:
        if name not in self:
            self[name] = default
        return self[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default

    def items(self) -> Any:
        return [(name, self[name]) for name in self]

    def values(self) -> Any:
        return [self[name] for name in self]


@functools.lru_cache(maxsize=1)
def _costs() -> _Costs:
    return _Costs()


def get_model_cost_map(url: str = "") -> Dict[str, Dict[str, Any]]:
    """`patchbay.model_cost` as plain dictionaries; nothing is fetched, as the library has its own table."""
    return {name: dict(facts) for name, facts in _costs().items()}


@functools.lru_cache(maxsize=1)
def _of_all_claudes() -> FrozenSet[str]:
    """What all Claudes of the table can: a name that it does not have, a dated or a former one's, can that, too."""
    claudes = [facts for facts in _table().values() if facts.get("litellm_provider") == "anthropic"]
    return frozenset(one for one in _ABILITIES if claudes and all(facts.get(one) for facts in claudes))


def _supports(ability: str) -> Any:
    def ask(model: str, custom_llm_provider: Optional[str] = None) -> bool:
        facts = _facts(model, custom_llm_provider)
        if not facts and isinstance(model, str) and "claude" in model:
            return ability in _of_all_claudes()
        return bool(facts.get(ability))

    ask.__name__ = ask.__qualname__ = ability
    ask.__doc__ = f"Is it known of the model that it has `{ability}`? Never raises for a model that is not known."
    return ask


for _ability in _ABILITIES:
    globals()[_ability] = _supports(_ability)


def get_valid_models(
    check_provider_endpoint: Optional[bool] = None, custom_llm_provider: Optional[str] = None, **_: Any
) -> List[str]:
    """Names of models whose provider's key is in the environment; of one provider, if it is named."""
    if check_provider_endpoint:
        raise NotImplementedError("get_valid_models(check_provider_endpoint=True): no provider is asked")
    there = [
        row["provider"]
        for row in _engine.default().look_up("providers", {})
        if row["provider"] == custom_llm_provider
        or (custom_llm_provider is None and any(os.environ.get(name) for name in row["api_key_env"]))
    ]
    return [name for name, facts in _table().items() if facts.get("litellm_provider") in there]


def __getattr__(name: str) -> Any:
    if name == "model_cost":
        return _costs()
    if name == "model_list":
        return list(_table())
    if name == "provider_list":
        return [*(row["provider"] for row in _engine.default().look_up("providers", {})), *_custom_map.names()]
    raise AttributeError(name)
