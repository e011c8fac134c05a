"""Gateways with guardrails in front of a scripted upstream, and a text with secrets to be masked."""

import json

from . import canary
from .answers import piece
from .gateway import config, deployment
from .versions import SHIPPED

#: What RULES make of TEXT is MASKED.
TEXT = (
    "Write to jane.doe@example.org, or call. The number is 123-45-6789 (not 987-65-43210); "
    "4111 1111 1111 1111 paid for Project Kestrel, \u20ac5 caf\u00e9."
)
MASKED = (
    "Write to [EMAIL_REDACTED], or call. The number is [US_SSN_REDACTED] (not 987-65-43210); "
    "[CREDIT_CARD_REDACTED] paid for [KEYWORD_REDACTED], \u20ac5 caf\u00e9."
)
RULES = {
    "patterns": [
        {"pattern_type": "prebuilt", "pattern_name": "email", "action": "MASK"},
        {"pattern_type": "prebuilt", "pattern_name": "us_ssn", "action": "MASK"},
        {"pattern_type": "prebuilt", "pattern_name": "credit_card", "action": "MASK"},
    ],
    "blocked_words": [{"keyword": "project kestrel", "action": "MASK"}],
}


def guarded(upstream, *guardrails, folder=None, **more) -> dict:
    """A configuration of two models at `upstream`; `folder` has plugins beside the shipped ones."""
    made = config(
        deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        deployment(
            "scripted-claude", "anthropic/claude-sonnet-4-20250514", upstream.url, canary.ANTHROPIC
        ),
        **more,
    )
    made["guardrails"] = list(guardrails)
    if folder:
        made["plugins"] = {"directories": [str(SHIPPED), str(folder)]}
    return made


def content(events) -> str:
    """The text of all choices of a stream's events, joined."""
    values = [json.loads(text) for text in events if text != "[DONE]"]
    return "".join(
        choice["delta"].get("content") or "" for value in values for choice in value["choices"]
    )


def events_of(texts, finish=True) -> bytes:
    """A provider's stream with one event for each text; without `finish`, it goes on."""
    lines = [f"data: {json.dumps(piece(text))}\n\n" for text in texts]
    if finish:
        lines += [f"data: {json.dumps(piece(finish='stop'))}\n\n", "data: [DONE]\n\n"]
    return "".join(lines).encode()
