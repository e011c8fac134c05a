"""The classes of answers and of what is in them, with LiteLLM's names."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any, AsyncIterator, Dict, Iterator, List, Optional

from ._object import OpenAIObject


class Function(OpenAIObject):
    name: Optional[str]
    arguments: str
    _DEFAULTS = {"arguments": "", "name": None}

    def _fill(self, members: Dict[str, Any]) -> None:
        super()._fill(members)
        arguments = self.__dict__["arguments"]
        if isinstance(arguments, dict):  # a program's own; APIs have a text
            self.__dict__["arguments"] = json.dumps(arguments)


class ChatCompletionMessageToolCall(OpenAIObject):
    id: str
    type: str
    function: Function
    _CLASSES = {"function": Function}
    _DEFAULTS = {"id": None, "type": "function"}


class ChatCompletionDeltaToolCall(ChatCompletionMessageToolCall):
    index: int
    _DEFAULTS = {"id": None, "type": "function", "index": 0}


class ChatCompletionAudioResponse(OpenAIObject):
    """What a model has spoken: `data` (base64), `transcript`, `id`, `expires_at`."""


class Message(OpenAIObject):
    content: Optional[str]
    role: str
    tool_calls: Optional[List[ChatCompletionMessageToolCall]]
    function_call: Optional[Function]
    _CLASSES = {"tool_calls": ChatCompletionMessageToolCall, "function_call": Function, "audio": ChatCompletionAudioResponse}
    _DEFAULTS = {"content": None, "role": "assistant", "function_call": None, "tool_calls": None}
    #: Asked for by programs and seldom told: there, but not a member that is dumped, and sent to a provider.
    provider_specific_fields = None


class Delta(OpenAIObject):
    content: Optional[str]
    role: Optional[str]
    tool_calls: Optional[List[ChatCompletionDeltaToolCall]]
    function_call: Optional[Function]
    _CLASSES = {"tool_calls": ChatCompletionDeltaToolCall, "function_call": Function, "audio": ChatCompletionAudioResponse}
    _DEFAULTS = {"content": None, "role": None, "function_call": None, "tool_calls": None}
    provider_specific_fields = None
    audio = None
    refusal = None


class TopLogprob(OpenAIObject):
    pass


class ChatCompletionTokenLogprob(OpenAIObject):
    _CLASSES = {"top_logprobs": TopLogprob}


class ChoiceLogprobs(OpenAIObject):
    _CLASSES = {"content": ChatCompletionTokenLogprob, "refusal": ChatCompletionTokenLogprob}


class Choices(OpenAIObject):
    finish_reason: str
    index: int
    message: Message
    _CLASSES = {"message": Message, "logprobs": ChoiceLogprobs}
    _DEFAULTS = {"finish_reason": None, "index": 0, "message": None}
    logprobs = None
    provider_specific_fields = None

    def _fill(self, members: Dict[str, Any]) -> None:
        super()._fill(members)
        own = self.__dict__
        if own["finish_reason"] is None:
            own["finish_reason"] = "stop"
        if own["message"] is None:
            own["message"] = Message()


class StreamingChoices(OpenAIObject):
    finish_reason: Optional[str]
    index: int
    delta: Delta
    _CLASSES = {"delta": Delta, "logprobs": ChoiceLogprobs}
    _DEFAULTS = {"finish_reason": None, "index": 0, "delta": None, "logprobs": None}

    def _fill(self, members: Dict[str, Any]) -> None:
        super()._fill(members)
        if self.__dict__["delta"] is None:
            self.__dict__["delta"] = Delta()


class PromptTokensDetails(OpenAIObject):
    _DEFAULTS = {"cached_tokens": None, "audio_tokens": None, "text_tokens": None, "image_tokens": None}


class CompletionTokensDetails(OpenAIObject):
    _DEFAULTS = {
        "reasoning_tokens": None,
        "audio_tokens": None,
        "text_tokens": None,
        "accepted_prediction_tokens": None,
        "rejected_prediction_tokens": None,
    }


#: LiteLLM's other names.
PromptTokensDetailsWrapper, CompletionTokensDetailsWrapper, FunctionCall = PromptTokensDetails, CompletionTokensDetails, Function


class Usage(OpenAIObject):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    _CLASSES = {
        "prompt_tokens_details": PromptTokensDetails,
        "completion_tokens_details": CompletionTokensDetails,
    }
    _DEFAULTS = {
        "prompt_tokens": 0,
        "completion_tokens": 0,
        "total_tokens": 0,
        "prompt_tokens_details": None,
        "completion_tokens_details": None,
    }

    def _fill(self, members: Dict[str, Any]) -> None:
        """Programs that make one say tokens of thoughts and of the cache also beside the details."""
        thought = members.pop("reasoning_tokens", None)
        super()._fill(members)
        own = self.__dict__
        if thought is not None and own["completion_tokens_details"] is None:
            own["completion_tokens_details"] = CompletionTokensDetails(reasoning_tokens=thought)
        cached = own.get("cache_read_input_tokens")
        if cached and own["prompt_tokens_details"] is None:
            own["prompt_tokens_details"] = PromptTokensDetails(cached_tokens=cached)


class Answer(OpenAIObject):
    """An answer as a whole, or an event of a stream. `_hidden_params` tells of the call."""

    @property
    def _hidden_params(self) -> Dict[str, Any]:
        facts = self.__dict__.get("_facts")
        if isinstance(facts, list):  # a stream's, which say more when it is over
            return hidden_params(facts[0])
        if facts is None or isinstance(facts, str):  # the engine's text, read when somebody asks
            facts = self.__dict__["_facts"] = hidden_params(facts)
        return facts

    @_hidden_params.setter
    def _hidden_params(self, value: Dict[str, Any]) -> None:
        self.__dict__["_facts"] = value

    @property
    def _response_ms(self) -> Optional[float]:
        return self._hidden_params.get("response_ms")

    @property
    def _response_headers(self) -> Dict[str, str]:
        """The provider's headers, by their own names and by those of `additional_headers`."""
        told = self._hidden_params.get("additional_headers") or {}
        return {**told, **{name.removeprefix(_PROVIDER_S): value for name, value in told.items()}}


