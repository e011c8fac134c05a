"""A stream of chat or text completions as one answer: what a client that joins the deltas has in the end."""

from .compare import without_nulls

JOINED = {"content", "reasoning_content", "reasoning", "refusal", "text"}
ONCE = ("id", "object", "system_fingerprint", "service_tier")
COMMON = {*ONCE, "created", "model", "usage", "choices", "provider_specific_fields"}


def joined(chunks: list[dict]) -> dict:
    """The answer. Members that every chunk repeats are lists of their distinct values, so that a change of id shows."""
    whole: dict = {"choices": {}}
    for chunk in map(without_nulls, chunks):
        for key in ONCE:
            if key in chunk and chunk[key] not in whole.setdefault(key, []):
                whole[key].append(chunk[key])
        if "usage" in chunk:
            whole["usage"] = chunk["usage"]
        for key in chunk.keys() - COMMON:
            whole[key] = chunk[key]
        for choice in chunk.get("choices", []):
            _add_choice(whole["choices"].setdefault(str(choice.get("index", 0)), {}), choice)
    return whole


def _add_choice(whole: dict, choice: dict):
    if choice.get("finish_reason"):
        whole.setdefault("finish_reason", []).append(choice["finish_reason"])
    for key, values in (choice.get("logprobs") or {}).items():
        whole.setdefault("logprobs", {}).setdefault(key, []).extend(values)
    delta = dict(choice.get("delta") or {})
    if "text" in choice:
        delta["text"] = choice["text"]
    for key, value in delta.items():
        if value in ("", [], {}):
            continue
        if key in JOINED and isinstance(value, str):
            whole[key] = whole.get(key, "") + value
        elif key == "tool_calls":
            for call in value:
                _add_call(whole.setdefault(key, {}).setdefault(str(call.get("index", 0)), {}), call)
        elif key == "thinking_blocks":
            _add_thoughts(whole.setdefault(key, []), value)
        elif key == "provider_specific_fields":
            _add_fields(whole.setdefault(key, {}), value)
        elif isinstance(value, list):
            whole[key] = whole.get(key, []) + value
        elif isinstance(value, dict):
            whole[key] = {**whole.get(key, {}), **value}
        else:
            whole[key] = value


def _add_call(whole: dict, call: dict):
    function = call.get("function") or {}
    whole["arguments"] = whole.get("arguments", "") + (function.get("arguments") or "")
    for key, value in {**call, "name": function.get("name")}.items():
        if key not in ("function", "index") and value:
            whole.setdefault(key, value)


def _add_thoughts(whole: list, blocks: list):
    """Pieces of one thought are joined; its signature ends it."""
    for block in blocks:
        last = whole[-1] if whole else {}
        if last.get("type") == block.get("type") == "thinking" and "signature" not in last:
            last["thinking"] = last.get("thinking", "") + block.get("thinking", "")
            if block.get("signature"):
                last["signature"] = block["signature"]
        else:
            whole.append({key: value for key, value in block.items() if value != ""})


def _add_fields(whole: dict, fields: dict):
    for key, value in fields.items():
        if key == "thinking_blocks" and isinstance(value, list):
            _add_thoughts(whole.setdefault(key, []), value)
        else:
            whole[key] = value
