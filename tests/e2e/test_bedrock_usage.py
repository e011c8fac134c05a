"""Usage of Bedrock's API is never lost: every way for a call to end, whole and streamed."""

import json
from dataclasses import dataclass

import pytest

from support import answers, bedrock
from support.answers import completion, cut, hang, openai_error, piece, streamed, usage_piece
from support.gateway import guardrail
from support.operations import Operation
from support.records import TOKENS, error_code, tokens, told

BLOCKING = guardrail(
    "no-birds",
    "post_call",
    default_on=True,
    blocked_words=[{"keyword": "kestrel", "action": "BLOCK"}],
)
BLOCKED = "the kestrel flies"


@dataclass(frozen=True)
class Converse(Operation):
    """Whether the answer is streamed stands in the path."""

    begun: bytes = b"contentBlockDelta"

    def body(self, script="default", model="m", stream=False, **more):
        return bedrock.body(script, **more)


def asked(action: str) -> Converse:
    path = f"/bedrock/model/m/{action}"
    route = f"/bedrock/model/{{model_id}}/{action}"
    return Converse("converse", path, route, "allm_passthrough_route", "converse", "openai/gpt-4o", dict)


def whole(document):
    async def script(exchange):
        await exchange.answer(200, document)

    return script


async def half(exchange):
    """Fewer bytes than it announces."""
    text = json.dumps(completion("Hello"))
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(text)}\r\n\r\n"
    await exchange.send((head + text[: len(text) // 2]).encode())
    exchange.close()


async def error_event(exchange):
    await exchange.event(openai_error("try again"))
    await exchange.finish()


BEGUN = {**piece("Hello"), "usage": TOKENS}
GOOD = streamed(piece("Hello"), piece(finish="stop"), usage_piece())
NOTHING = told(0, 0)
#: name: (streamed, script, status of the record, tokens, more)
ROWS = {
    "ok, whole": (False, whole(completion("Hello")), "success", TOKENS, {}),
    "ok, stream": (True, GOOD, "success", TOKENS, {}),
    "blocked, whole": (
        False,
        whole(completion(BLOCKED)),
        "failure",
        TOKENS,
        {"guardrails": [BLOCKING]},
    ),
    "blocked, stream": (
        True,
        streamed(usage_piece(), piece(BLOCKED), piece(finish="stop")),
        "failure",
        TOKENS,
        {"guardrails": [BLOCKING]},
    ),
    "retried, stream": (
        True,
        answers.once_failing(streamed(usage_piece(), end=error_event), GOOD),
        "success",
        told(22, 8),
        {"router_settings": {"num_retries": 1}},
    ),
    "cut, whole": (False, half, "failure", NOTHING, {}),
    "cut, stream": (True, streamed(BEGUN, end=cut), "failure", TOKENS, {}),
    "client gone, whole": (False, hang, "failure", NOTHING, {"leave": True}),
    "client gone, stream": (True, streamed(BEGUN, end=hang), "failure", TOKENS, {"leave": True}),
    "error after content, stream": (
        True,
        streamed(BEGUN, end=error_event),
        "failure",
        TOKENS,
        {},
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_what_was_told_is_counted(recorded, row):
    stream, script, status, expected, more = ROWS[row]
    operation = asked("converse-stream" if stream else "converse")
    record = recorded(script, stream=stream, operation=operation, **more)
    assert record["status"] == status, record["error_str"]
    assert record["stream"] is stream
    if row != "blocked, stream":  # which may end before its last words are counted
        assert tokens(record) == expected
    if more.get("leave"):
        assert error_code(record) == "499"
