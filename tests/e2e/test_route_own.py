"""Strategies of our own, and second attempts beside one that says nothing."""

import asyncio

import pytest

from support import answers, bedrock, canary, gemini, paths
from support.gateway import config, deployment
from support.metrics import grown, scrape
from support.process import eventually
from support.wire import Wire, ask, chat, request


def model(upstream, name, wire_model="gpt-4o", group="m", **params):
    made = deployment(group, f"openai/{wire_model}", upstream.url + "/v1", canary.OPENAI, **params)
    made["model_info"] = {"id": name}
    return made


def taken(gateway, count, script="default", headers=None, **more):
    """Ids of the deployments that answered, in the order of the calls."""
    seen = []
    for _ in range(count):
        answer = ask(gateway.port, chat(script, "m", stream=True, **more), headers=headers or {})
        assert answer.status == 200 and answer.events[-1] == "[DONE]", answer.body
        seen.append(answer.headers["x-litellm-model-id"])
    return seen


def test_p2c_leaves_the_slow_one(start, upstream):
    async def by_model(exchange):
        if exchange.json["model"] == "gpt-4":
            await asyncio.sleep(0.3)
        await answers.default(exchange)

    upstream.scripts["by-model"] = by_model
    gateway = start(
        config(
            model(upstream, "slow", "gpt-4"),
            model(upstream, "fast"),
            router_settings={"routing_strategy": "p2c-ewma"},
        )
    )
    before = scrape(gateway)
    seen = taken(gateway, 30, "by-model")
    assert seen[10:].count("slow") <= 2
    answer = ask(gateway.port, chat("by-model", "m"), headers={"x-patchbay-explain": "1"})
    assert " against " in answer.headers["x-patchbay-explain"]
    after = scrape(gateway)
    assert grown(before, after, "patchbay_deployment_tokens_in_flight") == 0
    slowness = {
        dict(labels)["model_id"]: value
        for (name, labels), value in after.items()
        if name == "patchbay_deployment_slowness"
    }
    assert slowness["slow"] > slowness["fast"]


def sticky(upstream, **settings):
    names = ("a", "b", "c", "d")
    routing = {"routing_strategy": "prefix-affinity", **settings}
    return config(*(model(upstream, name) for name in names), router_settings=routing)


def test_a_session_stays_over_a_restart(start, upstream):
    homes = {}
    gateway = start(sticky(upstream))
    for session in range(12):
        headers = {"x-litellm-session-id": f"s{session}"}
        seen = set(taken(gateway, 4, headers=headers))
        assert len(seen) == 1
        homes[session] = seen.pop()
    assert len(set(homes.values())) > 1
    explained = ask(
        gateway.port,
        chat(model="m", litellm_session_id="s3"),
        headers={"x-patchbay-explain": "1"},
    )
    assert f"-> {homes[3]} (has its beginning)" in explained.headers["x-patchbay-explain"]
    assert gateway.stop() == 0
    gateway = start(sticky(upstream))
    for session, home in homes.items():
        assert taken(gateway, 1, headers={"x-litellm-session-id": f"s{session}"}) == [home]


def test_a_conversation_goes_where_its_beginning_is(start, upstream):
    gateway = start(sticky(upstream))
    long = "once upon a time " * 400
    for number in range(6):
        talk = [
            {"role": "system", "content": f"{number} {long}"},
            {"role": "user", "content": "script:default"},
        ]
        home = None
        for turn in range(4):
            answer = ask(gateway.port, {"model": "m", "messages": talk})
            assert answer.status == 200
            home = home or answer.headers["x-litellm-model-id"]
            assert answer.headers["x-litellm-model-id"] == home, turn
            talk.append({"role": "assistant", "content": "Hello from upstream"})
            talk.append({"role": "user", "content": f"and then? {turn}"})


def hedging(upstream, share=1, **more):
    return config(
        model(upstream, "a"),
        model(upstream, "b"),
        router_settings={"patchbay": {"groups": {"m": {"hedge": {"share": share}}}}},
        **more,
    )


def paid_for(gateway):
    """Usual first words are known then, and second attempts are paid for.

    By calls that have none themselves, as what is stored is not asked for twice: those of a slow moment would leave
    less than four times what the next one costs.
    """
    taken(gateway, 40, store=True)


async def until(condition):
    while not condition():
        await asyncio.sleep(0.01)


