"""The response cache: an answer that was given serves whoever asks the same again, whole or streamed."""

import asyncio
import json
import sqlite3

import pytest

from support import answers, canary, messages
from support.cached import cached, fresh, state
from support.gateway import Gateway, command, config, deployment, guardrail
from support.guarded import MASKED, RULES, TEXT, content
from support.metrics import grown, scrape
from support.operations import MESSAGES
from support.process import eventually
from support.records import Log
from support.wire import Wire, ask, chat, request


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["says"] = messages.says
    running = Gateway(tmp_path_factory.mktemp("cache"), cached(upstream))
    yield running
    assert running.stop() == 0


def test_the_same_request_is_asked_of_a_provider_once(gateway, upstream):
    fresh(gateway)
    upstream.clear()
    first, second = (ask(gateway.port, chat(temperature=0.5)) for _ in range(2))
    assert (state(first), state(second)) == ("miss", "hit")
    assert first.body == second.body and first.status == second.status == 200
    assert len(upstream.requests) == 1
    assert first.headers["x-litellm-cache-key"] == second.headers["x-litellm-cache-key"]
    assert float(first.headers["x-litellm-response-cost"]) > 0
    assert float(second.headers["x-litellm-response-cost"]) == 0
    assert second.headers["x-litellm-model-id"] == first.headers["x-litellm-model-id"]
    assert second.headers["x-patchbay-cache"].startswith("hit; age=")


def test_other_requests_are_asked_anew(gateway, upstream):
    fresh(gateway)
    upstream.clear()
    bodies = [
        chat(),
        chat(temperature=0.1),
        chat(top_k=3),
        chat(user="u"),
        chat(model="scripted-two"),
    ]
    assert [state(ask(gateway.port, body)) for body in bodies] == ["miss"] * len(bodies)
    assert len(upstream.requests) == len(bodies)
    # What does not change the answer changes no key.
    more = {"metadata": {"a": 1}, "stream_options": None, "num_retries": 2}
    assert state(ask(gateway.port, chat(**more))) == "hit"


def test_a_stream_shows_usage_to_whoever_asks_for_it(gateway):
    fresh(gateway)
    asked = chat(stream=True)
    plain = [ask(gateway.port, asked).events for _ in range(2)]
    assert plain[0] == plain[1] and not any('"usage":{' in text for text in plain[1])
    told = ask(gateway.port, {**asked, "stream_options": {"include_usage": True}})
    assert state(told) == "hit" and '"usage":{' in told.events[-2]


def test_embeddings_are_kept(gateway, upstream):
    fresh(gateway)
    upstream.clear()
    body = {"model": "vectors", "input": ["a", "b"]}
    first, second = (ask(gateway.port, body, path="/embeddings") for _ in range(2))
    assert (state(first), state(second)) == ("miss", "hit") and first.body == second.body
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_failures_and_filtered_answers_are_not_kept(gateway, upstream, stream):
    fresh(gateway)

    async def filtered(exchange):
        if not stream:
            value = answers.completion()
            value["choices"][0]["finish_reason"] = "content_filter"
            return await exchange.answer(200, value)
        await exchange.start_stream()
        await exchange.event(answers.piece("x"))
        await exchange.event(answers.piece(finish="content_filter"))
        await exchange.event("[DONE]")
        await exchange.finish()

    async def cut(exchange):
        await exchange.start_stream()
        await exchange.event(answers.piece("x"))
        exchange.cut()

    upstream.scripts["filtered"] = filtered
    upstream.scripts["broken"] = (
        cut if stream else answers.error(400, answers.openai_error("no"))
    )
    for script in ("filtered", "broken"):
        upstream.clear()
        for _ in range(2):
            ask(gateway.port, chat(script, stream=stream))
        assert len(upstream.requests) == 2, script


CONTROLS = [
    # what is said the first time, and the second; how often the provider is asked
    ({"no-cache": True}, {}, ["bypass", "hit"]),
    ({}, {"no-cache": True}, ["miss", "bypass"]),
    ({"no-store": True}, {}, ["miss", "miss"]),
    ({"ttl": 0}, {}, ["miss", "miss"]),
    ({"ttl": 60}, {"s-maxage": 30}, ["miss", "hit"]),
    ({}, {"namespace": "other"}, ["miss", "miss"]),
    ({"namespace": "one"}, {"namespace": "one"}, ["miss", "hit"]),
]


@pytest.mark.parametrize(("first", "second", "states"), CONTROLS)
def test_a_client_controls_the_cache(gateway, upstream, first, second, states):
    fresh(gateway)
    upstream.clear()
    found = [ask(gateway.port, chat(cache=said)) for said in (first, second)]
    assert [state(answer) for answer in found] == states
    assert len(upstream.requests) == 2 - states.count("hit")
    assert all("cache" not in exchange.json for exchange in upstream.requests)


