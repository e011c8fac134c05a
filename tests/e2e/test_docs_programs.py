"""The documentation: its programs and pages of commands run as they stand."""

import os
import re
import shutil
import socket
import subprocess
import sys

import pytest

from support import docs, paths
from support.gateway import Gateway, config, deployment, environment

BUILD = paths.BINARY.resolve().parent.parent
WRITING = paths.REPO / "docs" / "writing-a-plugin.md"


def test_playing_a_transcript(tmp_path):
    for name, command in (
        ("demo", r"^patchbay-transcript build/dev"),
        ("anthropic", r"^build/dev/bin/patchbay-transcript"),
        ("demo", r"^plugin-check "),
    ):
        (line,) = docs.of_form(command)
        line = line.replace("build/dev", str(BUILD)).replace(
            "my_plugin.so transcripts", "demo.so transcripts"
        )
        line = re.sub(r"^(patchbay-transcript|plugin-check)", rf"{BUILD}/bin/\1", line)
        line = line.replace(" demo.so ", f" {BUILD}/lib/patchbay/plugins/{name}.so ")
        line = line.replace(" transcripts/*", " plugins/providers/demo/transcripts/*")
        if paths.SANITIZED and "plugin-check" in line:
            continue
        done = subprocess.run(line, shell=True, cwd=paths.REPO, capture_output=True, text=True)
        assert done.returncode == 0, (line, done.stdout[-2000:], done.stderr[-2000:])


def test_signing(tmp_path):
    """The lines of "Trust" make a signature that OpenSSL accepts."""
    (tmp_path / "thing.so").write_bytes(b"not really a plugin")
    lines = docs.of_form(r"^openssl ")
    assert len(lines) >= 3
    subprocess.run("\n".join(lines), shell=True, cwd=tmp_path, check=True)
    verify = "openssl pkeyutl -verify -rawin -pubin -inkey release.pub -in thing.so -sigfile thing.so.sig"
    subprocess.run(verify, shell=True, cwd=tmp_path, check=True, capture_output=True)


def test_the_first_request(start, tmp_path):
    gateway = start(None)
    line = docs.of_form(r"^curl http://127\.0\.0\.1:4000")[0]
    done = subprocess.run(
        "set -e\n" + line.replace("127.0.0.1:4000", f"127.0.0.1:{gateway.port}"),
        shell=True,
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"object":"chat.completion"' in done.stdout


def test_the_programs_of_the_readme(start):
    gateway = start(None)
    programs = [b for b in docs.blocks(paths.REPO / "README.md") if b.language == "python"]
    assert programs
    for block in programs:
        text = block.text.replace("127.0.0.1:4000", f"127.0.0.1:{gateway.port}")
        done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True)
        assert done.returncode == 0, (block.place, done.stderr)
        assert done.stdout


def test_serving_the_example(start, upstream, tmp_path):
    """The example loads with its variables set, and what README says of a file of one's own works."""
    (line,) = docs.of_form(r"^export OPENAI_API_KEY")
    keys = {name: "sk-example" for name in re.findall(r"(\w+)=", line)}
    azure = "config/examples/azure.yaml"
    of_azure = re.findall(r"os\.environ/(\w+)", (paths.REPO / azure).read_text())
    for file in ("config/examples/quickstart.yaml", "config/config.yaml", azure):
        named = dict.fromkeys(of_azure, "example") if file == azure else keys
        done = subprocess.run(
            [paths.BINARY, "check", paths.REPO / file],
            env=environment(named),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0 and "good" in done.stdout, done.stdout + done.stderr
        assert "warning" not in done.stdout
    gateway = start(config(deployment("m", "openai/gpt-4o", upstream.url + "/v1", "sk-x")))
    done = subprocess.run(
        [paths.BINARY, "check", gateway.file], env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.skipif(paths.SANITIZED, reason="an instrumented SDK is no SDK for a plain plugin")
@pytest.mark.timeout(600)
def test_writing_a_plugin(tmp_path):
    """docs/writing-a-plugin.md from its first block to the package, in one shell with an empty home."""
    tree = tmp_path / "patchbay"
    home = tmp_path / "home"
    tree.mkdir()
    home.mkdir()
    for entry in paths.REPO.iterdir():
        if entry.name not in ("build", "plugin-template", ".git"):
            (tree / entry.name).symlink_to(entry)
    (tree / "build").mkdir()
    (tree / "build" / "release").symlink_to(BUILD)
    shutil.copytree(
        paths.REPO / "plugin-template",
        tree / "plugin-template",
        ignore=shutil.ignore_patterns("build", "target"),
    )
    script = ["set -euo pipefail", "umask 022", "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT"]
    for block in docs.shell_blocks(WRITING):
        text = block.text
        if re.match(r"scripts/run --check", text):  # CI has run it before
            text = text.split("\n", 1)[1]
        if text.startswith("cd plugin-template/"):
            if "rust" in text and not shutil.which("cargo"):
                continue
            script.append(f"cd {tree}")
        script.append(f"echo '== {block.place}'")
        script.append(text)
    (package,) = [c for c in docs.inline_code(WRITING) if c.startswith("cpack ")]
    script.append(f"cd ~/acme && {package} && ls *.sha256")
    text = "\n".join(script)
    for port in sorted(set(re.findall(r"127\.0\.0\.1:(\d{4})", text))):
        text = text.replace(port, str(free_port()))
    done = subprocess.run(
        ["bash", "-c", text],
        cwd=tree,
        env={
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "CMAKE_BUILD_PARALLEL_LEVEL": "2",
            "PATCHBAY_STATE_DIR": str(tmp_path / "state"),
            # A cargo that rustup brought looks for its compiler in the home of whoever installed it.
            "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", os.path.expanduser("~/.rustup")),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "Hello from acme" in done.stdout
    assert re.search(r"acme.*\.tar\.gz\.sha256", done.stdout)


CLIENTS = paths.REPO / "docs" / "clients.md"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    gateway = Gateway(tmp_path_factory.mktemp("demo"), None)
    yield gateway
    assert gateway.stop() == 0


def client_programs():
    for block in docs.blocks(CLIENTS):
        if block.language in ("python", "js", "sh"):
            name = re.search(r"(?:from|import) ([\w.]+)|from \"([^\"]+)\"", block.text)
            yield pytest.param(block, id=f"{block.language}-{block.line}-{name[1] if name else ''}")


@pytest.mark.parametrize("block", list(client_programs()))
def test_programs_of_connect_your_client(block, demo, tmp_path):
    text = block.text.replace("127.0.0.1:4000", f"127.0.0.1:{demo.port}")
    if block.language == "python":
        command = [paths.OUT / "clients" / "venv" / "bin" / "python", "-c", text]
    elif block.language == "js":
        file = paths.OUT / "clients" / f"{tmp_path.name}.mjs"  # beside its node_modules
        file.write_text(text)
        command = [paths.node(), file]
    else:
        command = ["bash", "-c", text]
    if not str(command[0]).startswith("bash") and not (paths.OUT / "clients").exists():
        pytest.skip("the clients are not installed: tests/e2e/setup.sh")
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=60)
    if block.language == "js":
        file.unlink()
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Hello!" in done.stdout.replace('","object', "")  # the demo model repeats what it hears
