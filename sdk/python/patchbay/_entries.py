"""A Router's arguments: entries of `model_list`, each with an id, and the configuration that the engine is opened with."""

from __future__ import annotations

import json
import uuid
from typing import Any, Dict, List

from . import _requests

#: Parameters of LiteLLM's Router that belong to `litellm_settings` of a configuration.
_LITELLM_SETTINGS = ("drop_params", "success_callback", "failure_callback", "callbacks")
#: Parameters that mean something only in LiteLLM's process.
_IGNORED = frozenset(
    {"assistants_config", "debug_level", "set_verbose", "client_ttl", "polling_interval", "default_priority"}
)
_REDIS = {"redis_host": "host", "redis_port": "port", "redis_password": "password", "redis_url": "url"}


def configuration(model_list: List[Dict[str, Any]], settings: Dict[str, Any]) -> str:
    """The gateway's configuration for a router's arguments, as JSON."""
    config: Dict[str, Any] = {"model_list": [_with_token(one) for one in model_list]}
    router = {k: v for k, v in settings.items() if v is not None and k not in (*_IGNORED, "default_litellm_params")}
    litellm = {k: router.pop(k) for k in _LITELLM_SETTINGS if k in router}
    redis = {_REDIS[k]: router.pop(k) for k in list(router) if k in _REDIS}
    if router.pop("cache_responses", False):
        litellm["cache"] = True
        litellm["cache_params"] = {"type": "redis" if redis else "local", **redis, **router.pop("cache_kwargs", {})}
    if router:
        config["router_settings"] = router
    if litellm:
        config["litellm_settings"] = litellm
    return json.dumps(config, ensure_ascii=False, default=_written)


def _provider_of(entry: Dict[str, Any]) -> Any:
    provider = (entry.get("litellm_params") or {}).get(_requests.TOKEN_PROVIDER)
    return provider if callable(provider) else None


def tokens_of(model_list: List[Dict[str, Any]]) -> Dict[str, str]:
    """The tokens that the entries' functions give now, by id. A new one makes the engine anew."""
    return {one["model_info"]["id"]: provider() for one in model_list if (provider := _provider_of(one))}


def _with_token(entry: Dict[str, Any]) -> Dict[str, Any]:
    """The entry with the token that its function gives, as the engine calls none."""
    provider = _provider_of(entry)
    if provider is None:
        return entry
    params = {k: v for k, v in entry["litellm_params"].items() if k != _requests.TOKEN_PROVIDER}
    return {**entry, "litellm_params": {**params, "azure_ad_token": provider()}}


def _written(value: Any) -> Any:
    return value.model_dump(exclude_none=True) if hasattr(value, "model_dump") else str(value)


def entry_of(given: Any) -> Any:
    """An entry as a dictionary, also of a Deployment."""
    return given.model_dump(exclude_none=True) if hasattr(given, "model_dump") else given


def with_id(entry: Dict[str, Any]) -> Dict[str, Any]:
    """The entry, with an id if it has none: that of what it says, so that the same has the same."""
    info = dict(entry.get("model_info") or {})
    if not info.get("id"):
        said = json.dumps([entry.get("model_name"), entry.get("litellm_params")], sort_keys=True, default=str)
        info["id"] = uuid.uuid5(uuid.NAMESPACE_OID, said).hex
    return {**entry, "model_info": info}


def with_ids(entries: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """Each with an id of its own: entries that say the same are told apart by their number."""
    if not isinstance(entries, (list, tuple)) or not all(isinstance(one, dict) for one in map(entry_of, entries)):
        raise ValueError("model_list: expected a list of dictionaries")
    entries = [entry_of(one) for one in entries]
    made: List[Dict[str, Any]] = []
    seen: Dict[str, int] = {}
    for given, entry in zip(entries, map(with_id, entries)):
        identity = entry["model_info"]["id"]
        seen[identity] = count = seen.get(identity, 0) + 1
        if count > 1 and not (given.get("model_info") or {}).get("id"):
            entry["model_info"]["id"] = f"{identity}-{count}"
        made.append(entry)
    return made
