"""Counting tokens as LiteLLM does: with the model's tokenizer where its package is installed (_tokenizers), else by
the engine's estimate, a token for four bytes.

The rules for messages and tools are OpenAI's (its cookbook, "How to count tokens") as LiteLLM applies them.
"""

from __future__ import annotations

import json
import warnings
from typing import Any, Callable, Dict, List, Optional

from . import _engine, _settings, _tokenizers
from ._pictures import get_image_dimensions

#: Tokens around a message, and before the answer.
_EACH_MESSAGE = 3
_EACH_NAME = 1
_REPLY = 3
#: Tokens around the list of tools, and what a system message has of them already.
_TOOLS = 9
_SYSTEM_HAS = 4
#: Tokens of a picture that is not looked at closely.
_IMAGE = 85
#: What each tile of one that is costs, the pixels of its sides, and to what pictures are made smaller before.
_TILE = 170
_TILE_SIDE = 512
_SHORT_SIDE = 768
_LONG_SIDE = 2000


def _needed(model: str, custom_tokenizer: Any) -> _tokenizers.Tokenizer:
    found = _tokenizers.given(custom_tokenizer) if custom_tokenizer is not None else _tokenizers.of_model(model)
    if found is None:
        raise NotImplementedError("tokens of a text are told by the package `tiktoken`, which is not installed")
    return found


def encode(model: str = "", text: str = "", custom_tokenizer: Any = None) -> List[int]:
    """The tokens of a text, with the model's tokenizer. Needs `tiktoken`, or a `custom_tokenizer`."""
    return _needed(model, custom_tokenizer).encode(text)


def decode(model: str = "", tokens: Any = (), custom_tokenizer: Any = None) -> str:
    """The text of these tokens. Needs `tiktoken`, or a `custom_tokenizer`."""
    return _needed(model, custom_tokenizer).decode(list(tokens))


def _counter(model: str, custom_tokenizer: Any) -> Callable[[str], int]:
    if custom_tokenizer is not None:
        found: Optional[_tokenizers.Tokenizer] = _tokenizers.given(custom_tokenizer)
    else:
        try:
            found = _tokenizers.of_model(model)
        except Exception as wrong:  # noqa: BLE001 -- tiktoken fetches its tables, and there may be no network
            warnings.warn(f"tiktoken cannot be used, tokens are estimated: {wrong}", stacklevel=4)
            found = None
    if found is not None:
        encoded = found.encode
        return lambda text: len(encoded(text))
    engine = _engine.default()
    return lambda text: engine.look_up("tokens", {"text": text})["tokens"]


def token_counter(
    model: str = "",
    custom_tokenizer: Any = None,
    text: Any = None,
    messages: Optional[List[Any]] = None,
    count_response_tokens: Optional[bool] = False,
    tools: Optional[List[Any]] = None,
    tool_choice: Any = None,
    use_default_image_token_count: Optional[bool] = False,
    default_token_count: Optional[int] = None,
) -> int:
    """The tokens of `text`, or of a chat with `messages` (and `tools`), for a model; 0 with `disable_token_counter`."""
    if _settings.get("disable_token_counter"):
        return 0
    if text is not None and messages is not None:
        raise ValueError("token_counter(): `text` or `messages`, not both")
    if text is None and messages is None:
        raise ValueError("token_counter(): `text` or `messages`")
    count = _counter(model or "", custom_tokenizer)
    if text is not None:
        return count(text if isinstance(text, str) else "".join(text))
    total = sum(_message(message, count, default_token_count) for message in map(_plain, messages or []))
    if not count_response_tokens:
        total += _REPLY
    if tools:
        total += count(_declarations(tools)) + _TOOLS
        if any(_plain(message).get("role") == "system" for message in messages or []):
            total -= _SYSTEM_HAS
    if tool_choice == "none":
        total += 1
    elif isinstance(tool_choice, dict):
        total += 7 + count(str((tool_choice.get("function") or {}).get("name", "")))
    return total


async def async_token_counter(*args: Any, **kwargs: Any) -> int:
    """token_counter() for asyncio. It counts where it is called: LiteLLM's takes a thread for large texts."""
    return token_counter(*args, **kwargs)


