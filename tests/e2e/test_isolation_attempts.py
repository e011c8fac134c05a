"""A hostile plugin in a process of its own, tried at once in as many files as it knows attempts: none works,
whenever it is made, and the gateway is up in time and serves the others."""

import os
import re
import secrets
import time
from pathlib import Path

import pytest

from support import canary, paths
from support.gateway import config, deployment
from support.process import eventually
from support.wire import ask
from test_plugin_files import FIXTURES, SHIPPED, build

SOURCE = FIXTURES / "attempts.c"
NAMES = re.findall(r"^    ATTEMPT\((\w+),", SOURCE.read_text(), re.MULTILINE)
#: How the names of the files begin that the fixture knows; as long as what takes its place.
SCRATCH = "/tmp/patchbay-attempt"

pytestmark = pytest.mark.skipif(paths.SANITIZED, reason="no system call filter in this build")


@pytest.fixture(scope="module")
def scratch():
    mine = SCRATCH[: -len("attempt")] + secrets.token_hex(4)[:7]
    yield mine
    for path in Path("/tmp").glob(Path(mine).name + "*"):
        path.rmdir() if path.is_dir() else path.unlink()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, scratch):
    made = tmp_path_factory.mktemp("attempts") / "attempts.so"
    build(SOURCE, made)
    return made.read_bytes().replace(SCRATCH.encode(), scratch.encode())


def write_all(hostile, folder, moment):
    """A file for each attempt; the ids of the plugins."""
    ids = []
    for number in range(len(NAMES)):
        this = b"attempts-%03d" % number
        data = hostile.replace(b"attempts-000", this)
        data = data.replace(b"CHOSEN=c000", b"CHOSEN=%s%03d" % (moment.encode(), number))
        file = folder / f"{this.decode()}.so"
        file.write_bytes(data)
        file.chmod(0o644)
        ids.append(this.decode())
    return ids


def configured(upstream, folder, ids, served):
    made = config(
        deployment("steady", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        *(deployment(one, f"{one}/x", upstream.url, canary.MISC) for one in served),
    )
    made["plugins"] = {"directories": [str(SHIPPED), str(folder)]}
    for one in ids:
        made["plugins"][f"org.example.{one}"] = {"isolation": "process"}
    return made


def said(gateway, model):
    return ask(gateway.port, {"model": model, "messages": [{"role": "user", "content": "hi"}]})


@pytest.fixture
def no_traces(scratch):
    """A file that is there already and still is at the end, alone."""
    there = Path(scratch + ".there")
    there.write_text("stays")
    yield
    assert list(Path("/tmp").glob(Path(scratch).name + "*")) == [there]
    assert there.read_text() == "stays"


@pytest.mark.parametrize("moment", ["c", "i"])
def test_nothing_works_while_it_is_loaded(start, upstream, hostile, tmp_path, no_traces, moment):
    folder = tmp_path / "plugins"
    folder.mkdir(mode=0o755)
    ids = write_all(hostile, folder, moment)
    began = time.monotonic()
    gateway = start(configured(upstream, folder, ids, []))
    assert time.monotonic() - began < paths.deadline(10)
    assert said(gateway, "steady").status == 200
    out = set(re.findall(r"(attempts-\d{3})\.so: .*signal 31 .*plugin left out", gateway.output))
    assert len(out) > len(ids) - 12, gateway.output
    assert gateway.stop() == 0

    served = [one for one in ids if one not in out]
    assert "attempts-000" in served
    gateway = start(configured(upstream, folder, ids, served))
    for one in served:
        answer = said(gateway, one)
        text = answer.json["choices"][0]["message"]["content"]
        assert text == f"{NAMES[int(one[-3:])]}: not possible"
    assert said(gateway, "steady").status == 200
    assert gateway.stop() == 0


def test_nothing_works_while_it_serves(start, upstream, hostile, tmp_path, no_traces):
    folder = tmp_path / "plugins"
    folder.mkdir(mode=0o755)
    ids = write_all(hostile, folder, "f")
    gateway = start(configured(upstream, folder, ids, ids))
    ended = 0
    for one in ids:
        answer = said(gateway, one)
        if answer.status == 200:
            text = answer.json["choices"][0]["message"]["content"]
            assert text == f"{NAMES[int(one[-3:])]}: not possible"
        else:
            assert "crashed in its own process" in answer.error["message"]
            ended += 1
    assert ended > len(ids) - 12
    assert said(gateway, "steady").status == 200
    with open(f"/proc/{gateway.pid}/task/{gateway.pid}/children") as file:
        left = file.read().split()
    assert gateway.stop() == 0
    eventually(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in left), paths.deadline(20))
