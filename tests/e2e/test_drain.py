"""SIGTERM: what has begun is finished, what is new is refused, and the process ends with status 0."""

import asyncio
import signal
import threading
import time

import pytest

from conftest import scripted_config
from support import answers, paths
from support.answers import piece
from support.process import eventually
from support.stalls import Stalls
from support.wire import Ended, Wire, ask, chat, request


@pytest.fixture
def held(upstream):
    """The script `held` streams one event, waits for held.set(), then ends well."""
    release = threading.Event()

    async def script(exchange):
        await exchange.start_stream()
        await exchange.event(piece("begun"))
        while not release.is_set() and not exchange.connection.gone.is_set():
            await exchange.event(piece("."))
            await asyncio.sleep(0.05)
        await exchange.event(piece("ended", "stop"))
        await exchange.event("[DONE]")
        await exchange.finish()

    upstream.scripts["held"] = script
    yield release
    release.set()


def open_streams(gateway, count):
    wires = [Wire(gateway.port, paths.deadline(60)) for _ in range(count)]
    for wire in wires:
        wire.send(request(chat("held", stream=True)))
    for wire in wires:
        wire.until(b"begun")
    return wires


def readiness(gateway):
    try:
        return ask(gateway.port, method="GET", path="/health/readiness", key=None).status
    except (ConnectionError, Ended):
        return "refused"


def test_drain_cuts_no_stream(start, upstream, held):
    gateway = start(scripted_config(upstream))
    with Wire(gateway.port) as probe, Stalls() as stalls:
        probe.send(request(method="GET", path="/health/readiness", key=None))
        assert probe.answer("GET").status == 200
        wires = open_streams(gateway, 100)
        gateway.signal(signal.SIGTERM)
        asked = time.monotonic()
        # At once: a load balancer must see it, on a connection it has or on a new one.
        probe.send(request(method="GET", path="/health/readiness", key=None))
        eventually(lambda: readiness(gateway) in (503, "refused"), paths.deadline(20))
        try:
            assert probe.answer("GET").status in (200, 503)
        except Ended:
            pass
        assert stalls.net(asked) < paths.deadline(2)
        assert gateway.running()
        held.set()
        for wire in wires:
            while b"[DONE]" not in wire.data:
                assert wire.receive(), "a stream was cut during the drain"
            assert b"ended" in wire.data
            wire.socket.close()
    assert gateway.wait(paths.deadline(15)) == 0


def test_readiness_says_503_while_draining(start, upstream, held):
    gateway = start(scripted_config(upstream))
    wires = open_streams(gateway, 1)
    gateway.signal(signal.SIGTERM)
    eventually(lambda: readiness(gateway) == 503, paths.deadline(20))
    assert ask(gateway.port, method="GET", path="/health/liveliness", key=None).status == 200
    held.set()
    wires[0].until(b"[DONE]")
    assert gateway.wait(paths.deadline(15)) == 0


def test_drain_finishes_whole_answers(start, upstream):
    begun, release = threading.Event(), threading.Event()

    async def late(exchange):
        begun.set()
        while not release.is_set():
            await asyncio.sleep(0.01)
        await exchange.answer(200, answers.completion("late"))

    upstream.scripts["late"] = late
    gateway = start(scripted_config(upstream))
    with Wire(gateway.port) as wire:
        wire.send(request(chat("late")))
        assert begun.wait(10)
        gateway.signal(signal.SIGTERM)
        eventually(lambda: readiness(gateway) != 200, paths.deadline(20))
        release.set()
        assert wire.answer().json["choices"][0]["message"]["content"] == "late"
    assert gateway.wait(paths.deadline(15)) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_idle_process_ends_at_once(start, upstream, number):
    gateway = start(scripted_config(upstream))
    with Wire(gateway.port) as idle:
        idle.send(request(chat()))
        assert idle.answer().status == 200
        asked = time.monotonic()
        gateway.signal(number)
        assert gateway.wait(paths.deadline(10)) == 0
        assert time.monotonic() - asked < paths.deadline(5), (
            "an idle kept-alive connection held the process"
        )


def test_second_signal_ends_the_drain(start, upstream, held):
    gateway = start(scripted_config(upstream))
    wires = open_streams(gateway, 3)
    gateway.signal(signal.SIGTERM)
    eventually(lambda: readiness(gateway) != 200, paths.deadline(20))
    gateway.signal(signal.SIGTERM)
    status = gateway.wait(paths.deadline(10))
    assert status in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
    for wire in wires:
        wire.socket.close()
