#!/usr/bin/env python3
"""Locks the layout of the ABI: offset and size of every field, value of every constant, text of every id.

layout.py check GOLDEN CC [INCLUDE]   compares the headers with the golden file; on a difference it says what
                                      kind of change it is and fails
layout.py print CC [INCLUDE]          prints the layout, for a new golden file

INCLUDE is the folder of the headers, if it is not the plugin ABI's own: the client library's.

A small C program is generated from the headers and compiled with CC; it prints what the compiler says.
"""

import difflib
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parent / "include"


def headers(include):
    """The ABI's headers, as they are written in an #include."""
    return sorted(p.relative_to(include) for p in (include / "patchbay").rglob("*.h"))


def stripped(path):
    """Text of a header without comments and preprocessor lines."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", path.read_text(), flags=re.S)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", "", text, flags=re.M)


def declarations(body):
    """Field names of a struct body. Every field of the ABI is one declarator or one function pointer."""
    for declaration in body.split(";"):
        declaration = " ".join(declaration.split())
        if not declaration:
            continue
        function = re.search(r"\(\s*BAY_CALL\s*\*\s*(\w+)\s*\)", declaration)
        plain = re.fullmatch(r"[\w\s*]*?(\w+)(?:\[\w+\])?", declaration)
        if not function and not plain:
            raise SystemExit(f"layout.py: cannot read the declaration '{declaration}'")
        yield (function or plain).group(1)


def structs_and_constants(include):
    structs, constants = {}, []
    for header in headers(include):
        text = stripped(include / header)
        for name, body in re.findall(r"\bstruct\s+(\w+)\s*\{(.*?)\}", text, flags=re.S):
            structs[name] = list(declarations(body))
        for body in re.findall(r"\benum\s*\{(.*?)\}", text, flags=re.S):
            constants += re.findall(r"(?:^|,)\s*(\w+)", body)
    return structs, constants


def ids(include):
    """Names of the macros that are texts: ids of kinds, operations and extensions."""
    texts = [(include / header).read_text() for header in headers(include)]
    return [name for text in texts for name in re.findall(r'^#define (BAY_\w+) "', text, flags=re.M)]


def layout(compiler, include):
    structs, constants = structs_and_constants(include)
    lines = ["#include <stdio.h>"] + [f"#include <{h}>" for h in headers(include)]
    lines.append("#define FIELD(s, f) printf(#s \".\" #f \" %zu %zu\\n\", offsetof(s, f), sizeof(((s*)0)->f))")
    lines.append("int main(void) {")
    for name, fields in structs.items():
        lines.append(f'printf("struct {name} %zu align %zu\\n", sizeof({name}), _Alignof({name}));')
        lines += [f"FIELD({name}, {field});" for field in fields]
    lines += [f'printf("{name} = %lld\\n", (long long){name});' for name in constants]
    lines += [f'printf("{name} = %s\\n", {name});' for name in ids(include)]
    lines += ["return 0;", "}"]
    with tempfile.TemporaryDirectory() as folder:
        source, program = pathlib.Path(folder) / "layout.c", pathlib.Path(folder) / "layout"
        source.write_text("\n".join(lines) + "\n")
        subprocess.run([compiler, "-std=c11", f"-I{include}", f"-I{INCLUDE}", str(source), "-o", str(program)], check=True)
        return subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout


def check(golden, compiler, include):
    old = pathlib.Path(golden).read_text().splitlines()
    new = layout(compiler, include).splitlines()
    if old == new:
        return 0
    print("The layout of the ABI is not the locked one:\n")
    diff = list(difflib.unified_diff(old, new, golden, "headers", lineterm="", n=2))
    print("\n".join(diff))
    gone = [line for line in diff[2:] if line.startswith("-") and " align " not in line]
    print()
    if gone:
        print("BREAK: a field or constant has gone, moved or changed its size or value (lines with '-').")
        print("Every plugin built before would read wrong bytes. See docs/abi.md, rules R5 and R6.")
    else:
        print("ADDITION: only new fields at the end, or new constants. If that is meant, raise BAY_ABI_MINOR,")
        print("write the rules of the addition down in docs/abi.md, and lock it:")
        print("  sdk/plugin/abi/lock <major>.<minor>")
    return 1


def main(arguments):
    if len(arguments) in (3, 4) and arguments[0] == "check":
        return check(arguments[1], arguments[2], pathlib.Path(*arguments[3:] or [INCLUDE]))
    if len(arguments) in (2, 3) and arguments[0] == "print":
        sys.stdout.write(layout(arguments[1], pathlib.Path(*arguments[2:] or [INCLUDE])))
        return 0
    sys.stderr.write(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
