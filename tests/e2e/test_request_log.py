"""A line of the log for each request: what came, from whom, what became of it."""

import json
import re

import pytest

from conftest import scripted_config
from support import answers, canary, paths
from support.gateway import config, deployment
from support.wire import Wire, ask, chat, request

ID = r"[0-9a-f-]{36}"


def line(gateway, at, pattern: str) -> str:
    """Waits for a line that matches, and gives it."""
    return gateway.wait_for("^.*" + pattern + ".*$", paths.deadline(10), at).group(0)


@pytest.fixture
def log(gateway):
    """log(pattern): the line that matches, of those that came since the test began."""
    at = gateway.mark()
    return lambda pattern: line(gateway, at, pattern)


def test_a_call_that_went_well(gateway, log):
    assert ask(gateway.port, chat(), path="/v1/chat/completions?key=secret").status == 200
    told = log(r"POST /v1/chat/completions 200")
    assert re.search(
        r"^\S+ info 127\.0\.0\.1 POST /v1/chat/completions 200 scripted -> openai/gpt-4o "
        rf"[0-9.]+ ms, 11\+4 tokens, key master, call {ID}$",
        told,
    ), told


def test_a_stream(gateway, log):
    assert ask(gateway.port, chat(stream=True)).status == 200
    told = log(r"POST /v1/chat/completions 200")
    assert re.search(r" ms, first token [0-9.]+ ms, .*call ", told), told


@pytest.mark.parametrize(
    "status, reason, options",
    [
        (400, "JSON", {"body": b"{"}),
        (400, "nothing", {"body": chat(model="nothing")}),
        (401, "No api key passed in", {"body": chat(), "key": None}),
        (404, "/v1/ocr.*does not yet", {"path": "/v1/ocr"}),
        (405, "takes POST", {"method": "GET"}),
        (415, "'br'", {"body": b"x", "headers": {"Content-Encoding": "br"}}),
        (400, "not valid gzip", {"body": b"not gzip", "headers": {"Content-Encoding": "gzip"}}),
    ],
)
def test_what_the_gateway_refuses_is_told_with_the_reason(gateway, log, status, reason, options):
    assert ask(gateway.port, **options).status == status
    told = log(rf"warning 127\.0\.0\.1 (POST|GET) /v1/\S+ {status}.*{reason}")
    assert "\x1b" not in told


def test_a_wrong_key_is_told_by_the_beginning_of_its_hash(gateway, log):
    assert ask(gateway.port, chat(), key=canary.WRONG).status == 401
    told = log(r"POST /v1/chat/completions 401")
    assert re.search(r"key [0-9a-f]{8}, ", told), told
    assert canary.WRONG not in told


