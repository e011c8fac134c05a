"""What an operator sees: memory, start, reload."""

import shutil
import statistics
import threading
import time

from . import servers, windows
from .result import Result, at_most


def memory(bench):
    server = bench.new_patchbay("patchbay-memory")
    try:
        windows.window(bench, server, windows.Load("whole", 1, target=bench.whole_target("small")), 1)
        time.sleep(2)
        idle = server.memory_kb() / 1024
        length = 5 if bench.quick else 60
        loaded = windows.window(bench, server, windows.Load("whole", 64, target=bench.whole_target("large")), length)
        peak = server.memory_kb("VmHWM") / 1024
        time.sleep(length)
        later = server.memory_kb() / 1024
        return [Result("memory-idle", "memory, idle", limit=at_most(20, "<= 20 MB"), value=idle,
                       value_text=f"{idle:.1f} MB", subject=f"{idle:.1f} MB"),
                Result("memory-after", f"memory {length} s after {length} s of 120 KB, c=64", value=later / idle,
                       limit=at_most(2, "<= 2 x idle"), value_text=f"{later / idle:.2f} x idle",
                       subject=f"{later:.1f} MB (peak {peak:.1f})",
                       rounds=[{"idle_mb": idle, "peak_mb": peak, "later_mb": later, **loaded}])]
    finally:
        server.stop()


def first_answer(bench, server):
    """Milliseconds from the start of the process to a complete answer of the upstream."""
    body = bench.body("bench", "small").read_bytes()
    began = time.monotonic()
    server.start()
    while time.monotonic() < began + 30:
        status = servers.ask(server.port, body)
        if status is not None:
            if status != 200:
                raise windows.Void(f"the first answer was {status}")
            return (time.monotonic() - began) * 1000
        if not server.alive():
            raise windows.Void("the gateway ended")
        time.sleep(0.001)
    raise windows.Void("no answer in 30 s")


def start(bench):
    """The plugin cache is there (`warm`) or is made anew (`cold`); both must do."""
    server = bench.new_patchbay("patchbay-start")
    times = {"cold": [], "warm": []}
    for kind, measured in times.items():
        for _ in range(5):
            server.stop()
            if kind == "cold":
                shutil.rmtree(server.directory / "state", ignore_errors=True)
            measured.append(first_answer(bench, server))
    server.stop()
    middle = {kind: statistics.median(measured) for kind, measured in times.items()}
    return [Result("start", "start to first answer, all plugins", limit=at_most(100, "<= 100 ms"),
                   value=middle["cold"], value_text=f"{middle['cold']:.0f} ms",
                   subject=f"cold {middle['cold']:.0f}, warm {middle['warm']:.0f} ms", rounds=[times])]


def reload(bench):
    """Windows without and with a reload every 300 ms, each of which adds or takes away a deployment."""
    server = bench.new_patchbay("patchbay-reload")
    load = windows.Load("whole", 8, target=bench.whole_target("small"), flags={"expect": '"finish_reason":"stop"'})
    try:
        windows.window(bench, server, load, bench.warm_up)
        rounds = []
        reloads = 0
        for _ in range(bench.pairs):
            quiet = windows.window(bench, server, load, bench.seconds)
            ended = threading.Event()

            def reload_often():
                nonlocal reloads
                while not ended.wait(0.3):
                    server.write_config(extra_models=reloads % 2)
                    server.reload()
                    reloads += 1

            reloader = threading.Thread(target=reload_often)
            reloader.start()
            try:
                # A failed request here is not noise but what this row is about: Void ends it.
                busy = windows.window(bench, server, load, bench.seconds)
            finally:
                ended.set()
                reloader.join()
            rounds.append({"quiet": quiet, "reloading": busy})
        took = (server.directory / "patchbay.log").read_text(errors="replace").count("loaded again: generation")
        if took < reloads * 0.9:
            raise windows.Void(f"{reloads} reloads were asked for, {took} were done")
        ratios = [r["reloading"]["p99_us"] / r["quiet"]["p99_us"] for r in rounds]
        return [Result("reload", f"p99 while reloading, c=8; {reloads} reloads, 0 failed", ratio=windows.spread(ratios),
                       limit=at_most(1.2, "no step (<= 1.2 x)"), rounds=rounds,
                       subject="%.0f us" % windows.spread([r["reloading"]["p99_us"] for r in rounds])[0],
                       floor="%.0f us quiet" % windows.spread([r["quiet"]["p99_us"] for r in rounds])[0])]
    finally:
        server.stop()
