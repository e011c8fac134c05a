#!/usr/bin/env python3
"""Makes the wheel: make_wheel.py STAGED LIBRARY PLUGINS VERSION OUT

STAGED is the package as the build has it, LIBRARY libpatchbay.so, PLUGINS the folder of plugins. What the library
needs besides the system's own goes along. Nothing is fetched; the same inputs make the same file, with the same
tools: AdvanceCOMP, where it is installed, makes it a twenty-fifth smaller, which the limit of 12 MiB needs.
"""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

TAG = "cp311-abi3-linux_x86_64"
#: Of the platform: where Python runs, these are (OpenSSL is Python's own; a fixed one comes with the system).
SYSTEM = re.compile(r"(linux-vdso|ld-linux|libc|libm|libdl|libpthread|librt|libz|libssl|libcrypto)[.-]")
#: The C++ runtime goes along for where there is none, and is used only there.
SPARE = re.compile(r"lib(stdc\+\+|gcc_s)[.]")
EPOCH = (2020, 1, 1, 0, 0, 0)

METADATA = """\
Metadata-Version: 2.1
Name: patchbay
Version: {version}
Summary: Calls to the models of many providers, in this process
License: Apache-2.0
Requires-Python: >=3.11
Description-Content-Type: text/plain

The engine of the Patchbay gateway as a Python package, with the names of LiteLLM's SDK.
"""


def needed(file):
    """Path of each shared library that a file needs, by name."""
    lines = subprocess.run(["ldd", file], check=True, capture_output=True, text=True).stdout.splitlines()
    found = (re.match(r"\s*(\S+) => (/\S+)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


def put(file, folder, name=None):
    """Copies a library without what only a debugger needs."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / (name or Path(file).name)
    subprocess.run(["strip", "--strip-unneeded", "-o", copy, file], check=True)


def collect(staged, library, plugins, package):
    shutil.copytree(staged, package, ignore=shutil.ignore_patterns("lib", "__pycache__", ".staged", "*.so"))
    for extension in staged.glob("*.so"):
        put(extension, package)
    lib = package / "lib"
    put(library, lib, "libpatchbay.so.0")
    for plugin in sorted(Path(plugins).iterdir()):
        if plugin.suffix == ".so":
            put(plugin, lib / "patchbay/plugins")
        elif plugin.suffix == ".json":
            shutil.copy(plugin, lib / "patchbay/plugins")
    everything = needed(library)
    for plugin in Path(plugins).glob("*.so"):
        everything.update(needed(plugin))
    for name, file in sorted(everything.items()):
        if SPARE.match(name):
            put(file, lib / "spare", name)
        elif not SYSTEM.match(name):
            put(file, lib / "deps", name)


def write(root, version, out):
    info = f"patchbay-{version}.dist-info"
    (root / info).mkdir()
    (root / info / "METADATA").write_text(METADATA.format(version=version))
    (root / info / "WHEEL").write_text(f"Wheel-Version: 1.0\nGenerator: patchbay\nRoot-Is-Purelib: false\nTag: {TAG}\n")
    (root / info / "entry_points.txt").write_text("[console_scripts]\npatchbay = patchbay.cli:main\n")
    files = sorted(path for path in root.rglob("*") if path.is_file())
    record = []
    for path in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).rstrip(b"=").decode()
        record.append(f"{path.relative_to(root).as_posix()},sha256={digest},{path.stat().st_size}")
    record.append(f"{info}/RECORD,,")
    (root / info / "RECORD").write_text("\n".join(record) + "\n")
    out.mkdir(parents=True, exist_ok=True)
    wheel = out / f"patchbay-{version}-{TAG}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in [*files, root / info / "RECORD"]:
            entry = zipfile.ZipInfo(path.relative_to(root).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if path.suffix == ".so" or ".so." in path.name else 0o644) << 16
            archive.writestr(entry, path.read_bytes(), compresslevel=9)
    if shutil.which("advzip"):
        subprocess.run(["advzip", "--recompress", "--shrink-extra", "--quiet", wheel], check=True)
    return wheel


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__.strip())
    staged, library, plugins, version, out = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        collect(Path(staged), Path(library).resolve(), plugins, root / "patchbay")
        wheel = write(root, version, Path(out))
    print(f"{wheel}: {wheel.stat().st_size / (1 << 20):.1f} MB")


if __name__ == "__main__":
    main()
