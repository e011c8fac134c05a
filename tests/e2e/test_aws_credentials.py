"""Keys of AWS's roles: fetched once for all who wait, renewed before they end, told to nobody."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.aws import KEY_ID, REGION, SECRET, Aws
from support.gateway import Gateway, config
from support.wire import ask, chat

CALLS = 200
PERIODS = 3
#: A session's time. A minute, as AWS's own are no shorter than, takes the test as many minutes as there are periods.
SECONDS = int(os.environ.get("PATCHBAY_TOKEN_SECONDS", "6"))
NAMES = ("one", "two")


def entry(name: str, aws) -> dict:
    params = {
        "model": "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "api_base": aws.url,
        "aws_region_name": REGION,
        "aws_access_key_id": KEY_ID,
        "aws_secret_access_key": SECRET,
        "aws_role_name": f"arn:aws:iam::123456789012:role/{name}",
        "aws_external_id": f"external-{name}",
    }
    return {"model_name": name, "litellm_params": params}


@pytest.fixture
def aws():
    made = Aws(SECONDS)
    yield made
    made.close()


@pytest.fixture
def gateway(aws, tmp_path):
    made = config(
        *[entry(name, aws) for name in NAMES],
        plugins={"settings": {"bedrock": {"sts_url": aws.url}}},
    )
    running = Gateway(tmp_path, made, env={"LITELLM_LOG": "DEBUG"})
    yield running
    assert running.stop() == 0


def statuses(gateway, name: str, calls: int) -> set:
    with ThreadPoolExecutor(50) as pool:
        asked = [pool.submit(ask, gateway.port, chat("default", name)) for _ in range(calls)]
        return {one.result().status for one in asked}


def test_one_fetch_for_a_period_and_a_deployment_and_no_failed_call(gateway, aws):
    # Where the machine is slower in one round than in the next, a round may find tokens that are still good.
    for rounds in range(4 * PERIODS):
        if rounds > PERIODS and all(len(times) > PERIODS for times in aws.fetches.values()):
            break
        begun = time.monotonic()
        for name in NAMES:
            assert statuses(gateway, name, CALLS) == {200}
        time.sleep(max(0.0, SECONDS / 2 + 0.5 - (time.monotonic() - begun)))
    assert aws.refused == 0
    assert len(aws.fetches) == len(NAMES)
    for times in aws.fetches.values():
        between = [later - before for before, later in zip(times, times[1:], strict=False)]
        assert len(times) >= PERIODS + 1
        # The end is told in whole seconds, of which half is the time that the keys are kept.
        assert all(gap >= SECONDS / 2 - 0.6 for gap in between), between
    said = gateway.output
    assert "canary-aws" not in said


def test_keys_that_were_taken_back_are_renewed_and_the_call_answered(gateway, aws):
    assert statuses(gateway, "one", 1) == {200}
    aws.sessions.clear()
    assert statuses(gateway, "one", 1) == {200}
    assert aws.refused == 1


@pytest.mark.parametrize(("refusal", "status"), [(400, 401), (403, 401), (503, 500)])
def test_a_failing_token_service_says_nothing_of_what_it_was_sent(gateway, aws, refusal, status):
    aws.failing = refusal
    answer = ask(gateway.port, chat("default", "one"))
    assert answer.status == status
    assert "AWS STS gave no credentials: AccessDenied" in answer.error["message"]
    for text in (answer.body.decode(), gateway.output):
        assert "external-one" not in text and "canary-aws" not in text
