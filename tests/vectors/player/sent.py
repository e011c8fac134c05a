"""What went upstream against what LiteLLM sent there."""

import base64
import json
import re
from urllib.parse import parse_qsl, urlsplit

from . import google_names, wire
from .cases import Case
from .compare import ABSENT, differences, without_nulls

#: Where tokens are fetched: once for many calls, so such requests are not compared.
TOKEN = "/token"


def compare(case: Case, requests: list) -> list[tuple]:
    """Every difference between the recorded requests and the upstream's own record (support.upstream.Exchange)."""
    if any(reply.get("transport_error") == "connect_error" for reply in case.replies):
        return []
    upstream = [one for one in case.upstream if one["path"] != TOKEN]
    requests = [one for one in requests if one.path != TOKEN]
    if len(upstream) != len(requests):
        named = [f"{one['method']} {one['path']}" for one in upstream]
        return [
            (
                "sent",
                named or "nothing",
                [f"{one.method} {one.path}" for one in requests] or "nothing",
            )
        ]
    pairs = zip(upstream, requests, strict=True)
    return [found for expected, got in pairs for found in _one(expected, got)]


def _one(expected: dict, got) -> list[tuple]:
    """Where the path differs, that alone: another operation has another body."""
    want, have = urlsplit(expected["path"]), urlsplit(got.path)
    found = differences(expected["method"], got.method, "sent method")
    found += differences(want.path, have.path, "sent path")
    if found:
        return found
    found = differences(dict(parse_qsl(want.query)), dict(parse_qsl(have.query)), "sent query")
    for name, text in expected["headers"].items():
        found += _header(name, text, got.headers)
    return found + _body(expected, got)


def _header(name: str, text: str, headers: dict) -> list[tuple]:
    place, got = f"sent header {name}", headers.get(name, ABSENT)
    if name == "content-type":
        text, got = (one.split(";")[0].strip().lower() for one in (text, got))
    if text.startswith("AWS4-HMAC-SHA256"):
        signed = re.fullmatch(r"AWS4-HMAC-SHA256 .*Signature=[0-9a-f]{64}", got)
        return [] if signed else [(place, text, got)]
    if text == "Signature":
        signed = re.fullmatch(r'Signature version="1",keyId="[^"]+",.*,signature="[^"]{300,}"', got)
        return [] if signed else [(place, text, got)]
    return differences(text, got, place)


def _body(expected: dict, got) -> list[tuple]:
    if "multipart" in expected:
        parts = wire.read_form(got.headers.get("content-type", ""), got.body)
        want, have = wire.comparable(expected["multipart"]), wire.comparable(parts)
        return differences(without_nulls(want), without_nulls(have), "sent form")
    if "base64" in expected or "text" in expected:
        want = (
            base64.b64decode(expected["base64"])
            if "base64" in expected
            else expected["text"].encode()
        )
        return [] if want == got.body else [("sent body", repr(want), repr(got.body))]
    if "body" not in expected:
        return (
            []
            if got.body in (b"", b"{}")
            else [("sent body", "empty", got.body.decode("utf-8", "replace"))]
        )
    try:
        body = json.loads(got.body)
    except ValueError:
        return [("sent body", expected["body"], got.body.decode("utf-8", "replace"))]
    if urlsplit(got.path).path.endswith(google_names.GOOGLES):
        body = google_names.one_spelling(body)
    return differences(_plain(expected["body"]), _plain(body), "sent body")


def _plain(body):
    """A body without nulls and without `stream: false`, which is the default of every API."""
    body = without_nulls(body)
    if isinstance(body, dict) and body.get("stream") is False:
        del body["stream"]
    return body
