#!/usr/bin/env python3
"""The rules of docs/routing-rules.md: each says what is done here and which test shows it: rules.py [PAGE]."""

import re
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
PAGE = REPO / "docs" / "routing-rules.md"
NOT_DONE = "*not done*"


def rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows of all tables, without their heads: line and cells."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("|") or line.startswith(("| LiteLLM |", "|---")):
            continue
        found.append((number, [cell.strip() for cell in line.strip("|").split("|")]))
    return found


def known_tests() -> set[str]:
    """Suite.name of the tests in C++, file.py::name of those in Python."""
    found = set()
    for file in (REPO / "host").rglob("*_test.cpp"):
        for suite, name in re.findall(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", file.read_text(), re.M):
            found.add(f"{suite}.{name}")
    for file in (REPO / "tests" / "e2e").glob("test_*.py"):
        for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text(), re.M):
            found.add(f"{file.name}::{name}")
    return found


def problems(text: str, tests: set[str]) -> list[str]:
    found = []
    for line, cells in rows(text):
        if len(cells) != 3:
            found.append(f"{line}: a row has three cells, this one {len(cells)}")
            continue
        rule, here, named = cells
        if not rule or not here:
            found.append(f"{line}: a rule or what is done is missing")
        names = re.findall(r"`([^`]+)`", named)
        if re.sub(r"`[^`]+`|[ ,]", "", named):
            found.append(f"{line}: the last cell is a list of tests in backquotes")
        if not names and not here.startswith(NOT_DONE):
            found.append(f"{line}: nothing shows it")
        found += [f"{line}: there is no test {name}" for name in names if name not in tests]
    return found


def main(arguments: list[str]) -> int:
    page = Path(arguments[0]) if arguments else PAGE
    found = problems(page.read_text(), known_tests())
    for problem in found:
        print(f"{page}:{problem}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
