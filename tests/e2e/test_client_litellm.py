"""LiteLLM itself and the Python client library beside it: same requests, same results, up to a list with reasons."""

import pytest

from support import client, paths, side_by_side

THERE = client.THERE and side_by_side.PYTHON.exists()
pytestmark = [
    pytest.mark.skipif(not THERE, reason="the Python package, or the clients' virtual environment, is not there"),
    pytest.mark.timeout(paths.deadline(240)),
]

DOC = paths.REPO / "docs" / "client.md"


@pytest.fixture(scope="module")
def given():
    return side_by_side.table()


@pytest.fixture(scope="module")
def rules():
    return side_by_side.rules()


@pytest.fixture(scope="module")
def played(given, rules, tmp_path_factory):
    """(calls, what no rule explains)"""
    calls = side_by_side.calls(given)
    recorder = side_by_side.Recorder(calls)
    try:
        for library in ("litellm", "patchbay"):
            side_by_side.play(recorder, library, tmp_path_factory.mktemp(library))
    finally:
        recorder.upstream.stop()
    return calls, side_by_side.unexplained(calls, rules)


def test_every_difference_has_its_reason(played):
    _, left = played
    assert not left, "\n".join(left)


def test_every_reason_explains_something_and_is_told(played, rules):
    assert not [rule.reason for rule in rules if not rule.used]
    page = DOC.read_text()
    assert not [rule.reason for rule in rules if rule.reason not in page]


def test_many_calls_of_all_kinds_were_made(played):
    calls, _ = played
    asked = [one for one in calls if one.replies]
    assert len(asked) >= 100
    assert {one.function for one in asked} >= {*side_by_side.FUNCTIONS.values()}
    assert len({one.id.split("/")[0] for one in asked}) >= 6
    assert all(one.results.keys() == {"litellm", "patchbay"} for one in calls)
    # The upstream saw them: a library that asked nobody would be equal to one that does the same.
    assert sum(bool(one.sent["litellm"]) for one in asked) >= 90
    assert sum("error" not in one.results["litellm"] for one in asked) >= 70


def test_it_is_the_litellm_that_everything_is_compared_with():
    pinned = (paths.E2E / "requirements-litellm.txt").read_text().strip()
    assert pinned in (paths.E2E / "requirements-clients.txt").read_text().splitlines()
    version = pinned.partition("==")[2]
    installed = side_by_side.PYTHON.parent.parent.glob(f"lib/python*/site-packages/litellm-{version}.dist-info")
    assert list(installed)
