"""Recorded exchanges of LiteLLM: what Patchbay does otherwise is known, and nothing else differs."""

import pytest
from player import chunks, compare, report, rules, run, wire
from player.cases import Case

from support import paths

pytestmark = pytest.mark.timeout(paths.deadline(120))


def lines(found) -> str:
    return "\n".join(
        f"{case}: {place}: {want!r:.200} -> {got!r:.200}" for case, place, want, got in found
    )


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    return run.play(tmp_path_factory.mktemp("vectors"))


def test_every_difference_has_its_reason(outcome, capsys):
    with capsys.disabled():
        print("\n" + report.table(outcome.cases))
    assert not outcome.unexplained, lines(outcome.unexplained)


def test_every_rule_explains_something(outcome):
    assert not outcome.stale, "\n".join(rule.reason for rule in outcome.stale)


def test_the_page_of_differences_is_up_to_date(outcome):
    """It counts the exchanges of each rule, so one that becomes equal or joins a rule shows."""
    again = "run tests/vectors/play.py --write after a look at what changed"
    assert report.DOC.read_text() == outcome.document, again


def test_every_exchange_was_played(outcome):
    assert all(case.found is not None for case in outcome.cases)
    assert len({case.id for case in outcome.cases}) == len(outcome.cases) > 1000


@pytest.mark.parametrize(
    "expected, got, places",
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, ["x.a"]),
        ({"a": [1, 2]}, {"a": [1]}, ["x.a[]"]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, ["x.a[].b"]),
        ({"a": 1}, {"b": 1}, ["x.a", "x.b"]),
        ("resp_<volatile>==", "resp_abc==", []),
        ("resp_<volatile>==", "msg_abc==", ["x"]),
        ({"a": "<volatile>"}, {"a": 7}, []),
        ({"a": "<volatile>"}, {}, ["x.a"]),
        ('{"a": 1}', '{"a":1}', []),
        ("1", "1.0", ["x"]),
    ],
)
def test_values_are_compared_by_meaning(expected, got, places):
    assert [place for place, _, _ in compare.differences(expected, got, "x")] == places


def test_a_streams_deltas_are_joined():
    def chunk(delta, finish=None):
        return {"id": "c", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    call = {"index": 0, "id": "call_1", "function": {"name": "f", "arguments": "{"}}
    rest = {"index": 0, "function": {"arguments": "}"}}
    whole = chunks.joined(
        [
            chunk({"role": "assistant", "content": "He"}),
            chunk({"content": "y", "tool_calls": [call]}),
            chunk({"tool_calls": [rest]}, "tool_calls"),
        ]
    )
    assert whole == {
        "id": ["c"],
        "choices": {
            "0": {
                "role": "assistant",
                "content": "Hey",
                "tool_calls": {"0": {"id": "call_1", "name": "f", "arguments": "{}"}},
                "finish_reason": ["tool_calls"],
            }
        },
    }


def test_frames_of_aws_are_written_and_read():
    body = wire.frame("chunk", {"a": 1}) + wire.frame("stop", {"b": 2})
    assert wire.read_frames(body) == [
        {"event": "chunk", "payload": {"a": 1}},
        {"event": "stop", "payload": {"b": 2}},
    ]
    with pytest.raises(ValueError):
        wire.read_frames(body[:-1])


def test_forms_are_written_and_read():
    parts = [
        {"name": "model", "text": "m"},
        {"name": "file", "filename": "a.wav", "content_type": "audio/wav", "base64": "AAEN"},
    ]
    assert wire.comparable(wire.read_form(*wire.form(parts))) == wire.comparable(parts)


@pytest.mark.parametrize(
    "place, left",
    [("sent body.a", 0), ("sent body.b", 1), ("answer status", 1), ("sent body.ab", 1)],
)
def test_a_rule_explains_its_places_and_no_others(place, left):
    rule = rules.Rule("choice", "because", ["messages/*"], ["sent body.a"])
    case = Case("messages", "messages/one", {}, [], [], {}, found=[(place, 1, 2)])
    assert len(rules.unexplained(case, [rule])) == left
    other = Case("messages", "responses/one", {}, [], [], {}, found=[(place, 1, 2)])
    assert len(rules.unexplained(other, [rule])) == 1


@pytest.mark.parametrize("place, left", [("answer status", 0), ("answer body.id", 1)])
def test_a_fault_of_litellms_is_shared_until_a_difference_shows_otherwise(place, left):
    rule = rules.Rule("mended", "because", ["messages/*"], ["answer status"])
    found = [(place, 1, 2)]
    case = Case("messages", "messages/one", {}, [], [], {}, litellm_bug="wrong", found=found)
    assert [place for place, _, _ in rules.unexplained(case, [rule])] == [rules.SHARED] * left
