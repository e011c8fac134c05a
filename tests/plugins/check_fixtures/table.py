#!/usr/bin/env python3
"""Runs plugin-check on plugins that break one rule each.

table.py test CHECK DIR OTHER_DIR DOC   every fixture fails what `expected.json` says, for that reason, and nothing
                                        else; the table in DOC is the one of this run
table.py print CHECK DIR OTHER_DIR      prints the table
"""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
BEGIN, END = "<!-- table: check_fixtures/table.py print -->", "<!-- end of table -->"


def run(check, plugin):
    """Failed tests of a plugin: name -> (severity, problems)."""
    done = subprocess.run([check, "--json", plugin], capture_output=True, text=True, timeout=300)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{plugin}: exit status {done.returncode}: {done.stderr}")
    document = json.loads(done.stdout)
    failed = {t["name"]: (t["severity"], t["problems"]) for t in document["tests"] if t["status"] == "failed"}
    errors = any(severity == "error" for severity, _ in failed.values())
    if done.returncode != (1 if errors else 0) or document["passed"] == errors:
        raise SystemExit(f"{plugin}: exit status {done.returncode} does not fit its failures {list(failed)}")
    return failed


def differences(name, expected, failed):
    """What is not as expected, as lines."""
    for test in failed.keys() - expected.keys():
        yield f"{name}: {test} failed unexpectedly: {failed[test][1]}"
    for test, reason in expected.items():
        if test not in failed:
            yield f"{name}: {test} did not fail"
        elif not any(reason in problem for problem in failed[test][1]):
            yield f"{name}: {test} failed, but not for '{reason}': {failed[test][1]}"


def main():
    mode, check, directory, other = sys.argv[1:5]
    fixtures = json.loads((HERE / "expected.json").read_text())
    built = {p.stem for p in HERE.iterdir() if p.suffix in (".c", ".cpp")}
    wrong = [f"{name}: not in expected.json" for name in sorted(built - fixtures.keys())]
    rows = ["| Plugin | What it does | Failed tests |", "|---|---|---|"]
    for name, fixture in fixtures.items():
        failed = run(check, str(pathlib.Path(directory if name in built else other) / f"{name}.so"))
        wrong += differences(name, fixture["fails"], failed)
        tests = ", ".join(f"`{t}`" + ("" if s == "error" else f" ({s})") for t, (s, _) in failed.items())
        rows.append(f"| `{name}` | {fixture['does']} | {tests or 'none'} |")
    table = "\n".join(rows)
    if mode == "print":
        print(table)
    else:
        text = pathlib.Path(sys.argv[5]).read_text()
        if text.partition(BEGIN)[2].partition(END)[0].strip() != table:
            wrong.append(f"the table in {sys.argv[5]} is not that of this run:\n{table}")
    if wrong:
        raise SystemExit("\n".join(wrong))


main()
