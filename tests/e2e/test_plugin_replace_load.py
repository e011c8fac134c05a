"""A provider's file is replaced again and again under load: nothing fails, no call is of two versions, and
nothing piles up.

PATCHBAY_E2E_SECONDS (20) is how long the load lasts, PATCHBAY_E2E_RATE (2000) how many whole requests per
second are begun beside the streams.
"""

import json
import os
import subprocess
import time

import pytest

from support import canary, paths
from support.gateway import config, deployment
from support.process import eventually
from support.versions import PLUGIN, build
from test_plugin_replace import World

LOAD = paths.BUILD / "bin" / "patchbay_bench_load"
UPSTREAM = paths.BUILD / "bin" / "patchbay_bench_upstream"
SECONDS = float(os.environ.get("PATCHBAY_E2E_SECONDS", "20"))
RATE = int(os.environ.get("PATCHBAY_E2E_RATE", "2000"))
REPLACEMENTS = 20
CONNECTIONS, STREAMS = 64, 40
EVENTS, SPACING_US = 50, 10_000

pytestmark = [
    pytest.mark.load,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not (LOAD.exists() and UPSTREAM.exists()),
        reason="build the targets patchbay_bench_load and patchbay_bench_upstream",
    ),
]


class LoadWorld(World):
    """Before the bench upstream: `fresh` answers whole, `streamed` with EVENTS events."""

    def config(self, **plugins):
        url = f"http://127.0.0.1:{self.upstream}"
        return config(
            deployment("fresh", "versioned/m", url + "/v1", canary.MISC),
            deployment(
                "streamed", "versioned/m", f"{url}/events/{EVENTS}/{SPACING_US}/v1", canary.MISC
            ),
            master_key=self.master_key,
            plugins={**self.plugins, **plugins},
        )


@pytest.fixture(scope="module")
def port():
    with subprocess.Popen([UPSTREAM], stdout=subprocess.PIPE) as process:
        yield int(process.stdout.readline())
        process.terminate()


def load(folder, gateway, mode, model, connections, *more):
    body = folder / f"{model}.json"
    message = {"role": "user", "content": "Tell me about lighthouses."}
    body.write_text(
        json.dumps({"model": model, "messages": [message], "stream": mode == "stream"})
    )
    words = ["--port", gateway.port, "--path", "/v1/chat/completions", "--body", body]
    words += ["--key", canary.MASTER, "--connections", connections, "--same", "v="]
    words += ["--milliseconds", int(SECONDS * 1000), *more]
    return subprocess.Popen(
        [str(word) for word in [LOAD, mode, *words]],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def outcome(process):
    out, err = process.communicate(timeout=SECONDS + 120)
    assert process.returncode == 0, err
    return json.loads(out), err


@pytest.mark.parametrize("mode", ["signal", "watch"])
def test_nothing_fails_while_a_file_is_replaced(start, port, tmp_path, mode):
    versions = [build(tmp_path / f"v{n}.so", n) for n in range(1, REPLACEMENTS + 2)]
    running = LoadWorld(
        start, port, tmp_path / "plugins", versions[0], workers=2, reload=mode
    )
    gateway = running.gateway
    # Every version once, so that what is measured below is what piles up, not the mappings themselves.
    for source in [*versions[1:], versions[0]]:
        running.copy(source)
        running.reload()
    files = gateway.open_files()
    whole = load(tmp_path, gateway, "whole", "fresh", CONNECTIONS, "--rate", RATE)
    streams = load(tmp_path, gateway, "stream", "streamed", STREAMS, "--events", EVENTS)
    began = time.monotonic()
    replaced = 0
    for number, source in enumerate(versions[1:]):
        due = began + (number + 0.5) * SECONDS / REPLACEMENTS
        time.sleep(max(0, due - time.monotonic()))
        if number % 2:
            running.move(source)
        else:
            running.copy(source)
        version = source.stem.removeprefix("v")
        if mode == "watch":
            eventually(lambda v=version: running.listed()["version"] == f"1.0.{v}", 30, 0.05)
            replaced += 1
        else:
            replaced += running.reload()["result"] == "replaced"
        if number == 1:
            warm = gateway.rss()
    (whole_done, whole_error), (streams_done, streams_error) = outcome(whole), outcome(streams)
    print(f"{mode}: whole {whole_done}; streams {streams_done}; resident MB {warm >> 20}", end="")
    assert replaced == REPLACEMENTS
    assert (whole_done["failed"], streams_done["failed"]) == (0, 0), whole_error + streams_error
    assert whole_done["requests"] > 0 and streams_done["requests"] >= STREAMS
    assert whole_done["numbers"] > REPLACEMENTS / 2, "calls of many versions were seen"
    eventually(lambda: running.listed()["draining"] == [], paths.deadline(15))
    # Connections to the upstream are kept for a while.
    kept = CONNECTIONS + STREAMS
    eventually(lambda: gateway.open_files() <= files + kept + 10, paths.deadline(15))
    eventually(lambda: paths.SANITIZED or gateway.rss() < warm + (8 << 20), 30, 0.5)
    print(f", later {gateway.rss() >> 20}")
    metrics = running.metrics()
    assert f'patchbay_plugin_faults_total{{plugin="{PLUGIN}",component="versioned"' in metrics
    assert not [line for line in metrics.splitlines() if "reload_failures" in line and PLUGIN in line]
