"""LiteLLM's module of this name: its loggers, which are one here ("patchbay"), and what turns their lines on and off."""

from __future__ import annotations

import logging

from . import _debug, _settings
from ._debug import print_verbose, turn_on as _turn_on_debug  # noqa: F401
from ._paths import of_package as __getattr__  # noqa: F401

verbose_logger = verbose_router_logger = verbose_proxy_logger = logging.getLogger("patchbay")
ALL_LOGGERS = [verbose_logger]
handler = logging.StreamHandler()
json_logs = False
log_level = "DEBUG"
numeric_level = logging.DEBUG


def _disable_debugging() -> None:
    """Says nothing of that any more."""
    _settings.put("set_verbose", False)
    verbose_logger.disabled = True


def _enable_debugging() -> None:
    """Undoes _disable_debugging()."""
    verbose_logger.disabled = False


def _turn_on_json() -> None:
    """Lines are plain text always."""
