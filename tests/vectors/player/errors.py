"""Errors: their members and classes, and the provider's own words. The gateway's own words are free."""

import json
import re

from . import chunks, wire
from .cases import Case
from .compare import ABSENT, differences, fits
from .reply import Answer


def compare(case: Case, expected, got) -> list[tuple]:
    """An error: its members, type and code, and the provider's own words. The gateway's own words are free."""
    want, have = (_error_members(one) for one in (expected, got))
    found = []
    for name in sorted(want.keys() | have.keys()):
        if name in want and name in have and not name.endswith((".type", ".code", ".status")):
            continue
        found += differences(want.get(name, ABSENT), have.get(name, ABSENT), f"answer {name}")
    return found or _words(case, json.dumps(expected), json.dumps(got))


def _error_members(body) -> dict:
    """The members of an error's body by their path; null and absent are the same, and so are "null" and "None"."""
    if not isinstance(body, dict):
        return {"body": body}
    made = {f"body.{name}": one for name, one in body.items() if name != "error"}
    error = body.get("error")
    made |= (
        {f"error.{name}": one for name, one in error.items()}
        if isinstance(error, dict)
        else {"error": error}
    )
    return {name: one for name, one in made.items() if one not in (None, "None")}


def failure(case: Case, expected: dict, got: Answer) -> list[tuple]:
    """A failure that LiteLLM's library raised: its class stands in the message of the answer."""
    failure, found = expected["failure"], []
    if got.streamed:
        events = [data for _, data in wire.events(got.text) if isinstance(data, dict)]
        error = next((one["error"] for one in events if "error" in one), None)
        if error is None:
            return [("answer stream error", failure["exception_class"], "none")]
        if "chunks" in expected:
            want = chunks.joined(expected["chunks"])
            have = chunks.joined([one for one in events if "error" not in one])
            want.pop("usage", None)
            have.pop("usage", None)
            found += differences(want, have, "answer stream before the error")
        return found + _words(case, json.dumps(failure["message"]), json.dumps(error))
    try:
        error = json.loads(got.body)["error"]
    except (ValueError, KeyError, TypeError):
        return [("answer error", "OpenAI's error", got.text)]
    for name in {"message", "type", "param", "code"} - error.keys():
        found.append((f"answer error.{name}", "present", ABSENT))
    named = re.search(r"litellm\.(\w+)", error.get("message", ""))
    if named and named[1] != failure["exception_class"]:
        found.append(("answer class", failure["exception_class"], named[1]))
    if "retry_after" in failure:
        have = got.headers.get("retry-after", ABSENT)
        found += differences(str(failure["retry_after"]), have, "answer header retry-after")
    if failure["exception_class"] == "UnsupportedParamsError":
        return found + _unsupported(case, failure["message"], error["message"])
    return found + _words(case, json.dumps(failure["message"]), json.dumps(error))


def _unsupported(case: Case, expected: str, got: str) -> list[tuple]:
    """The refused parameters are the same, of those that the client sent."""
    given = set(case.request.get("body") or {}) - {"model", "messages"}
    want = {name for name in given if re.search(rf"'{name}'", expected)}
    have = {
        name for name in given if re.search(rf"\b{name}\b", got.split("Received Model Group")[0])
    }
    return (
        differences(" ".join(sorted(want)), " ".join(sorted(have)), "answer refused")
        if want
        else []
    )


def _words(case: Case, expected: str, got: str) -> list[tuple]:
    """A message of the provider that LiteLLM hands on is in the answer as well."""
    words = [
        word
        for word in _own_words(case.replies)
        if json.dumps(word)[1:-1] in expected.replace('\\\\\\"', '\\"')
    ]
    if not words or any(_inside(word, got) for word in words):
        return []
    return [("answer message", words[0], got)]


def _inside(word: str, text: str) -> bool:
    return json.dumps(word)[1:-1] in text or fits(f"<volatile>{word}<volatile>", text)


def _own_words(value, key=None) -> list[str]:
    if isinstance(value, dict):
        return [word for name, one in value.items() for word in _own_words(one, name)]
    if isinstance(value, list):
        return [word for one in value for word in _own_words(one, key)]
    if isinstance(value, str) and key == "chunks":
        return _own_words([data for _, data in wire.events(value)])
    return (
        [value]
        if isinstance(value, str) and value and key in ("message", "detail", "body_text")
        else []
    )
