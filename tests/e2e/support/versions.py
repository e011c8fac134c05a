"""Builds of the fixture provider `versioned`, which says its version in everything it sends."""

import os
import re
import subprocess
from pathlib import Path

from . import paths

PLUGIN = "org.example.versioned"
SHIPPED = paths.BINARY.resolve().parent.parent / "lib" / "patchbay" / "plugins"
SOURCE = paths.REPO / "tests" / "plugins" / "fixtures" / "versioned.c"
SAID = re.compile(r"v=(\d+);")


def build(target: Path, version: int, **defines) -> Path:
    """Compiles version `version` to `target`; every keyword is a macro. With `unique`, it is one that cannot
    be replaced, because it defines an STB_GNU_UNIQUE symbol."""
    unique = defines.pop("unique", False)
    compiler = [os.environ.get("CC", "cc"), "-std=c11", "-O1", "-fPIC", "-shared"]
    extra = []
    if unique:
        assembly = target.with_suffix(".s")
        assembly.write_text(
            ".data\n.globl versioned_unique\n.type versioned_unique, @gnu_unique_object\n"
            ".size versioned_unique, 4\nversioned_unique: .long 1\n"
            '.section .note.GNU-stack,"",@progbits\n'
        )
        extra = [assembly]
    macros = [f"-DVERSION={version}"] + [f"-D{name}={value}" for name, value in defines.items()]
    include = ["-I", paths.REPO / "sdk" / "plugin" / "include"]
    subprocess.run(
        [*compiler, *macros, *include, SOURCE, *extra, "-o", target], check=True, timeout=60
    )
    return target


def versions_in(text: str) -> set[int]:
    """The versions that had a part in an answer; a whole call has exactly one."""
    return {int(number) for number in SAID.findall(text)}
