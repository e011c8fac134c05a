"""`pre_call_rules` and `post_call_rules`, functions that say whether a text may go on, `max_budget`, and schemas of answers."""

from __future__ import annotations

from typing import Any, Dict, Iterator

from . import _settings, exceptions


def _texts(request: Dict[str, Any]) -> Iterator[str]:
    for message in request.get("messages") or ():
        content = message.get("content") if hasattr(message, "get") else None
        if isinstance(content, str):
            yield content
        for part in content if isinstance(content, list) else ():
            if isinstance(part, dict) and isinstance(part.get("text"), str):
                yield part["text"]


def _judge(rules: Any, text: str, model: Any) -> None:
    for rule in rules:
        said = rule(text)
        allowed = said.get("decision", True) if isinstance(said, dict) else said
        if allowed is False:
            message = said.get("message") if isinstance(said, dict) else None
            raise exceptions.raisable(exceptions.APIResponseValidationError)(
                message or "LLM Response failed post-call-rule check", model=model, llm_provider=""
            )


def before(request: Dict[str, Any]) -> None:
    """Raises if the budget is spent, or a rule is against what is asked."""
    budget = _settings.get("max_budget")
    if budget:
        spent = _settings.get("_current_cost") or 0.0
        if spent > budget:
            raise exceptions.BudgetExceededError(spent, budget)
    rules = _settings.get("pre_call_rules")
    if rules:
        _judge(rules, "".join(_texts(request)), request.get("model"))


def after(request: Dict[str, Any], answer: Any) -> None:
    """Adds what an answer cost; raises if a rule is against it, or it is other than its schema wants."""
    if _settings.get("max_budget"):
        hidden = getattr(answer, "_hidden_params", None) or {}
        cost = 0.0 if hidden.get("cost_of_another_call") else hidden.get("response_cost") or 0.0
        _settings.put("_current_cost", (_settings.get("_current_cost") or 0.0) + cost)
    rules, schema = _settings.get("post_call_rules"), getattr(request, "schema", None)
    if (rules or schema is not None) and getattr(answer, "choices", None):
        for choice in answer.choices:
            content = getattr(getattr(choice, "message", None), "content", None)
            if isinstance(content, str):
                _judge(rules or (), content, request.get("model"))
                if schema is not None:
                    from . import _schemas

                    _schemas.check(schema, content, request.get("model"))
