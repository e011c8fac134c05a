"""A client that hangs up: the upstream's socket is closed at once, so that nobody pays for unread tokens."""

import asyncio
import statistics
import time

import httpx
import pytest

from support import answers, canary, paths
from support.answers import piece
from support.process import eventually
from support.wire import Wire, ask, chat, request

#: What the product promises, for a build without sanitizers.
LIMIT = 0.050


def hang_up_delays(gateway, upstream, name, script, count, **body) -> list[float]:
    """Seconds from closing the client's socket to the upstream's seeing the end of its own."""
    upstream.scripts[name] = script
    delays = []
    for _ in range(count):
        upstream.clear()
        wire = Wire(gateway.port)
        wire.send(request(chat(name, **body)))
        if body.get("stream"):
            wire.until(b"data: ")
        exchange = eventually(lambda: next(iter(upstream.of(name)), None), 10, 0.001)
        closed = time.monotonic()
        wire.socket.close()
        eventually(lambda: exchange.connection.gone_at, paths.deadline(10), 0.001)
        delays.append(exchange.connection.gone_at - closed)
    return delays


async def silent(exchange):
    await exchange.connection.gone.wait()
    exchange.keep = False


async def one_event_then_silence(exchange):
    await exchange.start_stream()
    if answers.is_messages(exchange):
        for name, value in answers.message_events(["part"])[:3]:
            await exchange.event(value, name)
    else:
        await exchange.event(piece("part"))
    await silent(exchange)


@pytest.mark.parametrize(
    "what, script, body",
    [
        ("busy stream", answers.endless(0.005), {"stream": True}),
        ("silent stream", one_event_then_silence, {"stream": True}),
        (
            "silent claude stream",
            one_event_then_silence,
            {"stream": True, "model": "scripted-claude"},
        ),
        ("whole answer", silent, {}),
        ("stream before its head", silent, {"stream": False, "model": "scripted-claude"}),
    ],
)
def test_upstream_is_closed_within_50_ms(gateway, upstream, record_property, what, script, body):
    delays = hang_up_delays(gateway, upstream, what.replace(" ", "-"), script, 20, **body)
    record_property("max_ms", max(delays) * 1000)
    print(
        f"{what}: median {statistics.median(delays) * 1000:.1f} ms, max {max(delays) * 1000:.1f} ms"
    )
    # One may have met a machine that did something else.
    usual = sorted(delays)[len(delays) * 3 // 4]
    assert usual < paths.deadline(LIMIT), [f"{delay * 1000:.1f} ms" for delay in delays]


def test_many_clients_hang_up_at_once(gateway, upstream):
    upstream.scripts["crowd"] = answers.endless(0.02)
    upstream.clear()
    crowd = [Wire(gateway.port) for _ in range(100)]
    for wire in crowd:
        wire.send(request(chat("crowd", stream=True)))
    for wire in crowd:
        wire.until(b"data: ")
    exchanges = upstream.of("crowd")
    assert len(exchanges) == 100
    closed = time.monotonic()
    for wire in crowd:
        wire.socket.close()
    eventually(
        lambda: all(exchange.connection.gone_at for exchange in exchanges), paths.deadline(10)
    )
    # Far below what any timer would take, and far above what a busy machine needs for a hundred.
    assert max(exchange.connection.gone_at for exchange in exchanges) - closed < paths.deadline(5)
    assert ask(gateway.port, chat()).status == 200


def test_finished_requests_leave_their_upstream_connection_open(gateway, upstream):
    """Only a hang-up closes: what ended well goes back into the pool."""
    for stream in (True, False):
        assert ask(gateway.port, chat(stream=stream)).status == 200
    before = upstream.connections
    for _ in range(20):
        assert ask(gateway.port, chat()).status == 200
    assert upstream.connections == before
    for _ in range(20):
        assert ask(gateway.port, chat(stream=True)).status == 200
    # A stream may have ended for the client before the end of the upstream's answer was read.
    assert upstream.connections < before + 10


def test_upstream_that_closes_an_idle_connection_costs_no_request(gateway, upstream):
    async def closes_after(exchange):
        await exchange.answer(200, answers.completion())
        exchange.close()

    upstream.scripts["closes-after"] = closes_after
    for _ in range(30):
        assert ask(gateway.port, chat("closes-after")).status == 200


def test_descriptors_return_after_hang_ups(gateway, upstream):
    async def crowd():
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(limits=limits, trust_env=False, timeout=30) as client:

            async def one():
                async with client.stream(
                    "POST",
                    gateway.url + "/v1/chat/completions",
                    json=chat("crowd2", stream=True),
                    headers={"authorization": f"Bearer {canary.MASTER}"},
                ) as answer:
                    async for _ in answer.aiter_bytes():
                        break

            await asyncio.gather(*[one() for _ in range(100)])

    upstream.scripts["crowd2"] = answers.endless(0.02)
    asyncio.run(crowd())
    eventually(lambda: gateway.open_files() < 60, paths.deadline(10))
