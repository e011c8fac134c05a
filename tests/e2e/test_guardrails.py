"""Guardrails: LiteLLM's configuration, errors and endpoints; masks and blocks of requests and answers."""

import asyncio
import json

import pytest

from support import answers
from support.answers import completion
from support.gateway import guardrail
from support.guarded import MASKED, RULES, TEXT, events_of, guarded
from support.wire import Wire, ask, chat, request
from test_plugin_files import FIXTURES, build


@pytest.fixture(scope="module")
def fixture_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guards")
    build(FIXTURES / "guards.c", folder / "guards.so")
    return folder


def test_requests_are_masked_before_the_provider_sees_them(start, upstream):
    gateway = start(guarded(upstream, guardrail("pii", "pre_call", default_on=True, **RULES)))
    upstream.clear()
    body = chat(temperature=0.5)
    body["messages"].append({"role": "user", "content": [{"type": "text", "text": TEXT}]})
    answer = ask(gateway.port, body)
    assert answer.status == 200
    assert answer.headers["x-litellm-applied-guardrails"] == "pii"
    sent = upstream.requests[-1].json
    assert sent["messages"][1]["content"][0]["text"] == MASKED
    assert sent["temperature"] == 0.5 and "guardrails" not in sent


def test_whole_answers_are_masked(start, upstream):
    async def whole(exchange):
        await exchange.answer(200, completion(TEXT))

    upstream.scripts["whole"] = whole
    gateway = start(guarded(upstream, guardrail("pii", "post_call", default_on=True, **RULES)))
    answer = ask(gateway.port, chat("whole"))
    assert answer.json["choices"][0]["message"]["content"] == MASKED
    assert answer.json["usage"]["prompt_tokens"] == 11


BLOCK = {"patterns": [{"pattern_name": "us_ssn", "action": "BLOCK"}]}
DETAIL = "{'error': 'Content blocked: us_ssn pattern detected', 'pattern': 'us_ssn'}"


def test_a_blocked_request_is_litellms_error_and_reaches_no_provider(start, upstream):
    gateway = start(guarded(upstream, guardrail("ssn", "pre_call", default_on=True, **BLOCK)))
    upstream.clear()
    body = chat()
    body["messages"][0]["content"] += " 123-45-6789"
    answer = ask(gateway.port, body)
    assert answer.status == 400
    assert answer.json == {
        "error": {"message": DETAIL, "type": "None", "param": "None", "code": "400"}
    }
    assert upstream.requests == []
    metrics = ask(gateway.port, method="GET", path="/metrics").body.decode()
    assert (
        'litellm_guardrail_requests_total{guardrail_name="ssn",hook_type="pre_call",'
        'status="guardrail_intervened"} 1' in metrics
    )


def test_a_blocked_answer_and_a_blocked_stream(start, upstream):
    turn = asyncio.Event()

    async def bad(exchange):
        if exchange.json.get("stream"):
            await exchange.start_stream()
            await exchange.chunk(events_of(["It is ", "123-45-"], finish=False))
            await turn.wait()
            await exchange.chunk(events_of(["6789. More."]))
            await exchange.finish()
        else:
            await exchange.answer(200, completion("123-45-6789"))

    upstream.scripts["bad"] = bad
    gateway = start(guarded(upstream, guardrail("ssn", "post_call", default_on=True, **BLOCK)))
    answer = ask(gateway.port, chat("bad"))
    assert answer.status == 400 and answer.error["message"] == DETAIL
    with Wire(gateway.port) as wire:
        wire.send(request(chat("bad", stream=True)))
        assert wire.head().status == 200
        wire.until(b'"content":"It is "')
        upstream.loop.call_soon_threadsafe(turn.set)
        rest = wire.until(b"0\r\n\r\n").decode()
    assert "123-45" not in rest and "More" not in rest
    last = rest[rest.rindex("data: ") + 6 :].partition("\n\n")[0]
    assert json.loads(last)["error"]["message"] == DETAIL


def test_during_call_withholds_the_answer_and_cuts_the_provider_off(
    start, upstream, fixture_folder, books
):
    asked, released, gone = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def judge(exchange):
        asked.set()
        await released.wait()
        await exchange.answer(200, b"no")

    async def slow(exchange):
        await asked.wait()
        released.set()
        await exchange.connection.gone.wait()
        gone.set()

    upstream.scripts["default"], upstream.scripts["slow"] = judge, slow
    try:
        judged = guardrail(
            "judge", "during_call", "guards", default_on=True, what="http", url=upstream.url
        )
        made = guarded(upstream, judged, folder=fixture_folder)
        made["general_settings"]["database_url"] = books.url
        gateway = start(made)
        answer = ask(gateway.port, chat("slow"))
        assert answer.status == 400
        assert answer.error["message"] == "{'error': 'Violated guardrail policy', 'flagged': True}"
        upstream.call(gone.wait())
        assert gateway.stop() == 0
        assert books.query("SELECT status FROM entry") == [(400,)]
    finally:
        upstream.scripts["default"] = answers.default


