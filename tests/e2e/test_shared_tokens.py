"""Tokens that requests share: fetched once for all who wait, renewed before they end, told to nobody, never mixed."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import entra, google
from support.gateway import Gateway, config
from support.wire import ask, chat

CALLS = 200
PERIODS = 3
#: A token's time. A minute, as real ones are no shorter than, takes the test as many minutes as there are periods.
SECONDS = int(os.environ.get("PATCHBAY_TOKEN_SECONDS", "4"))
NAMES = ("one", "two")


@pytest.fixture(scope="module", params=[google, entra], ids=["google", "entra"])
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def accounts(kind):
    return [kind.Account(name) for name in NAMES]


@pytest.fixture
def cloud(kind, accounts):
    made = kind.Cloud(accounts, SECONDS)
    yield made
    made.close()


@pytest.fixture
def gateway(cloud, accounts, tmp_path):
    made = config(
        *[{"model_name": one.name, "litellm_params": one.params(cloud)} for one in accounts],
        plugins={"settings": cloud.settings()},
    )
    running = Gateway(tmp_path, made, env={"LITELLM_LOG": "DEBUG"})
    yield running
    assert running.stop() == 0


def statuses(gateway, name: str, calls: int) -> set:
    with ThreadPoolExecutor(50) as pool:
        asked = [pool.submit(ask, gateway.port, chat("default", name)) for _ in range(calls)]
        return {one.result().status for one in asked}


def test_one_fetch_for_a_period_and_a_deployment_and_no_failed_call(gateway, cloud, accounts):
    # Where the machine is slower in one round than in the next, a round may find tokens that are still good.
    for rounds in range(4 * PERIODS):
        if rounds > PERIODS and all(len(times) > PERIODS for times in cloud.fetches.values()):
            break
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
    assert "canary-cloud-token" not in said
    for account in accounts:
        assert account.secret not in said


def test_deployments_of_different_credentials_never_mix(gateway, cloud, accounts):
    with ThreadPoolExecutor(50) as pool:
        names = [NAMES[i % 2] for i in range(CALLS)]
        asked = [pool.submit(ask, gateway.port, chat("default", name)) for name in names]
        assert {one.result().status for one in asked} == {200}
    assert {name: len(times) for name, times in cloud.fetches.items()} == dict.fromkeys(NAMES, 1)
    if any("deployments" in path for _, path in cloud.asked):  # an address of its own for each
        assert {(name, path.split("/")[3]) for name, path in cloud.asked} == {(n, f"gpt-{n}") for n in NAMES}


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
    assert "gave no token" in answer.error["message"]
    for text in (answer.body.decode(), gateway.output):
        assert cloud.FORM_WORD not in text and accounts[0].secret not in text