def test_a_control_of_the_wrong_type_is_refused(gateway):
    answer = ask(gateway.port, chat(cache={"ttl": "soon"}))
    assert answer.status == 400 and answer.error["param"] == "cache.ttl"
    assert "x-patchbay-cache" not in ask(gateway.port, chat(caching=False)).headers
    assert "x-patchbay-cache" not in ask(
        gateway.port, chat(cache={"no-cache": True, "no-store": True})
    ).headers


def test_default_off_serves_those_who_ask_for_it(start, upstream):
    gateway = start(
        cached(upstream, {"mode": "default_off", "namespace": "shop", "supported_call_types": ["completion"]})
    )
    assert "x-patchbay-cache" not in ask(gateway.port, chat()).headers
    wish = {"use-cache": True}
    found = [ask(gateway.port, chat(cache=wish)) for _ in range(2)]
    assert [state(answer) for answer in found] == ["miss", "hit"]
    assert found[0].headers["x-litellm-cache-key"].startswith("shop:")
    body = MESSAGES.body(model="claude", cache=wish)
    assert "x-patchbay-cache" not in ask(gateway.port, body, path="/v1/messages").headers


def test_a_key_may_be_the_border(start, upstream):
    """Without a master key everybody has a key of their own."""
    gateway = start(cached(upstream, {"scope": "key"}, master_key=None))
    keys = ["sk-a", "sk-b", "sk-a", None, None]
    found = [state(ask(gateway.port, chat(), key=key)) for key in keys]
    assert found == ["miss", "miss", "hit", "miss", "hit"]


def test_identical_requests_under_way_are_one(gateway, upstream):
    fresh(gateway)
    upstream.clear()
    go = asyncio.Event()

    async def slow(exchange):
        await go.wait()
        await exchange.answer(200, answers.completion("one for all"))

    upstream.scripts["slow"] = slow
    wires = [Wire(gateway.port) for _ in range(4)]
    wires[0].send(request(chat("slow")))
    eventually(lambda: len(upstream.requests) == 1, 10)
    for wire in wires[1:]:
        wire.send(request(chat("slow")))
    eventually(lambda: scrape(gateway)[("litellm_in_flight_requests", ())] == 4, 10)
    upstream.loop.call_soon_threadsafe(go.set)
    found = [wire.answer() for wire in wires]
    assert [answer.json["choices"][0]["message"]["content"] for answer in found] == ["one for all"] * 4
    assert state(found[0]) == "miss" and {state(answer) for answer in found[1:]} <= {"coalesced", "hit"}
    assert len(upstream.requests) == 1
    for wire in wires:
        wire.socket.close()


@pytest.mark.parametrize("how", ["flushall", "delete"])
def test_an_answer_that_is_under_way_when_it_is_forgotten_is_not_kept(gateway, upstream, how):
    fresh(gateway)
    upstream.clear()
    go = asyncio.Event()

    async def slow(exchange):
        number = len(upstream.requests)
        if number == 2:
            await go.wait()
        await exchange.answer(200, answers.completion(f"answer {number}"))

    def said(answer):
        return answer.json["choices"][0]["message"]["content"]

    def forget():
        body = {"flushall": {}, "delete": {"keys": [key]}}[how]
        assert ask(gateway.port, body, path=f"/cache/{how}").json == {"status": "success"}

    upstream.scripts["slow"] = slow
    key = ask(gateway.port, chat("slow")).headers["x-litellm-cache-key"]
    forget()
    with Wire(gateway.port) as first, Wire(gateway.port) as second:
        first.send(request(chat("slow")))
        eventually(lambda: len(upstream.requests) == 2, 10)
        second.send(request(chat("slow")))
        eventually(lambda: scrape(gateway)[("litellm_in_flight_requests", ())] == 2, 10)
        forget()
        # Who asks from now on waits for nobody who asked before.
        third = ask(gateway.port, chat("slow"))
        upstream.loop.call_soon_threadsafe(go.set)
        waited = [wire.answer() for wire in (first, second)]
    assert [said(answer) for answer in waited] == ["answer 2"] * 2
    assert said(third) == said(ask(gateway.port, chat("slow"))) == "answer 3"


def test_who_waits_for_a_failure_asks_for_itself(gateway, upstream):
    fresh(gateway)
    upstream.clear()
    go = asyncio.Event()

    async def slow(exchange):
        number = len(upstream.requests)
        if number == 1:
            await go.wait()
            return await exchange.answer(500, answers.openai_error("down"))
        await exchange.answer(200, answers.completion())

    upstream.scripts["slow"] = slow
    with Wire(gateway.port) as first, Wire(gateway.port) as second:
        first.send(request(chat("slow")))
        eventually(lambda: len(upstream.requests) == 1, 10)
        second.send(request(chat("slow")))
        eventually(lambda: scrape(gateway)[("litellm_in_flight_requests", ())] == 2, 10)
        upstream.loop.call_soon_threadsafe(go.set)
        assert first.answer().status == 500
        assert second.answer().status == 200
    assert len(upstream.requests) == 2