@pytest.mark.parametrize(
    "status, start",
    [
        (401, request(b"", length=False, key=None, headers={"Content-Length": "9"})),
        (404, request(b"", length=False, path="/none", headers={"Content-Length": "9"})),
        (413, request(b"", length=False, headers={"Content-Length": str(1 << 40)})),
        (431, request(headers={"X": "x" * 70_000})),
        (400, b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"),
    ],
)
def test_what_is_refused_before_it_is_read_is_told_too(gateway, log, status, start):
    with Wire(gateway.port) as wire:
        wire.send(start)
        assert wire.answer().status == status
    log(rf"warning 127\.0\.0\.1 .*{status}.*: ")


def test_a_client_that_leaves(gateway, upstream, log):
    upstream.scripts["endless-log"] = answers.endless(0.01)
    with Wire(gateway.port) as wire:
        wire.send(request(chat("endless-log", stream=True)))
        wire.until(b"data: ")
    log(r"info 127\.0\.0\.1 POST /v1/chat/completions 499 scripted -> openai/gpt-4o ")
    with Wire(gateway.port) as wire:
        wire.send(request(b"", length=False, headers={"Content-Length": "9"}))
        wire.send(b"x")
    log(r"info 127\.0\.0\.1 POST /v1/chat/completions 499: ")


def test_a_failed_attempt_names_its_model_and_address(start, upstream):
    async def down(exchange):
        await exchange.answer(500, answers.openai_error("down\n2026 info forged"))

    upstream.scripts["down-log"] = down
    base = upstream.url + "/v1"
    gateway = start(config(deployment("openai/*", "openai/*", base, canary.OPENAI), num_retries=1))
    at = gateway.mark()
    assert ask(gateway.port, chat("down-log", "openai/gpt-x")).status == 500
    told = line(gateway, at, "attempt 1 at")
    assert f"attempt 1 at openai/gpt-x at {base} failed after" in told
    assert "status 500" in told and "down\\n2026 info forged" in told
    assert not re.search(r"[0-9a-f]{64}", "\n".join(gateway.lines[at:]))
    told = line(gateway, at, "POST /v1/chat/completions 500")
    assert "openai/gpt-x -> openai/gpt-x " in told and ", 2 attempts, " in told


def test_probes_are_told_at_debug_only(start, upstream):
    quiet = start(scripted_config(upstream))
    loud = start(scripted_config(upstream), flags=["--debug"])
    for gateway in (quiet, loud):
        for path in ("/health/liveliness", "/health/readiness", "/metrics"):
            ask(gateway.port, method="GET", path=path, key=None)
        at = gateway.mark()
        assert ask(gateway.port, chat(), headers={"User-Agent": "some-client/1.0"}).status == 200
        line(gateway, at, "POST /v1/chat/completions 200")
    assert "GET /" not in quiet.output
    assert "debug 127.0.0.1 GET /health/liveliness 200" in loud.output
    assert "some-client/1.0" in loud.output and "some-client" not in quiet.output


def test_lines_can_be_turned_off(start, upstream):
    gateway = start(scripted_config(upstream), flags=["--no_access_log"])
    assert ask(gateway.port, chat()).status == 200
    assert ask(gateway.port, chat(), key=None).status == 401
    assert gateway.stop() == 0
    assert "/v1/chat/completions" not in gateway.output


@pytest.mark.parametrize("how", ["config", "environment"])
def test_json_lines(start, upstream, how):
    settings = {"litellm_settings": {"json_logs": True}} if how == "config" else {}
    gateway = start(
        scripted_config(upstream, **settings),
        env={"JSON_LOGS": "True"} if how == "environment" else {},
    )
    at = gateway.mark()
    assert ask(gateway.port, chat()).status == 200
    assert ask(gateway.port, chat(model='say "hi"\n')).status == 400
    line(gateway, at, "400")
    assert gateway.stop() == 0
    lines = [json.loads(text) for text in gateway.lines[at:]]
    assert all({"message", "level", "timestamp"} <= set(entry) for entry in lines)
    good = next(entry for entry in lines if entry.get("status") == 200)
    assert good["level"] == "INFO"
    assert good["method"] == "POST" and good["path"] == "/v1/chat/completions"
    assert good["model"] == "scripted" and good["upstream"] == "openai/gpt-4o"
    assert good["prompt_tokens"] == 11 and good["completion_tokens"] == 4
    assert good["duration_ms"] >= 0 and good["client"] == "127.0.0.1" and good["call_id"]
    bad = next(entry for entry in lines if entry.get("status") == 400)
    assert bad["level"] == "WARNING" and bad["reason"]


def test_nothing_that_a_client_sends_can_forge_a_line(gateway, log):
    evil = 'x\n2026-01-01 info forged \x1b[31m"\u202e'
    assert ask(gateway.port, chat(model=evil)).status == 400
    told = log("POST /v1/chat/completions 400")
    assert r"x\n2026-01-01 info forged \x1b[31m" in told
    assert "\u202e" not in told
    assert ask(gateway.port, b"{}", path="/none\x80\xff").status == 404