def _plain(value: Any) -> Dict[str, Any]:
    return value if isinstance(value, dict) else value.model_dump(exclude_none=True)


def _message(message: Dict[str, Any], count: Callable[[str], int], otherwise: Optional[int]) -> int:
    total = _EACH_MESSAGE
    for name, value in message.items():
        if name == "tool_calls":
            for call in value or []:
                total += count(str((_plain(call).get("function") or {}).get("arguments") or ""))
        elif isinstance(value, str):
            total += count(value) + (_EACH_NAME if name == "name" else 0)
        elif name == "content" and isinstance(value, list):
            total += sum(_part(part, count, otherwise) for part in value)
    return total


def _picture(image: Any) -> int:
    """Of a picture in the message its tiles, unless it asks for a look that is not close; one that is elsewhere is not
    fetched."""
    asked = image if isinstance(image, dict) else {"url": image}
    detail, url = asked.get("detail") or "auto", asked.get("url")
    if detail == "low":
        return _IMAGE
    try:
        width, height = get_image_dimensions(url if isinstance(url, str) else "")
    except ValueError:
        return _IMAGE + (4 * _TILE if detail == "high" else 0)  # the most tiles of a square picture
    if max(width, height) > _SHORT_SIDE:
        short, long = sorted((max(width, 1), max(height, 1)))
        width, height = _SHORT_SIDE, int(_SHORT_SIDE * long / short)
        if height > _LONG_SIDE:
            width, height = int(_LONG_SIDE * short / long), _LONG_SIDE
    return _IMAGE + _TILE * -(-width // _TILE_SIDE) * -(-height // _TILE_SIDE)


def _part(part: Any, count: Callable[[str], int], otherwise: Optional[int]) -> int:
    if isinstance(part, str):
        return count(part)
    kind = part.get("type")
    if kind == "text":
        return count(part.get("text") or "")
    if kind == "thinking":
        return count(part.get("thinking") or "")
    if kind == "image_url":
        return _picture(part.get("image_url"))
    if kind in ("tool_use", "tool_result"):
        inner = part.get("content") if kind == "tool_result" else json.dumps(part.get("input") or {})
        pieces = inner if isinstance(inner, list) else [inner or ""]
        return sum(_part(piece, count, otherwise) for piece in pieces)
    if otherwise is not None:
        return otherwise
    raise ValueError(f"token_counter(): a part of the type {kind!r} cannot be counted")


def _declarations(tools: List[Any]) -> str:
    """Tools as the model is told of them: declarations of functions in TypeScript."""
    lines = ["namespace functions {", ""]
    for tool in map(_plain, tools):
        function = tool.get("function") or tool
        if function.get("description"):
            lines.append(f"// {function['description']}")
        properties = (function.get("parameters") or {}).get("properties")
        if properties:
            lines.append(f"type {function.get('name')} = (_: {{")
            lines.append(_members(function["parameters"], 0))
            lines.append("}) => any;")
        else:
            lines.append(f"type {function.get('name')} = () => any;")
        lines.append("")
    lines.append("} // namespace functions")
    return "\n".join(lines)


def _members(schema: Dict[str, Any], depth: int) -> str:
    lines = []
    for name, one in (schema.get("properties") or {}).items():
        if one.get("description"):
            lines.append(f"// {one['description']}")
        mark = "" if name in (schema.get("required") or []) else "?"
        lines.append(f"{name}{mark}: {_type(one, depth)},")
    return "\n".join(" " * depth + line for line in lines)


def _type(schema: Dict[str, Any], depth: int) -> str:
    kind = schema.get("type")
    if kind in ("string", "number", "integer") and schema.get("enum"):
        return " | ".join(json.dumps(one, ensure_ascii=False) for one in schema["enum"])
    if kind == "array":
        return f"{_type(schema['items'], depth)}[]" if schema.get("items") else "any[]"
    if kind == "object":
        return "{\n" + _members(schema, depth + 2) + "\n}"
    return {"string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null"}.get(
        str(kind), "any"
    )
