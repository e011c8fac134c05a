"""The functions that call models, with LiteLLM's names and arguments.

Each has an `a...` twin for asyncio. What an argument means for a model is the provider's affair: arguments
that are not named here go into the request as they are.
"""

from __future__ import annotations

import sys
from typing import Any, Dict, List, Optional, Union

from . import _calls, _engine, _objects, _requests, _settings, exceptions
from ._paths import of_package as __getattr__  # noqa: F401 -- LiteLLM's has most of the package

_Embeddings = _objects.EmbeddingResponse


def chat_request(model: str, arguments: Dict[str, Any]) -> Dict[str, Any]:
    """The request of a chat with these arguments."""
    if not isinstance(model, str):
        raise exceptions.raisable(exceptions.BadRequestError)("model: expected the name of a model")
    return _requests.build(arguments)


def _larger(arguments: Dict[str, Any]) -> Any:
    """Arguments of the same chat for the model that takes more, by `context_window_fallback_dict`; None: there is none."""
    others = arguments.pop("context_window_fallback_dict", None)
    other = (others or {}).get(arguments["model"])
    return None if other is None else {**arguments, "model": other}


def completion(
    model: str,
    messages: Optional[List[Any]] = None,
    timeout: Any = None,
    temperature: Optional[float] = None,
    top_p: Optional[float] = None,
    n: Optional[int] = None,
    stream: Optional[bool] = None,
    stream_options: Optional[Dict[str, Any]] = None,
    stop: Any = None,
    max_completion_tokens: Optional[int] = None,
    max_tokens: Optional[int] = None,
    modalities: Optional[List[str]] = None,
    prediction: Any = None,
    audio: Any = None,
    presence_penalty: Optional[float] = None,
    frequency_penalty: Optional[float] = None,
    logit_bias: Optional[Dict[str, float]] = None,
    user: Optional[str] = None,
    reasoning_effort: Optional[str] = None,
    verbosity: Optional[str] = None,
    response_format: Any = None,
    seed: Optional[int] = None,
    tools: Optional[List[Any]] = None,
    tool_choice: Any = None,
    logprobs: Optional[bool] = None,
    top_logprobs: Optional[int] = None,
    parallel_tool_calls: Optional[bool] = None,
    web_search_options: Any = None,
    deployment_id: Optional[str] = None,
    extra_headers: Optional[Dict[str, str]] = None,
    safety_identifier: Optional[str] = None,
    service_tier: Optional[str] = None,
    functions: Optional[List[Any]] = None,
    function_call: Any = None,
    base_url: Optional[str] = None,
    api_version: Optional[str] = None,
    api_key: Optional[str] = None,
    model_list: Optional[List[Any]] = None,
    thinking: Any = None,
    **kwargs: Any,
) -> Union[_objects.ModelResponse, _calls.CustomStreamWrapper]:
    """Asks a model of any provider in OpenAI's chat API: `completion("openai/gpt-4o", messages)`.

    `model` is "provider/model", or a well-known model's bare name. Keys come from `api_key` or from the
    provider's variable (OPENAI_API_KEY, ...). Returns a ModelResponse, with `stream=True` an iterator of
    ModelResponseStream. Raises the classes of `patchbay.exceptions`.
    """
    arguments = locals()
    arguments.update(arguments.pop("kwargs"))
    if arguments.pop("model_list"):
        from .router import Router

        return Router(model_list=model_list).completion(**{k: v for k, v in arguments.items() if v is not None})
    if arguments["messages"] is None:
        arguments["messages"] = []
    larger = _larger(arguments)
    try:
        return _run("chat.completions", chat_request(model, arguments), _objects.ModelResponse, _objects.ModelResponseStream)
    except exceptions.ContextWindowExceededError:
        if larger is None:
            raise
    return completion(**larger)


async def acompletion(
    model: str, messages: Optional[List[Any]] = None, *args: Any, **kwargs: Any
) -> Union[_objects.ModelResponse, _calls.CustomStreamWrapper]:
    """completion() for asyncio; with `stream=True` an asynchronous iterator."""
    arguments = named(completion, (model, messages, *args), kwargs)
    if arguments.pop("model_list", None):
        from .router import Router

        return await Router(model_list=kwargs["model_list"]).acompletion(**arguments)
    arguments.setdefault("messages", [])
    larger = _larger(arguments)
    try:
        return await _run_async(
            "chat.completions", chat_request(model, arguments), _objects.ModelResponse, _objects.ModelResponseStream
        )
    except exceptions.ContextWindowExceededError:
        if larger is None:
            raise
    return await acompletion(**larger)


