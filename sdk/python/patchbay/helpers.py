"""function_to_dict(): a Python function as a tool, from its signature and its documentation; and other small ones."""

from __future__ import annotations

import ast
import base64
import inspect
import os
import re
import struct
from typing import Any, Callable, Dict, List, Optional, Tuple

_TYPES = {
    "str": "string", "string": "string", "int": "integer", "integer": "integer", "float": "number", "number": "number",
    "bool": "boolean", "boolean": "boolean", "list": "array", "tuple": "array", "array": "array", "dict": "object",
    "object": "object", "None": "null",
}
_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}\s*$", re.M)
_PARAMETER = re.compile(r"^(\w+)\s*(?::\s*(.*))?$")


def _sections(text: str) -> Tuple[str, Dict[str, str]]:
    """What stands in front of numpydoc's sections, and the sections."""
    marks = list(_SECTION.finditer(text))
    head = text[: marks[0].start()] if marks else text
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return head.strip(), {mark[1]: text[mark.end() : end] for mark, end in zip(marks, ends)}


def _described(section: str) -> Dict[str, Tuple[str, str]]:
    """name -> (type as it is written, description)."""
    found: Dict[str, Tuple[str, List[str]]] = {}
    name = ""
    for line in section.splitlines():
        match = _PARAMETER.match(line) if line and not line[0].isspace() else None
        if match:
            name = match[1]
            found[name] = ((match[2] or "").strip(), [])
        elif name and line.strip():
            found[name][1].append(line.strip())
    return {one: (kind, " ".join(lines)) for one, (kind, lines) in found.items()}


def _schema(kind: str, description: str, default: Optional[str]) -> Dict[str, Any]:
    schema: Dict[str, Any] = {"type": default or "string"}
    choices = re.match(r"\{(.*)\}", kind)
    if choices:
        values = list(ast.literal_eval(f"[{choices[1]}]"))
        schema = {"type": _TYPES.get(type(values[0]).__name__, "string"), "enum": values}
    elif kind:
        word = re.split(r"[\s,\[]", kind)[0]
        schema = {"type": _TYPES.get(word, default or word)}
    if description:
        schema["description"] = description
    return schema


def function_to_dict(input_function: Callable[..., Any]) -> Dict[str, Any]:
    """{"name", "description", "parameters"} of a function whose documentation has numpydoc's section "Parameters".

    Types and descriptions come from there, else types from annotations; a parameter without a default is required.
    """
    head, sections = _sections(inspect.getdoc(input_function) or "")
    told = _described(sections.get("Parameters", ""))
    properties: Dict[str, Any] = {}
    required: List[str] = []
    for name, parameter in inspect.signature(input_function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        note = parameter.annotation
        annotated = None if note is parameter.empty else getattr(note, "__name__", str(note))
        kind, description = told.get(name, ("", ""))
        properties[name] = _schema(kind, description, _TYPES.get(annotated or ""))
        if parameter.default is parameter.empty and "optional" not in kind:
            required.append(name)
    made = {
        "name": input_function.__name__,
        "description": head,
        "parameters": {"type": "object", "properties": properties},
    }
    if required:
        made["parameters"]["required"] = required
    return made


#: Tokens from which providers keep a prompt.
_LEAST_CACHED = 1024


def is_prompt_caching_valid_prompt(
    model: str, messages: Optional[List[Any]] = None, tools: Optional[List[Any]] = None, custom_llm_provider: Optional[str] = None
) -> bool:
    """Is the prompt so long that a provider which caches prompts would keep it? False if it cannot be counted."""
    from .tokens import token_counter

    try:
        return token_counter(model=model, messages=messages or [], tools=tools) >= _LEAST_CACHED
    except Exception:  # noqa: BLE001 -- LiteLLM's promise
        return False


def get_secret(secret_name: str, default_value: Any = None) -> Any:
    """The environment's variable of the name, "true" and "false" as bool; `default_value` if there is none."""
    value = os.environ.get(secret_name.removeprefix("os.environ/"))
    if value is None:
        return default_value
    return {"true": True, "false": False}.get(value.strip().lower(), value)


def get_secret_str(secret_name: str, default_value: Optional[str] = None) -> Optional[str]:
    """get_secret() that is a text."""
    return os.environ.get(secret_name.removeprefix("os.environ/"), default_value)


def get_secret_bool(secret_name: str, default_value: Optional[bool] = None) -> Optional[bool]:
    """get_secret() that is true or false."""
    value = get_secret(secret_name, default_value)
    return value if isinstance(value, bool) else None


class ProviderConfigManager:
    """LiteLLM's, where programs ask it who has a Responses API of its own: no answer is given, so that they chat."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError("ProviderConfigManager is LiteLLM's: requests are written by the provider's plugin")

    @staticmethod
    def get_provider_responses_api_config(*_: Any, **__: Any) -> None:
        return None


def responses_api_bridge_check(model: str, custom_llm_provider: str, **_: Any) -> Tuple[Dict[str, Any], str]:
    """({"mode": of the model}, the model): does LiteLLM send its chat to the Responses API? Here its provider's plugin
    decides that."""
    from . import models

    facts = models._facts(model.removeprefix("responses/"), custom_llm_provider)
    mode = "responses" if model.startswith("responses/") else facts.get("mode")
    return {"mode": mode} if mode else {}, model.removeprefix("responses/")


def validate_and_fix_thinking_param(thinking: Any) -> Any:
    """`thinking` with Anthropic's own spelling of its budget."""
    if not isinstance(thinking, dict) or "budgetTokens" not in thinking:
        return thinking
    made = {name: value for name, value in thinking.items() if name != "budgetTokens"}
    return {**made, "budget_tokens": made.get("budget_tokens", thinking["budgetTokens"])}


def load_credentials_from_list(kwargs: Dict[str, Any]) -> None:
    """Puts what `litellm_credential_name` stands for into the arguments; there is no list of credentials here."""
    if kwargs.get("litellm_credential_name"):
        raise NotImplementedError("litellm_credential_name: give the call its key")


def _jpeg_size(data: bytes) -> Optional[Tuple[int, int]]:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        kind, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def image_size(data: bytes) -> Optional[Tuple[int, int]]:
    """(width, height) of a PNG, GIF, JPEG or WebP; None: it is none of them, or cut off."""
    try:
        if data.startswith(b"\x89PNG"):
            return struct.unpack(">II", data[16:24])  # type: ignore[return-value]
        if data.startswith((b"GIF87a", b"GIF89a")):
            return struct.unpack("<HH", data[6:10])  # type: ignore[return-value]
        if data.startswith(b"\xff\xd8"):
            return _jpeg_size(data)
        if data[8:16] == b"WEBPVP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
        if data[8:16] == b"WEBPVP8L":
            bits = int.from_bytes(data[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        if data[8:16] == b"WEBPVP8 ":
            width, height = struct.unpack("<HH", data[26:30])
            return width & 0x3FFF, height & 0x3FFF
    except struct.error:
        pass
    return None


#: Characters of a picture in base64 that are read; its size stands in front.
_HEAD = 1 << 16


def get_image_dimensions(data: str) -> Tuple[int, int]:
    """(width, height) of a picture in base64, also as a `data:` address. Raises ValueError for what it is not: nothing is
    fetched."""
    text = data.partition(",")[2] if data.startswith("data:") else data
    try:
        size = image_size(base64.b64decode(text[:_HEAD]))
    except ValueError:
        size = None
    if size is None:
        raise ValueError("get_image_dimensions(): expected a PNG, GIF, JPEG or WebP in base64")
    return size