def test_guardrails_see_answers_that_were_kept(start, upstream):
    async def secret(exchange):
        await answers.default(exchange) if exchange.json.get("stream") else await exchange.answer(
            200, answers.completion(TEXT)
        )

    upstream.scripts["secret"] = secret
    rules = guardrail("pii", "post_call", **RULES)
    gateway = start({**cached(upstream), "guardrails": [rules]})
    open_answer = ask(gateway.port, chat("secret"))
    assert open_answer.json["choices"][0]["message"]["content"] == TEXT
    upstream.clear()
    guarded = ask(gateway.port, chat("secret", guardrails=["pii"]))
    assert state(guarded) == "hit" and not upstream.requests
    assert guarded.json["choices"][0]["message"]["content"] == MASKED
    stream = ask(gateway.port, chat("secret", guardrails=["pii"], stream=True))
    assert state(stream) == "hit" and content(stream.events) == MASKED


def test_a_request_that_a_guardrail_changed_is_nobody_elses(start, upstream):
    rules = guardrail("pii", "pre_call", default_on=True, **RULES)
    gateway = start({**cached(upstream), "guardrails": [rules]})
    body = chat()
    assert [state(ask(gateway.port, body)) for _ in range(2)] == ["miss", "hit"]
    body["messages"].append({"role": "user", "content": TEXT})
    assert "x-patchbay-cache" not in ask(gateway.port, body).headers


def test_a_hit_is_in_the_record_in_the_books_and_in_the_metrics(start, upstream, tmp_path):
    log = Log(tmp_path)
    file = tmp_path / "ledger.db"
    sections = dict(log.sections)
    callbacks = sections.pop("litellm_settings")
    gateway = start(
        cached(
            upstream,
            settings=callbacks,
            general_settings={"database_url": f"sqlite://{file}"},
            **sections,
        ),
        env=log.environment,
    )
    before = scrape(gateway)
    for _ in range(2):
        answer = ask(gateway.port, chat())
    after = eventually(
        lambda: (now := scrape(gateway)) and grown(before, now, "cache_hits") == 1 and now, 10
    )
    assert grown(before, after, "litellm_cache_misses_metric_total") == 1
    assert grown(before, after, "patchbay_cache_saved_dollars_total") > 0
    assert grown(before, after, "litellm_input_tokens_metric_total") == 22
    miss, hit = log.records(2)
    assert (miss["cache_hit"], hit["cache_hit"]) == (False, True)
    assert hit["cache_key"] == answer.headers["x-litellm-cache-key"] == miss["cache_key"]
    assert hit["response_cost"] == 0 and hit["total_tokens"] == 15
    assert hit["saved_cache_cost"] == miss["response_cost"] > 0 == miss["saved_cache_cost"]
    assert hit["response"] == miss["response"]
    assert gateway.stop() == 0
    with sqlite3.connect(file) as database:
        rows = database.execute("SELECT flags & 16, charge > 0, prompt FROM entry ORDER BY started")
        assert rows.fetchall() == [(0, 1, 11), (16, 0, 11)]


def test_an_admin_looks_after_the_cache(gateway):
    fresh(gateway)
    ping = ask(gateway.port, method="GET", path="/cache/ping")
    assert ping.status == 200
    assert (ping.json["status"], ping.json["cache_type"]) == ("healthy", "local")
    assert json.loads(ping.json["litellm_cache_params"])["type"] == "local"
    key = ask(gateway.port, chat()).headers["x-litellm-cache-key"]
    assert state(ask(gateway.port, chat())) == "hit"
    assert ask(gateway.port, {"keys": [key]}, path="/cache/delete").json == {"status": "success"}
    assert state(ask(gateway.port, chat())) == "miss"
    for wrong in ({}, {"keys": "x"}, {"keys": ["x"]}, {"keys": [7]}):
        assert ask(gateway.port, wrong, path="/cache/delete").status == 400, wrong
    for method, path in (("GET", "ping"), ("POST", "delete"), ("POST", "flushall")):
        assert ask(gateway.port, method=method, path=f"/cache/{path}", key=None).status == 401


def test_without_the_cache_there_is_none(start, upstream):
    gateway = start(config(deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI)))
    answer = ask(gateway.port, chat(cache={"ttl": "ignored"}))
    assert answer.status == 200 and "x-litellm-cache-key" not in answer.headers
    ping = ask(gateway.port, method="GET", path="/cache/ping")
    assert ping.status == 503 and ping.error["type"] == "cache_ping_error"


def test_check_names_types_that_are_not_done(tmp_path):
    file = tmp_path / "config.yaml"
    model = "{model_name: m, litellm_params: {model: openai/gpt-4o, api_key: sk-x}}"
    file.write_text(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: s3\n"
        f"model_list: [{model}]\n"
    )
    status, output = command("check", file)
    assert status == 0 and "config.yaml:4:11: warning:" in output and "`s3`" in output
