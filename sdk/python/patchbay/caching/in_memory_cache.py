"""LiteLLM's InMemoryCache, for what a program keeps for itself. The engine's answers are not in it (patchbay.Cache)."""

from __future__ import annotations

import heapq
import json
import sys
import threading
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

from .._paths import of_package as __getattr__  # noqa: F401


class InMemoryCache:
    """Values by key, each until its time is over. Any thread; the twins for asyncio never wait.

    `max_size_in_memory` is how many there can be (0: none); of more the one goes whose time is over soonest. `default_ttl` is
    in seconds, `max_size_per_item` in KiB: what is larger is not kept. A key that is set again while it lasts
    keeps its time, and a text that is JSON comes back as its value, both as LiteLLM has it.
    """

    def __init__(
        self,
        max_size_in_memory: Optional[int] = 200,
        default_ttl: Optional[float] = 600,
        max_size_per_item: Optional[int] = 1024,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.max_size_in_memory = 200 if max_size_in_memory is None else max_size_in_memory
        self.default_ttl = default_ttl or 600
        self.max_size_per_item = max_size_per_item or 1024
        self.cache_dict: Dict[Any, Any] = {}
        self.ttl_dict: Dict[Any, float] = {}  # when each ends, by the clock
        self._ends: List[Tuple[float, int, Any]] = []  # a heap; of a key that was set anew also what no longer holds
        self._set = 0
        self._clock = clock
        self._lock = threading.RLock()

    def check_value_size(self, value: Any) -> bool:
        """Is it small enough to be kept?"""
        size = len(value) if isinstance(value, (str, bytes)) else sys.getsizeof(value)
        return size <= self.max_size_per_item * 1024

    def evict_cache(self) -> None:
        """Makes room for one more."""
        now = self._clock()
        while self._ends and (self._ends[0][0] <= now or len(self.cache_dict) >= self.max_size_in_memory):
            end, _, key = heapq.heappop(self._ends)
            if self.ttl_dict.get(key) == end:
                self.delete_cache(key)
        if len(self._ends) > 2 * max(self.max_size_in_memory, len(self.ttl_dict)):
            self._ends = [one for one in self._ends if self.ttl_dict.get(one[2]) == one[0]]
            heapq.heapify(self._ends)

    def set_cache(self, key: Any, value: Any, ttl: Optional[float] = None, **_: Any) -> None:
        if self.max_size_in_memory == 0:
            return
        with self._lock:
            if key not in self.cache_dict or self.ttl_dict[key] <= self._clock():
                self.evict_cache()
            if not self.check_value_size(value):
                return
            if key not in self.ttl_dict:
                self._set += 1
                end = self.ttl_dict[key] = self._clock() + float(self.default_ttl if ttl is None else ttl)
                heapq.heappush(self._ends, (end, self._set, key))
            self.cache_dict[key] = value

    def get_cache(self, key: Any, **_: Any) -> Any:
        """The value; None: there is none, or not any more."""
        with self._lock:
            if self.ttl_dict.get(key, 0.0) < self._clock():
                self.delete_cache(key)
                return None
            value = self.cache_dict[key]
        if isinstance(value, (str, bytes)):
            try:
                return json.loads(value)
            except ValueError:
                pass
        return value

    def batch_get_cache(self, keys: List[Any], **_: Any) -> List[Any]:
        return [self.get_cache(key) for key in keys]

    def increment_cache(self, key: Any, value: float, ttl: Optional[float] = None, **_: Any) -> float:
        """Adds to a number, of 0 where there is none; the sum."""
        with self._lock:
            total = (self.get_cache(key) or 0) + value
            self.set_cache(key, total, ttl=ttl)
        return total

    def delete_cache(self, key: Any) -> None:
        with self._lock:
            self.cache_dict.pop(key, None)
            self.ttl_dict.pop(key, None)

    def flush_cache(self) -> None:
        """Forgets all."""
        with self._lock:
            self.cache_dict.clear()
            self.ttl_dict.clear()
            self._ends.clear()

    # Twins for asyncio.

    async def async_set_cache(self, key: Any, value: Any, **kwargs: Any) -> None:
        self.set_cache(key, value, **kwargs)

    async def async_set_cache_pipeline(self, cache_list: List[Tuple[Any, Any]], ttl: Optional[float] = None, **_: Any) -> None:
        for key, value in cache_list:
            self.set_cache(key, value, ttl=ttl)

    async def async_set_cache_sadd(self, key: Any, value: List[Any], ttl: Optional[float] = None) -> List[Any]:
        """Adds to a set."""
        with self._lock:
            self.set_cache(key, {*(self.get_cache(key) or ()), *value}, ttl=ttl)
        return value

    async def async_get_cache(self, key: Any, **_: Any) -> Any:
        return self.get_cache(key)

    async def async_batch_get_cache(self, keys: List[Any], **_: Any) -> List[Any]:
        return self.batch_get_cache(keys)

    async def async_increment(self, key: Any, value: float, **kwargs: Any) -> float:
        return self.increment_cache(key, value, **kwargs)

    async def async_get_ttl(self, key: Any) -> Optional[float]:
        """When it ends, by the clock, as LiteLLM's tells it; None: it is not there."""
        return self.ttl_dict.get(key)

    async def async_get_oldest_n_keys(self, n: int) -> List[Any]:
        """Those that end soonest."""
        return sorted(self.ttl_dict, key=lambda key: self.ttl_dict[key])[:n]

    async def disconnect(self) -> None:
        """There is nothing to leave."""
