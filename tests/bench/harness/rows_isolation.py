"""What a plugin in a process of its own costs, and what its crashes cost the others."""

import json
import shutil
import subprocess

from . import bodies, servers, windows
from .result import Result, at_most

OPENAI = "org.patchbay.openai"


def cost(bench):
    """The same gateway, plugin and load, with the plugin in the gateway and in a process of its own. The CPU time of
    that process is in the figure; both run on the one core of the subject."""
    plain = bench.patchbay
    isolated = bench.new_patchbay("patchbay-isolated", plugins={OPENAI: {"isolation": "process"}})
    results = []
    for name, what, load in (
        ("isolated-cpu", "CPU/request, plugin isolated, c=8",
         windows.Load("whole", 8, bench.whole_target("small"), {"expect": '"finish_reason":"stop"'})),
        ("isolated-stream", "CPU/event, plugin isolated, 64 streams",
         windows.Load("stream", 64, bench.stream_target("events"), {"events": servers.STREAMS["events"][0]})),
    ):
        rounds = windows.alternate(bench, [plain, isolated], load)
        per = {s.name: windows.spread([r[s.name]["cpu_us"] for r in rounds])[0] for s in (plain, isolated)}
        results.append(Result(
            name, what, ratio=windows.spread([r[isolated.name]["cpu_us"] / r[plain.name]["cpu_us"] for r in rounds]),
            limit=at_most(float("inf"), "told, no budget"), subject=f"{per[isolated.name]:.1f} us",
            floor=f"{per[plain.name]:.1f} us in process", rounds=rounds))
    isolated.stop()
    return results


CALLS, CRASHES = 198, 2  # per second


def crashes(bench):
    """A plugin in a process of its own is asked 200 times a second. In half of the windows 1 of 100 calls crashes it.
    Figures are those of a model of another plugin, asked 500 times a second."""
    fixture = bench.build / "tests" / "plugins" / "misbehaves.so"
    if not fixture.exists():
        raise windows.Void("not built: the fixture plugins (PATCHBAY_TESTS)")
    folder = bench.directory / "misbehaves"
    folder.mkdir()
    shutil.copy(fixture, folder)
    server = bench.new_patchbay(
        "patchbay-crashes",
        plugins={"directories": [str(bench.build / "lib" / "patchbay" / "plugins"), str(folder)],
                 "org.example.misbehaves": {"isolation": "process", "breaker": {"faults": 0}}},
        models=[{"model_name": "crashy", "litellm_params": {
            "model": "misbehaves/ok", "api_base": "http://127.0.0.1:9", "api_key": "sk-upstream"}}])
    body = bodies.small()
    body["model"] = "crashy"
    calm = bench.directory / "crashy-calm.json"
    calm.write_text(json.dumps(body))
    body["messages"].append({"role": "user", "content": "crash now"})
    crash = bench.directory / "crashy-crash.json"
    crash.write_text(json.dumps(body))
    steady = windows.Load("whole", 8, bench.whole_target("small"), {"expect": '"finish_reason":"stop"', "rate": 500})

    def beside(loads):
        """One window of the steady load with these beside it: {body: calls per second}."""
        running = [subprocess.Popen(
            ["taskset", "-c", str(bench.load_core), str(bench.load_binary), "whole", "--port", str(server.port),
             "--path", "/v1/chat/completions", "--key", servers.KEY, "--body", str(file), "--connections", "4",
             "--milliseconds", str(int(bench.seconds * 1000)), "--rate", str(rate)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for file, rate in loads.items()]
        result = windows.window(bench, server, steady, bench.seconds)
        told = [json.loads(process.communicate()[0]) for process in running]
        result["beside"] = [{"requests": t["requests"], "failed": t["failed"]} for t in told]
        return result

    windows.window(bench, server, steady, bench.warm_up)
    rounds = [{"calm": beside({calm: CALLS + CRASHES}), "crashing": beside({calm: CALLS, crash: CRASHES})}
              for _ in range(bench.pairs)]
    server.stop()
    crashed = sum(r["crashing"]["beside"][1]["failed"] for r in rounds)
    lost = sum(r["crashing"]["beside"][0]["failed"] for r in rounds)
    if crashed == 0 or any(r["calm"]["beside"][0]["failed"] for r in rounds):
        raise windows.Void("nothing crashed, or calls failed without a crash")
    ratios = [r["crashing"]["p99_us"] / r["calm"]["p99_us"] for r in rounds]
    return [Result(
        "crashes", f"p99 of another plugin's calls beside {crashed} crashes; {lost} calls lost with them",
        ratio=windows.spread(ratios), limit=at_most(1.2, "no step (<= 1.2 x)"), rounds=rounds,
        subject="%.0f us" % windows.spread([r["crashing"]["p99_us"] for r in rounds])[0],
        floor="%.0f us without crashes" % windows.spread([r["calm"]["p99_us"] for r in rounds])[0])]
