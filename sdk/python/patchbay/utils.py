"""LiteLLM's module of this name: functions of the package that programs import from it."""

from __future__ import annotations

from typing import Any

from . import __getattr__ as _late
from ._objects import *  # noqa: F401,F403
from .exceptions import *  # noqa: F401,F403


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return _late(name)
