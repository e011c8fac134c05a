"""Stores behind the response cache: a file that outlives the process, a Redis server that others share."""

import json
import signal
import time

import pytest

from support import canary, paths
from support.gateway import command, config, deployment
from support.metrics import grown, scrape
from support.process import eventually
from support.redis import Redis, needs_redis
from support.stalls import Stalls
from support.wire import ask, chat


def cached(upstream, **params) -> dict:
    return config(
        deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        litellm_settings={"cache": True, "cache_params": params},
    )


def state(answer) -> str:
    assert answer.status == 200, answer.body
    return answer.headers["x-patchbay-cache"].partition(";")[0]


def test_answers_on_disk_outlive_the_process(start, upstream, tmp_path):
    made = cached(upstream, type="disk", disk_cache_dir=str(tmp_path / "kept"))
    first = start(made)
    upstream.clear()
    before = ask(first.port, chat())
    assert state(before) == "miss"
    assert first.stop() == 0
    second = start(made)
    after = ask(second.port, chat())
    assert state(after) == "hit" and after.body == before.body
    # The other form comes from the same entry.
    assert state(ask(second.port, chat(stream=True))) == "hit"
    assert len(upstream.requests) == 1
    ping = ask(second.port, method="GET", path="/cache/ping").json
    assert (ping["status"], ping["cache_type"]) == ("healthy", "disk")
    key = after.headers["x-litellm-cache-key"]
    assert ask(second.port, {"keys": [key]}, path="/cache/delete").status == 200
    assert state(ask(second.port, chat())) == "miss"
    assert ask(second.port, {}, path="/cache/flushall").status == 200
    assert second.stop() == 0
    assert state(ask(start(made).port, chat())) == "miss"


def test_what_waits_for_the_disk_does_not_outlive_a_flush(start, upstream, tmp_path):
    """Answers are written behind the calls' backs: all of these are, or wait to be, when all are forgotten."""
    made = cached(upstream, type="disk", disk_cache_dir=str(tmp_path / "kept"))
    first = start(made)
    bodies = [chat(seed=number) for number in range(100)]
    for body in bodies:
        assert state(ask(first.port, body)) == "miss"
    assert ask(first.port, {}, path="/cache/flushall").json == {"status": "success"}
    assert first.stop() == 0
    second = start(made)
    assert {state(ask(second.port, body)) for body in bodies} == {"miss"}


def test_a_directory_that_cannot_be_used_is_told(upstream, tmp_path):
    (tmp_path / "file").write_text("")
    file = tmp_path / "config.yaml"
    file.write_text(json.dumps(cached(upstream, type="disk", disk_cache_dir=str(tmp_path / "file"))))
    status, output = command("--config", file, "--port", "0")
    assert status != 0 and "the response cache cannot be used" in output


@pytest.fixture
def redis(tmp_path):
    server = Redis(tmp_path)
    yield server
    server.stop()


def connected(gateway):
    eventually(lambda: ask(gateway.port, method="GET", path="/cache/ping").status == 200, 10)
    return gateway


def shared(redis, upstream, **params) -> dict:
    return cached(upstream, type="redis", host="127.0.0.1", port=redis.port, **params)


@needs_redis
def test_gateways_share_answers_by_redis(start, upstream, redis):
    made = shared(redis, upstream)
    one, two = connected(start(made)), connected(start(made))
    upstream.clear()
    before = ask(one.port, chat())
    assert state(before) == "miss"
    key = before.headers["x-litellm-cache-key"]
    eventually(lambda: redis.ask(f"EXISTS pb:c:{key}") == b":1\r\n", 10)
    after = ask(two.port, chat())
    assert state(after) == "hit" and after.body == before.body
    assert state(ask(two.port, chat(stream=True))) == "hit"
    assert len(upstream.requests) == 1
    left = int(redis.ask(f"TTL pb:c:{key}")[1:])
    assert 50 <= left <= 60, "LiteLLM's default"
    assert ask(two.port, {"keys": [key]}, path="/cache/delete").status == 200
    assert redis.ask(f"EXISTS pb:c:{key}") == b":0\r\n"


