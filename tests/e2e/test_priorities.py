"""What keys of a priority may use of a model that is saturated (`priority_reservation`), and the model's own capacity."""

import itertools
import time

import httpx
import pytest

from support import answers, canary, paths
from support.answers import USAGE
from support.gateway import LOADED_AGAIN, config, deployment
from support.metrics import scrape
from support.process import eventually, within_a_minute
from support.redis import Redis, needs_redis
from support.wire import ask, chat

TOKENS = USAGE["total_tokens"]
SHARES = {
    "callbacks": ["dynamic_rate_limiter_v3"],
    "priority_reservation": {"prod": 0.6, "dev": 0.2},
    "priority_reservation_settings": {
        "default_priority": 0.1,
        "saturation_threshold": 0.5,
    },
}


class Priorities:
    """A gateway with one model, and how to call it."""

    def __init__(self, start, upstream, books, folder, settings=None, **rates):
        self.upstream, self.books = upstream, books
        upstream.scripts["down"] = answers.error(500, answers.openai_error("down"))
        self.gateway = start(
            self.config(settings, **rates), env={"PATCHBAY_STATE_DIR": str(folder)}
        )
        self.port = self.gateway.port

    def config(self, settings=None, **rates) -> dict:
        address = self.upstream.url + "/v1"
        half = {name: rate // 2 for name, rate in rates.items()}
        return config(
            deployment("m", "openai/gpt-4o", address, canary.OPENAI, **half),
            deployment("m", "openai/gpt-4o-mini", address, canary.OPENAI, **half),
            deployment("free", "openai/gpt-4o", address, canary.OPENAI),
            general_settings={"database_url": self.books.url},
            litellm_settings=settings or SHARES,
            router_settings={"model_group_alias": {"alias": "m"}},
        )

    def key(self, priority=None, **fields) -> str:
        metadata = {"priority": priority} if priority else {}
        return self.gateway.make_key(metadata=metadata, **fields)["key"]

    def manage(self, path, body):
        headers = {"Authorization": f"Bearer {canary.MASTER}"}
        answer = httpx.post(self.gateway.url + path, json=body, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text

    def call(self, key, model="m", script="default", headers=None, **more):
        headers = {"Authorization": f"Bearer {key}", **(headers or {})}
        return ask(self.port, chat(script, model, **more), headers=headers)

    def calls(self, key, count, **more) -> list[int]:
        return [self.call(key, **more).status for _ in range(count)]

    def used(self, of, priority) -> float:
        name = f"patchbay_capacity_minute_{of}"
        labels = (("priority", priority), ("requested_model", "m"))
        return pytest.approx(scrape(self.gateway)[(name, labels)])


@pytest.fixture
def run(start, upstream, books, tmp_path):
    """run(test, **rates) runs a test with such a gateway within a minute, with another gateway if one ended."""
    number = itertools.count()

    def run(test, **rates):
        def once():
            made = Priorities(start, upstream, books, tmp_path / f"state{next(number)}", **rates)
            try:
                test(made)
            finally:
                made.gateway.stop()

        within_a_minute(once)

    return run


def test_requests_of_a_saturated_model_by_priority(run):
    def test(at):
        prod, dev, other = at.key("prod"), at.key("dev"), at.key()
        # Below half of the model whoever comes may use it.
        assert at.calls(dev, 5) == [200] * 5
        refused = at.call(dev, headers={"x-patchbay-explain": "1"})
        assert refused.status == 429
        assert refused.error["message"] == (
            "Priority-based rate limit exceeded. Model: m, Priority: dev, Rate limit type: requests, "
            "Model TPM: not configured, Model RPM: 10, Remaining: 0, Model saturation: 50.0%"
        )
        assert refused.error["code"] == "429"
        headers = refused.headers
        assert headers["x-litellm-priority"] == "dev"
        assert headers["x-litellm-saturation"] == "50.00%"
        assert headers["rate_limit_type"] == "requests"
        assert headers["x-litellm-rate-limiter-version"] == "v3"
        assert 0 < int(headers["retry-after"]) <= 60
        assert headers["x-patchbay-explain"] == (
            "m: refused, the share 'dev' has used 5 of 2 requests of the minute, and the model is "
            "saturated by 50.0%"
        )
        # From there on each priority has its share, under any name of the model.
        assert at.calls(other, 2) == [200, 429]
        assert at.calls(canary.MASTER, 1) == [429]
        answer = at.call(prod, model="alias")
        assert answer.status == 200
        assert answer.headers["x-litellm-priority"] == "prod"
        assert answer.headers["x-ratelimit-priority_model-limit-requests"] == "6"
        assert answer.headers["x-ratelimit-priority_model-remaining-requests"] == "5"
        assert answer.headers["x-ratelimit-model_saturation_check-limit-requests"] == "10"
        assert answer.headers["x-ratelimit-model_saturation_check-remaining-requests"] == "3"
        assert at.calls(prod, 3) == [200] * 3
        # And the model takes no more than all, from nobody.
        refused = at.call(prod)
        assert refused.status == 429
        assert refused.error["message"].startswith("Model capacity reached for m. Priority: prod, ")
        assert "x-litellm-saturation" not in refused.headers
        assert at.used("requests", "") == 1.0
        assert at.used("requests", "dev") == 2.5
        # Models without a rate know nothing of it.
        free = at.call(dev, model="free")
        assert free.status == 200
        assert "x-litellm-priority" not in free.headers

    run(test, rpm=10)


def test_tokens_of_a_saturated_model_by_priority(run):
    def test(at):
        prod, dev = at.key("prod"), at.key("dev")
        small = {"max_tokens": 4}
        assert at.calls(dev, 5, **small) == [200] * 5
        refused = at.call(dev, **small)
        assert refused.status == 429
        assert "Rate limit type: tokens, Model TPM: 150" in refused.error["message"]
        assert refused.headers["rate_limit_type"] == "tokens"
        assert at.used("tokens", "") == 5 * TOKENS / 150
        # A stream counts what it has used, once it is over; a failure nothing, although it held something meanwhile.
        streamed = at.call(prod, stream=True, stream_options={"include_usage": True}, **small)
        assert streamed.status == 200
        eventually(lambda: at.used("tokens", "prod") == TOKENS / 90, paths.deadline(10))
        assert at.call(prod, script="down", **small).status == 500
        assert at.used("tokens", "prod") == TOKENS / 90
        assert at.used("tokens", "") == 6 * TOKENS / 150
        # What may be too long for what is left is not begun.
        assert at.call(prod, max_tokens=100).status == 429
        assert at.call(prod, **small).status == 200

    run(test, tpm=150)


def test_a_change_of_a_key_or_its_team_is_seen_within_a_second(run):
    def test(at):
        key = at.key("dev")
        assert at.calls(key, 6) == [200] * 5 + [429]

        def seen(priority):
            begun = time.monotonic()
            eventually(
                lambda: at.call(key).headers["x-litellm-priority"] == priority,
                paths.deadline(10),
            )
            assert time.monotonic() - begun < paths.deadline(1)

        at.manage("/key/update", {"key": key, "metadata": {"priority": "prod"}})
        seen("prod")
        at.manage("/team/new", {"team_id": f"red-{at.port}", "metadata": {"priority": "dev"}})
        at.manage("/key/update", {"key": key, "team_id": f"red-{at.port}"})
        seen("dev")
        # One that nobody has reserved anything for is told in the log, and has the share of the others.
        at.manage(
            "/team/update",
            {"team_id": f"red-{at.port}", "metadata": {"priority": "pord"}},
        )
        seen("default")
        told = r"has the priority 'pord', which priority_reservation does not have"
        at.gateway.wait_for(told, paths.deadline(10))

    run(test, rpm=10)


def test_a_reload_changes_shares_and_capacity(run):
    def test(at):
        dev = at.key("dev")
        assert at.calls(dev, 6) == [200] * 5 + [429]

        def reload(settings, rpm):
            mark = at.gateway.reload(at.config(settings, rpm=rpm))
            at.gateway.wait_for(LOADED_AGAIN, paths.deadline(20), mark)

        more = SHARES | {"priority_reservation": {"prod": 0.1, "dev": 0.7}}
        reload(more, 10)
        assert at.calls(dev, 3) == [200, 200, 429], "seven tenths of ten"
        reload(more, 20)
        assert at.calls(dev, 8) == [200] * 7 + [429], "seven tenths of twenty"
        # The limiter alone keeps the model to what it takes.
        reload({"callbacks": ["dynamic_rate_limiter_v3"]}, 20)
        refused = [at.call(dev) for _ in range(7)]
        assert [answer.status for answer in refused] == [200] * 6 + [429]
        assert "Model capacity reached for m" in refused[-1].error["message"]
        assert "x-ratelimit-priority_model-limit-requests" not in refused[-1].headers
        reload({"num_retries": 0}, 20)
        last = at.call(dev)
        assert last.status == 200
        assert "x-litellm-priority" not in last.headers

    run(test, rpm=10)


@pytest.fixture
def redis(tmp_path):
    server = Redis(tmp_path)
    yield server
    server.stop()


@needs_redis
def test_gateways_share_the_capacity_of_a_model(start, upstream, postgres, redis, tmp_path):
    """Two share it: what one has taken, the other has not."""
    number = itertools.count()

    def test():
        state = tmp_path / f"state{next(number)}"
        made = config(
            deployment("m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI, rpm=40),
            litellm_settings={"callbacks": ["dynamic_rate_limiter_v3"]},
            router_settings={"redis_host": "127.0.0.1", "redis_port": redis.port},
        )
        both = [start(made, env={"PATCHBAY_STATE_DIR": f"{state}-{n}"}) for n in range(2)]
        for gateway in both:
            eventually(
                lambda g=gateway: scrape(g).get(("patchbay_lease_gateways", ())) == 2,
                paths.deadline(40),
            )
        used = (
            "patchbay_capacity_minute_requests",
            (("priority", ""), ("requested_model", "m")),
        )
        eventually(lambda: all(scrape(g)[used] == 0 for g in both), 70)
        try:
            served = []

            def more():
                for gateway in both:
                    served.append(ask(gateway.port, chat(model="m")).status == 200)
                return sum(served)

            eventually(lambda: more() >= 40, paths.deadline(20))
            for _ in range(50):
                more()
            # What each may begin a minute with before it is granted something: a fourth of its half.
            assert 40 <= sum(served) <= 40 + 2 * 5
            assert served[-2:] == [False, False]
        finally:
            for gateway in both:
                gateway.stop()

    within_a_minute(test)
