"""LiteLLM's module of this name: the classes of answers, and what else the package has."""

from __future__ import annotations

from typing import Any

from .. import __getattr__ as _late
from .._objects import *  # noqa: F401,F403


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return _late(name)
