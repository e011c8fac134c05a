#!/usr/bin/env python3
"""Compares the types of the ABI with those of the last locked build, by libabigail.

abidiff.py check LOCKED.abi CC [INCLUDE]   passes if plugins built with the locked headers still fit: nothing
                                           changed, or only additions; else says what broke and fails
abidiff.py print CC                        prints the types, for a new locked file

The layout file (layout.py) knows places and sizes; this knows types: that a field is a pointer to something else,
that a function has got another parameter. A small library is made of the headers, with a function for each struct
so that the compiler describes it; abidw writes down what the compiler said, abidiff compares. An addition is a field
at the end of a struct that is not FROZEN (rules R5 and R6 in abi.h), or a new struct.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import layout

WRONG = 1 | 2  # bits of abidiff's exit status


def build(include, compiler, folder):
    """A library that uses every struct of the headers."""
    structs, _ = layout.structs_and_constants(include)
    lines = [f"#include <{header}>" for header in layout.headers(include)]
    lines += [f"size_t use_{name}(const struct {name}* it) {{ return sizeof *it; }}" for name in structs]
    source, library = folder / "types.c", folder / "types.so"
    source.write_text("\n".join(lines) + "\n")
    # An old standard format of debug information, which every reader knows.
    command = [compiler, "-std=c11", "-gdwarf-4", "-shared", "-fPIC", f"-I{include}", str(source), "-o", str(library)]
    subprocess.run(command, check=True)
    return library


def frozen(include):
    """Names of the structs whose comment says FROZEN."""
    names = []
    for header in layout.headers(include):
        text = (include / header).read_text()
        for comment, name in re.findall(r"/\*\*((?:(?!\*/).)*)\*/\s*typedef struct (\w+) \{", text, flags=re.S):
            if "FROZEN" in comment:
                names.append(name)
    return names


def without_additions(new, old, frozen_structs):
    """The description `new` without what may be added: the fields that each struct has more, at its end, than in
    `old`, but for frozen ones. (abidiff's own suppression of fields at the end hides other changes, too.)"""
    old_structs = {struct.get("name"): struct for struct in ElementTree.fromstring(old).iter("class-decl")}
    document = ElementTree.fromstring(new)
    for struct in document.iter("class-decl"):
        before = old_structs.get(struct.get("name"))
        if before is None or struct.get("name") in frozen_structs or not before.findall("data-member"):
            continue
        added = struct.findall("data-member")[len(before.findall("data-member")) :]
        for member in added:
            struct.remove(member)
        if added:
            struct.set("size-in-bits", before.get("size-in-bits"))
    return ElementTree.tostring(document, encoding="unicode")


def dump(include, compiler):
    with tempfile.TemporaryDirectory() as folder:
        library = build(include, compiler, pathlib.Path(folder))
        command = ["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-elf-needed", str(library)]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return re.sub(r" (path|comp-dir-path|language)='[^']*'", "", text)


def check(locked, compiler, include):
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        new = work / "new.abi"
        new.write_text(without_additions(dump(include, compiler), pathlib.Path(locked).read_text(), frozen(include)))
        command = ["abidiff", "--no-added-syms", locked, str(new)]
        result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode & WRONG:
        print(f"abidiff could not compare ({result.returncode}):\n{result.stdout}{result.stderr}")
        return 1
    if result.returncode:
        print("BREAK: plugins built with the locked headers do not fit these. See docs/abi.md, rules R5 and R6.\n")
        print(result.stdout)
        return 1
    return 0


def main(arguments):
    if len(arguments) in (3, 4) and arguments[0] == "check":
        include = pathlib.Path(arguments[3]) if len(arguments) == 4 else layout.INCLUDE
        return check(arguments[1], arguments[2], include)
    if len(arguments) == 2 and arguments[0] == "print":
        sys.stdout.write(dump(layout.INCLUDE, arguments[1]))
        return 0
    sys.stderr.write(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
