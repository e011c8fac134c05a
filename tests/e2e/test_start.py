"""Starting: without a configuration, with flags, and with what cannot work."""

import resource
import socket

import pytest

from support import canary, paths
from support.gateway import Gateway, command, config, deployment, environment
from support.process import Process, run
from support.wire import ask


def names(gateway, key=None):
    answer = ask(gateway.port, method="GET", path="/v1/models", key=key)
    assert answer.status == 200
    return [model["id"] for model in answer.json["data"]]


def test_no_configuration_serves_the_demo_model(start):
    gateway = start(None)
    listed = names(gateway)
    assert listed
    demo = next(name for name in listed if "demo" in name)
    body = {"model": demo, "messages": [{"role": "user", "content": "Hello?"}]}
    answer = ask(gateway.port, body, key=None)
    assert answer.status == 200
    assert answer.json["choices"][0]["message"]["content"]
    stream = ask(gateway.port, {**body, "stream": True}, key=None)
    assert stream.events[-1] == "[DONE]"


def test_no_configuration_serves_providers_whose_key_is_in_the_environment(start, upstream):
    gateway = start(
        None, env={"OPENAI_API_KEY": canary.OPENAI, "OPENAI_API_BASE": upstream.url + "/v1"}
    )
    answer = ask(
        gateway.port,
        {"model": "openai/gpt-4o", "messages": [{"role": "user", "content": "hi"}]},
        key=None,
    )
    assert answer.status == 200
    assert answer.json["choices"][0]["message"]["content"] == "Hello from upstream"
    assert upstream.requests[-1].json["model"] == "gpt-4o"
    assert upstream.requests[-1].headers["authorization"] == f"Bearer {canary.OPENAI}"


def test_port_in_use_is_said(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, output = run(
            [paths.BINARY, "--host", "127.0.0.1", "--port", port],
            environment(),
            tmp_path,
            paths.deadline(20),
        )
    assert status not in (0, None)
    assert str(port) in output and "in use" in output


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "70000"],
        ["--port", "http"],
        ["--num_workers", "0"],
        ["--num_workers", "-1"],
        ["--no-such-flag"],
        ["no-such-command"],
        ["--config"],
        ["--config", "/nonexistent/config.yaml"],
    ],
)
def test_bad_command_line(arguments, tmp_path):
    status, output = command(*arguments, cwd=tmp_path)
    assert 0 < status < 128, (status, output)
    assert any(part.lstrip("-").split("/")[-1] in output for part in arguments)


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_information(flag):
    status, output = command(flag)
    assert status == 0
    assert output


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_an_address_of_ipv6_may_have_its_brackets(host, tmp_path):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("there is no IPv6")
    gateway = Process(
        [paths.BINARY, "--port", "0", "--num_workers", "1"], environment({"HOST": host}), tmp_path
    )
    try:
        gateway.wait_for(r"listening on http://\[::1\]:\d+", paths.deadline(20))
    finally:
        assert gateway.stop(paths.deadline(30)) == 0


def test_bad_configuration_does_not_start(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("model_list:\n  - model_name: a\n")
    status, output = command("--config", file, "--port", "0")
    assert 0 < status < 128
    assert "config.yaml:2:" in output


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_workers(start, upstream, workers):
    gateway = start(
        config(deployment("m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI)),
        workers=workers,
    )
    for _ in range(20):
        assert names(gateway, canary.MASTER) == ["m"]


def test_the_room_for_descriptors_is_taken_before_there_are_threads(start):
    """With threads, whoever makes the table larger waits for the kernel, and every stream with it."""
    gateway = start(None)
    hard = resource.prlimit(gateway.pid, resource.RLIMIT_NOFILE)[1]
    with open(f"/proc/{gateway.pid}/status") as file:
        size = next(int(line.split()[1]) for line in file if line.startswith("FDSize:"))
    assert size >= (65536 if hard < 0 else min(hard, 65536))


def test_relative_paths_and_another_folder(tmp_path, upstream):
    made = config(deployment("m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI))
    gateway = Gateway(tmp_path, made, cwd="/")
    try:
        assert names(gateway, canary.MASTER) == ["m"]
    finally:
        assert gateway.stop() == 0
