"""The store and Redis frozen, and gone, in the middle of a load: calls of known keys go on as they did.

"As they did" is judged within one run: the 99th percentile of a window of the outage is held against those of quiet
windows before and after it, whose own differences are the machine's noise.
"""

import signal
import statistics
import time

import pytest

from support import canary, paths
from support.gateway import config, deployment
from support.lane import Lane
from support.metrics import scrape
from support.pace import Pace, p99
from support.process import eventually
from support.redis import Redis, needs_redis
from support.wire import ask, chat

#: Seconds of an answer.
SECONDS = 0.02
WINDOW = 3
#: What the median window of an outage may be over the median quiet one: more than the quiet ones' own spread.
TOLERANCE = 1.25

pytestmark = [pytest.mark.load, pytest.mark.timeout(400)]


@pytest.fixture
def lane():
    made = Lane(SECONDS)
    yield made
    made.stop()


@pytest.fixture
def redis(tmp_path):
    server = Redis(tmp_path)
    yield server
    server.stop()


class Compared:
    """Quiet windows and windows of outages of one load."""

    def __init__(self, paces):
        self.paces = paces
        self.quiet, self.outage = [], []

    def run(self, into: list, seconds: float):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            begun = time.monotonic()
            time.sleep(WINDOW)  # the window itself, not a wait for something
            into.append(p99([c for pace in self.paces for c in pace.between(begun, time.monotonic())]))

    def end(self, what: str):
        for pace in self.paces:
            pace.end()
        calls = [call for pace in self.paces for call in pace.calls]
        failed = [call for pace in self.paces for call in pace.failed()]
        quiet, outage = statistics.median(self.quiet), statistics.median(self.outage)
        print(
            f"{what}: {len(calls)} calls, {len(failed)} failed; p99 quiet {quiet * 1e3:.1f} ms "
            f"({min(self.quiet) * 1e3:.1f}..{max(self.quiet) * 1e3:.1f}), outage {outage * 1e3:.1f} ms "
            f"({min(self.outage) * 1e3:.1f}..{max(self.outage) * 1e3:.1f}), x {outage / quiet:.2f}; slowest "
            f"{max(call.took for call in calls) * 1e3:.0f} ms"
        )
        assert not failed
        assert outage <= paths.deadline(quiet * TOLERANCE)


def entry(lane):
    return deployment("m", "openai/gpt-4o", lane.url + "/v1", canary.OPENAI, rpm=10_000_000) | {
        "model_info": {"id": "counted"}
    }


def new_key(gateway) -> str:
    made = ask(gateway.port, {"max_budget": 1000, "rpm_limit": 10_000_000}, path="/key/generate")
    assert made.status == 200, made.body
    return made.json["key"]


def test_a_store_that_freezes_for_30_s_is_noticed_by_unknown_keys_only(start, books, lane, tmp_path):
    gateway = start(
        config(entry(lane), general_settings={"database_url": books.url}),
        env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
        workers=2,
    )
    known = new_key(gateway)
    unknown = [new_key(gateway) for _ in range(30)]
    pace = Pace(gateway.port, "m", 24, known)
    compared = Compared([pace])
    pace.window(2)
    compared.run(compared.quiet, 15)
    books.freeze()
    refused = []
    try:
        for key in unknown[:10]:
            compared.run(compared.outage, WINDOW)
            begun = time.monotonic()
            answer = ask(gateway.port, chat(model="m"), key=key)
            refused.append(time.monotonic() - begun)
            assert answer.status == 503 and answer.error["type"] == "no_db_connection", answer.body
    finally:
        books.thaw()
    compared.run(compared.quiet, 15)
    compared.end(f"{books.kind}, frozen")
    print(f"unknown keys refused after {max(refused) * 1e3:.0f} ms at most, of {len(refused)}")
    assert max(refused) < paths.deadline(1)
    for key in unknown:  # the connection may be made anew first
        eventually(lambda k=key: ask(gateway.port, chat(model="m"), key=k).status == 200, paths.deadline(10))
    assert gateway.stop() == 0
    ((entries,),) = books.query("SELECT COUNT(*) FROM entry WHERE status = 200")
    assert entries == len(pace.calls) + len(unknown), "what was served while it was frozen is in the books"


@needs_redis
def test_a_redis_that_freezes_or_is_gone_for_30_s_is_noticed_by_nobody(start, lane, redis):
    where = {"redis_host": "127.0.0.1", "redis_port": redis.port}
    settings = where | {"optional_pre_call_checks": ["enforce_model_rate_limits"]}
    made = config(entry(lane), router_settings=settings)
    gateways = [start(made, workers=1), start(made, workers=1)]

    def connected(wanted):
        name = "patchbay_shared_state_connected"
        eventually(
            lambda: all(v == wanted for g in gateways for (n, _), v in scrape(g).items() if n == name),
            paths.deadline(40),
        )

    connected(1)
    paces = [Pace(gateway.port, "m", 12) for gateway in gateways]
    compared = Compared(paces)
    paces[0].window(2)
    compared.run(compared.quiet, 9)
    redis.process.send_signal(signal.SIGSTOP)
    try:
        compared.run(compared.outage, 30)
    finally:
        redis.process.send_signal(signal.SIGCONT)
    connected(1)
    compared.run(compared.quiet, 9)
    redis.stop()
    compared.run(compared.outage, 30)
    redis.start()
    connected(1)
    compared.run(compared.quiet, 9)
    compared.end("redis, frozen and gone")
