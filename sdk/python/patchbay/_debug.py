"""What is asked and answered, as lines of Python's logger "patchbay", if `set_verbose` or _turn_on_debug() wants them."""

from __future__ import annotations

from typing import Any, Dict, Optional

from . import _settings

#: Parts of names whose values are in no line.
_SECRET = ("key", "token", "secret", "password", "credential", "authorization")
_LONGEST = 2000


def on() -> bool:
    return bool(_settings.get("set_verbose"))


def __getattr__(name: str) -> Any:
    """LiteLLM's names of loggers: `verbose_logger`, `verbose_router_logger`, `verbose_proxy_logger`."""
    if not (name.startswith("verbose_") and name.endswith("logger")):
        raise AttributeError(name)
    import logging

    return logging.getLogger("patchbay")


def turn_on() -> None:
    """Lines go to the standard error, unless the program's logging has handlers."""
    import logging

    _settings.put("set_verbose", True)
    logger = logging.getLogger("patchbay")
    logger.disabled = False
    logger.setLevel(logging.DEBUG)
    if not logger.hasHandlers():
        logger.addHandler(logging.StreamHandler())


def _shown(request: Dict[str, Any]) -> Dict[str, Any]:
    hidden = [k for k in request if any(word in k.lower() for word in _SECRET) and not k.endswith("tokens")]
    hidden += [k for k in ("extra_headers", "headers") if k in request]
    return {**request, **dict.fromkeys(hidden, "***")}


def print_verbose(text: Any) -> None:
    """A line of the program's own."""
    say(str(text))


def say(text: str) -> None:
    import logging

    if on():
        logging.getLogger("patchbay").debug("%s", text if len(text) <= _LONGEST else text[:_LONGEST] + "...")


def asked(operation: str, request: Dict[str, Any]) -> None:
    say(f"{operation}: asked with {_shown(request)}")


def answered(what: Optional[Any]) -> None:
    say(f"answered: {what}")
