"""Answers as objects: attributes, items and `model_dump()`, over what the engine's JSON says.

Every member of a JSON object is an attribute of the same name, whatever the provider sends. A class says
only what its members are made into and which are there when the provider leaves them out. What an answer
does not have is an AttributeError, and a KeyError for an item; `get()` takes a default.
"""

from __future__ import annotations

import copy
import json
import time
import uuid
from typing import Any, Dict, Iterator, List, Optional


class OpenAIObject:
    """A JSON object. `hidden_params` of answers are in `_hidden_params` and never dumped."""

    #: member -> class of its value, or of the elements of its list
    _CLASSES: Dict[str, type] = {}
    #: member -> value where there is none
    _DEFAULTS: Dict[str, Any] = {}

    def __init__(self, /, *values: Any, **members: Any) -> None:
        own = self.__dict__
        for name, value in self._DEFAULTS.items():
            own[name] = value
        if values:
            members.update(self._by_place(values, members))
        classes = self._CLASSES
        for name, value in members.items():
            kind = classes.get(name)
            if kind is not None and value is not None:
                if type(value) is list:
                    value = [kind(**one) if type(one) is dict else one for one in value]
                elif type(value) is dict:
                    value = kind(**value)
            own[name] = value

    @classmethod
    def _by_place(cls, values: Any, members: Dict[str, Any]) -> Dict[str, Any]:
        if len(values) > len(cls._DEFAULTS):
            raise TypeError(f"{cls.__name__}() takes {len(cls._DEFAULTS)} arguments by place, {len(values)} were given")
        named = dict(zip(cls._DEFAULTS, values))
        for name in named:
            if name in members:
                raise TypeError(f"{cls.__name__}() got two values for '{name}'")
        return named

    # Items, as of a dictionary.

    def __getitem__(self, name: str) -> Any:
        try:
            return self.__dict__[name]
        except KeyError:
            raise KeyError(name) from None

    def __setitem__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value

    def __delitem__(self, name: str) -> None:
        del self.__dict__[name]

    def __contains__(self, name: object) -> bool:
        return name in self.__dict__ and not str(name).startswith("_")

    def __iter__(self) -> Iterator[Any]:
        """Pairs of name and value, so that dict(answer) works."""
        return iter([(k, v) for k, v in self.__dict__.items() if not k.startswith("_")])

    def get(self, name: str, default: Any = None) -> Any:
        return self.__dict__.get(name, default)

    def keys(self) -> List[str]:
        return [k for k in self.__dict__ if not k.startswith("_")]

    def items(self) -> List[Any]:
        return list(iter(self))

    def values(self) -> List[Any]:
        return [value for _, value in self]

    def pop(self, name: str, *default: Any) -> Any:
        return self.__dict__.pop(name, *default)

    # As of a pydantic model.

    def model_dump(
        self, *, include: Any = None, exclude: Any = None, exclude_none: bool = False, **_: Any
    ) -> Dict[str, Any]:
        """The object and all in it as plain dictionaries and lists.

        `include` and `exclude` are names, or {"name": what of its value}, as pydantic has them.
        """
        dumped = {
            name: _plain(value, exclude_none)
            for name, value in self.__dict__.items()
            if not name.startswith("_") and not (exclude_none and value is None)
        }
        return dumped if include is None and exclude is None else _chosen(dumped, include, exclude)

    def model_dump_json(self, *, indent: Optional[int] = None, **kwargs: Any) -> str:
        return json.dumps(self.model_dump(**kwargs), ensure_ascii=False, indent=indent)

    def dict(self, **kwargs: Any) -> Dict[str, Any]:
        return self.model_dump(**kwargs)

    to_dict = dict

    def json(self, **kwargs: Any) -> str:
        return self.model_dump_json(**kwargs)

    to_json = json

    def model_copy(self, *, update: Optional[Dict[str, Any]] = None, deep: bool = False) -> Any:
        """Another of the same; `update` are members that are different."""
        made = (copy.deepcopy if deep else copy.copy)(self)
        made.__dict__.update(update or {})
        return made

    copy = model_copy

    @property
    def model_fields_set(self) -> Any:
        return set(self.keys())

    @classmethod
    def model_validate(cls, value: Any, **_: Any) -> Any:
        """The object of a dictionary; one that is of the class already as it is."""
        if isinstance(value, cls):
            return value
        if isinstance(value, OpenAIObject):
            value = value.model_dump()
        if not isinstance(value, dict):
            raise TypeError(f"{cls.__name__}: expected a dictionary, not {type(value).__name__}")
        return cls(**value)

    parse_obj = model_validate

    @classmethod
    def model_validate_json(cls, text: Any, **_: Any) -> Any:
        return cls.model_validate(json.loads(text))

    @classmethod
    def model_construct(cls, _fields_set: Any = None, **members: Any) -> Any:
        return cls(**members)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Lets fields of pydantic's models be of this class; pydantic asks, so it is there."""
        from pydantic_core import core_schema

        def made(value: Any) -> Any:
            try:
                return cls.model_validate(value)
            except TypeError as wrong:
                raise ValueError(str(wrong)) from None

        dumped = core_schema.plain_serializer_function_ser_schema(lambda value: value.model_dump())
        return core_schema.no_info_plain_validator_function(made, serialization=dumped)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, OpenAIObject):
            return self.model_dump() == other.model_dump()
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        inside = ", ".join(f"{k}={v!r}" for k, v in self.__dict__.items() if not k.startswith("_"))
        return f"{type(self).__name__}({inside})"


