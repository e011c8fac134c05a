"""The wheel: its size, what it needs of the system, and that it runs where there is nothing but Debian's python3."""

import os
import re
import shutil
import subprocess
import sys
import zipfile

import pytest

from support import client, paths

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

PAGE = paths.REPO / "docs" / "client.md"
BUILD = paths.BINARY.resolve().parent.parent
MOST = 12 << 20
#: What a file of the wheel may need besides files of the wheel; docs/client.md says so.
SYSTEM = {"libc.so.6", "libm.so.6", "libz.so.1", "libssl.so.3", "libcrypto.so.3", "ld-linux-x86-64.so.2"}
NEWEST_GLIBC = (2, 36)
PROGRAM = """
import os, sys
bare = not any("libstdc++" in name for _, _, names in os.walk("/usr/lib") for name in names)
sys.path.insert(0, "/opt")
import patchbay
print(patchbay.completion("openai/gpt-4o", [{"role": "user", "content": "x"}], mock_response="mocked").choices[0].message.content, bare)
print(patchbay.completion("demo/echo", [{"role": "user", "content": "kestrel"}]).choices[0].message.content)
"""


@pytest.fixture(scope="module")
def wheel():
    subprocess.run(["cmake", "--build", BUILD, "--target", "patchbay_wheel"], check=True, capture_output=True)
    (file,) = (BUILD / "wheel").glob("*.whl")
    return file


def test_the_wheel_is_small_and_whole(wheel, tmp_path):
    assert wheel.name in PAGE.read_text()
    assert wheel.stat().st_size <= MOST
    with zipfile.ZipFile(wheel) as archive:
        assert not [name for name in archive.namelist() if name.endswith("models.tsv")], "the library has it"
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


def runs_in(root, wheel):
    """The wheel's files in /opt of a root, and a program that calls models: its output."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(root / "opt")
    done = subprocess.run(
        [shutil.which("chroot", path="/usr/sbin:/usr/bin"), root, "/usr/bin/python3", "-W", "error", "-c", PROGRAM],
        env={"PATH": "/usr/bin", "PATCHBAY_STATE_DIR": "/tmp/state"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_needs_of_the_system_what_python_has(wheel, tmp_path):
    """What `auditwheel show` looks at: libraries that are needed, and the versions of glibc's symbols."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    files = [file for file in tmp_path.rglob("*") if file.suffix == ".so" or ".so." in file.name]
    own = {file.name for file in files}
    assert len(files) > 20
    for file in files:
        read = ["readelf", "--wide", "--dynamic", "--version-info", file]
        told = subprocess.run(read, check=True, capture_output=True, text=True).stdout
        assert set(re.findall(r"\(NEEDED\).*\[(.*)\]", told)) <= own | SYSTEM, file.name
        wanted = [tuple(map(int, version.split("."))) for version in re.findall(r"Name: GLIBC_([\d.]+)", told)]
        assert max(wanted, default=(0,)) <= NEWEST_GLIBC, file.name
        assert "RPATH" not in told and "RUNPATH" not in told, file.name


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
    out = runs_in(root, wheel)
    assert out.startswith("mocked True\n") and "kestrel" in out


@pytest.mark.load
@pytest.mark.timeout(paths.deadline(500))
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("debootstrap", path="/usr/sbin"), reason="needs root, and debootstrap")
def test_the_wheel_in_a_fresh_debian(wheel, tmp_path):
    """A Debian 12 as debootstrap makes it, with python3 as the only package that was asked for."""
    root = tmp_path / "debian"
    command = ["/usr/sbin/debootstrap", "--variant=minbase", "--include=python3", "bookworm", root]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode and "Failed getting release file" in made.stdout + made.stderr:
        pytest.skip("no mirror of Debian answers")
    assert made.returncode == 0, made.stdout[-2000:]
    out = runs_in(root, wheel)
    assert out.startswith("mocked False\n") and "kestrel" in out  # apt wants a C++ runtime
