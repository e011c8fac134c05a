"""Calls of providers that the program has in Python (`custom_provider_map`).

No engine has to do with them: the handler is asked where the call is made, on its thread or in its event loop, and what
it answers is told to callbacks and rules as other answers are. Nobody keeps its answers in a cache, and log sinks that are
named hear of none of its calls.
"""

from __future__ import annotations

import time
import uuid
import warnings
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

from . import _custom_map, _debug, _engine, _loops, _objects, _requests, _settings, _tokenizers, exceptions, helpers, models
from ._custom_params import litellm_params, optional_params
from ._custom_stream import ProviderStream, Source

#: operation -> the handler's method; awaited ones have an "a" in front
_METHODS = {"chat.completions": "completion", "embeddings": "embedding", "images.generate": "image_generation"}
_TAKES_ALL = 0x08  # of a function's code: it has **kwargs


def _taken(method: Any, given: Dict[str, Any]) -> Dict[str, Any]:
    """The arguments that a method takes: LiteLLM's documentation shows some that do not name all of them."""
    code = getattr(getattr(method, "__func__", None), "__code__", None)
    if code is None or code.co_flags & _TAKES_ALL:
        return given
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return {name: value for name, value in given.items() if name in names}


class Logging:
    """`logging_obj`: what handlers that were written for LiteLLM tell of their calls. Callbacks hear of the call without it."""

    def __init__(self, identity: str) -> None:
        self.litellm_call_id = identity
        self.model_call_details: Dict[str, Any] = {"litellm_call_id": identity}

    def pre_call(self, input: Any = None, api_key: Any = None, additional_args: Any = None, **_: Any) -> None:
        _debug.say(f"asked: {input}")

    def post_call(self, original_response: Any = None, *_: Any, **__: Any) -> None:
        _debug.say(f"answered: {original_response}")


class Provider:
    """One model of a provider in Python; calls have it where others have an engine."""

    stream_kind = ProviderStream

    def __init__(self, found: _custom_map.Found, fallbacks: int = 0, entry: Optional[Dict[str, Any]] = None) -> None:
        self.name, self.handler, self.model = found
        self._fallbacks = fallbacks
        self._entry = entry or {}
        if _settings.of_the_engine() is not None:
            warnings.warn(f"{self.name}: a provider in Python: log sinks hear nothing of it, and no cache keeps its answers", stacklevel=2)

    def call(self, method: Any, operation: str, request: Dict[str, Any], awaited: bool, identity: str) -> Any:
        """What a method of the handler returns."""
        return method(**_taken(method, self._arguments(operation, request, awaited, identity)))

    def _arguments(self, operation: str, request: Dict[str, Any], awaited: bool, identity: str) -> Dict[str, Any]:
        given: Dict[str, Any] = {
            "model": self.model,
            "optional_params": optional_params(request),
            "logging_obj": Logging(identity),
            "api_key": request.get("api_key"),
            "api_base": request.get("api_base"),
            "timeout": request.get("timeout", 600.0),
        }
        if operation == "images.generate":
            return {**given, "prompt": request.get("prompt"), "model_response": _objects.ImageResponse(), "client": None}
        given["litellm_params"] = litellm_params(request, self.name, identity)
        given["print_verbose"] = _debug.print_verbose
        if operation == "embeddings":
            return {**given, "input": request.get("input"), "model_response": _objects.EmbeddingResponse()}
        return {
            **given,
            "messages": request.get("messages"),
            "model_response": _objects.ModelResponse(),
            "custom_prompt_dict": {},
            "encoding": _tokenizers.encoding,
            "acompletion": awaited,
            "logger_fn": getattr(request, "logger_fn", None),
            "headers": request.get("extra_headers") or {},
            "client": None,
        }

    def start(self, operation: str, request: Dict[str, Any]) -> Source:
        """The pieces of a streamed chat."""
        return Source(self, operation, request)

    def whole(self, operation: str, request: Dict[str, Any]) -> Any:
        method = self._method(operation, "")
        call = Attempts(self, request)
        while True:
            try:
                return call.answered(self.call(method, operation, request, False, call.identity))
            except Exception as error:  # noqa: BLE001 -- the program's own
                wait = call.failed(error)
            time.sleep(wait)

    async def whole_async(self, operation: str, request: Dict[str, Any]) -> Any:
        method = self._method(operation, "a")
        call = Attempts(self, request)
        while True:
            try:
                answer = self.call(method, operation, request, True, call.identity)
                return call.answered(await answer if hasattr(answer, "__await__") else answer)
            except Exception as error:  # noqa: BLE001 -- the program's own
                wait = call.failed(error)
            await _loops.sleep(wait)

    def _method(self, operation: str, prefix: str) -> Callable[..., Any]:
        name = _METHODS.get(operation)
        if name is None:
            raise NotImplementedError(
                f"{self.name}/{self.model}: a provider in Python has {', '.join(_METHODS.values())}, and no {operation}"
            )
        return getattr(self.handler, prefix + name)

    def failure(self, error: Exception) -> Exception:
        """What a call raises where the handler raised `error`: the class of its status, as of other providers."""
        if isinstance(error, (exceptions.PatchbayError, NotImplementedError)):
            return error
        status = getattr(error, "status_code", None)
        named = f"{self.name[:1].upper()}{self.name[1:]}Exception - {error}"
        if isinstance(error, TimeoutError) or any(cls.__name__ == "TimeoutException" for cls in type(error).__mro__):
            cls: Any = exceptions.Timeout
        elif isinstance(status, int):
            cls = exceptions.of_status(status)
        else:
            cls, named = exceptions.APIConnectionError, str(error) or type(error).__name__
        made = exceptions.raisable(cls)(
            message=named,
            model=self.model,
            llm_provider=self.name,
            status_code=status if isinstance(status, int) else None,
            headers=dict(getattr(error, "headers", None) or {}),
            body=getattr(error, "body", None),
        )
        made.__cause__ = error
        return made

    def about(self, request: Dict[str, Any], usage: Any, call: "Attempts") -> Dict[str, Any]:
        """What is known of a call, in the words of the engine."""
        prices = {name: value for name, value in request.items() if models.is_price(name)}
        return {
            "provider": self.name,
            "model": f"{self.name}/{self.model}",
            "model_id": (self._entry.get("model_info") or {}).get("id"),
            "model_group": self._entry.get("model_name"),
            "api_base": request.get("api_base"),
            "call_id": call.identity,
            "usage": usage,
            "cost": _cost(self.model, prices, usage) if prices and usage else None,
            "duration_ms": (time.monotonic() - call.began) * 1000,
            "retries": call.retries,
            "fallbacks": self._fallbacks,
            "cache_hit": False,
        }


