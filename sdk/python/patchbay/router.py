"""Several deployments under one name, with retries, fallbacks and load balancing, as the gateway has them."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional

from . import _engine, _objects, _requests, main

#: Parameters of LiteLLM's Router that belong to `litellm_settings` of a configuration.
_LITELLM_SETTINGS = ("drop_params", "success_callback", "failure_callback")
#: Parameters that mean something only in LiteLLM's process.
_IGNORED = ("cache_responses", "redis_url", "redis_host", "redis_port", "redis_password", "assistants_config", "debug_level")


class Router:
    """`Router(model_list=[...], fallbacks=[...])`: LiteLLM's Router, over the gateway's.

    `model_list` and settings are those of the gateway's config.yaml (docs/configuration.md); what the
    configuration has wrong raises ValueError, what is left out is warned of. Methods take what the module's
    functions take, with `model` one of the names of the list.
    """

    def __init__(self, model_list: Optional[List[Dict[str, Any]]] = None, **settings: Any) -> None:
        config: Dict[str, Any] = {"model_list": model_list or []}
        router = {k: v for k, v in settings.items() if v is not None and k not in _IGNORED}
        litellm = {k: router.pop(k) for k in _LITELLM_SETTINGS if k in router}
        if router:
            config["router_settings"] = router
        if litellm:
            config["litellm_settings"] = litellm
        self.model_list = model_list or []
        self.settings = settings
        self._text = json.dumps(config, ensure_ascii=False, default=str)
        self._engine: Optional[_engine.Engine] = _engine.Engine(config=self._text)

    @classmethod
    def from_config(cls, file: str) -> "Router":
        """A router for a config.yaml."""
        made = cls.__new__(cls)
        made.model_list = []
        made.settings = {}
        made._text = ""
        made._file = file  # type: ignore[attr-defined]
        made._engine = _engine.Engine(config_file=file)
        return made

    @property
    def engine(self) -> _engine.Engine:
        """Its engine; in a child of a fork its own."""
        import os

        if self._engine is None or self._engine.pid != os.getpid():
            file = getattr(self, "_file", None)
            self._engine = _engine.Engine(config=self._text or None, config_file=file)
        return self._engine

    def completion(self, model: str, messages: List[Any], **kwargs: Any) -> Any:
        """completion() by the deployments of `model`."""
        request = _requests.build({"model": model, "messages": messages, **kwargs})
        return main._run(
            "chat.completions", request, _objects.ModelResponse, _objects.ModelResponseStream, self.engine
        )

    async def acompletion(self, model: str, messages: List[Any], **kwargs: Any) -> Any:
        """completion() for asyncio."""
        request = _requests.build({"model": model, "messages": messages, **kwargs})
        return await main._run_async(
            "chat.completions", request, _objects.ModelResponse, _objects.ModelResponseStream, self.engine
        )

    async def abatch_completion(self, models: List[str], messages: List[Any], **kwargs: Any) -> List[Any]:
        """One conversation, asked of several models at once."""
        import asyncio

        calls = [self.acompletion(model, messages, **kwargs) for model in models]
        return await asyncio.gather(*calls, return_exceptions=True)

    def get_model_names(self) -> List[str]:
        """The names that can be called."""
        return self.engine.look_up("models", {})

    @property
    def model_names(self) -> List[str]:
        return self.get_model_names()

    def get_model_list(self, model_name: Optional[str] = None) -> List[Dict[str, Any]]:
        """The entries of `model_list`, of one name or all."""
        return [one for one in self.model_list if model_name in (None, one.get("model_name"))]

    def discard(self) -> None:
        """Cancels what is under way and ends its engine."""
        if self._engine is not None:
            self._engine.close()


def _method(name: str) -> Any:
    operation, _, kind = main._TABLE[name]

    def call(self: Router, *args: Any, **kwargs: Any) -> Any:
        return main._run(operation, main.arguments_of(name, args, kwargs), kind, kind, self.engine)

    async def acall(self: Router, *args: Any, **kwargs: Any) -> Any:
        return await main._run_async(operation, main.arguments_of(name, args, kwargs), kind, kind, self.engine)

    call.__name__, acall.__name__ = name, "a" + name
    call.__doc__ = f"{name}() by the router's deployments."
    acall.__doc__ = f"{name}() for asyncio."
    return call, acall


for _name in main._TABLE:
    _call, _acall = _method(_name)
    setattr(Router, _name, _call)
    setattr(Router, "a" + _name, _acall)
