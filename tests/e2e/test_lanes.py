"""A deployment that dies, and one that turns slow, while the gateway is busy: clients see nothing of it."""

import statistics
import time

import pytest

from support import canary, paths
from support.gateway import config, deployment
from support.lane import Lane
from support.pace import Pace, p99
from support.process import eventually

NAMES = ("red", "green", "blue")
#: Seconds of an answer. A call takes twenty times as long at a grey one.
SECONDS = 0.1
#: Seconds that no answer takes but one of a grey deployment, which takes 1.6 to 2.4.
HARMED = 1.0


@pytest.fixture
def lanes():
    made = {name: Lane(SECONDS) for name in NAMES}
    yield made
    for lane in made.values():
        lane.stop()


def group(lanes, **settings) -> dict:
    entries = [
        deployment("m", "openai/gpt-4o", lane.url + "/v1", canary.OPENAI) | {"model_info": {"id": name}}
        for name, lane in lanes.items()
    ]
    return config(*entries, num_retries=2, router_settings={"cooldown_time": 1} | settings)


def back(pace, name: str) -> float:
    """Seconds until it has answered again."""
    begun = time.monotonic()
    eventually(lambda: any(call.model_id == name and call.begun > begun for call in list(pace.calls)[-500:]), 30)
    return time.monotonic() - begun


def deaths(start, lanes, pairs: int, seconds: float):
    gateway = start(group(lanes), workers=2)
    pace = Pace(gateway.port, "m")
    ratios, returns = [], []
    try:
        pace.window(1)
        for _ in range(pairs):
            calm = pace.window(seconds)
            lanes["red"].kill()
            dead = pace.window(seconds)
            lanes["red"].start()
            returns.append(back(pace, "red"))
            calm += pace.window(seconds)
            straight = [[c for c in calls if c.model_id != "red" and not c.retries] for calls in (calm, dead)]
            ratios.append(p99(straight[1]) / p99(straight[0]))
    finally:
        pace.end()
    failed = pace.failed()
    retried = sum(call.retries > 0 for call in pace.calls)
    print(
        f"{len(pace.calls)} calls, {len(failed)} failed, {retried} answered by another; p99 of the others x "
        f"{statistics.median(ratios):.3f} ({min(ratios):.3f}..{max(ratios):.3f}); back after "
        f"{max(returns):.1f} s at most; slowest call {max(call.took for call in pace.calls):.2f} s"
    )
    assert not failed
    assert retried > 0, "nobody was at the one that died"
    return statistics.median(ratios)


def test_a_deployment_that_dies_is_seen_by_no_client_and_returns_by_its_probe(start, lanes):
    deaths(start, lanes, pairs=1, seconds=1)


@pytest.mark.load
@pytest.mark.timeout(300)
def test_the_p99_of_the_others_stays_while_one_is_dead(start, lanes):
    assert deaths(start, lanes, pairs=6, seconds=4) < paths.deadline(1.1)


@pytest.mark.load
@pytest.mark.timeout(300)
@pytest.mark.parametrize("hedge", [False, True], ids=["choice", "choice and second attempts"])
def test_one_that_turns_slow_is_left_within_three_seconds(start, lanes, hedge):
    gateway = start(group(lanes, routing_strategy="p2c-ewma", patchbay={"hedge": hedge}), workers=2)
    pace = Pace(gateway.port, "m", streams=True)
    harmed = calls = 0
    early = []
    try:
        pace.window(3)
        for _ in range(3):
            pace.window(3)
            lanes["red"].turn()
            early.append(sum(call.took > HARMED for call in pace.window(3)))
            begun = time.monotonic()
            time.sleep(7)
            later = [call for call in list(pace.calls) if begun <= call.begun]
            harmed += sum(call.took > HARMED for call in later)
            calls += len(later)
            lanes["red"].turn()
            pace.window(3)
    finally:
        pace.end()
    print(
        f"{calls} calls after 3 s, {harmed} of them took over {HARMED} s ({harmed / calls:.2%}); "
        f"within the first 3 s: {early}; {len(pace.failed())} failed"
    )
    assert not pace.failed()
    assert harmed < 0.01 * calls
