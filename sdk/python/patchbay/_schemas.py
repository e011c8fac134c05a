"""`enable_json_schema_validation`: answers that are held against the schema of the call's `response_format`."""

from __future__ import annotations

import json
from typing import Any, Dict, Optional

from . import _engine, exceptions


def wanted(response_format: Any, checked: bool) -> Optional[Dict[str, Any]]:
    """The schema that answers must meet; None: they are not looked at. `checked`: the setting, or the call, wants it; a
    `response_schema` that says `enforce_validation` wants it itself."""
    if not isinstance(response_format, dict):
        return None
    own = response_format.get("response_schema")
    if isinstance(own, dict):
        return own if checked or response_format.get("enforce_validation") is True else None
    named = response_format.get("json_schema")
    found = named.get("schema") if isinstance(named, dict) else None
    return found if checked and isinstance(found, dict) else None


def _lower(schema: Any) -> Any:
    """The same with the names of types as JSON Schema has them: Google's are in capitals."""
    if isinstance(schema, list):
        return [_lower(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: value.lower() if name == "type" and isinstance(value, str) else _lower(value) for name, value in schema.items()
    }


def check(schema: Dict[str, Any], text: str, model: Any) -> None:
    """Raises JSONSchemaValidationError for an answer that is no JSON, or other than the schema wants."""
    try:
        value = json.loads(text)
    except ValueError as wrong:
        problems = [{"at": "", "message": f"it is no JSON: {wrong}"}]
    else:
        problems = _engine.default().look_up("schema", {"schema": _lower(schema), "value": value})
    if problems:
        first = problems[0]
        raise exceptions.raisable(exceptions.JSONSchemaValidationError)(
            model=model, llm_provider="", raw_response=text, schema=json.dumps(schema), why=f"{first['at'] or 'the answer'}: {first['message']}"
        )
