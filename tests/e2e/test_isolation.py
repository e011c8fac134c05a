"""Plugins in processes of their own: a crash costs the call that caused it, and nothing else."""

import contextlib
import os
import threading
import time

import pytest

from support import canary, paths
from support.gateway import config, deployment
from support.process import eventually
from support.wire import Wire, ask, request
from test_plugin_files import FIXTURES, SHIPPED, build


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("misbehaves")
    build(FIXTURES / "misbehaves.c", made / "misbehaves.so")
    return made


def isolated(upstream, folder, **more):
    made = config(
        deployment("steady", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        deployment("crashy", "misbehaves/ok", upstream.url, canary.MISC),
        deployment("mixed", "misbehaves/ok", upstream.url, canary.MISC),
        deployment("mixed", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        **more,
    )
    made["plugins"] = {
        "directories": [str(SHIPPED), str(folder)],
        # Crashes are faults; the breaker is looked at elsewhere.
        "org.example.misbehaves": {"isolation": "process", "breaker": {"faults": 0}},
    }
    return made


def body(model, text):
    return {"model": model, "messages": [{"role": "user", "content": text}]}


def calls(port, model, count, crash_every=0):
    """Statuses and latencies of calls on one connection; every so many crash the plugin."""
    found = []
    with Wire(port) as wire:
        for number in range(count):
            crash = crash_every and number % crash_every == crash_every - 1
            began = time.monotonic()
            wire.send(request(body(model, "crash now" if crash else "hello")))
            found.append((bool(crash), wire.answer().status, time.monotonic() - began))
    return found


def side_by_side(port, model, threads, count, crash_every):
    found = []

    def work():
        found.extend(calls(port, model, count, crash_every))

    running = [threading.Thread(target=work) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(paths.deadline(120))
    assert len(found) == threads * count
    return found


def p99(found):
    latencies = sorted(latency for _, _, latency in found)
    return latencies[len(latencies) * 99 // 100]


def children(pid):
    """Processes that the gateway started and that are not reaped: {pid: name}."""
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        mine = file.read().split()
    names = {}
    for child in mine:
        with contextlib.suppress(FileNotFoundError):  # it was reaped just now
            with open(f"/proc/{child}/comm") as file:
                names[int(child)] = file.read().strip()
    return names


FORK_SERVER = "patchbay-plugin"  # patchbay-plugin-host, as far as the kernel keeps it


def test_a_crash_in_a_hundred_costs_only_its_own_calls(start, upstream, folder):
    gateway = start(isolated(upstream, folder))
    quiet = calls(gateway.port, "steady", 500)
    busy = []
    watcher = threading.Thread(target=lambda: busy.extend(calls(gateway.port, "steady", 500)))
    watcher.start()
    found = side_by_side(gateway.port, "crashy", 4, 500, 100)
    watcher.join(paths.deadline(120))

    crashed = [status for crash, status, _ in found if crash]
    assert len(crashed) == 20 and all(status >= 500 for status in crashed)
    assert [status for crash, status, _ in found if not crash] == [200] * 1980
    assert [status for _, status, _ in quiet + busy] == [200] * 1000
    print(f"p99 of the others: {p99(quiet) * 1e3:.1f} ms alone, {p99(busy) * 1e3:.1f} ms beside")
    gateway.wait_for("crash in plugin org.example.misbehaves", paths.deadline(20))
    end = r"exit code \d+" if paths.SANITIZED else "signal 11"  # sanitizers catch it and exit
    gateway.wait_for(rf"feed\(REQUEST\), in its own process, {end}", paths.deadline(20))


def test_another_deployment_answers_for_the_one_that_crashed(start, upstream, folder):
    gateway = start(isolated(upstream, folder, num_retries=2))
    found = side_by_side(gateway.port, "mixed", 2, 100, 10)
    assert [status for _, status, _ in found] == [200] * 200


def test_processes_follow_the_configuration_and_end_with_the_gateway(start, upstream, folder):
    gateway = start(isolated(upstream, folder))
    assert ask(gateway.port, body("crashy", "hi")).status == 200
    assert sorted(children(gateway.pid).values()) == ["misbehaves", FORK_SERVER]
    one = next(pid for pid, name in children(gateway.pid).items() if name == "misbehaves")
    with open(f"/proc/{one}/status") as file:
        status = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == ("0" if paths.SANITIZED else "2")
    with open(f"/proc/{one}/environ") as file:
        assert file.read() == ""

    made = isolated(upstream, folder)
    made["plugins"]["org.example.misbehaves"]["isolation"] = "none"
    at = gateway.reload(made)
    gateway.wait_for(r"configuration loaded again", paths.deadline(20), at)
    assert ask(gateway.port, body("crashy", "hi")).status == 200
    eventually(
        lambda: list(children(gateway.pid).values()) == [FORK_SERVER], paths.deadline(20)
    )
    left = list(children(gateway.pid))
    assert gateway.stop() == 0
    eventually(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in left), paths.deadline(20))


def test_a_wrong_isolation_is_told_with_its_place(tmp_path):
    from support.gateway import command

    file = tmp_path / "config.yaml"
    file.write_text("model_list: []\nplugins:\n  org.example.x: {isolation: container}\n")
    status, output = command("check", file)
    assert status == 78
    assert ":3:30: error: `plugins.org.example.x.isolation`: expected process or none" in output
