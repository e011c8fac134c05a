"""Routing state that gateways share by Redis: rests, and the requests of a minute; and a Redis that is slow or gone."""

import asyncio
import signal
import socket
import threading
import time
from bisect import bisect_left
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import answers, canary, paths
from support.gateway import config, deployment
from support.metrics import scrape
from support.process import eventually, within_a_minute
from support.redis import Redis, needs_redis
from support.stalls import Stalls
from support.wire import ask, chat

pytestmark = needs_redis


@pytest.fixture
def redis(tmp_path):
    server = Redis(tmp_path)
    yield server
    server.stop()


def entry(upstream, name, id, script=None, **params):
    model = f"openai/script:{script}" if script else "openai/gpt-4o"
    made = deployment(name, model, upstream.url + "/v1", canary.OPENAI, **params)
    return made | {"model_info": {"id": id}}


def shared(redis, *entries, **settings) -> dict:
    where = {"redis_host": "127.0.0.1", "redis_port": redis.port}
    return config(*entries, router_settings=where | settings)


def value(gateway, name, **labels) -> float | None:
    for (sample, given), found in scrape(gateway).items():
        if sample == name and labels.items() <= dict(given).items():
            return found
    return None


def connected(gateway):
    eventually(lambda: value(gateway, "patchbay_shared_state_connected") == 1, paths.deadline(40))
    return gateway


def state(gateway, id) -> float:
    return value(gateway, "litellm_deployment_state", model_id=id)


def used(gateway, id) -> float:
    return value(gateway, "patchbay_deployment_minute_requests", model_id=id)


def fresh_minute(*gateways):
    """Until nothing of the minute is used: where a test is run again, the next one has to come."""
    eventually(lambda: all(used(gateway, "counted") == 0 for gateway in gateways), 70)


def limited(upstream, id="limited", seconds=40):
    upstream.scripts["limited"] = answers.error(
        429, answers.openai_error("slow down"), [("retry-after", str(seconds))]
    )
    return entry(upstream, "pair", id, "limited")


def rest_by(gateway, id):
    """Calls until the deployment rests."""

    def rests():
        assert ask(gateway.port, chat(model="pair", num_retries=1)).status == 200
        return state(gateway, id) == 2

    eventually(rests, paths.deadline(10))


def test_gateways_respect_one_cooldown(start, upstream, redis):
    made = shared(redis, limited(upstream), entry(upstream, "pair", "good"))
    one, two = connected(start(made)), connected(start(made))
    rest_by(one, "limited")
    eventually(lambda: state(two, "limited") == 2, paths.deadline(10))
    upstream.clear()
    for _ in range(40):
        assert ask(two.port, chat(model="pair")).status == 200
    assert upstream.of("limited") == []
    left = int(redis.ask("PTTL deployment:limited:cooldown")[1:])
    assert 0 < left <= 40_000
    assert b'"cooldown_time":' in redis.ask("GET deployment:limited:cooldown"), "as LiteLLM reads it"
    assert value(one, "patchbay_shared_rests_total", direction="told") == 1
    assert value(two, "patchbay_shared_rests_total", direction="heard") == 1


def test_a_gateway_that_starts_later_hears_of_rests(start, upstream, redis):
    made = shared(redis, limited(upstream), entry(upstream, "pair", "good"))
    one = connected(start(made))
    rest_by(one, "limited")
    eventually(lambda: redis.ask("EXISTS deployment:limited:cooldown") == b":1\r\n", 10)
    late = start(made)
    eventually(lambda: state(late, "limited") == 2, paths.deadline(10))