def _plain(value: Any, exclude_none: bool) -> Any:
    if isinstance(value, OpenAIObject):
        return value.model_dump(exclude_none=exclude_none)
    if type(value) is list:
        return [_plain(one, exclude_none) for one in value]
    return value


def _chosen(dumped: Any, include: Any, exclude: Any) -> Any:
    """What of a dumped value is wanted; `include` None: all. In lists by index, "__all__" of each."""
    if isinstance(dumped, list):
        found = []
        for index, one in enumerate(dumped):
            wanted, unwanted = (_deeper(choice, index) for choice in (include, exclude))
            if (include is None or wanted is not _NOT) and unwanted is not True:
                found.append(_chosen(one, _all_or(wanted), _all_or(unwanted)))
        return found
    if not isinstance(dumped, dict):
        return dumped
    kept = {}
    for name, value in dumped.items():
        wanted, unwanted = (_deeper(choice, name) for choice in (include, exclude))
        if (include is None or wanted is not _NOT) and unwanted is not True:
            kept[name] = _chosen(value, _all_or(wanted), _all_or(unwanted))
    return kept


_NOT = object()


def _deeper(choice: Any, name: Any) -> Any:
    """What a choice says of a member: _NOT nothing, True all of it, else what of it."""
    if choice is None:
        return _NOT
    for one in (name, "__all__"):
        if one in choice:
            return True if not isinstance(choice, dict) or choice[one] in (True, ...) else choice[one]
    return _NOT


def _all_or(choice: Any) -> Any:
    return None if choice is _NOT or choice is True else choice


class Function(OpenAIObject):
    _DEFAULTS = {"arguments": "", "name": None}


class ChatCompletionMessageToolCall(OpenAIObject):
    _CLASSES = {"function": Function}
    _DEFAULTS = {"id": None, "type": "function"}


class ChatCompletionDeltaToolCall(ChatCompletionMessageToolCall):
    _DEFAULTS = {"id": None, "type": "function", "index": 0}


class Message(OpenAIObject):
    _CLASSES = {"tool_calls": ChatCompletionMessageToolCall, "function_call": Function}
    _DEFAULTS = {"content": None, "role": "assistant", "function_call": None, "tool_calls": None}


class Delta(OpenAIObject):
    _CLASSES = {"tool_calls": ChatCompletionDeltaToolCall, "function_call": Function}
    _DEFAULTS = {"content": None, "role": None, "function_call": None, "tool_calls": None}


class TopLogprob(OpenAIObject):
    pass


class ChatCompletionTokenLogprob(OpenAIObject):
    _CLASSES = {"top_logprobs": TopLogprob}


class ChoiceLogprobs(OpenAIObject):
    _CLASSES = {"content": ChatCompletionTokenLogprob, "refusal": ChatCompletionTokenLogprob}


class Choices(OpenAIObject):
    _CLASSES = {"message": Message, "logprobs": ChoiceLogprobs}
    _DEFAULTS = {"finish_reason": None, "index": 0, "message": None}

    def __init__(self, /, *values: Any, **members: Any) -> None:
        super().__init__(*values, **members)
        own = self.__dict__
        if own["finish_reason"] is None:
            own["finish_reason"] = "stop"
        if own["message"] is None:
            own["message"] = Message()


class StreamingChoices(OpenAIObject):
    _CLASSES = {"delta": Delta, "logprobs": ChoiceLogprobs}
    _DEFAULTS = {"finish_reason": None, "index": 0, "delta": None, "logprobs": None}

    def __init__(self, /, *values: Any, **members: Any) -> None:
        super().__init__(*values, **members)
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


class Usage(OpenAIObject):
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


class Answer(OpenAIObject):
    """An answer as a whole, or an event of a stream. `_hidden_params` tells of the call."""

    @property
    def _hidden_params(self) -> Dict[str, Any]:
        facts = self.__dict__.get("_facts")
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
        return self._hidden_params.get("additional_headers", {})