#: How names of the provider's headers begin in what is told of a call.
_PROVIDER_S = "llm_provider-"


def hidden_params(about: Optional[str]) -> Dict[str, Any]:
    """`_hidden_params` from what the engine says of a call."""
    return hidden_of(json.loads(about)) if about else {}


def hidden_of(facts: Dict[str, Any]) -> Dict[str, Any]:
    """The same of what is read already."""
    return {
        "custom_llm_provider": facts.get("provider"),
        "model_id": facts.get("model_id"),
        "model_group": facts.get("model_group"),
        "api_base": facts.get("api_base"),
        "litellm_call_id": facts.get("call_id"),
        "received_model_id": facts.get("model"),
        "additional_headers": facts.get("headers", {}),
        "dropped_params": facts.get("dropped"),
        "usage": facts.get("usage"),
        "response_cost": facts.get("cost"),
        "cache_hit": facts.get("cache_hit"),
        "cache_key": facts.get("cache_key"),
        "response_ms": facts.get("duration_ms"),
        "_response_ms": facts.get("duration_ms"),
        "litellm_model_name": facts.get("model"),
        "attempted_retries": facts.get("retries"),
        "attempted_fallbacks": facts.get("fallbacks"),
    }


class ModelResponseBase(Answer):
    """What ModelResponse and ModelResponseStream are."""


class ModelResponse(ModelResponseBase):
    """A chat's answer: `response.choices[0].message.content`, `response.usage.total_tokens`."""

    id: str
    created: int
    model: Optional[str]
    object: str
    choices: List[Choices]
    usage: Usage
    _CLASSES = {"choices": Choices, "usage": Usage}
    _DEFAULTS = {"id": None, "created": None, "model": None, "object": "chat.completion"}
    system_fingerprint = None

    def _fill(self, members: Dict[str, Any]) -> None:
        streamed = "choices" not in members and members.pop("stream", None)
        super()._fill(members)
        own = self.__dict__
        if own["id"] is None:
            own["id"] = f"chatcmpl-{uuid.uuid4()}"
        if own["created"] is None:
            own["created"] = int(time.time())
        if "choices" not in own:
            own["choices"] = [StreamingChoices(delta={}) if streamed else Choices()]
        if "usage" not in own and not streamed:
            own["usage"] = Usage()


class ModelResponseStream(ModelResponseBase):
    """A piece of a streamed chat: `chunk.choices[0].delta.content`."""

    id: str
    created: int
    model: Optional[str]
    object: str
    choices: List[StreamingChoices]
    _CLASSES = {"choices": StreamingChoices, "usage": Usage}
    _DEFAULTS = {"id": None, "created": None, "model": None, "object": "chat.completion.chunk"}
    system_fingerprint = None
    provider_specific_fields = None
    citations = None
    # Asked for by OpenAI's SDK where it puts pieces together.
    service_tier = None
    moderation = None
    obfuscation = None

    def _fill(self, members: Dict[str, Any]) -> None:
        # The last piece, with the usage, and Azure's first have no choice; programs ask for the first.
        if not members.get("choices"):
            members["choices"] = [{"index": 0, "delta": {}}]
        super()._fill(members)