def test_who_says_something_first_has_the_call(start, upstream, books, tmp_path):
    asked = []

    async def script(exchange):
        asked.append(exchange)
        await (answers.hang if len(asked) == 1 else answers.default)(exchange)

    upstream.scripts["hangs"] = script
    gateway = start(
        hedging(upstream, general_settings={"database_url": books.url}),
        env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
    )
    paid_for(gateway)
    expected = ask(gateway.port, chat("default", "m", stream=True)).events
    before = scrape(gateway)
    answer = ask(gateway.port, chat("hangs", "m", stream=True), headers={"x-patchbay-explain": "1"})
    assert answer.events == expected
    winner = answer.headers["x-litellm-model-id"]
    loser = {"a": "b", "b": "a"}[winner]
    explained = answer.headers["x-patchbay-explain"]
    assert f"-> {loser}" in explained and f"asks {winner}, too; {winner} is first" in explained
    assert answer.headers["x-litellm-attempted-retries"] == "0"
    eventually(asked[0].connection.gone.is_set, paths.deadline(20))
    after = scrape(gateway)
    assert grown(before, after, "patchbay_deployment_second_attempts_total") == 2
    assert grown(before, after, "litellm_proxy_failed_requests_metric_total") == 0
    assert gateway.stop() == 0
    # Quick ones may have had a second attempt, too; the last one is ours.
    rows = books.query(
        "SELECT prompt, cost, charge FROM entry WHERE status = 499 AND attempt = 1 ORDER BY started"
    )
    assert rows and all(charge == 0 for _, _, charge in rows)
    prompt, cost, _ = rows[-1]
    assert prompt > 0 and cost > 0
    assert books.query("SELECT COUNT(*) FROM entry WHERE attempt = 2 AND status = 200")[0][0] >= 1


def test_the_first_may_still_win(start, upstream):
    asked = []

    async def late(exchange):
        await until(lambda: len(asked) == 2)
        await answers.default(exchange)

    async def script(exchange):
        asked.append(exchange)
        await (late if len(asked) == 1 else answers.hang)(exchange)

    upstream.scripts["late"] = script
    gateway = start(hedging(upstream))
    paid_for(gateway)
    answer = ask(gateway.port, chat("late", "m", stream=True))
    assert answer.status == 200 and answer.events[-1] == "[DONE]"
    assert len(asked) == 2
    eventually(asked[1].connection.gone.is_set, paths.deadline(20))


def test_if_the_first_fails_the_second_is_the_retry(start, upstream):
    asked = []
    failed = []

    async def fails(exchange):
        await until(lambda: len(asked) == 2)
        await exchange.answer(500, answers.openai_error("down"))
        failed.append(exchange)

    async def late(exchange):
        await until(lambda: failed)
        await asyncio.sleep(0.3)  # until the gateway has read of it
        await answers.default(exchange)

    async def script(exchange):
        asked.append(exchange)
        await (fails if len(asked) == 1 else late)(exchange)

    upstream.scripts["first-fails"] = script
    gateway = start(hedging(upstream))
    paid_for(gateway)
    answer = ask(gateway.port, chat("first-fails", "m", stream=True))
    assert answer.status == 200 and answer.events[-1] == "[DONE]"
    assert len(asked) == 2
    assert answer.headers["x-litellm-attempted-retries"] == "1"


def test_if_both_fail_the_client_is_told(start, upstream):
    async def script(exchange):
        await until(lambda: len(upstream.of("both-fail")) == 2)
        await exchange.answer(500, answers.openai_error("down"))

    upstream.scripts["both-fail"] = script
    gateway = start(hedging(upstream))
    paid_for(gateway)
    answer = ask(gateway.port, chat("both-fail", "m", stream=True))
    assert answer.status == 500 and "down" in answer.error["message"]
    assert len(upstream.of("both-fail")) == 2
    assert taken(gateway, 1) != []


def test_a_client_that_leaves_leaves_both(start, upstream):
    async def script(exchange):
        await answers.hang(exchange)

    upstream.scripts["both-hang"] = script
    gateway = start(hedging(upstream))
    paid_for(gateway)
    with Wire(gateway.port) as wire:
        wire.send(request(chat("both-hang", "m", stream=True)))
        eventually(lambda: len(upstream.of("both-hang")) == 2, paths.deadline(10))
    for exchange in upstream.of("both-hang"):
        eventually(exchange.connection.gone.is_set, paths.deadline(20))
    assert taken(gateway, 1) != []


def test_what_acts_is_not_asked_twice(start, upstream):
    async def late(exchange):
        await asyncio.sleep(0.3)
        await answers.default(exchange)

    upstream.scripts["acts"] = late
    gateway = start(hedging(upstream))
    paid_for(gateway)
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    asked = first_hangs(upstream, "asks-for-acts", answers.default)
    ask(gateway.port, chat("asks-for-acts", "m", stream=True, tools=[tool]))
    assert len(asked) == 2
    for more in ({"web_search_options": {}}, {"tools": [{"type": "web_search"}]}, {"store": True}):
        upstream.clear()
        answer = ask(gateway.port, chat("acts", "m", stream=True, **more))
        assert answer.status == 200, answer.body
        assert len(upstream.of("acts")) == 1, more


