"""Rates that a deployment gives to each key: default_api_key_rpm_limit, default_api_key_tpm_limit."""

import httpx
import pytest

from support import canary, paths
from support.fleet import value
from support.gateway import config, deployment
from support.process import eventually
from support.redis import Redis, needs_redis
from support.wire import ask, chat

RPM = 3


@pytest.fixture
def serve(start, upstream, books, tmp_path):
    """serve(**params) starts a gateway whose model "limited" has them."""

    def run(**params):
        gateway = start(
            written(upstream, books, **params),
            env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
        )
        return gateway

    return run


def written(upstream, books, **params):
    address = upstream.url + "/v1"
    return config(
        deployment("limited", "openai/gpt-4o", address, canary.OPENAI, **params),
        deployment("free", "openai/gpt-4o", address, canary.OPENAI),
        general_settings={"database_url": books.url},
        router_settings={"model_group_alias": {"nick": "limited"}},
    )


def new_key(gateway, **fields):
    return gateway.make_key(**fields)["key"]


def call(gateway, key, model="limited"):
    message = chat("default", model, max_tokens=4)
    return ask(gateway.port, message, headers={"Authorization": f"Bearer {key}"})


def statuses(gateway, key, times=RPM + 1, model="limited"):
    return [call(gateway, key, model).status for _ in range(times)]


def test_a_key_without_limits_has_those_of_the_deployment(serve):
    gateway = serve(default_api_key_rpm_limit=RPM)
    one, other = new_key(gateway), new_key(gateway, rpm_limit=1000)
    assert statuses(gateway, one) == [200] * RPM + [429]
    refused = call(gateway, one, "nick")
    assert refused.status == 429
    assert refused.error["message"].startswith("Rate limit exceeded for model_per_key: ")
    assert ":limited. Limit type: requests. Current limit: 3" in refused.error["message"]
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert statuses(gateway, one, model="free") == [200] * (RPM + 1)
    assert statuses(gateway, other) == [200] * RPM + [429]
    assert statuses(gateway, canary.MASTER) == [200] * (RPM + 1)


def test_tokens_are_counted_for_each_key(serve):
    gateway = serve(default_api_key_tpm_limit=1)
    key = new_key(gateway)
    assert call(gateway, key).status == 200, "the first of a minute goes, however large it is"
    refused = call(gateway, key)
    assert refused.status == 429 and "Limit type: tokens." in refused.error["message"]
    assert statuses(gateway, new_key(gateway, model_tpm_limit={"limited": 10000})) == [200] * 4


def test_what_a_key_or_its_team_has_by_model_goes_before(serve):
    gateway = serve(default_api_key_rpm_limit=RPM)
    assert statuses(gateway, new_key(gateway, model_rpm_limit={"limited": 100})) == [200] * (RPM + 1)
    answer = httpx.post(
        gateway.url + "/team/new",
        json={"team_id": "red", "model_rpm_limit": {"limited": 100}},
        headers={"Authorization": f"Bearer {canary.MASTER}"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    assert statuses(gateway, new_key(gateway, team_id="red")) == [200] * (RPM + 1)


def test_a_reload_changes_them_for_keys_that_are_known(serve, upstream, books):
    gateway = serve()
    key = new_key(gateway)
    assert statuses(gateway, key) == [200] * (RPM + 1)
    gateway.reload(written(upstream, books, default_api_key_rpm_limit=0))
    eventually(lambda: call(gateway, key).status == 429, paths.deadline(10))
    gateway.reload(written(upstream, books))
    eventually(lambda: call(gateway, key).status == 200, paths.deadline(10))


@needs_redis
def test_gateways_share_them(start, upstream, books, tmp_path):
    limit, redis = 12, Redis(tmp_path)
    try:
        made = written(upstream, books, default_api_key_rpm_limit=limit)
        made["router_settings"] |= {"redis_host": "127.0.0.1", "redis_port": redis.port}
        gateways = [
            start(made, env={"PATCHBAY_STATE_DIR": str(tmp_path / f"state{n}")}) for n in range(2)
        ]
        for gateway in gateways:
            eventually(lambda g=gateway: value(g, "patchbay_lease_gateways") == 2, 40)
        # Gateways know the server's clock to two seconds: no call is made that near to a minute's end.
        eventually(lambda: 3 <= int(redis.command("TIME")[0]) % 60 <= 40, 70)
        key = new_key(gateways[0])
        last = {gateway: [] for gateway in gateways}

        def refused(gateway) -> bool:
            last[gateway].append(call(gateway, key).status)
            return last[gateway][-100:] == [429] * 100

        for gateway in gateways:
            eventually(lambda g=gateway: refused(g), paths.deadline(15))
        taken = sum(statuses.count(200) for statuses in last.values())
        # What each may use of a minute before it is granted something of it comes on top (docs/keys.md).
        assert limit - 1 <= taken <= limit + 2 * (limit // 8), last
    finally:
        redis.stop()