def test_gateways_respect_one_limit_of_requests(start, upstream, redis):
    made = shared(
        redis,
        entry(upstream, "m", "counted", rpm=30),
        optional_pre_call_checks=["enforce_model_rate_limits"],
    )
    one, two = connected(start(made)), connected(start(made))

    def test():
        fresh_minute(one, two)
        for _ in range(20):
            assert ask(one.port, chat(model="m")).status == 200
        eventually(lambda: used(two, "counted") == 20, paths.deadline(20))
        for _ in range(10):
            assert ask(two.port, chat(model="m")).status == 200
        refused = ask(two.port, chat(model="m"))
        assert refused.status == 429 and 1 <= int(refused.headers["retry-after"]) <= 60
        eventually(lambda: used(one, "counted") == 30, paths.deadline(20))
        assert ask(one.port, chat(model="m")).status == 429

    within_a_minute(test)


def test_gateways_respect_one_limit_of_tokens_of_prompts(start, upstream, redis):
    made = shared(
        redis,
        entry(upstream, "m", "counted", itpm=60),
        optional_pre_call_checks=["enforce_model_rate_limits"],
    )
    one, two = connected(start(made)), connected(start(made))
    came = []

    async def held(exchange):
        exchange.go = asyncio.Event()
        came.append(exchange)
        await exchange.go.wait()
        await answers.default(exchange)

    upstream.scripts["held"] = held

    def tokens(gateway):
        return value(gateway, "patchbay_deployment_minute_input_tokens", model_id="counted")

    def test():
        fresh_minute(one, two)
        came.clear()
        long = chat("held", "m")
        long["messages"].append({"role": "user", "content": "four" * 40})
        with ThreadPoolExecutor(1) as pool:
            call = pool.submit(ask, one.port, long)
            eventually(lambda: tokens(two) > 40, paths.deadline(20))
            before = tokens(two)
            assert ask(two.port, long | {"stream": False}).status == 429, "it is under way there"
            upstream.loop.call_soon_threadsafe(came[0].go.set)
            assert call.result().status == 200
        eventually(lambda: tokens(two) == 11 < before, paths.deadline(20))
        assert ask(two.port, chat(model="m")).status == 200
        eventually(lambda: tokens(one) == 22, paths.deadline(20))

    within_a_minute(test)


class Load:
    """Calls a gateway as fast as it answers, on a thread, until it is ended."""

    def __init__(self, gateway, model):
        self.gateway, self.model = gateway, model
        self.calls: list[tuple[float, float, int]] = []  #: when it began, how long it took, status
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.ending.is_set():
            begun = time.monotonic()
            status = ask(self.gateway.port, chat(model=self.model)).status
            self.calls.append((begun, time.monotonic() - begun, status))

    def end(self):
        self.ending.set()
        self.thread.join()

    def good(self) -> list[float]:
        return [begun for begun, _, status in self.calls if status == 200]

    def most_within(self, seconds: float) -> int:
        """The most good calls that began in such a time."""
        times = self.good()
        return max((bisect_left(times, at + seconds) - n for n, at in enumerate(times)), default=0)


def test_two_that_run_into_a_limit_together_pass_it_by_the_stated_bound_at_most(start, upstream, redis):
    limit = 2000
    made = shared(
        redis,
        entry(upstream, "m", "counted", rpm=limit),
        optional_pre_call_checks=["enforce_model_rate_limits"],
    )
    one, two = connected(start(made)), connected(start(made))

    def test():
        fresh_minute(one, two)
        loads = [Load(one, "m"), Load(two, "m")]

        def refused(load):
            return sum(status == 429 for _, _, status in load.calls) > 20

        try:
            eventually(lambda: all(refused(load) for load in loads), paths.deadline(30))
        finally:
            for load in loads:
                load.end()
        taken = sum(len(load.good()) for load in loads)
        # What they begin within two rounds, and while the answers of these are on their way.
        bound = sum(load.most_within(paths.deadline(0.25)) for load in loads)
        assert taken >= limit
        assert taken <= limit + bound, (taken, bound)
        assert taken < 2 * limit, "each kept its own limit"

    within_a_minute(test)


