"""LiteLLM's module of this name."""

from .._callbacks import CustomLogger

__all__ = ["CustomLogger"]
