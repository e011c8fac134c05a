"""Usage is never lost: every way for a call to end, whole and streamed, for each operation that tells tokens.

The fixture checks that the record and /metrics have the same numbers; a row says which.
"""

import json

import pytest

from support import answers
from support.answers import completion, cut, hang, openai_error, piece, streamed, usage_piece
from support.gateway import guardrail
from support.operations import CHAT, EMBEDDINGS, MESSAGES
from support.records import TOKENS, error_code, tokens, told

OPERATIONS = {"chat": CHAT, "messages": MESSAGES, "embeddings": EMBEDDINGS}
BLOCKED = "the kestrel flies"
BLOCKING = guardrail(
    "no-birds",
    "post_call",
    default_on=True,
    blocked_words=[{"keyword": "kestrel", "action": "BLOCK"}],
)
#: What the upstream tells with a good answer.
TOLD = {"chat": TOKENS, "messages": TOKENS, "embeddings": told(7, 0)}


def good(name: str, text: str = "Hello"):
    """The document of a whole answer."""
    if name == "chat":
        return completion(text)
    return answers.message(text) if name == "messages" else answers.embedding_list([0.5])


def failed(name: str) -> dict:
    """An error in place of an answer, which tells what it cost all the same."""
    usage = TOKENS if name == "chat" else answers.EMBEDDING_USAGE
    return {**openai_error("try again"), "usage": usage}


def events(name: str, text: str = "Hello", end: bool = True) -> list:
    """A stream; what it costs is told before its end, as Anthropic does, whose text comes behind it."""
    if name == "messages":
        found = answers.message_events([text])
        return found if end else found[:3]
    begun = [{**piece(text), "usage": TOKENS}]
    return [*begun, piece(finish="stop")] if end else begun


def whole(document):
    async def script(exchange):
        await exchange.answer(200, document)

    return script


async def half(exchange):
    """Fewer bytes than it announces."""
    body = json.dumps(completion("Hello"))
    head = (
        f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    await exchange.send((head + body[: len(body) // 2]).encode())
    exchange.close()


def error_event(name: str):
    async def end(exchange):
        if name == "messages":
            error = answers.anthropic_error("try again", "overloaded_error")
            await exchange.event(error, "error")
        else:
            await exchange.event(openai_error("try again"))
        await exchange.finish()

    return end


def begun(name: str, end):
    """Tells its usage, says nothing that a client should see, and ends as `end` does."""
    only = answers.message_events([])[:1] if name == "messages" else [usage_piece()]
    return streamed(*only, end=end)


#: name: (streamed, operations, script of an operation, status of the record, times what is told, more)
ROWS = {
    "ok, whole": (False, TOLD, lambda name: whole(good(name)), "success", 1, {}),
    "ok, stream": (
        True,
        ("chat", "messages"),
        lambda name: streamed(*events(name)),
        "success",
        1,
        {},
    ),
    "blocked, whole": (
        False,
        ("chat", "messages"),
        lambda name: whole(good(name, BLOCKED)),
        "failure",
        1,
        {"guardrails": [BLOCKING]},
    ),
    "blocked, stream": (
        True,
        ("chat", "messages"),
        lambda name: streamed(*events(name, BLOCKED)),
        "failure",
        1,
        {"guardrails": [BLOCKING]},
    ),
    "failed, whole": (
        False,
        ("chat", "embeddings"),
        lambda name: whole(failed(name)),
        "failure",
        1,
        {},
    ),
    "retried, whole": (
        False,
        ("chat", "embeddings"),
        lambda name: answers.once_failing(whole(failed(name)), whole(good(name))),
        "success",
        2,
        {"router_settings": {"num_retries": 1}},
    ),
    "retried, stream": (
        True,
        ("chat", "messages"),
        lambda name: answers.once_failing(begun(name, error_event(name)), streamed(*events(name))),
        "success",
        2,
        {"router_settings": {"num_retries": 1}},
    ),
    "cut, whole": (False, TOLD, lambda name: half, "failure", 0, {}),
    "cut, stream": (
        True,
        ("chat", "messages"),
        lambda name: streamed(*events(name, end=False), end=cut),
        "failure",
        1,
        {},
    ),
    "client gone, whole": (False, TOLD, lambda name: hang, "failure", 0, {"leave": True}),
    "client gone, stream": (
        True,
        ("chat", "messages"),
        lambda name: streamed(*events(name, end=False), end=hang),
        "failure",
        1,
        {"leave": True},
    ),
    "error after content, stream": (
        True,
        ("chat", "messages"),
        lambda name: streamed(*events(name, end=False), end=error_event(name)),
        "failure",
        1,
        {},
    ),
}
#: Where Anthropic's text comes after the last report: the tokens that it is estimated at.
ESTIMATES = {
    "cut, stream": 2,
    "client gone, stream": 2,
    "error after content, stream": 2,
    "blocked, stream": 5,
}
CASES = [
    pytest.param(operation, row, id=f"{operation}: {row}")
    for row, (_, operations, *_) in ROWS.items()
    for operation in operations
]


@pytest.mark.parametrize(("operation", "row"), CASES)
def test_what_was_told_is_counted(recorded, operation, row):
    stream, _, script, status, times, more = ROWS[row]
    asked = OPERATIONS[operation]
    record = recorded(script(operation), stream=stream, operation=asked, **more)
    assert record["status"] == status, record["error_str"]
    assert record["stream"] is stream
    expected = {kind: times * count for kind, count in TOLD[operation].items()}
    estimated = record["metadata"]["usage_estimated"]
    if estimated:
        expected["completion_tokens"] += ESTIMATES[row]
        expected["total_tokens"] += ESTIMATES[row]
    assert tokens(record) == expected
    if row != "blocked, stream":  # which ends before or after the last report
        assert estimated is (operation == "messages" and row in ESTIMATES)
    attempts = record["metadata"]["attempts"] or []
    assert len(attempts) == (2 if row.startswith("retried") else 0)
    for attempt in attempts:
        assert attempt["usage_object"]["prompt_tokens"] == TOLD[operation]["prompt_tokens"]
        assert attempt["startTime"] <= attempt["endTime"] <= record["endTime"] + 0.001
    if attempts:
        first, second = attempts
        assert first["status_code"] >= 500 and second["status_code"] == 200
        assert first["endTime"] <= second["startTime"] + 0.001
    if more.get("leave"):
        assert error_code(record) == "499"
