"""scripts/bench_client: its measurements work for each library, and what does not depend on a quiet machine holds."""

import json
import subprocess
import sys

import pytest

from support import client, paths

BUILD = paths.BINARY.resolve().parent.parent
UPSTREAM = BUILD / "bin" / "patchbay_bench_upstream"
THERE = client.THERE and UPSTREAM.exists() and (paths.OUT / "beside" / "bin" / "python").exists()


@pytest.mark.load
@pytest.mark.skipif(not THERE or paths.SANITIZED, reason="the upstream of the benchmark, or liter-llm, is not there")
@pytest.mark.timeout(paths.deadline(400))
def test_the_three_libraries_are_measured(tmp_path):
    measured = tmp_path / "measured.json"
    command = [sys.executable, "-B", paths.REPO / "tests/bench/clients.py", "--build", BUILD, "--venvs", paths.OUT]
    small = ["--streams", "100", "--calls", "50", "--rounds", "1", "--json", measured]
    done = subprocess.run([*command, *small], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr[-2000:]  # 1: a budget was missed
    rounds = json.loads(measured.read_text())["rounds"]
    own, litellm, liter = (rounds[name][0] for name in ("patchbay", "litellm", "liter_llm"))
    assert own.keys() == litellm.keys() == liter.keys()
    assert liter["mock_us"] is None and all(value > 0 for value in {**own, **litellm}.values())
    assert own["import_kb"] < 20 << 10
    # With few streams each event wakes both threads, and LiteLLM's find room in what it has already.
    assert own["stream_cpu_us"] * 4 < litellm["stream_cpu_us"]
    assert own["stream_kb"] < 100
    script = (paths.REPO / "scripts" / "bench_client").read_text()
    assert "tests/bench/clients.py" in script
