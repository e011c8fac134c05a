"""Usage of responses is never lost: every way for a call to end, native and under a guardrail by way of chat."""

import pytest

from support import answers
from support.answers import completion, cut, hang, openai_error, piece, streamed, usage_piece
from support.gateway import guardrail
from support.operations import RESPONSES
from support.records import error_code, tokens, told
from support.responses import OUTPUT, SAID, USAGE, events, response

BLOCKED = "the kestrel flies"
BLOCKING = guardrail(
    "no-birds",
    "post_call",
    default_on=True,
    blocked_words=[{"keyword": "kestrel", "action": "BLOCK"}],
)
#: What the upstream tells with a good answer; of a stream that ends before it the texts are counted.
TOLD, COUNTED = told(11, 4), told(2, 1)


def whole(document):
    async def script(exchange):
        await exchange.answer(200, document)

    return script


async def error_event(exchange):
    await exchange.event({"type": "error", **openai_error("try again")["error"]}, "error")
    await exchange.finish()


#: name: (streamed, script, status of the record, tokens, more)
ROWS = {
    "ok, whole": (False, whole(response(OUTPUT)), "success", TOLD, {}),
    "ok, stream": (True, streamed(*events(OUTPUT)), "success", TOLD, {}),
    "incomplete, stream": (
        True,
        streamed(*events([SAID], "incomplete", usage=USAGE)),
        "success",
        TOLD,
        {},
    ),
    "blocked, whole": (
        False,
        whole(completion(BLOCKED)),
        "failure",
        TOLD,
        {"guardrails": [BLOCKING]},
    ),
    "blocked, stream": (
        True,
        streamed(usage_piece(), piece(BLOCKED), piece(finish="stop")),
        "failure",
        TOLD,
        {"guardrails": [BLOCKING]},
    ),
    "retried, stream": (
        True,
        answers.once_failing(
            streamed(*events([])[:2], end=error_event), streamed(*events(OUTPUT))
        ),
        "success",
        TOLD,
        {"router_settings": {"num_retries": 1}},
    ),
    "cut, stream": (True, streamed(*events([SAID])[:5], end=cut), "failure", COUNTED, {}),
    "client gone, whole": (False, hang, "failure", told(0, 0), {"leave": True}),
    "client gone, stream": (
        True,
        streamed(*events([SAID])[:5], end=hang),
        "failure",
        COUNTED,
        {"leave": True},
    ),
    "error after content, stream": (
        True,
        streamed(*events([SAID])[:5], end=error_event),
        "failure",
        COUNTED,
        {},
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_what_was_told_is_counted(recorded, row):
    stream, script, status, expected, more = ROWS[row]
    record = recorded(script, stream=stream, operation=RESPONSES, **more)
    assert record["status"] == status, record["error_str"]
    assert record["stream"] is stream and record["call_type"] == "aresponses"
    if row != "blocked, stream":  # which may end before its last words are counted
        assert tokens(record) == expected
        assert record["metadata"]["usage_estimated"] is (expected == COUNTED)
    assert len(record["metadata"]["attempts"] or []) == (2 if row.startswith("retried") else 0)
    if more.get("leave"):
        assert error_code(record) == "499"
