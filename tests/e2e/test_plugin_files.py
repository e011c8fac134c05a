"""Plugin files: a new one is put into a directory and its models work; a bad one is one clear line."""

import json
import os
import re
import shutil
import subprocess

import pytest

from support import canary, paths
from support.gateway import command, config, deployment, sha256
from support.wire import ask, chat

SHIPPED = paths.BINARY.resolve().parent.parent / "lib" / "patchbay" / "plugins"
FIXTURES = paths.REPO / "tests" / "plugins" / "fixtures"


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A provider nobody has built before: the fixture `good`, compiled now, with the C compiler alone."""
    folder = tmp_path_factory.mktemp("good")
    build(FIXTURES / "good.c", folder / "good.so")
    for rows in FIXTURES.glob("good*.json"):
        shutil.copyfile(rows, folder / rows.name)
    return folder


def build(source, target):
    compiler = os.environ.get("CC", "cc")
    subprocess.run(
        [
            compiler,
            "-std=c11",
            "-O1",
            "-fPIC",
            "-shared",
            "-I",
            paths.REPO / "sdk" / "plugin" / "include",
            source,
            "-o",
            target,
        ],
        check=True,
        timeout=60,
    )


def with_directory(upstream, folder, *deployments):
    return config(
        deployment("base", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        *deployments,
        plugins={"directories": [str(SHIPPED), str(folder)]},
    )


def test_a_new_provider_needs_no_new_binary(start, upstream, good, tmp_path):
    folder = tmp_path / "plugins"
    folder.mkdir()
    fresh = deployment("fresh", "good/model-1", upstream.url + "/v1", canary.MISC)
    before = sha256(paths.BINARY)

    without = start(with_directory(upstream, folder))
    assert ask(without.port, chat(model="base")).status == 200
    assert ask(without.port, chat(model="fresh")).status == 400
    status, output = command("check", write(tmp_path, with_directory(upstream, folder, fresh)))
    assert status != 0
    assert "good" in output
    without.stop()

    for file in good.iterdir():
        shutil.copy(file, folder)
    with_it = start(with_directory(upstream, folder, fresh))
    answer = ask(with_it.port, chat(model="fresh"))
    assert answer.status == 200, answer.body
    assert answer.json["choices"][0]["message"]["content"] == "Hello from upstream"
    assert upstream.requests[-1].json["model"] == "model-1"
    assert upstream.requests[-1].headers["authorization"] == f"Bearer {canary.MISC}"
    assert ask(with_it.port, chat(model="base")).status == 200
    assert sha256(paths.BINARY) == before


def test_a_provider_whose_plugin_is_not_there_yet_is_left_out_until_it_comes(start, upstream, good, tmp_path):
    folder = tmp_path / "plugins"
    folder.mkdir()
    made = with_directory(
        upstream, folder, deployment("fresh", "good/model-1", upstream.url + "/v1", canary.MISC)
    )
    gateway = start(made)
    assert ask(gateway.port, chat(model="base")).status == 200
    answer = ask(gateway.port, chat(model="fresh"))
    assert answer.status == 503
    assert "no loaded plugin provides 'good'" in answer.error["message"]

    for file in good.iterdir():
        shutil.copy(file, folder)
    at = gateway.reload(made)
    gateway.wait_for("configuration loaded again", 20, at)
    assert ask(gateway.port, chat(model="fresh")).status == 200


def write(folder, made):
    file = folder / "checked.yaml"
    file.write_text(json.dumps(made))
    return file


BAD = {
    "not-elf": b"this is no shared library\n",
    "empty": b"",
    "truncated": None,
    "other_major": "other_major.c",
    "exports_nothing": "exports_nothing.c",
    "crashes_in_constructor": "crashes_in_constructor.c",
    "init_fails": "init_fails.c",
    "manifest_not_json": "manifest_not_json.c",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_clear_line(start, upstream, good, tmp_path, name):
    folder = tmp_path / "plugins"
    folder.mkdir()
    file = folder / f"bad_{name.replace('-', '_')}.so"
    kind = BAD[name]
    if kind is None:
        data = (good / "good.so").read_bytes()
        file.write_bytes(data[: len(data) // 2])
    elif isinstance(kind, bytes):
        file.write_bytes(kind)
    else:
        build(FIXTURES / kind, file)
    running = start(with_directory(upstream, folder))
    assert ask(running.port, chat(model="base")).status == 200
    naming = [line for line in running.lines if file.name in line]
    assert len(naming) == 1, running.output
    said = naming[0].split(file.name, 1)[1]
    assert len(re.findall(r"[A-Za-z]+", said)) >= 3, naming[0]


def test_a_file_that_is_overwritten_does_not_harm_the_running_gateway(
    start, upstream, good, tmp_path
):
    folder = tmp_path / "plugins"
    shutil.copytree(good, folder)
    running = start(
        with_directory(
            upstream, folder, deployment("fresh", "good/model-1", upstream.url + "/v1", canary.MISC)
        )
    )
    assert ask(running.port, chat(model="fresh")).status == 200
    with open(folder / "good.so", "r+b") as file:
        file.truncate(100)
    assert ask(running.port, chat(model="fresh")).status == 200


def test_plugins_command_lists_what_is_shipped():
    status, output = command("plugins")
    assert status == 0, output
    for file in SHIPPED.glob("*.so"):
        assert file.name in output
    for prefix in ("openai", "anthropic", "deepseek"):
        assert prefix in output
