"""How much the gateway takes on: requests at once on each event loop, and the size of answers."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from support import answers, canary, paths
from support.gateway import config, deployment
from support.metrics import scrape
from support.process import eventually
from support.wire import Wire, ask, chat, request


def gateway_of(start, upstream, **general):
    made = deployment("m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI)
    return start(config(made, general_settings=general))


def held(upstream):
    """A script whose requests wait until they are let go; those that came."""
    came = []

    async def script(exchange):
        exchange.go = asyncio.Event()
        came.append(exchange)
        await exchange.go.wait()
        await answers.default(exchange)

    upstream.scripts["held"] = script
    return came


def told(gateway, name, **labels):
    return scrape(gateway)[(f"litellm_admission_{name}", tuple(sorted(labels.items())))]


def call(gateway, **more):
    return ask(gateway.port, chat("held", "m"), **more)


def test_a_loop_serves_so_many_at_once_and_some_wait(start, upstream):
    gateway = gateway_of(
        start,
        upstream,
        max_in_flight_requests_per_worker=2,
        max_queued_requests_per_worker=1,
        admission_queue_timeout_seconds=600,
    )
    came = held(upstream)
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(call, gateway) for _ in range(2)]
        eventually(lambda: len(came) == 2, paths.deadline(20))
        calls.append(pool.submit(call, gateway))
        eventually(lambda: told(gateway, "queued_requests") == 1, paths.deadline(20))
        for path in ("/v1/chat/completions", "/v1/embeddings"):
            refused = call(gateway, path=path)
            assert refused.status == 503
            assert refused.headers["retry-after"] == "1"
            words = "Worker at capacity: 2 in-flight, 1 queued requests. Retry later."
            assert (refused.error["message"], refused.error["type"]) == (words, "overloaded_error")
        assert ask(gateway.port, method="GET", path="/v1/models").status == 503
        assert call(gateway, path="/v1/messages").json["error"]["type"] == "overloaded_error"
        for path in ("/health/liveliness", "/health/liveness", "/health/readiness", "/metrics"):
            assert ask(gateway.port, method="GET", path=path, key=None).status == 200
        backlog = ask(gateway.port, method="GET", path="/health/backlog").json
        assert (backlog["queued_requests"], backlog["rejected_requests"]) == (1, 4)
        assert told(gateway, "admitted_requests") == 2
        assert told(gateway, "rejected_requests_total", reason="queue_full") == 4
        assert len(came) == 2, "the provider was not asked"
        for count in range(3):
            eventually(lambda n=count: len(came) > n, paths.deadline(20))
            upstream.loop.call_soon_threadsafe(came[count].go.set)
        assert [one.result().status for one in calls] == [200] * 3
    eventually(lambda: told(gateway, "admitted_requests") == 0, paths.deadline(20))
    assert told(gateway, "queued_requests") == 0
    assert ask(gateway.port, method="GET", path="/v1/models").status == 200


def test_who_waits_too_long_is_refused(start, upstream):
    gateway = gateway_of(
        start, upstream, max_in_flight_requests_per_worker=1, admission_queue_timeout_seconds=0.05
    )
    came = held(upstream)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(call, gateway)
        eventually(lambda: len(came) == 1, paths.deadline(20))
        assert call(gateway).status == 503
        assert told(gateway, "rejected_requests_total", reason="queue_timeout") == 1
        upstream.loop.call_soon_threadsafe(came[0].go.set)
        assert first.result().status == 200


def test_a_client_that_hangs_up_while_it_waits_is_not_served(start, upstream):
    gateway = gateway_of(
        start, upstream, max_in_flight_requests_per_worker=1, admission_queue_timeout_seconds=600
    )
    came = held(upstream)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(call, gateway)
        eventually(lambda: len(came) == 1, paths.deadline(20))
        with Wire(gateway.port) as leaver:
            leaver.send(request(chat("held", "m")))
            eventually(lambda: told(gateway, "queued_requests") == 1, paths.deadline(20))
        eventually(lambda: told(gateway, "queued_requests") == 0, paths.deadline(20))
        second = pool.submit(call, gateway)
        eventually(lambda: told(gateway, "queued_requests") == 1, paths.deadline(20))
        upstream.loop.call_soon_threadsafe(came[0].go.set)
        eventually(lambda: len(came) == 2, paths.deadline(20))
        upstream.loop.call_soon_threadsafe(came[1].go.set)
        assert [first.result().status, second.result().status] == [200, 200]


def test_without_a_bound_nothing_is_told_of_one(start, upstream):
    gateway = gateway_of(start, upstream, max_queued_requests_per_worker=0)
    assert ask(gateway.port, chat(model="m")).status == 200
    assert not [name for name, _ in scrape(gateway) if name.startswith("litellm_admission_")]


def large(size):
    async def script(exchange):
        if not exchange.json.get("stream"):
            return await exchange.answer(200, answers.completion("x" * size))
        await exchange.start_stream()
        for _ in range(4):
            await exchange.event(answers.piece("x" * (size // 4)))
        await exchange.event(answers.piece(finish="stop"))
        await exchange.event("[DONE]")
        await exchange.finish()

    return script


def test_answers_that_are_larger_than_they_may_be_fail(start, upstream):
    gateway = gateway_of(start, upstream, max_response_size_mb=1)
    upstream.scripts["large"] = large(2 << 20)
    upstream.scripts["fits"] = large(900_000)
    refused = ask(gateway.port, chat("large", "m"))
    assert refused.status == 400
    assert "Response size is too large. Response size is 2.0" in refused.error["message"]
    assert "MB. Max size is 1 MB" in refused.error["message"]
    assert (refused.error["type"], refused.error["param"]) == ("bad_request_error", "content-length")
    assert ask(gateway.port, chat("fits", "m")).status == 200
    whole = ask(gateway.port, chat("fits", "m", stream=True))
    assert whole.events[-1] == "[DONE]"
    cut = ask(gateway.port, chat("large", "m", stream=True))
    assert cut.status == 200
    assert "Response size is too large" in cut.body.decode()
    assert b"[DONE]" not in cut.body
    assert 400_000 < len(cut.body) < 1_200_000, "what fitted was passed on"
    assert ask(gateway.port, chat(model="m")).status == 200, "it does not rest"


def test_a_fallback_answers_in_place_of_one_that_is_too_large(start, upstream):
    async def by_model(exchange):
        await large(2 << 20 if exchange.json["model"] == "wordy" else 100)(exchange)

    upstream.scripts["by-model"] = by_model
    made = [
        deployment(name, f"openai/{model}", upstream.url + "/v1", canary.OPENAI)
        for name, model in (("m", "wordy"), ("other", "brief"))
    ]
    gateway = start(
        config(
            *made,
            general_settings={"max_response_size_mb": 0.5},
            router_settings={"fallbacks": [{"m": ["other"]}]},
        )
    )
    answer = ask(gateway.port, chat("by-model", "m"))
    assert (answer.status, answer.headers["x-litellm-model-group"]) == (200, "other")