def first_hangs(upstream, name, then):
    """A script whose first request hangs and whose others do as `then` does; what came."""
    asked = []

    async def script(exchange):
        asked.append(exchange)
        await (answers.hang if len(asked) == 1 else then)(exchange)

    upstream.scripts[name] = script
    return asked


RESPONSE = {"id": "resp_1", "object": "response", "created_at": 1, "status": "completed"}
RESPONSE = {**RESPONSE, "model": "gpt-4o", "output": []}
RESPONSE_STREAM = answers.streamed(
    ("response.created", {"type": "response.created", "response": RESPONSE}),
    (
        "response.output_text.delta",
        {"type": "response.output_text.delta", "item_id": "i", "output_index": 0, "delta": "Hello"},
    ),
    ("response.completed", {"type": "response.completed", "response": RESPONSE}),
)


def asks_responses(gateway, script):
    body = {"model": "m", "input": f"script:{script}", "stream": True, "store": False}
    return ask(gateway.port, body, path="/v1/responses")


def asks_completions(gateway, script):
    body = {"model": "m", "prompt": f"script:{script}", "stream": True}
    return ask(gateway.port, body, path="/v1/completions")


def asks_gemini(gateway, script):
    return gemini.call(gateway, gemini.body(script), "streamGenerateContent", query={"alt": "sse"})


def asks_converse(gateway, script):
    return bedrock.call(gateway, bedrock.body(script), "converse-stream")


@pytest.mark.parametrize(
    "name, call, then",
    [
        ("responses", asks_responses, RESPONSE_STREAM),
        ("completions", asks_completions, answers.default),
        ("gemini", asks_gemini, answers.default),
        ("converse", asks_converse, answers.default),
    ],
)
def test_other_apis_have_second_attempts_too(start, upstream, name, call, then):
    asked = first_hangs(upstream, f"hangs-{name}", then)
    gateway = start(hedging(upstream))
    paid_for(gateway)
    answer = call(gateway, f"hangs-{name}")
    assert answer.status == 200, answer.body
    assert b"Hello" in answer.body
    assert len(asked) == 2
    eventually(asked[0].connection.gone.is_set, paths.deadline(20))


def test_responses_that_are_kept_are_not_asked_twice(start, upstream):
    async def late(exchange):
        await asyncio.sleep(0.3)
        await RESPONSE_STREAM(exchange)

    upstream.scripts["kept"] = late
    gateway = start(hedging(upstream))
    paid_for(gateway)
    for more in ({}, {"store": True}, {"store": False, "background": True}):
        upstream.clear()
        body = {"model": "m", "input": "script:kept", "stream": True, **more}
        ask(gateway.port, body, path="/v1/responses")
        assert len(upstream.of("kept")) == 1, more


def guarded(upstream, mode):
    made = hedging(upstream)
    made["guardrails"] = [
        {
            "guardrail_name": "no-birds",
            "litellm_params": {
                "guardrail": "litellm_content_filter",
                "mode": mode,
                "default_on": True,
                "blocked_words": [{"keyword": "kestrel", "action": "BLOCK"}],
            },
        }
    ]
    return made


def test_guardrails_see_what_the_winner_says(start, upstream):
    bird = answers.streamed(answers.piece("A kestrel"), answers.piece(finish="stop"))
    asked = first_hangs(upstream, "hangs-bird", bird)
    good = first_hangs(upstream, "hangs-guarded", answers.default)
    gateway = start(guarded(upstream, "post_call"))
    paid_for(gateway)
    answer = ask(gateway.port, chat("hangs-guarded", "m", stream=True))
    assert answer.status == 200 and answer.events[-1] == "[DONE]"
    assert len(good) == 2
    answer = ask(gateway.port, chat("hangs-bird", "m", stream=True))
    assert len(asked) == 2
    assert b"A kestrel" not in answer.body and b"blocked" in answer.body


def test_the_cache_keeps_what_the_winner_says(start, upstream):
    asked = first_hangs(upstream, "hangs-cached", answers.default)
    made = hedging(upstream)
    made["litellm_settings"] = {**made.get("litellm_settings", {}), "cache": True}
    gateway = start(made)
    for number in range(40):
        taken(gateway, 1, user=str(number), store=True)
    first = ask(gateway.port, chat("hangs-cached", "m", stream=True))
    assert first.status == 200 and len(asked) == 2
    again = ask(gateway.port, chat("hangs-cached", "m", stream=True))
    assert again.headers["x-patchbay-cache"].startswith("hit")
    assert again.events == first.events
    assert len(asked) == 2