def named(function: Any, args: Any, kwargs: Dict[str, Any]) -> Dict[str, Any]:
    """Positional arguments by the names that `function` has for them."""
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    given = {name: value for name, value in zip(names, args) if value is not None}
    given.update(kwargs)
    return given


def _run(operation: str, request: Dict[str, Any], whole: Any, piece: Any) -> Any:
    """A call that names its own deployment: of the module's engine, or of a provider in Python."""
    steps = tries(request)
    if steps is None:
        return ask(_engine.default(), operation, request, whole, piece)
    from . import _custom

    return _custom.drive(steps, lambda who, one: ask(who or _engine.default(), operation, one, whole, piece))


async def _run_async(operation: str, request: Dict[str, Any], whole: Any, piece: Any) -> Any:
    steps = tries(request)
    if steps is None:
        return await ask_async(_engine.default(), operation, request, whole, piece)
    from . import _custom

    return await _custom.drive_async(steps, lambda who, one: ask_async(who or _engine.default(), operation, one, whole, piece))


def tries(request: Dict[str, Any]) -> Any:
    """_custom.tries(), in programs that have providers in Python."""
    if not _settings.get("custom_provider_map"):
        return None
    from . import _custom

    return _custom.tries(request)


def ask(who: Any, operation: str, request: Dict[str, Any], whole: Any, piece: Any) -> Any:
    """The answer of an engine, or of a provider in Python; the stream of it if the request wants one."""
    if request.get("stream"):
        return _stream_kind(who, operation)(who, operation, request, _maker(piece)).begin()
    return _calls.whole(who, operation, request, _maker(whole))


async def ask_async(who: Any, operation: str, request: Dict[str, Any], whole: Any, piece: Any) -> Any:
    """ask() for asyncio."""
    if request.get("stream"):
        return await _stream_kind(who, operation)(who, operation, request, _maker(piece), awaited=True).begin_async()
    return await _calls.whole_async(who, operation, request, _maker(whole))


def _stream_kind(who: Any, operation: str) -> Any:
    if not isinstance(who, _engine.Engine):
        return who.stream_kind
    return _calls.CustomStreamWrapper if operation == "chat.completions" else _calls.Stream


def _maker(kind: Any) -> _calls.Make:
    return kind._of if isinstance(kind, type) else kind


#: function -> the operation, its first arguments by place, and what its answers become
_TABLE: Dict[str, Any] = {
    "text_completion": ("completions", ("prompt", "model"), _objects.TextCompletionResponse),
    "embedding": ("embeddings", ("model", "input"), _Embeddings),
    "moderation": ("moderations", ("input", "model"), _objects.ModerationResponse),
    "image_generation": ("images.generate", ("prompt", "model"), _objects.ImageResponse),
    "rerank": ("rerank", ("model", "query", "documents"), _objects.RerankResponse),
    "speech": ("audio.speech", ("model", "input", "voice"), None),
    "responses": ("responses", ("input", "model"), _calls.anything),
    "anthropic_messages": ("messages", ("max_tokens", "messages", "model"), _calls.plain),
    "generate_content": ("generate_content", ("model", "contents"), _calls.anything),
}

#: What a call without a model asks.
_MODELS = {"text_completion": "gpt-3.5-turbo-instruct", "moderation": "omni-moderation-latest", "image_generation": "dall-e-3"}


def arguments_of(name: str, args: Any, kwargs: Dict[str, Any], own: bool = True) -> Dict[str, Any]:
    """The request of one of the table's functions; `own` as _requests.build() has it."""
    operation, places, _ = _TABLE[name]
    if len(args) > len(places):
        raise TypeError(f"{name}() takes {len(places)} arguments by place, {len(args)} were given")
    arguments = {**dict(zip(places, args)), **kwargs}
    if name in _MODELS and arguments.get("model") is None:
        arguments["model"] = _MODELS[name]
    request = _requests.build(arguments, own)
    if operation == "generate_content":
        if isinstance(request.get("contents"), str):
            request["contents"] = [{"role": "user", "parts": [{"text": request["contents"]}]}]
        config = request.pop("config", None)
        if config is not None:
            _spread(config, request)
    return request


#: Members of google.genai's `config` that stand beside `generationConfig` in the API.
_BESIDE = {
    "system_instruction": "systemInstruction",
    "safety_settings": "safetySettings",
    "tools": "tools",
    "tool_config": "toolConfig",
    "cached_content": "cachedContent",
}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _spread(config: Any, request: Dict[str, Any]) -> None:
    if hasattr(config, "model_dump"):
        config = config.model_dump(exclude_none=True)
    own = {}
    for name, value in config.items():
        if name in _BESIDE or name in _BESIDE.values():
            request[_BESIDE.get(name, name)] = value
        else:
            own[_camel(name)] = value
    if own:
        request["generationConfig"] = own


