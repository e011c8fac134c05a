"""Windows of load, alternating between subjects, and the ratios that come of them."""

import json
import statistics
import subprocess
import time

from . import servers


class Void(Exception):
    """A window in which a request failed, or of which nothing can be said."""


class Load:
    """One kind of load. `target` tells (path, body file) for a server; `flags` go to the load generator."""

    def __init__(self, mode, connections, target, flags=None):
        self.mode, self.connections, self.target, self.flags = mode, connections, target, flags or {}


def window(bench, server, load, seconds):
    """Runs the load generator once; what it printed, with the subject's CPU time added. Raises Void."""
    path, body = load.target(server)
    command = ["taskset", "-c", str(bench.load_core), str(bench.load_binary), load.mode,
               "--port", server.port, "--path", path, "--key", server.key, "--body", body,
               "--connections", load.connections, "--milliseconds", int(seconds * 1000)]
    for name, value in load.flags.items():
        command += ["--" + name, value]
    before, began = server.cpu(), time.monotonic()
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=seconds + 300)
    after, ended = server.cpu(), time.monotonic()
    if done.returncode != 0:
        raise Void(f"{server.name}: the load generator ended with {done.returncode}: {done.stderr.strip()}")
    result = json.loads(done.stdout)
    result.update(subject=server.name, cpu_s=round(after - before, 3),
                  busy=round((after - before) / (ended - began), 3))
    if result["failed"] or not result["requests"]:
        raise Void(f"{server.name}: {result['failed']} of {result['requests'] + result['failed']} requests failed: "
                   f"{done.stderr.strip()[:400]}")
    result["cpu_us"] = round(result["cpu_s"] * 1e6 / result.get("events", result["requests"]), 3)
    result["per_second"] = round(result["requests"] / result["seconds"], 1)
    return result


def alternate(bench, subjects, load):
    """Warms every subject up, then runs rounds of one window per subject. A round with a void window is dropped
    and told; it is repeated, up to as many times again. Returns the rounds."""
    for server in subjects:
        window(bench, server, load, bench.warm_up)
    rounds = []
    for _ in range(2 * bench.pairs):
        try:
            rounds.append({server.name: window(bench, server, load, bench.seconds) for server in subjects})
        except Void as void:
            bench.note(str(void))
        if len(rounds) == bench.pairs:
            return rounds
    raise Void(f"only {len(rounds)} of {bench.pairs} rounds without a failed request")


def spread(values):
    """(median, smallest, largest)"""
    return statistics.median(values), min(values), max(values)
