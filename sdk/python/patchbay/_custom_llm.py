"""CustomLLM: the base of providers that a program writes in Python. How they are asked is in _custom.py."""

from __future__ import annotations

from typing import Any


class CustomLLMError(Exception):
    """What a provider raises: a call fails with the class that this status of HTTP has."""

    def __init__(self, status_code: int, message: str) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.message = message


def _lacking(name: str) -> Any:
    def method(self: Any, *_: Any, **__: Any) -> Any:
        raise CustomLLMError(500, f"{type(self).__name__} has no {name}()")

    method.__name__ = name
    method.__doc__ = "The provider's own, which raises here that it has none."
    return method


class CustomLLM:
    """Deriving classes have what they can do, with LiteLLM's names and arguments; all arguments come by name.

    `completion` and `acompletion` return a ModelResponse, `streaming` is a generator and `astreaming` an asynchronous one of
    {"text", "is_finished", "finish_reason", "usage", "tool_use", "index"} or of ModelResponseStream; the twins of `embedding` and
    `image_generation` return an EmbeddingResponse and an ImageResponse. The program names the provider in
    `patchbay.custom_provider_map = [{"provider": "mine", "custom_handler": Mine()}]`, and its models are "mine/...".
    They run where the call is made: on its thread, or in its event loop.
    """

    completion = _lacking("completion")
    acompletion = _lacking("acompletion")
    streaming = _lacking("streaming")
    astreaming = _lacking("astreaming")
    embedding = _lacking("embedding")
    aembedding = _lacking("aembedding")
    image_generation = _lacking("image_generation")
    aimage_generation = _lacking("aimage_generation")
    image_edit = _lacking("image_edit")
    aimage_edit = _lacking("aimage_edit")
