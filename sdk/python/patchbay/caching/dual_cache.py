"""LiteLLM's DualCache: an InMemoryCache, and behind it a slower one that processes share."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from .._paths import of_package as __getattr__  # noqa: F401
from .in_memory_cache import InMemoryCache


class DualCache:
    """What is set goes into both, and what only the second has is kept in memory when it is asked for.

    `redis_cache` is the program's, an object with LiteLLM's methods (`get_cache`, `async_get_cache`, ...); there is none here, and
    without one this is an InMemoryCache. With `local_only` a call goes to memory alone. The second cache's failures are raised.
    """

    def __init__(
        self,
        in_memory_cache: Optional[InMemoryCache] = None,
        redis_cache: Any = None,
        default_in_memory_ttl: Optional[float] = None,
        default_redis_ttl: Optional[float] = None,
        **_: Any,
    ) -> None:
        self.in_memory_cache = in_memory_cache or InMemoryCache()
        self.redis_cache = redis_cache
        self.default_in_memory_ttl = default_in_memory_ttl
        self.default_redis_ttl = default_redis_ttl

    def update_cache_ttl(self, default_in_memory_ttl: Optional[float], default_redis_ttl: Optional[float]) -> None:
        self.default_in_memory_ttl = self.default_in_memory_ttl if default_in_memory_ttl is None else default_in_memory_ttl
        self.default_redis_ttl = self.default_redis_ttl if default_redis_ttl is None else default_redis_ttl

    def _timed(self, kwargs: Dict[str, Any]) -> Dict[str, Any]:
        return {"ttl": self.default_in_memory_ttl, **kwargs} if self.default_in_memory_ttl is not None else kwargs

    def _second(self, local_only: bool) -> Any:
        return None if local_only else self.redis_cache

    def _kept(self, key: Any, value: Any, kwargs: Dict[str, Any]) -> Any:
        if value is not None:
            self.in_memory_cache.set_cache(key, value, **self._timed(kwargs))
        return value

    def set_cache(self, key: Any, value: Any, local_only: bool = False, **kwargs: Any) -> None:
        kwargs = self._timed(kwargs)
        self.in_memory_cache.set_cache(key, value, **kwargs)
        second = self._second(local_only)
        if second is not None:
            second.set_cache(key, value, **kwargs)

    async def async_set_cache(self, key: Any, value: Any, local_only: bool = False, **kwargs: Any) -> None:
        kwargs = self._timed(kwargs)
        self.in_memory_cache.set_cache(key, value, **kwargs)
        second = self._second(local_only)
        if second is not None:
            await second.async_set_cache(key, value, **kwargs)

    async def async_set_cache_pipeline(self, cache_list: List[Any], local_only: bool = False, **kwargs: Any) -> None:
        for key, value in cache_list:
            await self.async_set_cache(key, value, local_only=local_only, **kwargs)

    def get_cache(self, key: Any, parent_otel_span: Any = None, local_only: bool = False, **kwargs: Any) -> Any:
        value = self.in_memory_cache.get_cache(key)
        second = self._second(local_only)
        return value if value is not None or second is None else self._kept(key, second.get_cache(key), kwargs)

    async def async_get_cache(self, key: Any, parent_otel_span: Any = None, local_only: bool = False, **kwargs: Any) -> Any:
        value = self.in_memory_cache.get_cache(key)
        second = self._second(local_only)
        return value if value is not None or second is None else self._kept(key, await second.async_get_cache(key), kwargs)

    def batch_get_cache(self, keys: List[Any], parent_otel_span: Any = None, local_only: bool = False, **kwargs: Any) -> List[Any]:
        return [self.get_cache(key, local_only=local_only, **kwargs) for key in keys]

    async def async_batch_get_cache(
        self, keys: List[Any], parent_otel_span: Any = None, local_only: bool = False, **kwargs: Any
    ) -> List[Any]:
        return [await self.async_get_cache(key, local_only=local_only, **kwargs) for key in keys]

    def increment_cache(self, key: Any, value: float, local_only: bool = False, **kwargs: Any) -> float:
        """Adds to a number; the sum, of the second cache if there is one."""
        total = self.in_memory_cache.increment_cache(key, value, **kwargs)
        second = self._second(local_only)
        return total if second is None else second.increment_cache(key, value, **kwargs)

    async def async_increment_cache(
        self, key: Any, value: float, parent_otel_span: Any = None, local_only: bool = False, **kwargs: Any
    ) -> float:
        total = self.in_memory_cache.increment_cache(key, value, **kwargs)
        second = self._second(local_only)
        return total if second is None else await second.async_increment(key, value, **kwargs)

    def delete_cache(self, key: Any) -> None:
        self.in_memory_cache.delete_cache(key)
        if self.redis_cache is not None:
            self.redis_cache.delete_cache(key)

    async def async_delete_cache(self, key: Any) -> None:
        self.in_memory_cache.delete_cache(key)
        if self.redis_cache is not None:
            await self.redis_cache.async_delete_cache(key)

    def flush_cache(self) -> None:
        self.in_memory_cache.flush_cache()
        if self.redis_cache is not None:
            self.redis_cache.flush_cache()

    async def async_get_ttl(self, key: Any) -> Optional[float]:
        """When it ends, by the clock; of the second cache's keys what it says."""
        end = await self.in_memory_cache.async_get_ttl(key)
        return await self.redis_cache.async_get_ttl(key) if end is None and self.redis_cache is not None else end
