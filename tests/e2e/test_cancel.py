"""A plugin that wants to know is told when its exchange is left, and its calls to cancel the job are made."""

import signal

import pytest

from support import canary, paths
from support.gateway import config, deployment, guardrail
from support.process import eventually
from support.wire import Wire, ask, request
from test_plugin_files import FIXTURES, SHIPPED, build


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("cancels")
    build(FIXTURES / "wants_cancel.c", made / "wants_cancel.so")
    build(FIXTURES / "guards.c", made / "guards.so")
    return made


@pytest.fixture
def jobs(upstream):
    """Jobs that never end; what is asked beside them is answered. What was asked for, in order."""
    before = upstream.scripts["default"]

    async def script(exchange):
        if exchange.path == "/start":
            await exchange.connection.gone.wait()
            exchange.keep = False
        elif exchange.path == "/judge":
            await exchange.answer(200, b"no")
        else:
            await exchange.answer(200, b"{}")

    upstream.scripts["default"] = script
    upstream.clear()
    yield lambda: [f"{exchange.method} {exchange.path}" for exchange in upstream.requests]
    upstream.scripts["default"] = before


def configured(upstream, folder, isolation="none", guardrails=()):
    made = config(deployment("job", "wants-cancel/job", upstream.url, canary.MISC))
    made["guardrails"] = list(guardrails)
    made["plugins"] = {
        "directories": [str(SHIPPED), str(folder)],
        "org.example.wants-cancel": {"isolation": isolation},
    }
    return made


BODY = {"model": "job", "messages": [{"role": "user", "content": "go"}]}


def told(jobs, reason):
    expected = {f"DELETE /job?reason={reason}", "DELETE /missing"}
    eventually(lambda: expected <= set(jobs()), paths.deadline(10))


@pytest.mark.parametrize("isolation", ["none", "process"])
def test_a_client_that_hangs_up(start, upstream, folder, jobs, isolation):
    gateway = start(configured(upstream, folder, isolation))
    wire = Wire(gateway.port)
    wire.send(request(BODY))
    eventually(lambda: "POST /start" in jobs(), paths.deadline(10))
    wire.socket.close()
    told(jobs, 1)


def test_a_guardrail_that_blocks_beside_the_call(start, upstream, folder, jobs):
    judge = guardrail(
        "judge", "during_call", "guards", default_on=True, what="http", url=upstream.url + "/judge"
    )
    gateway = start(configured(upstream, folder, guardrails=[judge]))
    assert ask(gateway.port, BODY).status == 400
    told(jobs, 3)


@pytest.mark.parametrize("isolation", ["none", "process"])
def test_a_gateway_that_stops(start, upstream, folder, jobs, isolation):
    gateway = start(
        configured(upstream, folder, isolation), flags=["--drain_timeout", "0"]
    )
    wire = Wire(gateway.port)
    wire.send(request(BODY))
    eventually(lambda: "POST /start" in jobs(), paths.deadline(10))
    gateway.signal(signal.SIGTERM)
    assert gateway.wait(paths.deadline(10)) == 0
    told(jobs, 4)
    wire.socket.close()
