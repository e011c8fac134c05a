"""Measures Python client libraries side by side; scripts/bench_client builds what is needed and starts this.

Each figure comes from a process of its own (client_subject.py) on one core; the upstream has another. Rounds alternate
between the libraries, and the figure is the best of them: what disturbs a run only ever makes it worse.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

from harness import processes

HERE = pathlib.Path(__file__).resolve().parent
#: Figure, its unit, what a budget of it is, and for ratios the library that is divided by.
ROWS = [
    ("import_ms", "ms", "import", ("at most", 50)),
    ("import_kb", "MB", "memory of the import", ("at most", 20 << 10)),
    ("first_ms", "ms", "import and first call", None),
    ("first_kb", "MB", "memory after the first call", None),
    ("mock_us", "us", "a mock call", ("at most", 50)),
    ("call_cpu_us", "us", "CPU of a call", None),
    ("stream_cpu_us", "us", "CPU of a stream", ("times less than litellm", 20)),
    ("stream_kb", "KB", "memory of an open stream", ("times less than litellm", 20)),
    ("stream_peak_kb", "KB", "the same at its peak", None),
]


class Library:
    """One that is measured: its name, the Python that has it, and variables for it."""

    def __init__(self, name, python, **variables):
        self.name, self.python = name, pathlib.Path(python)
        self.variables = variables

    def measure(self, core, what, base, count):
        own = {k: v for k, v in os.environ.items() if not k.endswith(("_API_KEY", "_API_BASE"))}
        command = ["taskset", "-c", str(core), str(self.python), HERE / "client_subject.py", self.name, what, base, str(count)]
        done = subprocess.run(
            command, env={**own, **self.variables}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=600
        )
        if done.returncode:
            sys.exit(f"bench_client: {self.name} {what} failed; run it by hand: {' '.join(map(str, command))}")
        return json.loads(done.stdout.splitlines()[-1])


def libraries(options):
    litellm = {  # no address of the world at the import, and no more connections refused than the others refuse
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_LOG": "ERROR",
        "AIOHTTP_CONNECTOR_LIMIT": "0",
        "AIOHTTP_CONNECTOR_LIMIT_PER_HOST": "0",
    }
    venvs = pathlib.Path(options.venvs)
    state = pathlib.Path(options.build) / "bench-client-state"
    all_of_them = [
        Library("patchbay", venvs / "venv/bin/python", PYTHONPATH=str(options.build / "python"), PATCHBAY_STATE_DIR=str(state)),
        Library("litellm", venvs / "clients/venv/bin/python", **litellm),
        Library("liter_llm", venvs / "beside/bin/python"),
    ]
    missing = [one.name for one in all_of_them if not one.python.exists()]
    if missing:
        sys.exit(f"bench_client: no Python for {', '.join(missing)}: tests/e2e/setup.sh --no-model makes them")
    return all_of_them


def shown(value, unit):
    if value is None:
        return "has none"
    return f"{value / 1024:,.1f} MB" if unit == "MB" else f"{value:,.0f} {unit}" if value >= 100 else f"{value:,.1f} {unit}"


def judged(row, figures):
    """(what the budget says, whether it is met)"""
    name, unit, _, budget = row
    if budget is None:
        return "", True
    kind, limit = budget
    own = figures["patchbay"][name]
    if kind == "at most":
        return f"<= {shown(limit, unit)}", own <= limit
    ratio = figures["litellm"][name] / own
    return f"{ratio:.1f} x less than LiteLLM, >= {limit} x", ratio >= limit


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench_client", description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--venvs", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=pathlib.Path, help="also write every round's figures")
    options = parser.parse_args()
    options.build = options.build.resolve()
    subject_core, load_core = processes.cores()
    upstream = processes.start(
        [options.build / "bin" / "patchbay_bench_upstream"], load_core, stdout=subprocess.PIPE, text=True
    )
    try:
        base = f"http://127.0.0.1:{int(upstream.stdout.readline())}"
        subjects = libraries(options)
        rounds = {one.name: [] for one in subjects}
        for number in range(options.rounds):
            for one in subjects:
                found = {}
                for what, count in (("load", 1), ("calls", options.calls), ("streams", options.streams)):
                    found.update(one.measure(subject_core, what, base, count))
                rounds[one.name].append(found)
                print(f"round {number + 1}: {one.name}", file=sys.stderr)
    finally:
        processes.stop(upstream)
    figures = {name: best(found) for name, found in rounds.items()}
    if options.json:
        options.json.write_text(json.dumps({"rounds": rounds, "streams": options.streams}, indent=1))
    return report(figures)


def best(found):
    return {name: None if found[0][name] is None else min(one[name] for one in found) for name in found[0]}


def report(figures):
    print("| | patchbay | LiteLLM | liter-llm | budget | |\n|---|---|---|---|---|---|")
    good = True
    for row in ROWS:
        name, unit, text, _ = row
        budget, met = judged(row, figures)
        good = good and met
        told = " | ".join(shown(figures[one][name], unit) for one in figures)
        print(f"| {text} | {told} | {budget} | {'' if not budget else 'met' if met else '**missed**'} |")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
