"""docs/client.md: its programs run as they stand, in Python, C++ and C; and the wheel in a bare place."""

import os
import shutil
import subprocess
import sys
import zipfile

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
    def run(*words, text=""):
        done = subprocess.run(
            [sys.executable, "-m", "patchbay", *words],
            env=client.environment(provider, tmp_path),
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
    config = tmp_path / "config.yaml"
    config.write_text("model_list:\n  - model_name: fast\n    litellm_params: {model: openai/gpt-4o}\n")
    assert run("ask", "hello", "--model", "fast", "--config", str(config)) == (0, client.GREETING + "\n", "")


@pytest.fixture(scope="module")
def wheel():
    subprocess.run(["cmake", "--build", BUILD, "--target", "patchbay_wheel"], check=True, capture_output=True)
    (file,) = (BUILD / "wheel").glob("*.whl")
    return file


def test_the_wheel_is_small_and_whole(wheel, tmp_path):
    assert wheel.name in PAGE.read_text()
    assert wheel.stat().st_size < 12 << 20
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    pip = [tmp_path / "venv/bin/python", "-m", "pip", "--disable-pip-version-check", "install", "--no-index", "-q"]
    subprocess.run([*pip, wheel], check=True)
    done = subprocess.run(
        [tmp_path / "venv/bin/patchbay", "ask", "hello", "--model", "demo/echo"],
        env={"PATH": os.environ["PATH"], "PATCHBAY_STATE_DIR": str(tmp_path / "state")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "hello" in done.stdout


def python_files():
    """What Debian's python3 and all that it depends on install, on this machine."""
    found, todo = set(), ["python3"]
    while todo:
        package = todo.pop()
        if package in found:
            continue
        fields = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Depends}, ${Pre-Depends}", package], capture_output=True, text=True
        )
        if fields.returncode:
            continue
        found.add(package)
        for alternative in fields.stdout.split(","):
            name = alternative.split("|")[0].split("(")[0].split(":")[0].strip()
            if name:
                todo.append(name)
    for package in found:
        listed = subprocess.run(["dpkg-query", "-L", package], capture_output=True, text=True).stdout
        yield from listed.splitlines()


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("dpkg-query"), reason="needs root, and Debian")
def test_the_wheel_in_a_bare_root(wheel, tmp_path):
    """Nothing is there but Debian's python3 and what it depends on: no C++ runtime, no other package."""
    root = tmp_path / "root"
    for link in ("bin", "lib", "lib64", "sbin"):
        root.mkdir(exist_ok=True)
        if os.path.islink(f"/{link}"):
            (root / link).symlink_to(os.readlink(f"/{link}"))
    for name in python_files():
        where = root / os.path.realpath(os.path.dirname(name)).lstrip("/") / os.path.basename(name)
        if os.path.isdir(name) and not os.path.islink(name):
            where.mkdir(parents=True, exist_ok=True)
        elif os.path.lexists(name) and not os.path.lexists(where):
            where.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(name, where, follow_symlinks=False)
    if not (root / "usr/bin/python3").exists():
        pytest.skip("this python3 is not Debian's")
    (root / "tmp").mkdir(exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(root / "opt")
    program = """
import os, sys
assert not any("libstdc++" in name for _, _, names in os.walk("/usr/lib") for name in names)
sys.path.insert(0, "/opt")
import patchbay
print(patchbay.completion("openai/gpt-4o", [{"role": "user", "content": "x"}], mock_response="bare").choices[0].message.content)
print(patchbay.completion("demo/echo", [{"role": "user", "content": "kestrel"}]).choices[0].message.content)
"""
    done = subprocess.run(
        [shutil.which("chroot", path="/usr/sbin:/usr/bin"), root, "/usr/bin/python3", "-c", program],
        env={"PATH": "/usr/bin", "PATCHBAY_STATE_DIR": "/tmp/state"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("bare\n") and "kestrel" in done.stdout
