"""Several deployments under one name, with retries, fallbacks and load balancing, as the gateway has them."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any, Dict, List, Optional

from . import _engine, _entries, _not_done, _objects, _requests, _settings, main
from ._deployments import Deployments
from .types.router import AllowedFailsPolicy, Deployment, LiteLLM_Params, ModelInfo, RetryPolicy, RoutingStrategy  # noqa: F401

#: Settings that can be read and set as attributes, and what they are if nobody says.
_ATTRIBUTES: Dict[str, Any] = {
    **dict.fromkeys(
        (
            "timeout", "stream_timeout", "fallbacks", "context_window_fallbacks", "content_policy_fallbacks", "default_fallbacks",
            "model_group_alias", "retry_policy", "model_group_retry_policy", "allowed_fails", "allowed_fails_policy", "cooldown_time",
            "max_fallbacks", "default_max_parallel_requests",
        )
    ),
    "num_retries": 2,
    "retry_after": 0,
    "routing_strategy": "simple-shuffle",
    "enable_pre_call_checks": False,
}
_INSIDE = "what the engine knows of deployments is not told"
#: Methods of LiteLLM's -> why they are not there.
_NOT_DONE = {
    **dict.fromkeys(
        (
            "async_get_healthy_deployments", "get_model_group_usage", "get_remaining_model_group_usage",
        ),
        _INSIDE,
    ),
    "set_custom_routing_strategy": "a strategy is one of docs/routing.md",
    "aguardrail": "guardrails run with a call",
    "aadapter_completion": "there are no adapters: anthropic_messages() and responses() take every model",
    "flush_cache": "answers that are kept are flushed by reset(), or at the server that keeps them",
    **{f"{prefix}{name}": why for name, why in _not_done.FUNCTIONS.items() for prefix in ("", "a")},
}
class Router(Deployments):
    """`Router(model_list=[...], fallbacks=[...])`: LiteLLM's Router, over the gateway's.

    `model_list` and settings are those of the gateway's config.yaml (docs/configuration.md); what the
    configuration has wrong raises ValueError, what is left out is warned of. Methods take what the module's
    functions take, with `model` one of the names of the list. A change of the list or the settings makes the
    engine anew; calls under way end in the one that they began in.
    """

    def __init__(self, model_list: Optional[List[Dict[str, Any]]] = None, **settings: Any) -> None:
        self.model_list = _entries.with_ids(model_list or [])
        self.settings = settings
        self._file: Optional[str] = None
        self._open()

    @classmethod
    def from_config(cls, file: str) -> "Router":
        """A router for a config.yaml."""
        made = cls.__new__(cls)
        made.model_list = []
        made.settings = {}
        made._file = file
        made._open()
        return made

    def _open(self) -> None:
        self._tokens = {} if self._file else _entries.tokens_of(self.model_list)
        self._routes = None if self._file else _routes(self.model_list, self.settings)
        text = None if self._file else _text(self._routes, self.model_list, self.settings)
        self._engine = _engine.Engine(config=text, config_file=self._file)

    @property
    def engine(self) -> _engine.Engine:
        """Its engine; in a child of a fork its own."""
        if self._engine.pid != os.getpid() or (self._tokens and _entries.tokens_of(self.model_list) != self._tokens):
            self._open()
        return self._engine

    def _with_defaults(self, arguments: Dict[str, Any]) -> Dict[str, Any]:
        """The arguments of a call, with what `default_litellm_params` says of those that it does not."""
        defaults = self.settings.get("default_litellm_params")
        if not defaults:
            return arguments
        made = {**defaults, **{name: value for name, value in arguments.items() if value is not None}}
        if isinstance(defaults.get("metadata"), dict) and isinstance(arguments.get("metadata"), dict):
            made["metadata"] = {**arguments["metadata"], **defaults["metadata"]}  # as LiteLLM
        return made

    def _ask(self, operation: str, request: Dict[str, Any], whole: Any, piece: Any) -> Any:
        if self._routes is None:
            return main.ask(self.engine, operation, request, whole, piece)
        from . import _custom

        return _custom.drive(
            self._routes.tries(request), lambda who, one: main.ask(who or self.engine, operation, one, whole, piece)
        )

    async def _ask_async(self, operation: str, request: Dict[str, Any], whole: Any, piece: Any) -> Any:
        if self._routes is None:
            return await main.ask_async(self.engine, operation, request, whole, piece)
        from . import _custom

        return await _custom.drive_async(
            self._routes.tries(request), lambda who, one: main.ask_async(who or self.engine, operation, one, whole, piece)
        )

    def completion(self, model: str, messages: List[Any], **kwargs: Any) -> Any:
        """completion() by the deployments of `model`."""
        request = _requests.build(self._with_defaults({"model": model, "messages": messages, **kwargs}), own=False)
        return self._ask("chat.completions", request, _objects.ModelResponse, _objects.ModelResponseStream)

    async def acompletion(self, model: str, messages: List[Any], **kwargs: Any) -> Any:
        """completion() for asyncio."""
        request = _requests.build(self._with_defaults({"model": model, "messages": messages, **kwargs}), own=False)
        return await self._ask_async("chat.completions", request, _objects.ModelResponse, _objects.ModelResponseStream)

    @property
    def chat(self) -> SimpleNamespace:
        """`router.chat.completions.create(model=..., messages=...)`: completion() by the name that OpenAI's SDK has for it."""
        return SimpleNamespace(completions=SimpleNamespace(create=self.completion))

    async def schedule_acompletion(self, model: str, messages: List[Any], priority: int, **kwargs: Any) -> Any:
        """acompletion() that waits for its turn behind calls of a smaller `priority`."""
        return await self.acompletion(model, messages, priority=priority, **kwargs)

    async def abatch_completion(self, models: List[str], messages: List[Any], **kwargs: Any) -> List[Any]:
        """A conversation, or each of a list of conversations, asked of several models at once.

        Of a list of conversations the answer is a list for each.
        """
        import asyncio

        def all_models(conversation: Any) -> Any:
            calls = [self.acompletion(model, conversation, **kwargs) for model in models]
            return asyncio.gather(*calls, return_exceptions=True)

        if messages and all(isinstance(one, list) for one in messages):
            return await asyncio.gather(*(all_models(one) for one in messages))
        return await all_models(messages)

    async def abatch_completion_one_model_multiple_requests(
        self, model: str, messages: List[List[Any]], **kwargs: Any
    ) -> List[Any]:
        """Many conversations, asked of one model at once."""
        import asyncio

        calls = [self.acompletion(model, one, **kwargs) for one in messages]
        return await asyncio.gather(*calls, return_exceptions=True)

    async def abatch_completion_fastest_response(self, model: str, messages: List[Any], **kwargs: Any) -> Any:
        """The first good answer of several models, "gpt-4o, claude": the others are cancelled."""
        import asyncio

        tasks = [
            asyncio.ensure_future(self.acompletion(name.strip(), messages, **kwargs)) for name in model.split(",")
        ]
        failed: Optional[BaseException] = None
        try:
            for next_done in asyncio.as_completed(tasks):
                try:
                    return await next_done
                except Exception as error:  # noqa: BLE001 -- another may still answer
                    failed = error
        finally:
            for task in tasks:
                task.cancel()
        assert failed is not None
        raise failed

    # Changes.

    def set_model_list(self, model_list: List[Dict[str, Any]]) -> None:
        """Serves these deployments and no others."""
        self._change(_entries.with_ids(model_list), self.settings)

    def add_deployment(self, deployment: Any) -> Any:
        """One more; the entry as it was given."""
        self._change(_entries.with_ids([*self.model_list, deployment]), self.settings)
        return deployment

    def upsert_deployment(self, deployment: Any) -> Any:
        """add_deployment(), in place of the one with the same id."""
        entry = _entries.with_id(_entries.entry_of(deployment))
        others = [one for one in self.model_list if one["model_info"]["id"] != entry["model_info"]["id"]]
        self._change([*others, entry], self.settings)
        return deployment

    def delete_deployment(self, id: str) -> Optional[Deployment]:
        """Serves it no more; its entry, None if there was none."""
        gone = self.get_deployment(id)
        if gone is not None:
            self._change([one for one in self.model_list if one["model_info"]["id"] != id], self.settings)
        return gone

    def get_settings(self) -> Dict[str, Any]:
        """The settings that were given."""
        return dict(self.settings)

    def update_settings(self, **settings: Any) -> None:
        """Changes settings: `num_retries`, `timeout`, `routing_strategy`, `fallbacks`, ..."""
        self._change(self.model_list, {**self.settings, **settings})

    def _change(self, model_list: List[Dict[str, Any]], settings: Dict[str, Any]) -> None:
        if self._file:
            raise NotImplementedError("a router of a configuration file is changed by changing the file")
        routes = _routes(model_list, settings)
        engine = _engine.Engine(config=_text(routes, model_list, settings))  # raises before anything is changed
        self.model_list, self.settings, self._engine, self._routes = model_list, settings, engine, routes
        self._tokens = _entries.tokens_of(model_list)

    def reset(self) -> None:
        """Forgets what is known of the deployments: failures, latencies, how busy they are."""
        self._open()

    def discard(self) -> None:
        """Cancels what is under way and ends its engine."""
        self._engine.close()

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _ATTRIBUTES:
            self.update_settings(**{name: value})
        else:
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name in _ATTRIBUTES:
            return self.settings.get(name, _ATTRIBUTES[name])
        why = _NOT_DONE.get(name)
        if why is None:
            raise AttributeError(f"'Router' object has no attribute '{name}'")
        return _not_done.refusal(f"Router.{name}", why)


