"""The Python client library: LiteLLM's caches of a program's own (`InMemoryCache`, `DualCache`)."""

import asyncio
import threading

import pytest

from support import client

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_values_last_as_long_as_is_said(patchbay, clock):
    cache = patchbay.InMemoryCache(default_ttl=60, clock=clock)
    cache.set_cache("a", {"b": 1})
    cache.set_cache("short", "x", ttl=5)
    assert cache.get_cache("a") == {"b": 1} and cache.get_cache("nobody") is None
    clock.now += 6
    assert cache.get_cache("short") is None and "short" not in cache.cache_dict
    cache.set_cache("a", "new", ttl=1000)
    assert cache.get_cache("a") == "new"
    clock.now += 55
    assert cache.get_cache("a") is None, "a key that is set again keeps its time, as in LiteLLM"
    cache.set_cache("a", "later", ttl=2)
    assert cache.get_cache("a") == "later"


def test_those_go_first_that_end_soonest(patchbay, clock):
    cache = patchbay.InMemoryCache(max_size_in_memory=3, clock=clock)
    for key, ttl in (("a", 30), ("b", 10), ("c", 20)):
        cache.set_cache(key, key, ttl=ttl)
    cache.set_cache("d", "d", ttl=5)
    assert sorted(cache.cache_dict) == ["a", "c", "d"]
    cache.set_cache("c", "again")  # takes no room
    assert sorted(cache.cache_dict) == ["a", "c", "d"] and cache.get_cache("c") == "again"
    assert asyncio.run(cache.async_get_oldest_n_keys(2)) == ["d", "c"]
    for number in range(1000):
        cache.set_cache(f"k{number}", number)
        cache.delete_cache(f"k{number}")
    assert len(cache._ends) <= 8
    none = patchbay.InMemoryCache(max_size_in_memory=0)
    none.set_cache("a", 1)
    assert none.get_cache("a") is None


def test_what_is_too_large_is_not_kept(patchbay):
    cache = patchbay.InMemoryCache(max_size_per_item=1)
    cache.set_cache("small", "x" * 1000)
    cache.set_cache("large", "x" * 2000)
    cache.set_cache("bytes", b"x" * 2000)
    assert cache.get_cache("small") and cache.get_cache("large") is None and cache.get_cache("bytes") is None


def test_texts_that_are_json_come_back_as_values(patchbay):
    cache = patchbay.InMemoryCache()
    cache.set_cache("object", '{"a": 1}')
    cache.set_cache("text", "plain")
    cache.set_cache("none", 0)
    assert cache.batch_get_cache(["object", "text", "none", "nobody"]) == [{"a": 1}, "plain", 0, None]
    cache.flush_cache()
    assert cache.get_cache("text") is None and not cache.ttl_dict


def test_sums_of_many_threads_are_right(patchbay):
    cache = patchbay.InMemoryCache()

    def add():
        for _ in range(500):
            cache.increment_cache("n", 1)

    threads = [threading.Thread(target=add) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert cache.get_cache("n") == 4000


def test_twins_for_asyncio(patchbay):
    async def use():
        cache = patchbay.InMemoryCache()
        await cache.async_set_cache("a", 1, ttl=10)
        await cache.async_set_cache_pipeline([("b", 2), ("c", 3)])
        assert await cache.async_increment("a", 2) == 3
        await cache.async_set_cache_sadd("set", ["x"])
        await cache.async_set_cache_sadd("set", ["y", "x"])
        assert await cache.async_get_cache("set") == {"x", "y"}
        assert await cache.async_batch_get_cache(["a", "b", "c"]) == [3, 2, 3]
        assert await cache.async_get_ttl("nobody") is None and await cache.async_get_ttl("a") > 0

    asyncio.run(use())


class Second:
    """What a program may have behind memory."""

    def __init__(self):
        self.kept, self.asked = {}, []

    def get_cache(self, key, **_):
        self.asked.append(key)
        return self.kept.get(key)

    def set_cache(self, key, value, **kwargs):
        self.kept[key] = value

    def increment_cache(self, key, value, **_):
        self.kept[key] = self.kept.get(key, 0) + value
        return self.kept[key]

    def delete_cache(self, key):
        self.kept.pop(key, None)

    def flush_cache(self):
        self.kept.clear()

    async def async_get_cache(self, key, **_):
        return self.get_cache(key)

    async def async_set_cache(self, key, value, **kwargs):
        self.set_cache(key, value)

    async def async_increment(self, key, value, **_):
        return self.increment_cache(key, value)

    async def async_delete_cache(self, key):
        self.delete_cache(key)

    async def async_get_ttl(self, key):
        return 7 if key in self.kept else None


def test_two_caches_one_behind_the_other(patchbay, clock):
    second = Second()
    memory = patchbay.InMemoryCache(clock=clock)
    cache = patchbay.DualCache(in_memory_cache=memory, redis_cache=second, default_in_memory_ttl=5)
    cache.set_cache("a", "x")
    cache.set_cache("here", "y", local_only=True)
    assert second.kept == {"a": "x"} and cache.get_cache("a") == "x" and not second.asked
    clock.now += 6
    assert cache.get_cache("a", local_only=True) is None
    assert cache.get_cache("a") == "x" and cache.get_cache("a") == "x" and second.asked == ["a"]
    assert memory.ttl_dict["a"] == clock.now + 5
    second.kept["n"] = 10
    assert cache.increment_cache("n", 1) == 11
    assert cache.batch_get_cache(["a", "nobody"]) == ["x", None]
    cache.delete_cache("a")
    assert cache.get_cache("a") is None

    async def use():
        await cache.async_set_cache("b", 1)
        memory.flush_cache()
        assert await cache.async_get_cache("b") == 1 and await cache.async_batch_get_cache(["b"]) == [1]
        assert await cache.async_increment_cache("b", 1) == 2
        await cache.async_delete_cache("b")
        assert await cache.async_get_cache("b") is None
        await cache.async_set_cache_pipeline([("c", 3)])
        memory.flush_cache()
        assert await cache.async_get_ttl("c") == 7

    asyncio.run(use())
    cache.flush_cache()
    assert not second.kept


def test_without_a_second_cache_it_is_memory(patchbay):
    from patchbay.caching.caching import DualCache

    cache = DualCache()
    cache.set_cache("a", 1, ttl=60)
    assert cache.get_cache("a") == 1 and cache.increment_cache("a", 1) == 2
    cache.update_cache_ttl(default_in_memory_ttl=3, default_redis_ttl=None)
    assert cache.default_in_memory_ttl == 3
    with pytest.raises(NotImplementedError, match="patchbay.Cache"):
        patchbay.RedisCache()
