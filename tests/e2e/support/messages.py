"""Anthropic's Messages API: requests, answers with every kind of block, streams of them, the shape of errors."""

import json

from . import answers
from .operations import MESSAGES

TOOL = {
    "name": "get_weather",
    "description": "The weather of a city",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}},
}
THINKING = {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"}
CALLS = [
    {"type": "tool_use", "id": f"toolu_{city}", "name": "get_weather", "input": {"city": city}}
    for city in ("Paris", "Rome")
]
SAID = [THINKING, {"type": "text", "text": "I look."}, *CALLS]


def message(content, stop="end_turn", **more) -> dict:
    return {**answers.message(), "content": content, "stop_reason": stop, **more}


def pieces_of(block) -> list[dict]:
    """The deltas of a block, its text in two pieces."""
    kind = block["type"]
    if kind == "tool_use":
        text = json.dumps(block["input"])
        return [{"type": "input_json_delta", "partial_json": part} for part in (text[:7], text[7:])]
    text = block[kind]
    found = [{"type": f"{kind}_delta", kind: part} for part in (text[:2], text[2:])]
    if kind == "thinking":
        found.append({"type": "signature_delta", "signature": block["signature"]})
    return found


EMPTY = {
    "text": {"text": ""},
    "thinking": {"thinking": "", "signature": ""},
    "tool_use": {"input": {}},
}


def events(content, stop="end_turn") -> list[tuple[str, dict]]:
    """The stream of a message, as Anthropic documents it."""
    begun = {**message([], None), "usage": {"input_tokens": 11, "output_tokens": 1}}
    found = [{"type": "message_start", "message": begun}, {"type": "ping"}]
    for index, block in enumerate(content):
        start = {**block, **EMPTY[block["type"]]}
        found.append({"type": "content_block_start", "index": index, "content_block": start})
        found += [
            {"type": "content_block_delta", "index": index, "delta": delta}
            for delta in pieces_of(block)
        ]
        found.append({"type": "content_block_stop", "index": index})
    end = {"stop_reason": stop, "stop_sequence": None}
    found.append({"type": "message_delta", "delta": end, "usage": {"output_tokens": 4}})
    found.append({"type": "message_stop"})
    return [(event["type"], event) for event in found]


async def says(exchange):
    """Answers with all kinds of blocks, whole or as a stream."""
    if exchange.json.get("stream"):
        return await answers.streamed(*events(SAID, "tool_use"))(exchange)
    await exchange.answer(200, message(SAID, "tool_use"))


def asking(script="says", **more) -> dict:
    return {**MESSAGES.body(script), "tools": [TOOL], **more}


def dumped(content) -> list[dict]:
    return [block.model_dump(exclude_none=True) for block in content]


#: What Claude Code sends: cache marks, betas, a user, settings that are newer than any gateway.
CLAUDE_CODE = {
    "model": "m",
    "max_tokens": 32000,
    "system": [
        {"type": "text", "text": "x-anthropic-billing-header: cc_version=2.1"},
        {
            "type": "text",
            "text": "You are Claude Code.",
            "cache_control": {"type": "ephemeral", "ttl": "1h"},
        },
    ],
    "messages": [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "<system-reminder>be brief</system-reminder>"},
                {"type": "text", "text": "Hello", "cache_control": {"type": "ephemeral"}},
            ],
        },
        {"role": "system", "content": "A later word."},
    ],
    "tools": [{**TOOL, "cache_control": {"type": "ephemeral"}, "defer_loading": True}],
    "metadata": {"user_id": "user_1_account__session_script:says"},
    "thinking": {"type": "adaptive", "display": "summarized"},
    "output_config": {"effort": "high"},
    "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
    "temperature": 1,
}
BETAS = "claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27"


def check_error(answer, status: int, kind: str, said: str):
    """Anthropic's shape, and nothing of OpenAI's."""
    assert answer.status == status
    value = answer.json
    assert set(value) <= {"type", "error", "request_id"} and value["type"] == "error"
    assert set(value["error"]) == {"type", "message"}
    assert value["error"]["type"] == kind and said in value["error"]["message"]
