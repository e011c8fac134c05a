"""LiteLLM's module of this name: the classes of answers, and what else the package has."""

from __future__ import annotations

from .._objects import *  # noqa: F401,F403
from .._responses import *  # noqa: F401,F403
from .._paths import of_package as __getattr__  # noqa: F401
