"""Calls that wait for a deployment that has its hands full."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from support import answers, canary, paths
from support.gateway import config, deployment
from support.metrics import scrape
from support.process import eventually
from support.wire import Wire, ask, chat, request


def busy(upstream, **settings):
    made = deployment("m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI)
    made["litellm_params"]["max_parallel_requests"] = 1
    return config(made, router_settings=settings)


def held(upstream, name):
    """A script whose requests wait until they are let go, one by one; what came, in order."""
    came = []

    async def script(exchange):
        exchange.go = asyncio.Event()
        came.append(exchange)
        await exchange.go.wait()
        await answers.default(exchange)

    upstream.scripts[name] = script
    return came


def let_go(upstream, exchange):
    upstream.loop.call_soon_threadsafe(exchange.go.set)


def depth(gateway):
    return sum(v for (name, _), v in scrape(gateway).items() if name == "patchbay_queue_depth")


def shed(gateway, reason):
    return sum(
        value
        for (name, labels), value in scrape(gateway).items()
        if name == "patchbay_queue_shed_total" and dict(labels)["reason"] == reason
    )


def queued(pool, gateway, count, script, path="/v1/chat/completions", **more):
    """Makes a call, and waits until it is in the queue with `count` others."""
    body = chat(script, "m", **more)
    call = pool.submit(ask, gateway.port, body, path=path)
    eventually(lambda: depth(gateway) == count, paths.deadline(20))
    return call


def test_the_queue_goes_by_priority(start, upstream):
    gateway = start(busy(upstream))
    came = held(upstream, "held")
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(ask, gateway.port, chat("held", "m", user="first"))
        eventually(lambda: len(came) == 1, paths.deadline(20))
        low = queued(pool, gateway, 1, "held", user="low", priority=255)
        plain = queued(pool, gateway, 2, "held", user="plain")
        high = queued(
            pool, gateway, 3, "held", "/queue/chat/completions", user="high", priority=0
        )
        for number in range(4):
            eventually(lambda n=number: len(came) == n + 1, paths.deadline(20))
            let_go(upstream, came[number])
        found = [call.result() for call in (first, low, plain, high)]
    assert [answer.status for answer in found] == [200] * 4
    assert [exchange.json["user"] for exchange in came] == ["first", "high", "plain", "low"]
    assert "priority" not in came[1].json
    assert "x-patchbay-queue-ms" not in found[0].headers
    assert int(found[1].headers["x-patchbay-queue-ms"]) >= 0
    assert found[3].headers["x-litellm-request-prioritization-used"] == "True"
    assert "x-litellm-request-prioritization-used" not in found[2].headers
    text = ask(gateway.port, method="GET", path="/metrics").body.decode()
    assert 'patchbay_queue_wait_seconds_count{requested_model="m"} 3' in text
    assert depth(gateway) == 0


def test_who_waits_too_long_or_finds_it_full_is_told(start, upstream):
    gateway = start(busy(upstream, num_retries=0, patchbay={"queue": {"calls": 1, "timeout": 2}}))
    came = held(upstream, "shed")
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(ask, gateway.port, chat("shed", "m"))
        eventually(lambda: len(came) == 1, paths.deadline(20))
        second = queued(pool, gateway, 1, "shed")
        full = ask(gateway.port, chat("shed", "m"))
        late = second.result()
        let_go(upstream, came[0])
        assert first.result().status == 200
    assert full.status == late.status == 429
    assert "the queue is full" in full.error["message"]
    assert "none was free within 2000 ms" in late.error["message"]
    for answer in (full, late):
        assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert int(late.headers["x-patchbay-queue-ms"]) >= 2000
    assert shed(gateway, "full") == shed(gateway, "timeout") == 1


def test_a_client_that_hangs_up_in_the_queue_leaves_nothing(start, upstream):
    gateway = start(busy(upstream))
    came = held(upstream, "left")
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask, gateway.port, chat("left", "m"))
        eventually(lambda: len(came) == 1, paths.deadline(20))
        with Wire(gateway.port) as wire:
            wire.send(request(chat("left", "m")))
            eventually(lambda: depth(gateway) == 1, paths.deadline(20))
        eventually(lambda: depth(gateway) == 0, paths.deadline(20))
        let_go(upstream, came[0])
        assert first.result().status == 200
    assert ask(gateway.port, chat(model="m")).status == 200
    assert len(came) == 1


def test_a_bad_priority_is_refused(start, upstream):
    gateway = start(busy(upstream))
    for bad in (-1, 256, 1.5, "high"):
        answer = ask(gateway.port, chat(model="m", priority=bad))
        assert answer.status == 400
        assert "priority" in answer.error["message"]