def _routes(model_list: List[Dict[str, Any]], settings: Dict[str, Any]) -> Any:
    """The deployments of providers in Python, in programs that have some."""
    if not _settings.get("custom_provider_map"):
        return None
    from . import _custom_routes

    return _custom_routes.of(model_list, settings)


def _text(routes: Any, model_list: List[Dict[str, Any]], settings: Dict[str, Any]) -> str:
    """The configuration of the engine's part."""
    if routes is None:
        return _entries.configuration(model_list, settings)
    return _entries.configuration(routes.model_list, routes.settings)


def _method(name: str) -> Any:
    operation, places, kind = main._TABLE[name]

    def request_of(self: Router, args: Any, kwargs: Dict[str, Any]) -> Dict[str, Any]:
        given = self._with_defaults({**dict(zip(places, args)), **kwargs})
        return main.arguments_of(name, args[len(places) :] and args, given, own=False)

    def call(self: Router, *args: Any, **kwargs: Any) -> Any:
        return self._ask(operation, request_of(self, args, kwargs), kind, kind)

    async def acall(self: Router, *args: Any, **kwargs: Any) -> Any:
        return await self._ask_async(operation, request_of(self, args, kwargs), kind, kind)

    call.__name__, acall.__name__ = name, "a" + name
    call.__doc__ = f"{name}() by the router's deployments."
    acall.__doc__ = f"{name}() for asyncio."
    return call, acall


for _name in main._TABLE:
    _call, _acall = _method(_name)
    setattr(Router, _name, _call)
    setattr(Router, "a" + _name, _acall)
