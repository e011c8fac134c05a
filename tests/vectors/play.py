#!/usr/bin/env python3
"""Plays recorded exchanges by hand: tests/vectors/play.py [--write] [PATTERN], with build/e2e/venv's Python.

PATTERN is a shell pattern of case ids ("responses/claude-*"); without one every case is played. Prints each difference
that differences.toml does not explain, rules that explain nothing, and the table. --write makes docs/differences.md.
PATCHBAY_BIN names the binary, else PATCHBAY_PRESET the preset (dev).
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

from player import report, run  # noqa: E402


def short(value) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else text[:299] + "…"


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("pattern", nargs="?", default="*")
    options.add_argument("--write", action="store_true", help="make docs/differences.md")
    options.add_argument("--all", action="store_true", help="print explained differences as well")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run.play(Path(folder), given.pattern)
    shown = outcome.unexplained
    if given.all:
        shown = [(case.id, *one) for case in outcome.cases for one in case.found]
    for case, place, expected, got in shown:
        print(f"{case}: {place}\n    expected {short(expected)}\n    got      {short(got)}")
    whole = given.pattern == "*"
    for rule in outcome.stale if whole else []:
        print(f"explains nothing: {rule.reason}")
    print(report.table(outcome.cases))
    if given.write and whole:
        report.DOC.write_text(outcome.document)
    return 1 if outcome.unexplained or whole and outcome.stale else 0


if __name__ == "__main__":
    sys.exit(main())
