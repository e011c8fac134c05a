"""Processes of a run: started on a core, watched in /proc, ended by the id they were started with."""

import os
import pathlib
import socket
import subprocess

TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cores():
    """(core of the subject, core of the load generator and the upstream)"""
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:
        raise SystemExit("bench: two cores are needed, one for the subject and one for the load")
    return allowed[-1], allowed[0]


def start(command, core, log=None, **options):
    output = open(log, "ab") if log else options.pop("stdout", subprocess.DEVNULL)
    return subprocess.Popen(
        ["taskset", "-c", str(core), *map(str, command)],
        stdin=subprocess.DEVNULL, stdout=options.pop("stdout", output),
        stderr=output if log else None, **options)


def stop(process, timeout=10):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def family(pid):
    """The process and its descendants."""
    found = [pid]
    for current in found:
        for task in pathlib.Path(f"/proc/{current}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                pass
    return found


def cpu_seconds(pid):
    """User and system time of the process and its descendants, including those that have ended and were
    waited for (proc(5): utime, stime, cutime, cstime)."""
    total = 0
    for member in family(pid):
        try:
            fields = pathlib.Path(f"/proc/{member}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(n) for n in fields[11:15])
    return total / TICKS


def memory_kb(pid, field="VmRSS"):
    """Resident memory of the process and its descendants."""
    total = 0
    for member in family(pid):
        try:
            status = pathlib.Path(f"/proc/{member}/status").read_text()
        except OSError:
            continue
        for line in status.splitlines():
            if line.startswith(field + ":"):
                total += int(line.split()[1])
    return total
