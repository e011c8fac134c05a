"""function_to_dict(): a Python function as a tool, from its signature and its documentation."""

from __future__ import annotations

import ast
import inspect
import re
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
