"""What a provider told of its usage is in the record and in /metrics, whatever became of the call."""

import json

import pytest

from support import answers, canary
from support.answers import USAGE, completion, cut, hang, openai_error, piece, streamed, usage_piece
from support.gateway import config, deployment, guardrail
from support.metrics import scrape
from support.records import TOKENS, error_code, tokens, told
from support.wire import ask, chat

DETAILED = {
    **USAGE,
    "prompt_tokens_details": {"cached_tokens": 5, "audio_tokens": 2},
    "completion_tokens_details": {"reasoning_tokens": 3, "audio_tokens": 1},
}


def with_usage(usage, text=None):
    return {**piece(text), "usage": usage}


async def stop_without_end(exchange):
    await exchange.finish()


async def error_event(exchange):
    await exchange.event(openai_error("overloaded"))
    await exchange.finish()


BLOCKING = guardrail(
    "no-birds",
    "post_call",
    default_on=True,
    blocked_words=[{"keyword": "kestrel", "action": "BLOCK"}],
)


@pytest.mark.parametrize(
    ("events", "end", "code"),
    [
        ([with_usage(TOKENS, "part")], hang, "499"),
        ([with_usage(TOKENS, "part")], cut, None),
        ([with_usage(TOKENS, "part")], error_event, None),
        ([with_usage(TOKENS, "part")], stop_without_end, None),
        ([with_usage(told(11, 1), "a"), with_usage(told(11, 4), "b")], hang, "499"),
    ],
    ids=["client-leaves", "cut", "error-event", "no-end-mark", "grows"],
)
def test_a_stream_that_breaks_off_costs_what_was_told(recorded, events, end, code):
    leave = end is hang
    record = recorded(streamed(*events, end=end), stream=True, leave=leave)
    assert record["prompt_tokens"] == 11
    if len(events) == 1 or not leave:
        assert tokens(record) == TOKENS
    if code:
        assert error_code(record) == code and record["status"] == "failure"


@pytest.mark.parametrize("end", [hang, cut, error_event], ids=["client-leaves", "cut", "error-event"])
def test_a_broken_stream_that_told_nothing_is_estimated(recorded, end):
    record = recorded(streamed(piece("Hello there"), end=end), stream=True, leave=end is hang)
    assert record["completion_tokens"] == 3, "a token for four bytes of text"
    assert record["prompt_tokens"] >= 1
    assert record["metadata"]["usage_estimated"] is True


def test_a_whole_stream_that_told_nothing_is_estimated(recorded):
    record = recorded(streamed(piece("Hello there"), piece(finish="stop")), stream=True)
    assert record["status"] == "success"
    assert record["completion_tokens"] == 3
    assert record["metadata"]["usage_estimated"] is True


async def anthropics_error(exchange):
    await exchange.event(answers.anthropic_error("overloaded", "overloaded_error"), "error")
    await exchange.finish()


@pytest.mark.parametrize("end", [hang, cut, anthropics_error], ids=["client-leaves", "cut", "error"])
def test_anthropics_stream_costs_its_prompt_however_it_breaks_off(recorded, end):
    async def script(exchange):
        usage = {"input_tokens": 9, "cache_read_input_tokens": 4, "output_tokens": 1}
        await exchange.start_stream()
        for name, value in answers.message_events(["part"])[:3]:
            if name == "message_start":
                value = {**value, "message": {**value["message"], "usage": usage}}
            await exchange.event(value, name)
        await end(exchange)

    record = recorded(script, stream=True, leave=end is hang, model="claude")
    assert record["status"] == "failure"
    if end is hang:
        assert error_code(record) == "499"
    assert record["prompt_tokens"] == 13, "9, and 4 that came from the cache"
    assert record["completion_tokens"] >= 1
    assert record["metadata"]["usage_object"]["prompt_tokens_details"]["cached_tokens"] == 4


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_that_a_guardrail_withholds_is_paid_for(recorded, stream):
    async def whole(exchange):
        await exchange.answer(200, completion("the kestrel flies"))

    script = streamed(with_usage(TOKENS, "the kestrel flies"), piece(finish="stop"))
    record = recorded(script if stream else whole, stream=stream, guardrails=[BLOCKING])
    assert record["status"] == "failure"
    assert tokens(record) == TOKENS