def test_a_redis_that_freezes_or_goes_mid_load_fails_no_call(start, upstream, redis):
    made = shared(redis, limited(upstream), entry(upstream, "pair", "good"), num_retries=1)
    one, two = connected(start(made)), connected(start(made))
    loads = [Load(one, "pair"), Load(two, "pair")]

    def calls(more: int):
        counts = [len(load.calls) + more for load in loads]
        eventually(
            lambda: all(len(load.calls) >= n for load, n in zip(loads, counts, strict=True)), paths.deadline(30)
        )

    with Stalls() as stalls:
        try:
            calls(100)
            redis.process.send_signal(signal.SIGSTOP)
            eventually(
                lambda: all(value(g, "patchbay_shared_state_connected") == 0 for g in (one, two)),
                paths.deadline(10),
            )
            calls(300)
            redis.process.send_signal(signal.SIGCONT)
            connected(one), connected(two)
            calls(100)
            redis.stop()
            calls(300)
            redis.start()
            connected(one), connected(two)
            calls(100)
        finally:
            for load in loads:
                load.end()
    everything = [call for load in loads for call in load.calls]
    assert {status for _, _, status in everything} == {200}
    slow = [(begun, begun + took) for begun, took, _ in everything if took > paths.deadline(1)]
    assert all(stalls.net(begun, ended) < paths.deadline(1) for begun, ended in slow)


def test_what_was_missed_is_told_when_redis_is_back(start, upstream, redis):
    made = shared(redis, limited(upstream, seconds=300), entry(upstream, "pair", "good"))
    one, two = connected(start(made)), connected(start(made))
    redis.stop()
    eventually(
        lambda: all(value(g, "patchbay_shared_state_connected") == 0 for g in (one, two)),
        paths.deadline(10),
    )
    rest_by(one, "limited")
    assert state(two, "limited") == 0
    redis.start()
    eventually(lambda: state(two, "limited") == 2, paths.deadline(60))


def test_a_redis_that_is_not_there_keeps_nobody_from_serving(start, upstream, redis):
    redis.stop()
    gateway = start(shared(redis, entry(upstream, "pair", "good")))
    for _ in range(20):
        assert ask(gateway.port, chat(model="pair")).status == 200
    assert value(gateway, "patchbay_shared_state_connected") == 0
    eventually(lambda: value(gateway, "patchbay_shared_state_failures_total") >= 1, 10)


def test_a_password_is_said_and_never_shown(start, upstream, tmp_path):
    server = Redis(tmp_path, canary.OPENAI)
    try:
        url = f"redis://:{canary.OPENAI}@127.0.0.1:{server.port}/0"
        made = config(entry(upstream, "pair", "good"), router_settings={"redis_url": url})
        connected(start(made))
    finally:
        server.stop()


class NoRedis:
    """Answers whatever it is asked with the same bytes."""

    def __init__(self, reply: bytes):
        self.reply = reply
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    def settings(self) -> dict:
        return {"redis_host": "127.0.0.1", "redis_port": self.listener.getsockname()[1]}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _serve(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer):
        with peer:
            try:
                while peer.recv(65536):
                    peer.sendall(self.reply)
            except OSError:
                pass


@pytest.mark.parametrize(
    "reply",
    [b"*1000000000\r\n", b"$999999999\r\n", b"*3\r\n" * 9, b"-LOADING loading\r\n", b"+OK\r\n", b"HTTP/1.1 400\r\n"],
    ids=lambda reply: reply.split(b"\r")[0].decode(),
)
def test_a_server_that_is_no_redis_costs_no_call_and_no_memory(start, upstream, reply):
    with NoRedis(reply * 20) as server:
        made = config(entry(upstream, "m", "counted", rpm=10**6), router_settings=server.settings())
        gateway = start(made)
        before = gateway.rss()
        eventually(lambda: value(gateway, "patchbay_shared_state_failures_total") >= 1, paths.deadline(10))
        for _ in range(50):
            assert ask(gateway.port, chat(model="m")).status == 200
        assert paths.SANITIZED or gateway.rss() < before + (16 << 20)
        assert gateway.stop() == 0