@needs_redis
def test_a_server_tells_of_itself_and_its_clients(start, upstream, redis):
    gateway = connected(start(shared(redis, upstream)))
    told = ask(gateway.port, method="GET", path="/cache/redis/info")
    assert told.status == 200
    assert told.json["info"]["tcp_port"] == redis.port
    assert told.json["num_clients"] == len(told.json["clients"]) >= 1
    assert all(client["addr"].startswith("127.0.0.1:") for client in told.json["clients"])
    assert ask(gateway.port, method="GET", path="/cache/redis/info", key=None).status == 401
    redis.process.send_signal(signal.SIGSTOP)
    try:
        assert ask(gateway.port, method="GET", path="/cache/redis/info").status == 503
    finally:
        redis.process.send_signal(signal.SIGCONT)


def test_what_is_no_server_has_nothing_to_tell(start, upstream):
    gateway = start(cached(upstream, type="local"))
    answer = ask(gateway.port, method="GET", path="/cache/redis/info")
    assert answer.status == 503
    assert answer.error["message"] == "Cache type local does not support redis info"


@needs_redis
def test_flushing_leaves_what_is_others(start, upstream, redis):
    gateway = connected(start(shared(redis, upstream)))
    redis.ask("SET mine 1")
    key = ask(gateway.port, chat()).headers["x-litellm-cache-key"]
    eventually(lambda: redis.ask(f"EXISTS pb:c:{key}") == b":1\r\n", 10)
    many = [f"pb:c:{number}" for number in range(3_000)]
    for at in range(0, len(many), 1_000):
        redis.command("MSET", *(word for name in many[at : at + 1_000] for word in (name, "x")))
    assert ask(gateway.port, {}, path="/cache/flushall").json == {"status": "success"}
    assert redis.command("EXISTS", f"pb:c:{key}", *many) == 0
    assert redis.ask("EXISTS mine") == b":1\r\n"
    assert state(ask(gateway.port, chat())) == "miss"


@needs_redis
def test_a_redis_that_freezes_or_goes_fails_no_request(start, upstream, redis):
    gateway = connected(start(shared(redis, upstream)))
    before = scrape(gateway)
    redis.process.send_signal(signal.SIGSTOP)
    times = []
    with Stalls() as stalls:
        for number in range(60):
            begun = time.monotonic()
            assert state(ask(gateway.port, chat(seed=number))) == "miss"
            times.append(stalls.net(begun))
    assert max(times) < paths.deadline(0.5), times
    redis.process.send_signal(signal.SIGCONT)
    connected(gateway)
    redis.stop()
    for number in range(10):
        assert state(ask(gateway.port, chat(seed=100 + number))) == "miss"
    eventually(
        lambda: grown(before, scrape(gateway), "patchbay_cache_store_failures_total") >= 1, 10
    )
    ping = ask(gateway.port, method="GET", path="/cache/ping")
    assert ping.status == 503 and ping.error["type"] == "cache_ping_error"
    for path, body in (("flushall", {}), ("delete", {"keys": ["0" * 64]})):
        refused = ask(gateway.port, body, path=f"/cache/{path}")
        assert refused.status == 503
        assert refused.error["message"].startswith("The store behind the cache did not forget")
    redis.start()
    connected(gateway)


@needs_redis
def test_a_password_is_said_and_never_shown(start, upstream, tmp_path):
    server = Redis(tmp_path, canary.OPENAI)
    try:
        connected(start(shared(server, upstream, password=canary.OPENAI)))
        wrong = start(shared(server, upstream, password="sk-wrong"))
        assert state(ask(wrong.port, chat())) == "miss"
        assert ask(wrong.port, method="GET", path="/cache/ping").status == 503
    finally:
        server.stop()