def _cost(model: str, prices: Dict[str, Any], usage: Dict[str, Any]) -> Optional[float]:
    bill = _engine.default().look_up("cost", {"model": model, "prices": prices, "usage": usage})
    return bill.get("cost") if bill else None


def passes(failure: Exception) -> bool:
    """May a call that failed so be good when it is made again?"""
    return helpers._should_retry(getattr(failure, "status_code", 0))


class Attempts:
    """How often one call is made: again after a failure that may pass, `num_retries` times."""

    def __init__(self, provider: Provider, request: Dict[str, Any]) -> None:
        self._provider = provider
        self._request = request
        self._left = int(request.get("num_retries", request.get("max_retries")) or 0)
        self.identity = str(request.get("litellm_call_id") or uuid.uuid4())
        self.began = time.monotonic()
        self.retries = 0

    def failed(self, error: Exception) -> float:
        """Seconds after which it is made again. Raises what it failed with if it is not."""
        failure = self._provider.failure(error)
        status = getattr(failure, "status_code", 0)
        if self.retries >= self._left or not passes(failure):
            raise failure
        self.retries += 1
        return min(8.0, 0.25 * 2**self.retries) if status == 429 else 0.0

    def facts(self, usage: Any) -> Dict[str, Any]:
        return self._provider.about(self._request, usage, self)

    def answered(self, answer: Any) -> Any:
        """The handler's answer, with what is known of its call."""
        if not isinstance(answer, _objects.Answer):
            return answer
        usage = answer.get("usage")
        known = _objects.hidden_of(self.facts(usage.model_dump(exclude_none=True) if usage is not None else None))
        inner = answer._hidden_params
        # What another call cost that the handler made is what this one costs, and was counted there.
        known["cost_of_another_call"] = known["response_cost"] is None and inner.get("response_cost") is not None
        whose = {name: known[name] for name in ("model_id", "model_group", "api_base")}
        answer._hidden_params = {**inner, **{name: value for name, value in known.items() if value is not None}, **whose}
        if "model" in answer and answer.model is None:
            answer.model = self._provider.model
        return answer


Asked = Tuple[Any, Dict[str, Any]]


def tries(request: Dict[str, Any]) -> Optional[Iterator[Asked]]:
    """Who is asked of a call, and with which request: its model, then its `fallbacks`. None: the engine serves them all.

    For drive(); an engine is None.
    """
    given = request.get("fallbacks")
    others = list(given) if isinstance(given, (list, tuple)) else []
    asked = [request, *(_instead(request, one) for one in others)]
    found = [_custom_map.find(one.get("model"), one.get("custom_llm_provider")) for one in asked]
    if not any(found):
        return None
    return _in_turn([_who(one, by, place) for place, (one, by) in enumerate(zip(asked, found))])


def _who(request: Dict[str, Any], found: Optional[_custom_map.Found], place: int) -> Asked:
    alone = _requests.changed(request, fallbacks=None)
    if found is None:
        return None, alone
    if any(name.startswith("mock_") for name in request):  # which the engine plays, for any provider
        return None, _requests.changed(alone, model=found.model, custom_llm_provider="openai")
    return Provider(found, place), alone


def _instead(request: Dict[str, Any], other: Any) -> Dict[str, Any]:
    """The request of a fallback: the same, at its own deployment."""
    members = dict(other) if isinstance(other, dict) else {"model": other}
    left_out: Dict[str, Any] = dict.fromkeys(("custom_llm_provider", "fallbacks"))
    own = models.registered_prices(str(request.get("model")), request.get("custom_llm_provider"))
    left_out.update(dict.fromkeys(own))
    if str(members.get("model")).partition("/")[0] != str(request.get("model")).partition("/")[0]:
        left_out.update(dict.fromkeys(("api_key", "api_base", "api_version", "organization")))
    made = _requests.changed(request, **{**left_out, **members})
    _settings.fill(made, True)
    _requests.price(made)
    return made


def _in_turn(asked: List[Asked]) -> Iterator[Asked]:
    for one in asked[:-1]:
        try:
            yield one
            return
        except exceptions.BudgetExceededError:
            raise
        except exceptions.PatchbayError:
            pass
    yield asked[-1]


def drive(steps: Any, ask: Callable[[Any, Any], Any]) -> Any:
    """The first good answer of who `steps` names. Why one failed is thrown into it, and it names the next, or raises."""
    who, request = next(steps)
    while True:
        try:
            return ask(who, request)
        except exceptions.PatchbayError as error:
            who, request = steps.throw(error)


async def drive_async(steps: Any, ask: Callable[[Any, Any], Any]) -> Any:
    """drive() for asyncio."""
    who, request = next(steps)
    while True:
        try:
            return await ask(who, request)
        except exceptions.PatchbayError as error:
            who, request = steps.throw(error)
