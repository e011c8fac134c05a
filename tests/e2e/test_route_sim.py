"""patchbay-route-sim: the tables of docs/routing.md are its own, and operators' files are read."""

import re
import shlex
import subprocess

import pytest

from support import paths

PROGRAM = paths.BINARY.parent / "patchbay-route-sim"
PAGE = (paths.REPO / "docs" / "routing.md").read_text()
pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason="patchbay-route-sim is not built")


def run(*arguments, cwd=paths.REPO) -> subprocess.CompletedProcess:
    return subprocess.run(
        [PROGRAM, *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=paths.deadline(300),
        check=False,
    )


def table(arguments: list[str]) -> list[str]:
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_table_of_the_documentation_is_what_the_program_prints():
    (command,) = re.findall(r"^    build/release/bin/patchbay-route-sim (--seeds .*)$", PAGE, re.M)
    assert "--seeds 1..5" in command and "--seconds 600" in command
    begin = PAGE.index("| scenario | strategy |")
    documented = PAGE[begin:].split("\n\n", 1)[0].splitlines()
    assert documented == table(shlex.split(command))


def numbers(lines: list[str]) -> dict:
    """(scenario, strategy) -> column -> number"""
    titles = [cell.strip() for cell in lines[0].strip("|").split("|")]
    found = {}
    for line in lines[2:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        values = {title: float(cell) for title, cell in zip(titles[2:], cells[2:], strict=True)}
        found[cells[0], cells[1].strip("`")] = values
    return found


def test_what_the_documentation_claims_holds():
    begin = PAGE.index("| scenario | strategy |")
    scores = numbers(PAGE[begin:].split("\n\n", 1)[0].splitlines())
    for scenario in ("steady", "grey", "failing"):
        shuffle = scores[scenario, "simple-shuffle"]
        ours = scores[scenario, "p2c-ewma+hedge"]
        assert ours["p99 ms"] <= 0.7 * shuffle["p99 ms"], scenario
        assert ours["extra %"] - shuffle["extra %"] <= 2, scenario
    for (scenario, strategy), score in scores.items():
        if strategy == "p2c-ewma+hedge":
            assert score["extra %"] - scores[scenario, "simple-shuffle"]["extra %"] <= 2, scenario
    alike = scores["alike", "p2c-ewma+hedge"]["p99 ms"]
    assert alike <= 0.85 * scores["alike", "simple-shuffle"]["p99 ms"]
    still = scores["sessions", "prefix-affinity"]["cached %"]
    for scenario in ("scale-out", "failover"):
        assert scores[scenario, "prefix-affinity"]["cached %"] >= 0.9 * still, scenario


def test_a_file_of_the_documentation_is_read(tmp_path):
    (text,) = re.findall(r"^```text\n(# mine\.txt\n.*?)^```", PAGE, re.M | re.S)
    file = tmp_path / "mine.txt"
    file.write_text(text)
    done = run("--strategy", "least-busy,p2c-ewma+hedge", str(file))
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nope.txt"], "no scenario and no file 'nope.txt'"),
        (["--strategy", "best"], "there is no strategy 'best'"),
        (["--seeds", "5..1"], "ends before it begins"),
        (["--seeds", "0"], "'0' is not a number from 1"),
        (["--seconds", "x"], "'x' is not a number"),
        (["--show", "x"], "there is no scenario 'x'"),
        (["--bogus", "x"], "--bogus is not known"),
        (["--seconds"], "wants a value"),
    ],
)
def test_a_slip_is_told(arguments, words):
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""


def test_what_is_shown_runs(tmp_path):
    listed = run("--list").stdout
    assert "p2c-ewma+hedge" in listed and "failover" in listed
    file = tmp_path / "copy.txt"
    file.write_text(run("--show", "grey").stdout)
    arguments = ["--seconds", "60", "--strategy", "p2c-ewma"]
    own = table([*arguments, "grey"])[2].split("|")[2:]
    assert table([*arguments, str(file)])[2].split("|")[2:] == own


def test_the_place_of_a_fault_is_told(tmp_path):
    file = tmp_path / "odd.txt"
    file.write_text("lane a openai\n\nlane b moon # no such shape\n")
    done = run(str(file))
    assert done.returncode == 2
    assert f"{file}:3: there is no shape 'moon'" in done.stderr
