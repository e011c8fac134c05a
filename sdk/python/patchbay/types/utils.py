"""LiteLLM's module of this name: the classes of answers."""

from .._objects import *  # noqa: F401,F403
