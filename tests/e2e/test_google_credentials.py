"""Tokens of Google's service accounts: fetched once for all who wait, renewed before they end, told to nobody."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.gateway import Gateway, config
from support.google import Account, Cloud
from support.wire import ask, chat

CALLS = 200
PERIODS = 3
#: A token's time. A minute, as Google's own are no shorter than, takes the test as many minutes as there are periods.
SECONDS = int(os.environ.get("PATCHBAY_TOKEN_SECONDS", "4"))
NAMES = ("one", "two")


def entry(name: str, cloud, credentials: str) -> dict:
    params = {
        "model": "vertex_ai/gemini-2.5-flash",
        "api_base": cloud.url,
        "vertex_project": "project",
        "vertex_credentials": credentials,
    }
    return {"model_name": name, "litellm_params": params}


@pytest.fixture(scope="module")
def accounts():
    return [Account(name) for name in NAMES]


@pytest.fixture
def cloud(accounts):
    made = Cloud(accounts, SECONDS)
    yield made
    made.close()


@pytest.fixture
def gateway(cloud, accounts, tmp_path):
    made = config(
        *[entry(name, cloud, account.file()) for name, account in zip(NAMES, accounts, strict=True)],
        plugins={"settings": {"vertex_ai": {"token_url": cloud.url + "/token"}}},
    )
    running = Gateway(tmp_path, made, env={"LITELLM_LOG": "DEBUG"})
    yield running
    assert running.stop() == 0


def statuses(gateway, name: str, calls: int) -> set:
    with ThreadPoolExecutor(50) as pool:
        asked = [pool.submit(ask, gateway.port, chat("default", name)) for _ in range(calls)]
        return {one.result().status for one in asked}


def test_one_fetch_for_a_period_and_a_deployment_and_no_failed_call(gateway, cloud, accounts):
    for _ in range(PERIODS + 1):
        begun = time.monotonic()
        for name in NAMES:
            assert statuses(gateway, name, CALLS) == {200}
        time.sleep(max(0.0, SECONDS / 2 + 0.5 - (time.monotonic() - begun)))
    assert cloud.refused == 0
    for times in cloud.fetches.values():
        between = [later - before for before, later in zip(times, times[1:], strict=False)]
        assert len(times) >= PERIODS + 1
        assert all(gap >= SECONDS / 2 - 0.1 for gap in between), between
    said = gateway.output
    assert "canary-google-token" not in said
    for account in accounts:
        assert account.pem.splitlines()[1] not in said


def test_a_revoked_token_is_renewed_and_the_call_answered(gateway, cloud):
    assert statuses(gateway, "one", 1) == {200}
    cloud.tokens.clear()
    assert statuses(gateway, "one", 1) == {200}
    assert cloud.refused == 1


@pytest.mark.parametrize(("refusal", "status"), [(400, 401), (401, 401), (503, 500)])
def test_a_failing_token_server_says_nothing_of_what_it_was_sent(gateway, cloud, accounts, refusal, status):
    cloud.failing = refusal
    answer = ask(gateway.port, chat("default", "one"))
    assert answer.status == status
    assert "token server gave no token" in answer.error["message"]
    for text in (answer.body.decode(), gateway.output):
        assert "assertion" not in text and accounts[0].pem.splitlines()[1] not in text
