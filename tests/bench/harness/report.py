"""The machine, the table, the JSON file."""

import json
import os
import pathlib
import platform
import re
import subprocess


def output(*command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.stdout.strip()
    except OSError:
        return "not found"


def cache_entry(build, name):
    cache = build / "CMakeCache.txt"
    found = re.search(rf"^{name}:\w+=(.*)$", cache.read_text(), re.M) if cache.exists() else None
    return found.group(1) if found else ""


def machine(bench):
    cpuinfo = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.*)", cpuinfo)
    build_type = cache_entry(bench.build, "CMAKE_BUILD_TYPE")
    return {
        "cpu": model.group(1) if model else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "nginx": output("nginx", "-v").removeprefix("nginx version: "),
        "patchbay": output(bench.patchbay_binary, "--version"),
        "commit": output("git", "describe", "--always", "--dirty"),
        "compiler": output(cache_entry(bench.build, "CMAKE_CXX_COMPILER") or "c++", "--version").splitlines()[0],
        "build": build_type + " " + cache_entry(bench.build, "CMAKE_CXX_FLAGS_" + build_type.upper()),
        "load before": "%.2f %.2f %.2f" % os.getloadavg(),
        "knobs": {
            "subject core": bench.subject_core, "load and upstream core": bench.load_core,
            "warm-up s": bench.warm_up, "window s": bench.seconds, "pairs": bench.pairs,
            "patchbay": "--num_workers 1, master key, metrics on",
            "nginx": "worker_processes 1, access_log off, upstream keepalive 6000, proxy_http_version 1.1, "
                     "client_body_buffer_size 256k, proxy_request_buffering on, proxy_buffering on "
                     "(off for streams), proxy_max_temp_file_size 0",
        },
    }


def print_machine(facts):
    for name, value in facts.items():
        if name != "knobs":
            print(f"{name:12} {value}")
    for name, value in facts["knobs"].items():
        print(f"  {name}: {value}")


COLUMNS = ("row", "what", "patchbay", "floor", "figure", "budget", "")
WIDTHS = (20, 52, 34, 34, 24, 20, 6)


def line(cells):
    return " ".join(str(cell).ljust(width) for cell, width in zip(cells, WIDTHS)).rstrip()


def print_header():
    print("\n" + line(COLUMNS) + "\n" + line(["-" * (w - 1) for w in WIDTHS]), flush=True)


def print_result(result):
    verdict = {None: "void", True: "met", False: "MISSED"}[result.met()]
    figure = result.error or result.ratio_text()
    budget = result.limit.text if result.limit else ""
    print(line([result.name, result.what, result.subject, result.floor, figure, budget, verdict]), flush=True)


def save(bench, facts, results):
    document = {"machine": facts, "notes": bench.notes, "results": [
        {"row": r.name, "what": r.what, "patchbay": r.subject, "floor": r.floor, "ratio": r.ratio,
         "value": r.value, "budget": r.limit.text if r.limit else "", "met": r.met(), "error": r.error,
         "rounds": r.rounds}
        for r in results]}
    path = bench.home / (bench.directory.name + ".json")
    path.write_text(json.dumps(document, indent=1))
    latest = bench.home / "latest.json"
    latest.write_text(path.read_text())
    return path