def _make(name: str, doc: str) -> Any:
    operation, places, kind = _TABLE[name]

    def call(*args: Any, **kwargs: Any) -> Any:
        return _run(operation, arguments_of(name, args, kwargs), kind, kind)

    async def acall(*args: Any, **kwargs: Any) -> Any:
        return await _run_async(operation, arguments_of(name, args, kwargs), kind, kind)

    listed = ", ".join(places)
    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"{doc}\n\nArguments: {listed}, and by name what the API takes; `api_key`, `api_base`, `timeout`, ..."
    acall.__name__ = acall.__qualname__ = "a" + name
    acall.__doc__ = f"{name}() for asyncio."
    return call, acall


text_completion, atext_completion = _make("text_completion", "OpenAI's older completions.")
_embedding, _aembedding = _make("embedding", "Vectors for texts.")


def _played(args: Any, kwargs: Dict[str, Any]) -> Any:
    """What `mock_response`, a vector, is the answer of; None: the call plays none."""
    mock = kwargs.get("mock_response")
    if not isinstance(mock, (list, tuple)):
        return None
    given = {**dict(zip(("model", "input"), args)), **kwargs}
    made = _objects.EmbeddingResponse(model=given.get("model"), data=[{"object": "embedding", "index": 0, "embedding": list(mock)}])
    made.usage = _objects.Usage(prompt_tokens=10, total_tokens=10)
    return made


def embedding(*args: Any, **kwargs: Any) -> Any:
    """Vectors for texts.

    Arguments: model, input, and by name what the API takes; `api_key`, `api_base`, `timeout`, ... A `mock_response` is
    the vector that comes back without a provider.
    """
    return _played(args, kwargs) or _embedding(*args, **kwargs)


async def aembedding(*args: Any, **kwargs: Any) -> Any:
    """embedding() for asyncio."""
    return _played(args, kwargs) or await _aembedding(*args, **kwargs)


moderation, amoderation = _make("moderation", "Is a text fit to be shown?")
image_generation, aimage_generation = _make("image_generation", "Makes images.")
rerank, arerank = _make("rerank", "Orders documents by what they have to do with a query.")
speech, aspeech = _make("speech", "Speaks a text; the answer has `content`, bytes.")
responses, aresponses = _make("responses", "OpenAI's Responses API, for models of all providers.")
_anthropic_messages, aanthropic_messages = _make(
    "anthropic_messages", "Anthropic's Messages API, for models of all providers; answers are dictionaries."
)


def anthropic_messages(*args: Any, **kwargs: Any) -> Any:
    """Anthropic's Messages API, for models of all providers; answers are dictionaries.

    Within a running event loop, which waiting would hold up, it is awaited, as LiteLLM's function of this name is.
    Arguments: max_tokens, messages, model, and by name what the API takes; `api_key`, `api_base`, `timeout`, ...
    """
    asyncio = sys.modules.get("asyncio")
    looped = asyncio is not None and asyncio._get_running_loop() is not None
    return (aanthropic_messages if looped else _anthropic_messages)(*args, **kwargs)


generate_content, agenerate_content = _make("generate_content", "Google's generateContent, for models of all providers.")


def generate_content_stream(*args: Any, **kwargs: Any) -> Any:
    """generate_content() as a stream."""
    return generate_content(*args, **kwargs, stream=True)


async def agenerate_content_stream(*args: Any, **kwargs: Any) -> Any:
    """agenerate_content() as a stream."""
    return await agenerate_content(*args, **kwargs, stream=True)


def mock_completion(model: str, messages: List[Any], mock_response: Any = "This is a mock request", **kwargs: Any) -> Any:
    """completion() that asks nobody."""
    return completion(model=model, messages=messages, mock_response=mock_response, **kwargs)


async def acreate(*args: Any, **kwargs: Any) -> Any:
    """LiteLLM's other name of acompletion()."""
    return await acompletion(*args, **kwargs)


def completion_with_retries(*args: Any, **kwargs: Any) -> Any:
    """completion() that is tried again: `num_retries` times, 3 if nobody says."""
    return completion(*args, **{"num_retries": 3, **kwargs})


async def acompletion_with_retries(*args: Any, **kwargs: Any) -> Any:
    """completion_with_retries() for asyncio."""
    return await acompletion(*args, **{"num_retries": 3, **kwargs})


def check_valid_key(model: str, api_key: str) -> bool:
    """Does the provider take this key? Asks the model for ten tokens; what else fails is raised."""
    try:
        completion(model=model, messages=[{"role": "user", "content": "Hey, how's it going?"}], api_key=api_key, max_tokens=10)
    except (exceptions.AuthenticationError, exceptions.PermissionDeniedError):
        return False
    return True
