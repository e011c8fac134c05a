"""The plugin boundary, in a program of its own."""

import json
import subprocess

from . import windows
from .result import Result, at_most


def boundary(bench):
    program = bench.build / "bin" / "patchbay_bench_boundary"
    if not program.exists():
        raise windows.Void("not built: Google Benchmark (libbenchmark-dev) is missing")
    done = subprocess.run(
        ["taskset", "-c", str(bench.subject_core), str(program), "--benchmark_format=json",
         "--benchmark_filter=^[^/]*$",  # what isolation costs has no budget: docs/isolation.md
         "--benchmark_repetitions=5", "--benchmark_min_time=" + ("0.1" if bench.quick else "0.5")],
        stdout=subprocess.PIPE, text=True, check=True)
    times = {}
    for run in json.loads(done.stdout)["benchmarks"]:
        if run["run_type"] == "iteration":
            times.setdefault(run["run_name"], []).append(run["cpu_time"] / 1000)
    return [Result("boundary-" + name, f"plugin boundary, one exchange, {name}", limit=at_most(4, "<= 4 us"),
                   value=windows.spread(measured)[0], value_text="%.2f us (%.2f..%.2f)" % windows.spread(measured),
                   rounds=[measured])
            for name, measured in times.items()]
