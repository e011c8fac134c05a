"""Limits and budgets that gateways share by Redis: how far they are passed, and a Redis that is cut off or gone."""

import asyncio
import signal
import threading
import time

import pytest

from support import canary, paths
from support.answers import completion
from support.fleet import (
    BEFORE_CUT,
    COST,
    DOLLAR,
    MOST,
    TOKENS,
    Clients,
    Fleet,
    Steady,
    call,
    value,
)
from support.gateway import config, deployment
from support.process import eventually
from support.redis import Redis, needs_redis
from support.wire import ask, chat

pytestmark = needs_redis


@pytest.fixture
def redis(tmp_path):
    server = Redis(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def fleet(start, upstream, postgres, redis, tmp_path):
    made = []

    def run(size, cuts=0):
        made.append(Fleet(start, upstream, postgres, redis, tmp_path, size, cuts))
        return made[-1]

    yield run
    for one in made:
        one.stop()


def spend_all(fleet, clients: int, budget: int = DOLLAR) -> tuple[int, int, int]:
    """Until nobody can spend any more, with those that have a way cut off: what was left then, what is spent."""
    key = fleet.key(max_budget=budget / DOLLAR)
    loads = [Clients(gateway, key, clients, max_tokens=TOKENS) for gateway in fleet.gateways]
    left = budget
    if fleet.ways:
        eventually(lambda: sum(one.served for one in loads) >= BEFORE_CUT, paths.deadline(60))
        fleet.cut()
        left = budget - sum(one.served for one in loads) * COST
        apart, connected = loads[: len(fleet.ways)], loads[len(fleet.ways) :]
        eventually(lambda: all(refused(one, 20 * clients) for one in apart), paths.deadline(90))
        eventually(
            lambda: all(refused(one, 20 * clients) for one in connected) or all_done(connected), 90
        )
        fleet.mend()
    for one in loads:
        one.done()
    served, waited = sum(one.served for one in loads), sum(one.waited for one in loads)
    spent = fleet.spent()
    assert spent == served * COST
    print(f"\n{len(loads)} gateways: {served} calls, {waited} told to wait")
    return left, spent, waited


def refused(load, times: int) -> bool:
    """So often in a row, or for good: who is cut off from Redis reads in the books that all is spent."""
    return load.in_a_row > times or all_done([load])


def all_done(loads) -> bool:
    return all(future.done() for one in loads for future in one.all)


def within(spent: int, gateways: int, left: int = 0, cut: int = 0):
    bound = gateways * MOST + cut * left // gateways
    print(
        f"spent {spent / DOLLAR} $ of 1 $: over by {(spent - DOLLAR) / DOLLAR} $, at most {bound / DOLLAR} $"
    )
    assert DOLLAR <= spent <= DOLLAR + bound


def test_200_clients_of_one_gateway_pass_a_budget_by_one_call_at_most(fleet):
    _, spent, _ = spend_all(fleet(1), 200)
    within(spent, 1)


def test_three_gateways_of_which_one_is_cut_off_pass_a_budget_by_the_stated_bound_at_most(fleet):
    left, spent, _ = spend_all(fleet(3, cuts=1), 8)
    within(spent, 3, left, 1)


@pytest.mark.load
@pytest.mark.timeout(600)
def test_eight_gateways_of_which_two_are_cut_off_pass_a_budget_by_the_stated_bound_at_most(fleet):
    left, spent, _ = spend_all(fleet(8, cuts=2), 8)
    within(spent, 8, left, 2)


@pytest.mark.parametrize(
    "size", [2, pytest.param(8, marks=[pytest.mark.load, pytest.mark.timeout(600)])], ids=str
)
def test_gateways_pass_one_rate_by_the_stated_bound_at_most(fleet, redis, size):
    limit = 120
    gateways = fleet(size)

    # Gateways know the server's clock to two seconds: no call is made that near to a minute's end.
    def second() -> int:
        return int(redis.command("TIME")[0])

    for _ in range(3):
        key = gateways.key(rpm_limit=limit)
        eventually(lambda: 3 <= second() % 60 <= 30, 70)
        began = second()
        loads = [Clients(gateway, key, 4) for gateway in gateways.gateways]
        try:
            eventually(lambda: all(one.in_a_row > 1500 for one in loads), paths.deadline(50))
        finally:
            for one in loads:
                one.end()
        if second() - began < 57 - began % 60:
            break
    else:
        raise AssertionError("a minute ended each time")
    taken = sum(one.served for one in loads)
    bound = size * max(1, limit // (4 * size))
    print(f"\n{size} gateways: {taken} requests of {limit} in a minute, at most {limit + bound}")
    assert 0.9 * limit <= taken <= limit + bound


def test_a_limit_of_calls_under_way_is_one_for_all(fleet, upstream):
    gateways = fleet(2)
    going, most, open_ = [], [], threading.Event()

    async def slow(exchange):
        going.append(1)
        most.append(len(going))
        while not open_.is_set():
            await asyncio.sleep(0.01)
        going.pop()
        await exchange.answer(200, completion())

    upstream.scripts["slow"] = slow
    key = gateways.key(max_parallel_requests=8)
    loads = [Clients(gateway, key, 16, script="slow") for gateway in gateways.gateways]
    try:
        eventually(lambda: all(one.in_a_row > 1500 for one in loads), paths.deadline(30))
        assert 7 <= max(most) <= 8 + 2
    finally:
        open_.set()
        for one in loads:
            one.end()


def told(redis) -> int:
    """What the budgets' windows at the server have as used."""
    sums = 0
    for name in redis.command("KEYS", "pb:lease:*:*"):
        fields = redis.command("HGETALL", name)
        window = dict(zip(fields[::2], fields[1::2], strict=True))
        used = [int(text.split()[1]) for field, text in window.items() if field.startswith("n:")]
        sums += int(window["b"]) + sum(used)
    return sums


def p99(times) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def frozen_for(fleet, redis, seconds: float):
    """The server is stopped so long under load: no call fails, none is slower, and what it missed is told."""
    gateways = fleet(2)
    key = gateways.key(max_budget=1000)
    loads = [Steady(gateway, key) for gateway in gateways.gateways]
    try:
        eventually(lambda: all(len(one.took) > 200 for one in loads), paths.deadline(60))
        before = [list(one.took) for one in loads]
        redis.process.send_signal(signal.SIGSTOP)
        until = time.monotonic() + seconds
        eventually(lambda: time.monotonic() > until, seconds + 5, step=0.2)
        during = [one.took[len(was) :] for one, was in zip(loads, before, strict=True)]
        redis.process.send_signal(signal.SIGCONT)
    finally:
        for one in loads:
            one.end()
    was, frozen = p99(sum(before, [])), p99(sum(during, []))
    print(
        f"\np99 {was * 1000:.1f} ms before, {frozen * 1000:.1f} ms while Redis was frozen for {seconds} s, "
        f"{sum(map(len, during))} calls"
    )
    assert [one.wrong[:3] for one in loads] == [[] for _ in loads]
    assert frozen < paths.deadline(max(2 * was, was + 0.05))
    spent = sum(len(one.took) for one in loads) * COST
    eventually(lambda: told(redis) == spent, paths.deadline(60))


def test_a_frozen_redis_fails_and_slows_no_call_and_is_told_what_it_missed(fleet, redis):
    frozen_for(fleet, redis, 3)


@pytest.mark.load
@pytest.mark.timeout(300)
def test_a_redis_that_is_frozen_for_long_fails_and_slows_no_call(fleet, redis):
    frozen_for(fleet, redis, 30)


def test_a_redis_that_lost_its_data_is_told_again(fleet, redis):
    gateways = fleet(2)
    key = gateways.key(max_budget=1000)
    for gateway in gateways.gateways * 3:
        assert call(gateway, key, max_tokens=TOKENS).status == 200
    eventually(lambda: told(redis) == 6 * COST, paths.deadline(10))
    redis.stop()
    for gateway in gateways.gateways:
        assert call(gateway, key, max_tokens=TOKENS).status == 200
    redis.start()
    eventually(lambda: told(redis) == 8 * COST, paths.deadline(60))


def test_what_one_spends_is_seen_by_the_others(fleet):
    gateways = fleet(2)
    one, other = gateways.gateways
    key = gateways.key(max_budget=2 * COST / DOLLAR)
    served = []

    def used_up() -> bool:
        status = call(one, key, max_tokens=TOKENS).status
        served.append(status == 200)
        return status == 422

    eventually(used_up, paths.deadline(10))
    assert 2 <= sum(served) <= 3
    eventually(lambda: call(other, key, max_tokens=TOKENS).status == 422, paths.deadline(10))
    answer = call(one, gateways.key(rpm_limit=100))
    assert answer.headers["x-ratelimit-remaining-requests"] == "99"


def test_budgets_of_providers_are_shared_without_a_database_too(start, upstream, redis):
    address, budget = upstream.url + "/v1", 6
    entries = [
        deployment("m", "openai/gpt-4o", address, canary.OPENAI, order=1),
        deployment("m", "groq/llama-3.3-70b-versatile", address, canary.OPENAI, order=2),
    ]
    entries[0]["model_info"], entries[1]["model_info"] = {"id": "openai"}, {"id": "other"}
    one_call = 11 * 2500 + 4 * 10000
    limit = {"budget_limit": budget * one_call / DOLLAR, "time_period": "30d"}
    settings = {"redis_host": "127.0.0.1", "redis_port": redis.port}
    made = config(
        *entries, router_settings=settings | {"provider_budget_config": {"openai": limit}}
    )
    gateways = [start(made) for _ in range(2)]
    for gateway in gateways:
        eventually(lambda g=gateway: value(g, "patchbay_lease_gateways") == 2, paths.deadline(40))
    served = {gateway: [] for gateway in gateways}

    def left_out(gateway) -> bool:
        """The provider was not asked in the last 50 calls."""
        answer = ask(gateway.port, chat("default", "m", max_tokens=4))
        assert answer.status == 200, answer.body
        served[gateway].append(answer.headers["x-litellm-model-id"])
        return served[gateway][-50:] == ["other"] * 50

    for gateway in gateways:
        eventually(lambda g=gateway: left_out(g), paths.deadline(20))
    by_openai = sum(ids.count("openai") for ids in served.values())
    assert budget <= by_openai <= budget + 2
