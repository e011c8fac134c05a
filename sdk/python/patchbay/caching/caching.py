"""LiteLLM's module of this name."""

from .._paths import of_package as __getattr__  # noqa: F401
from . import Cache, LiteLLMCacheType, disable_cache, enable_cache, update_cache

__all__ = ["Cache", "LiteLLMCacheType", "disable_cache", "enable_cache", "update_cache"]
