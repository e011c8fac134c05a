"""Requests that name several models: a race, or a list of answers."""

import asyncio

import pytest

from support import answers, canary, paths
from support.gateway import config, deployment
from support.metrics import grown, scrape
from support.process import eventually
from support.wire import Wire, ask, chat, request


def model(upstream, name, **params):
    return deployment(name, f"openai/{name}", upstream.url + "/v1", canary.OPENAI, **params)


@pytest.fixture
def two(start, upstream):
    return start(config(model(upstream, "slow"), model(upstream, "quick")))


def race(upstream, name, slow):
    """A script by which `slow` does what it is told and the others answer; what was asked."""
    asked = {}

    async def script(exchange):
        asked[exchange.json["model"]] = exchange
        await (slow if exchange.json["model"] == "slow" else answers.default)(exchange)

    upstream.scripts[name] = script
    return asked


@pytest.mark.parametrize("stream", [False, True])
def test_the_fastest_has_the_request_and_the_other_is_left(two, upstream, stream):
    asked = race(upstream, "race", answers.hang)
    before = scrape(two)
    answer = ask(two.port, chat("race", "slow, quick", stream=stream, fastest_response=True))
    assert answer.status == 200, answer.body
    assert answer.headers["x-litellm-fastest_response_batch_completion"] == "True"
    assert answer.headers["x-litellm-model-group"] == "quick"
    if stream:
        assert answer.events[-1] == "[DONE]"
        assert '"model":"quick"' in answer.events[0].replace(" ", "")
    else:
        assert answer.json["model"] == "quick"
        assert float(answer.headers["x-litellm-response-cost"]) >= 0
    assert "fastest_response" not in asked["quick"].json
    eventually(asked["slow"].connection.gone.is_set, paths.deadline(20))
    after = scrape(two)
    assert grown(before, after, "litellm_proxy_total_requests_metric_total") == 2
    left = [
        value
        for (name, labels), value in after.items()
        if name == "litellm_proxy_total_requests_metric_total"
        and dict(labels).get("status_code") == "499"
    ]
    assert sum(left) >= 1


def test_an_answer_from_the_cache_leaves_the_others_unasked(start, upstream):
    kept = {"cache": True, "cache_params": {"type": "local"}}
    gateway = start(config(model(upstream, "kept"), model(upstream, "slow"), litellm_settings=kept))
    asked = race(upstream, "cached", answers.hang)
    assert ask(gateway.port, chat("cached", "kept")).status == 200
    asked.clear()
    answer = ask(gateway.port, chat("cached", "kept,slow", fastest_response=True))
    assert answer.status == 200
    assert answer.headers["x-litellm-model-group"] == "kept"
    assert gateway.stop() == 0
    assert asked == {}


def test_one_that_fails_loses(two, upstream):
    race(upstream, "fails", answers.error(400, answers.openai_error("no", "invalid_request_error")))
    answer = ask(two.port, chat("fails", "slow,quick", fastest_response=True))
    assert answer.status == 200
    assert answer.headers["x-litellm-model-group"] == "quick"


def test_if_all_fail_the_first_error_is_told(two, upstream):
    upstream.scripts["bad"] = answers.error(
        400, answers.openai_error("that is wrong", "invalid_request_error")
    )
    answer = ask(two.port, chat("bad", "slow,quick", fastest_response=True))
    assert answer.status == 400
    assert "that is wrong" in answer.error["message"]


def test_without_a_race_the_answer_is_a_list(two, upstream):
    race(upstream, "list", answers.error(400, answers.openai_error("no", "invalid_request_error")))
    answer = ask(two.port, chat("default", "slow, quick"))
    assert answer.status == 200
    assert [one["model"] for one in answer.json] == ["slow", "quick"]
    answer = ask(two.port, chat("list", "slow, quick"))
    assert answer.status == 200
    assert "no" in answer.json[0]["error"]["message"] and answer.json[1]["model"] == "quick"


def test_the_models_are_asked_at_the_same_time(two, upstream):
    both = asyncio.Event()
    asked = []

    async def together(exchange):
        asked.append(exchange)
        if len(asked) == 2:
            both.set()
        await asyncio.wait_for(both.wait(), paths.deadline(20))
        await answers.default(exchange)

    upstream.scripts["together"] = together
    assert ask(two.port, chat("together", "slow,quick")).status == 200


@pytest.mark.parametrize(
    "name, more, said",
    [
        ("slow,,quick", {}, "empty name"),
        (",".join(["quick"] * 17), {}, "At most 16"),
        ("slow,quick", {"stream": True}, "cannot be streamed"),
    ],
)
def test_what_cannot_be_done_is_refused(two, name, more, said):
    before = scrape(two)
    answer = ask(two.port, chat("default", name, **more))
    assert answer.status == 400
    assert said in answer.error["message"]
    assert grown(before, scrape(two), "litellm_proxy_failed_requests_metric_total") == 1


def test_a_model_that_is_not_there_is_its_own_error(two):
    answer = ask(two.port, chat("default", "nobody,quick"))
    assert answer.status == 200
    assert "nobody" in answer.json[0]["error"]["message"]
    assert answer.json[1]["model"] == "quick"


def test_a_name_with_commas_may_be_a_models(start, upstream):
    made = deployment("a,b", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI)
    gateway = start(config(made))
    assert ask(gateway.port, chat("default", "a,b")).json["object"] == "chat.completion"


def test_a_client_that_hangs_up_leaves_all(two, upstream):
    asked = []

    async def hangs(exchange):
        asked.append(exchange)
        await answers.hang(exchange)

    upstream.scripts["all-hang"] = hangs
    with Wire(two.port) as wire:
        wire.send(request(chat("all-hang", "slow,quick", fastest_response=True)))
        eventually(lambda: len(asked) == 2, paths.deadline(20))
    for exchange in asked:
        eventually(exchange.connection.gone.is_set, paths.deadline(20))
