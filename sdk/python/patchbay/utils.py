"""LiteLLM's module of this name: functions of the package that programs import from it."""

from __future__ import annotations

from ._objects import *  # noqa: F401,F403
from ._responses import *  # noqa: F401,F403
from ._paths import of_package as __getattr__  # noqa: F401
from .exceptions import *  # noqa: F401,F403
