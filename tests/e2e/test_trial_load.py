"""One file that spoils its trial load costs itself and a few seconds, whatever it does; the others are served."""

import re
import time
from pathlib import Path

from support import canary, paths
from support.gateway import config, deployment
from support.wire import ask
from test_plugin_files import FIXTURES, SHIPPED, build

#: What it does in its constructor (disturbs_trial.c), and what is said of it.
TOLD = {
    "f": "leaves a process behind",
    "d": "leaves a process behind",
    "p": "leaves a process behind",
    "x": r"ended the process on load \(exit code 0\)",
    "c": "closes or fills descriptors",
    "s": "did not finish loading within 5 s",
}
#: And what only the system call filter keeps from the trial itself.
TOLD_BY_FILTER = {"k": "reaches for another process", "g": "reaches for another process"}


def left_behind():
    names = []
    for comm in Path("/proc").glob("[0-9]*/comm"):
        try:
            names.append(comm.read_text().strip())
        except OSError:
            continue
    return "left-behind" in names


def test_each_bad_file_is_named_with_its_reason_and_no_other(start, upstream, tmp_path):
    told = TOLD if paths.SANITIZED else {**TOLD, **TOLD_BY_FILTER}
    build(FIXTURES / "disturbs_trial.c", tmp_path / "fixture")
    fixture = (tmp_path / "fixture").read_bytes()
    folder = tmp_path / "plugins"
    folder.mkdir(mode=0o755)
    for how in told:
        data = fixture.replace(b"disturbs-trial", b"disturbs-tria" + how.encode())
        file = folder / f"{how}.so"
        file.write_bytes(data.replace(b"CHOSEN=.", b"CHOSEN=" + how.encode()))
        file.chmod(0o644)
    made = config(deployment("m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI))
    made["plugins"] = {"directories": [str(folder), str(SHIPPED)]}
    began = time.monotonic()
    gateway = start(made)
    assert time.monotonic() - began < paths.deadline(12)
    for how, why in told.items():
        assert re.search(rf"/{how}\.so: .*{why}.*; plugin left out", gateway.output), gateway.output
    assert gateway.output.count("plugin left out") == len(told)
    assert not left_behind()
    body = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
    assert ask(gateway.port, body).status == 200
