"""Every call reaches every log sink, once by its id: through an outage, `kill -9` and partial failures."""

import os
import signal
import threading
import time

import pytest

from support import answers, canary, paths
from support.answers import completion
from support.gateway import Gateway, config, deployment
from support.process import eventually
from support.wire import Wire, ask, request

SINKS = ["langfuse", "helicone", "lunary"]


class Receiver:
    """The three sinks at one upstream: what they took, by call id, and whether they are there."""

    def __init__(self, upstream):
        self.upstream = upstream
        self.down = False
        self.partial = False
        self.taken = {sink: {} for sink in SINKS}  #: sink -> id -> how often
        self.refused = 0
        self.lock = threading.Lock()
        upstream.scripts["default"] = self.by_path

    def take(self, sink, name):
        with self.lock:
            self.taken[sink][name] = self.taken[sink].get(name, 0) + 1

    def ids(self, sink):
        with self.lock:
            return set(self.taken[sink])

    async def by_path(self, exchange):
        sink = next((name for name in SINKS if exchange.path.startswith("/" + name)), None)
        if sink is None:
            return await exchange.answer(200, completion("answer"))
        if self.down:
            self.refused += 1
            return await exchange.answer(503, {"error": "away"})
        return await exchange.answer(*getattr(self, sink)(exchange.json))

    def langfuse(self, body):
        """Takes traces by id; of every third event says that it failed, once."""
        good, bad = [], []
        for number, event in enumerate(body["batch"]):
            if self.partial and number % 3 == 0:
                bad.append({"id": event["id"], "status": 500, "message": "later"})
                continue
            good.append({"id": event["id"], "status": 201})
            if event["type"] == "trace-create":
                self.take("langfuse", event["body"]["id"])
        self.partial = False
        return 207, {"successes": good, "errors": bad}

    def helicone(self, body):
        self.take("helicone", body["providerRequest"]["meta"]["Helicone-Request-Id"])
        return 200, {}

    def lunary(self, body):
        for event in body["events"]:
            if event["event"] == "end":
                self.take("lunary", event["runId"])
        return 200, {"results": []}


@pytest.fixture
def receiver(upstream):
    yield Receiver(upstream)
    upstream.scripts["default"] = answers.default


def start_gateway(folder, upstream):
    made = config(
        deployment("m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        litellm_settings={"callbacks": SINKS},
        callback_settings={sink: {"flush_interval": 0.2, "batch_size": 40} for sink in SINKS},
    )
    env = {
        "PATCHBAY_STATE_DIR": str(folder / "state"),
        "LANGFUSE_HOST": upstream.url + "/langfuse",
        "LANGFUSE_PUBLIC_KEY": "pk",
        "LANGFUSE_SECRET_KEY": canary.MISC,
        "HELICONE_API_KEY": canary.MISC,
        "HELICONE_API_BASE": upstream.url + "/helicone",
        "LUNARY_PUBLIC_KEY": canary.MISC,
        "LUNARY_API_URL": upstream.url + "/lunary",
    }
    return Gateway(folder, made, env=env)


def call(wire, sent):
    """One call on an open connection; its id is remembered when the whole answer is there."""
    wire.send(request({"model": "m", "messages": [{"role": "user", "content": "hi"}]}))
    answer = wire.answer()
    assert answer.status == 200
    sent.add(answer.headers["x-litellm-call-id"])


def all_arrive(receiver, sent):
    def missing():
        return {sink: len(sent - receiver.ids(sink)) for sink in SINKS}

    try:
        eventually(lambda: not any(missing().values()), paths.deadline(120))
    except AssertionError as late:
        raise AssertionError(f"not delivered: {missing()}") from late


@pytest.mark.parametrize(
    "outage", [2, pytest.param(60, marks=pytest.mark.load)], ids=["2s", "60s"]
)
def test_an_outage_a_kill_and_a_partial_failure_lose_nothing(tmp_path, upstream, receiver, outage):
    sent = set()
    gateway = start_gateway(tmp_path, upstream)
    with Wire(gateway.port) as wire:
        for _ in range(100):
            call(wire, sent)
        receiver.partial = True
        for _ in range(100):
            call(wire, sent)
        receiver.down = True
        until = time.monotonic() + outage
        while time.monotonic() < until:
            call(wire, sent)
        # The very moment after an answer, in the middle of the outage.
        call(wire, sent)
    os.kill(gateway.pid, signal.SIGKILL)
    gateway.wait(10)

    gateway = start_gateway(tmp_path, upstream)
    try:
        with Wire(gateway.port) as wire:
            for _ in range(50):
                call(wire, sent)
        receiver.down = False
        all_arrive(receiver, sent)
        assert receiver.refused > 0
        for sink in SINKS:
            assert receiver.ids(sink) == sent, "nothing that was never sent"
        metrics = ask(gateway.port, method="GET", path="/metrics").body.decode()
        assert "patchbay_log_calls_dropped_total 0" in metrics
        for sink in SINKS:
            assert f'patchbay_log_records_dropped_total{{callback_name="{sink}"}} 0' in metrics
    finally:
        assert gateway.stop() == 0
    print(f"{len(sent)} calls; delivered more than once, by id: "
          f"{ {s: sum(n > 1 for n in receiver.taken[s].values()) for s in SINKS} }")


def test_what_a_stop_leaves_comes_with_the_next_start(tmp_path, upstream, receiver):
    sent = set()
    receiver.down = True
    gateway = start_gateway(tmp_path, upstream)
    with Wire(gateway.port) as wire:
        for _ in range(10):
            call(wire, sent)
    assert gateway.stop() == 0
    receiver.down = False
    gateway = start_gateway(tmp_path, upstream)
    try:
        all_arrive(receiver, sent)
    finally:
        assert gateway.stop() == 0