class TextChoices(OpenAIObject):
    _DEFAULTS = {"finish_reason": None, "index": 0, "text": None, "logprobs": None}


class TextCompletionResponse(Answer):
    _CLASSES = {"choices": TextChoices, "usage": Usage}
    _DEFAULTS = {"object": "text_completion"}


class Embedding(dict):
    """A dictionary, as LiteLLM's are, whose members are attributes, too: `embedding`, `index`, `object`."""

    @classmethod
    def _of(cls, document: Dict[str, Any]) -> "Embedding":
        return cls({"object": "embedding", **document})

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def model_dump(self, **_: Any) -> Dict[str, Any]:
        return dict(self)


class EmbeddingResponse(Answer):
    _CLASSES = {"data": Embedding, "usage": Usage}
    _DEFAULTS = {"object": "list"}

    def _fill(self, members: Dict[str, Any]) -> None:
        super()._fill(members)
        self.__dict__.setdefault("data", [])
        if self.__dict__.get("usage") is None:
            self.__dict__["usage"] = Usage()


class ImageObject(OpenAIObject):
    _DEFAULTS = {"b64_json": None, "url": None, "revised_prompt": None}


class ImageUsage(OpenAIObject):
    """Of pictures: `input_tokens`, `output_tokens`, `total_tokens`; zeros where the provider counts none."""

    _DEFAULTS = {"total_tokens": 0, "input_tokens": 0, "output_tokens": 0}

    def _fill(self, members: Dict[str, Any]) -> None:
        super()._fill(members)
        self.__dict__.setdefault("input_tokens_details", {"image_tokens": 0, "text_tokens": 0})


class ImageResponse(Answer):
    _CLASSES = {"data": ImageObject, "usage": ImageUsage}

    def _fill(self, members: Dict[str, Any]) -> None:
        super()._fill(members)
        own = self.__dict__
        own.setdefault("created", int(time.time()))
        own.setdefault("data", [])
        if own.get("usage") is None:
            own["usage"] = ImageUsage()


class RerankResponse(Answer):
    """`results` are dictionaries, as LiteLLM's are."""


class ModerationResult(OpenAIObject):
    """`flagged`; `categories` and `category_scores` are dictionaries."""


class ModerationResponse(Answer):
    _CLASSES = {"results": ModerationResult}


class TranscriptionResponse(Answer):
    """LiteLLM's, for annotations: the engine transcribes nothing yet."""


class HttpxBinaryResponseContent:
    """Bytes with their media type, such as speech."""

    def __init__(self, content: bytes, content_type: Optional[str], hidden: Dict[str, Any]) -> None:
        self.content = content
        self.content_type = content_type
        self._hidden_params = hidden

    def read(self) -> bytes:
        return self.content

    async def aread(self) -> bytes:
        return self.content

    def iter_bytes(self, chunk_size: Optional[int] = None) -> Iterator[bytes]:
        size = chunk_size or 65536
        for at in range(0, len(self.content), size):
            yield self.content[at : at + size]

    iter_raw = iter_bytes

    async def aiter_bytes(self, chunk_size: Optional[int] = None) -> AsyncIterator[bytes]:
        for piece in self.iter_bytes(chunk_size):
            yield piece

    aiter_raw = aiter_bytes

    def write_to_file(self, file: Any) -> None:
        with open(file, "wb") as out:
            out.write(self.content)

    def stream_to_file(self, file: Any, *, chunk_size: Optional[int] = None) -> None:
        self.write_to_file(file)

    async def astream_to_file(self, file: Any, *, chunk_size: Optional[int] = None) -> None:
        self.write_to_file(file)

    def close(self) -> None:
        """There is nothing to close."""

    async def aclose(self) -> None:
        """There is nothing to close."""


# LiteLLM's json() of these is a dictionary; that of the others, which are pydantic's there, is a text.
for _kind in (Message, ModelResponse, ModelResponseStream, TextChoices, EmbeddingResponse, ImageObject, ImageResponse,
              TranscriptionResponse):  # fmt: skip
    _kind.json = OpenAIObject.dict  # type: ignore[method-assign, assignment]
