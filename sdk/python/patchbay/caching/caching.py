"""LiteLLM's module of this name."""

from .._paths import of_package as __getattr__  # noqa: F401
from . import Cache, LiteLLMCacheType, disable_cache, enable_cache, update_cache
from .dual_cache import DualCache
from .in_memory_cache import InMemoryCache

__all__ = ["Cache", "DualCache", "InMemoryCache", "LiteLLMCacheType", "disable_cache", "enable_cache", "update_cache"]
