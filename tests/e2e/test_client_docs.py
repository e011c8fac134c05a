"""docs/client.md: its programs run as they stand, in Python, C++ and C, and its command line."""

import subprocess
import sys

import pytest

from support import client, docs, paths

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

PAGE = paths.REPO / "docs" / "client.md"
BUILD = paths.BINARY.resolve().parent.parent
PROGRAMS = [block for block in docs.blocks(PAGE) if block.language in ("python", "cpp")]


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    """The library as it is installed."""
    where = tmp_path_factory.mktemp("prefix")
    command = ["cmake", "--install", BUILD, "--component", "client", "--prefix", where]
    subprocess.run(command, check=True, capture_output=True)
    return where


@pytest.mark.parametrize("block", [b for b in PROGRAMS if b.language == "python"], ids=lambda b: str(b.line))
def test_python_programs(block, provider, tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", block.text],
        env=client.environment(provider, tmp_path),
        capture_output=True,
        text=True,
        timeout=paths.deadline(60),
    )
    assert done.returncode == 0, (block.place, done.stderr)
    assert done.stdout.strip(), block.place


@pytest.mark.parametrize("block", [b for b in PROGRAMS if b.language == "cpp"], ids=lambda b: str(b.line))
def test_cpp_programs(block, provider, prefix, tmp_path):
    source = tmp_path / "program.cpp"
    source.write_text(block.text)
    library = next(prefix.rglob("libpatchbay.so")).parent
    command = ["c++", "-std=c++20", "-Wall", "-Wextra", "-Werror", f"-I{prefix}/include", source, f"-L{library}", "-lpatchbay"]
    subprocess.run([*command, f"-Wl,-rpath,{library}", "-o", tmp_path / "program"], check=True)
    done = subprocess.run(
        [tmp_path / "program"], env=client.environment(provider, tmp_path), capture_output=True, text=True
    )
    assert done.returncode == 0, (block.place, done.stderr)
    assert client.GREETING in done.stdout or "429 litellm.RateLimitError" in done.stdout


def test_the_command_line(provider, tmp_path):
    def run(*words, text="", **variables):
        done = subprocess.run(
            [sys.executable, "-m", "patchbay", *words],
            env={**client.environment(provider, tmp_path), **variables},
            input=text,
            capture_output=True,
            text=True,
            timeout=paths.deadline(60),
        )
        return done.returncode, done.stdout, done.stderr

    (ask,) = docs.of_form(r"^patchbay ask")
    words = ["ask", "What is a kestrel?", "--model", "openai/gpt-4o"]
    assert ask == 'patchbay ask "What is a kestrel?" --model openai/gpt-4o --stream'
    provider.clear()
    assert run(*words) == (0, client.GREETING + "\n", "")
    assert run(*words, "--stream") == (0, client.GREETING + "\n", "")
    assert run("ask", "--model", "openai/gpt-4o", "--system", "Be brief.", text="from the input")[0] == 0
    assert [m["content"] for m in provider.requests[-1].json["messages"]] == ["Be brief.", "from the input"]
    (chat,) = docs.of_form(r"^patchbay chat")
    status, out, _ = run(*chat.split()[1:], text="one\ntwo\n")
    assert (status, out) == (0, (client.GREETING + "\n") * 2)
    assert [m["role"] for m in provider.requests[-1].json["messages"]] == ["user", "assistant", "user"]
    status, _, error = run("ask", "hello", "--model", "nobody-knows-it")
    assert status == 1 and "LLM Provider NOT provided" in error
    # A question that fails does not end a talk.
    status, out, error = run(*chat.split()[1:], text="script:limited\none\n")
    assert (status, out) == (0, client.GREETING + "\n") and "slow down" in error
    (message,) = provider.requests[-1].json["messages"]
    assert message["content"][0]["text"] == "one"
    assert run(*chat.split()[1:], text="script:limited\n")[0] == 1
    # Terminals that cannot show it, readers that have seen enough.
    assert run(*words, PYTHONIOENCODING="ascii") == (0, "??\n", "")
    assert run("--version")[1].startswith("patchbay 0.")
    command = f"{sys.executable} -m patchbay {' '.join(words[:1])} hello --model openai/gpt-4o --stream"
    pipe = f"set -o pipefail; {command} | true"
    done = subprocess.run(
        ["bash", "-c", pipe], env=client.environment(provider, tmp_path), capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr and done.returncode in (0, 141)
    config = tmp_path / "config.yaml"
    config.write_text("model_list:\n  - model_name: fast\n    litellm_params: {model: openai/gpt-4o}\n")
    assert run("ask", "hello", "--model", "fast", "--config", str(config)) == (0, client.GREETING + "\n", "")
