"""trim_messages(): a conversation that fits into a model's window, in LiteLLM's way."""

from __future__ import annotations

import copy
from typing import Any, Dict, List, Optional

from . import models
from .tokens import token_counter

#: How often a text is cut until it fits; each cut goes by the ratio of what it has to what it may have.
_CUTS = 10


def _count(messages: List[Any], model: str) -> int:
    return token_counter(model=model, messages=messages)


def _shortened(message: Dict[str, Any], most: int, model: str) -> Optional[Dict[str, Any]]:
    """The message with its text cut in the middle, so that it has at most so many tokens; None if it cannot."""
    text = message.get("content")
    if not isinstance(text, str):
        return None
    made = dict(message)
    for _ in range(_CUTS):
        has = _count([made], model)
        if has <= most:
            return made
        length = max(int(len(made["content"]) * most / has) - 1, 0)
        half = length // 2
        made["content"] = made["content"][:half] + ".." + (made["content"][-half:] if half else "")
    return made if _count([made], model) <= most else None


def _newest(messages: List[Any], most: int, model: str) -> List[Any]:
    """The last messages that fit, the first of them cut if it does not."""
    kept: List[Any] = []
    for message in reversed(messages):
        if _count([message, *kept], model) <= most:
            kept.insert(0, message)
            continue
        left = most - (_count(kept, model) if kept else 0)
        cut = _shortened(message, left, model) if left > 0 and isinstance(message, dict) else None
        if cut is not None and _count([cut, *kept], model) <= most:
            kept.insert(0, cut)
        break
    return kept


def trim_messages(
    messages: List[Any],
    model: Optional[str] = None,
    trim_ratio: float = 0.75,
    return_response_tokens: bool = False,
    max_tokens: Optional[int] = None,
) -> Any:
    """The conversation cut to `max_tokens`, or to `trim_ratio` of the model's window.

    System messages become one, which stays; results of tools at the end stay; of the others the newest stay, and the
    oldest of these is cut in its middle. `return_response_tokens`: (messages, tokens that are left of `max_tokens`).
    Never raises: what cannot be counted comes back as it was.
    """
    try:
        return _trim(copy.deepcopy(messages), model or "", trim_ratio, return_response_tokens, max_tokens)
    except Exception:  # noqa: BLE001 -- LiteLLM's promise
        return messages


def _trim(messages: List[Any], model: str, ratio: float, tell: bool, most: Optional[int]) -> Any:
    if most is None:
        window = models.max_window(model)
        if not window:
            return messages
        most = int(window * ratio)
    results: List[Any] = []
    while messages and messages[-1].get("role") == "tool":
        results.insert(0, messages.pop())
    if _count(messages, model) >= most:
        system = "".join(one["content"] for one in messages if one.get("role") == "system" and one.get("content"))
        left, head = most, []
        if system:
            event: Dict[str, Any] = {"role": "system", "content": system}
            cost = _count([event], model)
            if cost > most:
                return [_shortened(event, most, model) or event]
            left, head = most - cost, [event]
            messages = [one for one in messages if one.get("role") != "system"]
        messages = head + _newest(messages, left, model)
    kept = messages + results
    return (kept, most - _count(kept, model)) if tell else kept
