"""Many chats at once, without a thread for each: one conversation each, or one conversation to several models."""

from __future__ import annotations

import selectors
from typing import Any, Dict, Iterator, List, Optional, Tuple

from . import _callbacks, _calls, _engine, _objects, _rules, _settings, _told, exceptions, main


class _UnderWay:
    """One chat that is answered whole. Rules and callbacks hear of it as of any other."""

    def __init__(self, engine: _engine.Engine, arguments: Dict[str, Any]) -> None:
        self.call: Any = None  # None: it was refused
        self._request = request = main.chat_request(arguments["model"], arguments)
        self._collected = _calls.Collected(_objects.ModelResponse._of, arguments["model"])
        self._told: Optional[_told.Told] = None
        self._refused: Optional[exceptions.PatchbayError] = None
        try:
            _rules.before(request)
            self._told = _told.Told("chat.completions", request, False) if _callbacks.wanted(request) else None
            self.call = engine.start("chat.completions", request)
        except exceptions.PatchbayError as error:
            self._refused = error

    def step(self, timeout_ms: int) -> Any:
        """Takes what has come; the answer at its end, None before. Raises why it failed."""
        try:
            if self._refused is not None:
                raise self._refused
            while True:
                event = _engine.wait(self.call, timeout_ms)
                if event is None:
                    return None
                if self._collected.take(event):
                    answer = self._collected.answer()
                    _rules.after(self._request, answer)
                    break
        except Exception as error:
            if self._told is not None:
                self._told.failed(error)
            raise
        if self._told is not None:
            self._told.succeeded(answer)
        return answer

    def answer(self) -> Any:
        """The answer, waiting for it; in place of one that failed its exception."""
        try:
            return self.step(-1)
        except exceptions.PatchbayError as error:
            return error

    def leave(self) -> None:
        """Cancels it, if it is under way."""
        if self.call is not None:
            self.call.cancel()


def _answer(arguments: Dict[str, Any]) -> Any:
    """The answer, on this thread; in place of one that failed its exception."""
    try:
        return main.completion(**arguments)
    except exceptions.PatchbayError as error:
        return error


def _in_threads(calls: List[Dict[str, Any]], most: int = 100) -> Any:
    """Futures of calls of which some are for a provider in Python, which only threads can ask at once. None: the engine
    serves them all."""
    if not _settings.get("custom_provider_map") or not any(main.tries(main.chat_request(one["model"], one)) for one in calls):
        return None
    import concurrent.futures

    pool = concurrent.futures.ThreadPoolExecutor(min(max(1, most), len(calls)))
    futures = [pool.submit(_answer, one) for one in calls]
    pool.shutdown(wait=False)
    return futures


def _first_good(futures: Any) -> Any:
    import concurrent.futures

    for future in concurrent.futures.as_completed(futures):
        answer = future.result()
        if not isinstance(answer, BaseException):
            return answer
    raise answer


def _stream(engine: _engine.Engine, model: str, conversation: List[Any], kwargs: Dict[str, Any]) -> Any:
    request = main.chat_request(model, {"model": model, "messages": conversation, **kwargs})
    return _calls.CustomStreamWrapper(engine, "chat.completions", request, _objects.ModelResponseStream._of)


def _begun(stream: Any) -> Any:
    try:
        return stream.begin()
    except exceptions.PatchbayError as error:
        return error


def batch_completion(
    model: str, messages: Optional[List[List[Any]]] = None, max_workers: int = 100, **kwargs: Any
) -> List[Any]:
    """completion() of many conversations at once, `max_workers` at a time.

    The answers stand in the conversations' order; in place of one that failed stands its exception. With `stream=True`
    they are streams, all of them under way at once.
    """
    in_threads = _in_threads([{"model": model, "messages": one, **kwargs} for one in messages or []], max_workers)
    if in_threads is not None:
        return [one.result() for one in in_threads]
    engine = _engine.default()
    if kwargs.get("stream"):
        return [_begun(one) for one in [_stream(engine, model, conversation, kwargs) for conversation in messages or []]]
    under_way: List[_UnderWay] = []
    answers: List[Any] = []
    for conversation in messages or []:
        if len(under_way) >= max(1, max_workers):
            answers.append(under_way.pop(0).answer())
        under_way.append(_UnderWay(engine, {"model": model, "messages": conversation, **kwargs}))
    return answers + [one.answer() for one in under_way]


async def abatch_completion(model: str, messages: List[List[Any]], **kwargs: Any) -> List[Any]:
    """batch_completion() for asyncio."""
    import asyncio

    kwargs.pop("max_workers", None)
    calls = [main.acompletion(model, conversation, **kwargs) for conversation in messages]
    return await asyncio.gather(*calls, return_exceptions=True)


def _each_of(args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Iterator[Dict[str, Any]]:
    """The arguments of a call for each of `models`, or of `deployments`, whose members say more of them."""
    kwargs = main.named(main.completion, args, kwargs)
    models = kwargs.pop("models", None)
    deployments = kwargs.pop("deployments", None)
    own = kwargs.pop("model", None)
    if models is None and deployments is None:
        models = own if isinstance(own, list) else [own]
    for model in [models] if isinstance(models, str) else models or []:
        yield {**kwargs, "model": model}
    for deployment in deployments or []:
        yield {**kwargs, **deployment}


def batch_completion_models(*args: Any, **kwargs: Any) -> Any:
    """Asks all of `models` (or `deployments`) at once: the first good answer; the others are cancelled.

    Raises what the last one failed with if all of them did.
    """
    if kwargs.get("stream"):
        raise exceptions.raisable(exceptions.BadRequestError)("stream: batch_completion_models() answers whole")
    calls = list(_each_of(args, kwargs))
    in_threads = _in_threads(calls)
    if in_threads is not None:
        return _first_good(in_threads)
    waiting = [_UnderWay(_engine.default(), arguments) for arguments in calls]
    try:
        return _first_of(waiting)
    finally:
        for one in waiting:
            one.leave()


def _first_of(waiting: List[_UnderWay]) -> Any:
    failed: Optional[BaseException] = None
    with selectors.DefaultSelector() as selector:
        for one in waiting:
            if one.call is not None:
                selector.register(one.call.fileno(), selectors.EVENT_READ, one)
            elif isinstance(refused := one.answer(), BaseException):
                failed = refused
        while selector.get_map():
            for key, _ in selector.select():
                try:
                    answer = key.data.step(0)
                    if answer is not None:
                        return answer
                except exceptions.PatchbayError as error:
                    failed = error
                    selector.unregister(key.fd)
    if failed is None:
        raise ValueError("batch_completion_models(): `models` or `deployments` must name some")
    raise failed


def batch_completion_models_all_responses(*args: Any, **kwargs: Any) -> List[Any]:
    """Asks all of `models` (or `deployments`) at once: all answers, in the models' order; one that failed is left
    out."""
    calls = list(_each_of(args, kwargs))
    in_threads = _in_threads(calls)
    if in_threads is not None:
        answers = [one.result() for one in in_threads]
    else:
        engine = _engine.default()
        answers = [one.answer() for one in [_UnderWay(engine, arguments) for arguments in calls]]
    return [one for one in answers if not isinstance(one, BaseException)]