@pytest.mark.parametrize("what", ["down", "mute"])
def test_no_verdict_stops_the_request_unless_told_otherwise(start, upstream, fixture_folder, what):
    closed = guardrail("closed", "pre_call", "guards", what=what)
    opened = guardrail("opened", "pre_call", "guards", what=what, unreachable_fallback="fail_open")
    gateway = start(guarded(upstream, closed, opened, folder=fixture_folder))
    answer = ask(gateway.port, chat(guardrails=["closed"]))
    assert answer.status == 500
    assert answer.error["message"] == "Guardrail 'closed' gave no verdict."
    answer = ask(gateway.port, chat(guardrails=["opened"]))
    assert answer.status == 200
    assert ask(gateway.port, chat()).status == 200


def test_which_guardrails_run(start, upstream):
    gateway = start(
        guarded(
            upstream,
            guardrail("on", "pre_call", default_on=True, **BLOCK),
            guardrail("asked", ["pre_call", "post_call"], **BLOCK),
        )
    )

    def applied(**more):
        return ask(gateway.port, chat(**more)).headers["x-litellm-applied-guardrails"]

    assert applied() == "on"
    assert applied(guardrails=["asked"]) == "on,asked"
    assert applied(metadata={"guardrails": ["asked"]}) == "on,asked"
    answer = ask(gateway.port, chat(guardrails=["other"]))
    assert answer.status == 400
    assert answer.error["message"] == "Guardrail 'other' is not configured on this gateway."


def test_listing_and_applying(start, upstream):
    rules = {**RULES, "default_on": True}
    gateway = start(guarded(upstream, guardrail("pii", "pre_call", **rules)))
    listed = ask(gateway.port, method="GET", path="/guardrails/list").json
    assert listed["guardrails"] == [
        {
            "guardrail_name": "pii",
            "litellm_params": {
                "guardrail": "litellm_content_filter",
                "mode": "pre_call",
                "default_on": True,
            },
            "guardrail_info": {},
        }
    ]
    assert ask(gateway.port, method="GET", path="/guardrails/list", key=None).status == 401
    path = "/guardrails/apply_guardrail"
    body = {"guardrail_name": "pii", "text": TEXT, "language": "en"}
    assert ask(gateway.port, body, path=path).json == {"response_text": MASKED}
    assert ask(gateway.port, {"guardrail_name": "no", "text": ""}, path=path).status == 404
    assert ask(gateway.port, {"guardrail_name": "pii"}, path=path).status == 400
    assert ask(gateway.port, b"[", path=path).status == 400


def test_a_wrong_configuration_is_told_with_its_place(tmp_path):
    from support.gateway import command

    file = tmp_path / "config.yaml"
    file.write_text(
        "model_list: []\n"
        "guardrails:\n"
        "  - guardrail_name: a\n"
        "    litellm_params: {guardrail: nobody, mode: pre_call}\n"
        "  - guardrail_name: b\n"
        "    litellm_params: {guardrail: content-filter, mode: pre_call, patterns: [{pattern_name: x}]}\n"
        "  - guardrail_name: c\n"
        "    litellm_params: {guardrail: content-filter, mode: whenever}\n"
    )
    status, output = command("check", file)
    assert status == 78
    assert f"{file}:8:55: error: `guardrails.litellm_params.mode`: expected pre_call" in output
    file.write_text(file.read_text().replace("whenever", "pre_call"))
    status, output = command("check", file)
    assert status == 78
    assert f"{file}:3:5: error: guardrail 'a': no loaded plugin has the guardrail 'nobody'" in output
    assert "'b' (component \"content-filter\"), /patterns/0/pattern_name: there is no" in output
    assert "'c' (component \"content-filter\"): nothing to look for" in output


@pytest.mark.parametrize(
    "settings",
    [
        {"callbacks": ["hide_secrets"]},
        {"callbacks": "hide_secrets"},
        {"guardrails": [{"keys": {"callbacks": ["hide_secrets"], "default_on": True}}]},
    ],
)
def test_a_guard_in_litellms_older_spellings_guards(start, upstream, settings):
    key = "AKIA" + "IOSFODNN7" + "ABCDEFG"

    async def echo(exchange):
        said = exchange.json["messages"][-1]["content"]
        await exchange.answer(200, completion(said))

    upstream.scripts["echo-guarded"] = echo
    gateway = start(guarded(upstream, litellm_settings=settings))
    body = chat("echo-guarded", model="scripted")
    body["messages"].append({"role": "user", "content": f"echo-guarded {key}"})
    answer = ask(gateway.port, body)
    assert answer.status == 200, answer.body
    assert key not in answer.json["choices"][0]["message"]["content"]
    assert "[REDACTED]" in answer.json["choices"][0]["message"]["content"]
    assert answer.headers["x-litellm-applied-guardrails"] in ("hide_secrets", "keys")
