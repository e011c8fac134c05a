"""200 streams at once: every one complete, and equal to what the upstream sent.

PATCHBAY_E2E_SECONDS (30) and PATCHBAY_E2E_STREAMS (200) change the size. The upstream and the client
are processes of their own.
"""

import json
import os
import sys

import pytest

from support import canary, paths
from support.gateway import LOADED_AGAIN, config, deployment
from support.process import Process, eventually, run
from support.wire import ask, chat

pytestmark = [pytest.mark.load, pytest.mark.timeout(900)]

SECONDS = float(os.environ.get("PATCHBAY_E2E_SECONDS", "30"))
STREAMS = int(os.environ.get("PATCHBAY_E2E_STREAMS", "200"))


@pytest.fixture(scope="module")
def far_upstream():
    server = Process([sys.executable, "-m", "support.load", "upstream"], cwd=paths.E2E)
    yield server.wait_for(r"ready: (http://127\.0\.0\.1:\d+)", 20).group(1)
    server.stop()


def load_config(url: str) -> dict:
    return config(
        deployment("scripted", "openai/gpt-4o", url + "/v1", canary.OPENAI),
        deployment("scripted-claude", "anthropic/claude-sonnet-4-20250514", url, canary.ANTHROPIC),
    )


def client(gateway, streams, seconds) -> dict:
    status, output = run(
        [sys.executable, "-m", "support.load", "client", gateway.url, str(streams), str(seconds)],
        cwd=paths.E2E,
        seconds=seconds + paths.deadline(120),
    )
    assert status == 0, output
    return json.loads(output.splitlines()[-1])


@pytest.mark.parametrize("workers", [1, 2])
def test_every_stream_is_whole_and_the_same(start, far_upstream, workers):
    gateway = start(load_config(far_upstream), workers=workers)
    client(gateway, 20, 1)
    files, memory = gateway.open_files(), gateway.rss()
    result = client(gateway, STREAMS, SECONDS)
    print(result)
    assert result["wrong_count"] == 0, result["wrong"]
    assert result["finished"] >= STREAMS
    assert ask(gateway.port, chat()).status == 200
    # Connections to the upstream may stay in the pool; the clients' are gone.
    eventually(lambda: gateway.open_files() <= files + STREAMS + 10, paths.deadline(20))
    assert paths.SANITIZED or gateway.rss() < memory + (64 << 20)


def test_streams_go_on_during_reloads(start, far_upstream):
    gateway = start(load_config(far_upstream), workers=2)
    work = Process(
        [sys.executable, "-m", "support.load", "client", gateway.url, "50", str(min(SECONDS, 10))],
        cwd=paths.E2E,
    )
    while work.running():
        at = gateway.reload(load_config(far_upstream))
        gateway.wait_for(LOADED_AGAIN, paths.deadline(20), at)
    assert work.wait(paths.deadline(60)) == 0, work.output
    result = json.loads(work.lines[-1])
    assert result["wrong_count"] == 0, result["wrong"]
    assert result["finished"] >= 50
