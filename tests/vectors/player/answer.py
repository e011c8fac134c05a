"""What came back against what LiteLLM answered."""

import base64
import json

from . import chunks, errors, wire
from .cases import Case
from .compare import ABSENT, differences, without_nulls
from .reply import Answer


def compare(case: Case, got: Answer) -> list[tuple]:
    """Every difference; where the status differs, that alone, for the rest follows from it."""
    expected = case.answer
    begun = got.streamed and "failure" in expected
    if expected["status"] != got.status and not begun:
        return [("answer status", expected["status"], f"{got.status} {got.text[:300]}")]
    found = [("answer", "whole", "cut")] if got.cut else []
    if "failure" not in expected:
        found += _headers(expected.get("headers", {}), got)
    return found + _content(case, expected, got)


def _headers(expected: dict, got: Answer) -> list[tuple]:
    found = []
    for name in sorted({*expected, *({"retry-after"} & got.headers.keys())}):
        text, have = expected.get(name, ABSENT), got.headers.get(name, ABSENT)
        if name == "content-type":
            text, have = text.split(";")[0], have.split(";")[0]
        found += differences(text, have, f"answer header {name}")
    return found


def _content(case: Case, expected: dict, got: Answer) -> list[tuple]:
    if "failure" in expected:
        return errors.failure(case, expected, got)
    if "events" in expected:
        return _events(wire.events("".join(expected["events"])), wire.events(got.text))
    if "chunks" in expected:
        return _chunks(expected, [data for _, data in wire.events(got.text)])
    if "eventstream" in expected:
        try:
            frames = wire.read_frames(got.body)
        except ValueError as error:
            return [("answer stream", expected["eventstream"], str(error))]
        return differences(
            without_nulls(expected["eventstream"]), without_nulls(frames), "answer stream"
        )
    if "body_base64" in expected:
        same = base64.b64decode(expected["body_base64"]) == got.body
        return [] if same else [("answer bytes", expected["body_base64"], repr(got.body[:100]))]
    if "body" not in expected:
        return [] if got.body in (b"", b"{}", b"null") else [("answer body", "empty", got.text)]
    try:
        body = json.loads(got.body)
    except ValueError:
        body = got.text
    if expected["status"] >= 400:
        return errors.compare(case, expected["body"], body)
    return _result(expected, without_nulls(expected["body"]), without_nulls(body))


def _result(expected: dict, want, have) -> list[tuple]:
    for name in expected.get("free", ()):
        for one in (want, have):
            if isinstance(one, dict):
                one.pop(name, None)
    return differences(want, have, "answer body")


def _events(expected: list, got: list) -> list[tuple]:
    """Event by event, but for `ping`, which may come anywhere. Names are compared where LiteLLM gives them."""
    want, have = ([one for one in events if one[0] != "ping"] for events in (expected, got))
    found = differences(_done(want), _done(have), "answer stream [DONE]")
    want, have = ([one for one in events if one[1] != "[DONE]"] for events in (want, have))
    if want and isinstance(want[0][1], dict) and "choices" in want[0][1]:
        return found + _chunks({}, [data for _, data in have], [data for _, data in want])
    if len(want) != len(have):
        return found + [
            ("answer stream", [_kind(one) for one in want], [_kind(one) for one in have])
        ]
    for (name, data), (own_name, own_data) in zip(want, have, strict=True):
        found += differences(name, own_name, "answer stream event") if name else []
        found += differences(without_nulls(data), without_nulls(own_data), "answer stream[]")
    return found


def _done(events: list) -> bool:
    return any(data == "[DONE]" for _, data in events)


def _kind(event: tuple):
    name, data = event
    return data.get("type", name) if isinstance(data, dict) else data


def _chunks(expected: dict, got: list, chunks_of_expected=None) -> list[tuple]:
    want = chunks.joined(chunks_of_expected or expected["chunks"])
    have = chunks.joined([one for one in got if isinstance(one, dict)])
    if "chunks" in expected and got[-1:] != ["[DONE]"]:
        return [("answer stream [DONE]", True, got[-1] if got else "nothing")]
    for name in expected.get("free", ()):
        want.pop(name, None)
        have.pop(name, None)
    return differences(want, have, "answer stream")