def test_attempts_that_failed_are_paid_for_too(recorded):
    seen = []

    async def script(exchange):
        seen.append(exchange)
        if len(seen) > 1:
            return await exchange.answer(200, completion("fine"))
        await exchange.start_stream()
        await exchange.event({**piece(), "choices": [], "usage": TOKENS})
        await error_event(exchange)

    async def streams(exchange):
        if seen:
            seen.append(exchange)
            return await streamed(piece("fine"), piece(finish="stop"), usage_piece())(exchange)
        await script(exchange)

    record = recorded(streams, stream=True, router_settings={"num_retries": 1})
    if len(seen) == 1:
        pytest.skip("the first event commits the call to its attempt")
    assert record["status"] == "success"
    assert tokens(record) == {name: 2 * count for name, count in TOKENS.items()}
    first, second = record["metadata"]["attempts"]
    assert first["error_class"] and second["error_class"] is None
    assert [one["usage_object"]["prompt_tokens"] for one in (first, second)] == [11, 11]


@pytest.mark.parametrize("stream", [False, True])
def test_an_error_that_tells_its_usage_is_paid_for(recorded, stream):
    failed = {**openai_error("stopped in the middle"), "usage": TOKENS}

    async def whole(exchange):
        await exchange.answer(200, failed)

    script = streamed(piece("part"), failed) if stream else whole
    record = recorded(script, stream=stream)
    assert record["status"] == "failure"
    assert tokens(record) == TOKENS
    assert record["metadata"]["usage_estimated"] is False


def test_each_attempt_counts_at_its_own_deployment(start, upstream):
    """One of two deployments always tells its usage and fails; the other one answers."""

    async def script(exchange):
        if exchange.json["model"] == "good":
            return await exchange.answer(200, completion("fine"))
        await exchange.start_stream()
        await exchange.event({**piece(), "choices": [], "usage": TOKENS})
        await error_event(exchange)

    async def streams(exchange):
        if exchange.json["model"] == "bad":
            return await script(exchange)
        await streamed(piece("fine"), piece(finish="stop"), usage_piece())(exchange)

    upstream.scripts["two"] = streams
    made = config(
        deployment("m", "openai/good", upstream.url + "/v1", canary.OPENAI, weight=1),
        deployment("m", "openai/bad", upstream.url + "/v1", canary.OPENAI, weight=1000),
        router_settings={"num_retries": 1},
    )
    gateway = start(made)
    for _ in range(5):
        assert ask(gateway.port, chat("two", "m", stream=True)).status == 200
    by_model = {
        dict(labels)["model"]: value
        for (name, labels), value in scrape(gateway).items()
        if name == "litellm_input_tokens_metric_total"
    }
    bad = len([one for one in upstream.of("two") if one.json["model"] == "bad"])
    assert bad > 0
    assert by_model == {"openai/good": 5 * 11, "openai/bad": bad * 11}


def test_kinds_of_tokens_are_in_the_record(recorded):
    async def script(exchange):
        await exchange.answer(200, completion("fine", usage=DETAILED))

    usage = recorded(script)["metadata"]["usage_object"]
    assert usage["prompt_tokens_details"]["cached_tokens"] == 5
    assert usage["prompt_tokens_details"]["audio_tokens"] == 2
    assert usage["completion_tokens_details"] == {"reasoning_tokens": 3, "audio_tokens": 1}


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ('{"prompt_tokens":-1,"completion_tokens":2}', told(0, 2)),
        ('{"prompt_tokens":"seven","completion_tokens":2}', told(0, 2)),
        ('{"prompt_tokens":"7","completion_tokens":2}', told(7, 2)),
        ('{"prompt_tokens":99999999999999999999999,"completion_tokens":2}', told(0, 2)),
        ('{"prompt_tokens":18446744073709551615,"completion_tokens":2}', told(0, 2)),
        ('{"prompt_tokens":3.0,"completion_tokens":2.0}', told(3, 2)),
        ("null", told(0, 0)),
        ("[1]", told(0, 0)),
    ],
)
def test_absurd_counts_are_not_taken(recorded, usage, expected):
    async def script(exchange):
        body = json.dumps(completion("fine")).replace(json.dumps(USAGE), usage)
        assert usage in body
        await exchange.answer(200, body.encode())

    assert tokens(recorded(script)) == expected


def test_a_call_to_an_unknown_model_is_recorded(recorded):
    record = recorded(answers.default, body=chat(model="nobody"))
    assert record["status"] == "failure" and record["model"] == "nobody"
    assert tokens(record) == told(0, 0)
