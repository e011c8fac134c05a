"""The response cache: `patchbay.cache = Cache()`, after which a chat that asks the same again asks nobody.

The engine keeps the answers (docs/caching.md), so a Cache says only where and for how long. Calls take LiteLLM's
controls: `caching=False`, `cache={"no-cache": True}`, `cache={"ttl": 60}`.
"""

from __future__ import annotations

import enum
from typing import Any, Dict, List, Optional

from .. import _engine, _settings
from .._paths import of_folder

__getattr__ = of_folder(__name__)

#: LiteLLM's kinds of caches that the engine has.
_TYPES = ("local", "redis")
#: Arguments of Cache that `cache_params` has by the same name.
_SAME = ("host", "port", "password", "username", "url", "ssl", "namespace", "ttl", "mode", "supported_call_types")


class LiteLLMCacheType(str, enum.Enum):
    """LiteLLM's names of what it keeps answers in; Cache() says which of them are here."""

    LOCAL = "local"
    REDIS = "redis"
    REDIS_SEMANTIC = "redis-semantic"
    S3 = "s3"
    DISK = "disk"
    QDRANT_SEMANTIC = "qdrant-semantic"
    AZURE_BLOB = "azure-blob"
    GCS = "gcs"


class Cache:
    """Where answers are kept: `type` is "local" (in this process) or "redis".

    Further arguments are those of `cache_params` (docs/caching.md). What the engine cannot do raises
    NotImplementedError.
    """

    def __init__(
        self,
        type: Optional[str] = "local",
        host: Optional[str] = None,
        port: Any = None,
        password: Optional[str] = None,
        namespace: Optional[str] = None,
        ttl: Optional[float] = None,
        supported_call_types: Optional[List[str]] = None,
        mode: Optional[str] = None,
        default_in_memory_ttl: Optional[float] = None,
        default_in_redis_ttl: Optional[float] = None,
        **more: Any,
    ) -> None:
        name = str(getattr(type, "value", type) or "local")
        if name not in _TYPES:
            raise NotImplementedError(f"Cache(type={name!r}): there are {', '.join(_TYPES)}")
        given = {**{k: v for k, v in locals().items() if k in _SAME}, **more}
        unknown = [k for k, v in more.items() if k not in _SAME and v is not None]
        if unknown:
            raise NotImplementedError(f"Cache(): {', '.join(unknown)}: not among the engine's cache_params")
        self.type = name
        self.mode = mode
        self.namespace = namespace
        self.ttl = ttl or (default_in_redis_ttl if name == "redis" else default_in_memory_ttl)
        self._params = {"type": name, **{k: v for k, v in given.items() if v is not None}}
        if self.ttl is not None:
            self._params["ttl"] = self.ttl
        if supported_call_types is not None:
            self._params["supported_call_types"] = [str(getattr(one, "value", one)) for one in supported_call_types]

    def settings(self) -> Dict[str, Any]:
        """What of `litellm_settings` the engine reads."""
        return {"cache": True, "cache_params": self._params}

    def flush_cache(self) -> None:
        """Forgets the answers that are kept in this process; the gateway has a route for those of a server."""
        if self.type != "local":
            raise NotImplementedError("flush_cache(): answers at a server are the gateway's to flush")
        _engine.forget_settings_engine()

    def __getattr__(self, name: str) -> Any:
        if name in ("get_cache", "add_cache", "async_get_cache", "async_add_cache", "get_cache_key", "delete_cache_keys"):
            raise NotImplementedError(f"Cache.{name}: the engine keeps answers itself (docs/caching.md)")
        raise AttributeError(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if callable(value):
            raise NotImplementedError(f"Cache.{name}: the engine makes keys and keeps answers itself (docs/caching.md)")
        super().__setattr__(name, value)


def enable_cache(type: Optional[str] = "local", **arguments: Any) -> None:
    """Sets `patchbay.cache`, unless it is set."""
    if _settings.get("cache") is None:
        _settings.put("cache", Cache(type, **arguments))


def update_cache(type: Optional[str] = "local", **arguments: Any) -> None:
    """Sets `patchbay.cache` anew."""
    _settings.put("cache", Cache(type, **arguments))


def disable_cache() -> None:
    """No call looks into a cache any more; what it kept in this process is gone."""
    _settings.put("cache", None)
    _engine.forget_settings_engine()