def hidden_params(about: Optional[str]) -> Dict[str, Any]:
    """`_hidden_params` from what the engine says of a call."""
    if not about:
        return {}
    facts = json.loads(about)
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
        "attempted_retries": facts.get("retries"),
        "attempted_fallbacks": facts.get("fallbacks"),
    }


class ModelResponse(Answer):
    """A chat's answer: `response.choices[0].message.content`, `response.usage.total_tokens`."""

    _CLASSES = {"choices": Choices, "usage": Usage}
    _DEFAULTS = {"id": None, "created": None, "model": None, "object": "chat.completion"}

    def __init__(self, /, *values: Any, **members: Any) -> None:
        streamed = "choices" not in members and members.pop("stream", None)
        super().__init__(*values, **members)
        own = self.__dict__
        if own["id"] is None:
            own["id"] = f"chatcmpl-{uuid.uuid4()}"
        if own["created"] is None:
            own["created"] = int(time.time())
        if "choices" not in own:
            own["choices"] = [StreamingChoices(delta={}) if streamed else Choices()]
        if "usage" not in own and not streamed:
            own["usage"] = Usage()


class ModelResponseStream(Answer):
    """A piece of a streamed chat: `chunk.choices[0].delta.content`."""

    _CLASSES = {"choices": StreamingChoices, "usage": Usage}
    _DEFAULTS = {"id": None, "created": None, "model": None, "object": "chat.completion.chunk"}

    def __init__(self, /, *values: Any, **members: Any) -> None:
        # The last piece, with the usage, and Azure's first have no choice; programs ask for the first.
        if not members.get("choices"):
            members["choices"] = [{"index": 0, "delta": {}}]
        super().__init__(*values, **members)


class TextChoices(OpenAIObject):
    _DEFAULTS = {"finish_reason": None, "index": 0, "text": None, "logprobs": None}


class TextCompletionResponse(Answer):
    _CLASSES = {"choices": TextChoices, "usage": Usage}
    _DEFAULTS = {"object": "text_completion"}


class Embedding(OpenAIObject):
    _DEFAULTS = {"object": "embedding"}


class EmbeddingResponse(Answer):
    _CLASSES = {"data": Embedding, "usage": Usage}
    _DEFAULTS = {"object": "list", "data": []}


class ImageObject(OpenAIObject):
    _DEFAULTS = {"b64_json": None, "url": None, "revised_prompt": None}


class ImageUsage(OpenAIObject):
    """Of pictures: `input_tokens`, `output_tokens`, `total_tokens`; zeros where the provider counts none."""

    _DEFAULTS = {"total_tokens": 0, "input_tokens": 0, "output_tokens": 0}

    def __init__(self, /, **members: Any) -> None:
        super().__init__(**members)
        self.__dict__.setdefault("input_tokens_details", {"image_tokens": 0, "text_tokens": 0})


class ImageResponse(Answer):
    _CLASSES = {"data": ImageObject, "usage": ImageUsage}

    def __init__(self, /, **members: Any) -> None:
        super().__init__(**members)
        if self.__dict__.get("usage") is None:
            self.__dict__["usage"] = ImageUsage()


class RerankResponse(Answer):
    """`results` are dictionaries, as LiteLLM's are."""


class ModerationResult(OpenAIObject):
    """`flagged`; `categories` and `category_scores` are dictionaries."""


class ModerationResponse(Answer):
    _CLASSES = {"results": ModerationResult}


class HttpxBinaryResponseContent:
    """Bytes with their media type, such as speech."""

    def __init__(self, content: bytes, content_type: Optional[str], hidden: Dict[str, Any]) -> None:
        self.content = content
        self.content_type = content_type
        self._hidden_params = hidden

    def read(self) -> bytes:
        return self.content

    def iter_bytes(self, chunk_size: int = 65536) -> Iterator[bytes]:
        for at in range(0, len(self.content), chunk_size):
            yield self.content[at : at + chunk_size]

    def write_to_file(self, file: str) -> None:
        with open(file, "wb") as out:
            out.write(self.content)

    stream_to_file = write_to_file


class ResponsesAPIResponse(Answer):
    """An answer of the Responses API."""

    @property
    def output_text(self) -> str:
        """All texts of its messages."""
        parts = [part for item in self.get("output") or [] if item.get("type") == "message" for part in item.content]
        return "".join(part.text for part in parts if part.get("type") == "output_text")


def wrapped(value: Any) -> Any:
    """A JSON value with its objects as OpenAIObjects, for APIs that have no classes here."""
    if type(value) is dict:
        kind = ResponsesAPIResponse if value.get("object") == "response" else Answer
        made = kind.__new__(kind)
        made.__dict__.update({name: wrapped(inner) for name, inner in value.items()})
        return made
    if type(value) is list:
        return [wrapped(one) for one in value]
    return value
