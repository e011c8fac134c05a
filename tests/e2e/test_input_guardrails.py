"""Guardrails on what embeddings and speech are made of: the text is in `input`, and the answer holds none."""

import asyncio
import json

import pytest

from support import answers, canary
from support.gateway import config, guardrail
from support.operations import EMBEDDINGS, SPEECH
from support.records import Log
from support.wire import ask
from test_plugin_files import FIXTURES, SHIPPED, build

SSN = "123-45-6789"
MASKED = "[US_SSN_REDACTED]"
MASK = {"patterns": [{"pattern_type": "prebuilt", "pattern_name": "us_ssn", "action": "MASK"}]}
BLOCK = {"patterns": [{"pattern_name": "us_ssn", "action": "BLOCK"}]}
DETAIL = "{'error': 'Content blocked: us_ssn pattern detected', 'pattern': 'us_ssn'}"

#: name: (operation, what is asked, the same when it is masked)
ASKED = {
    "embeddings of a text": (EMBEDDINGS, f"it is {SSN}.", f"it is {MASKED}."),
    "embeddings of texts": (
        EMBEDDINGS,
        ["clean", f"{SSN}", SSN + "\u20ac"],
        ["clean", MASKED, MASKED + "\u20ac"],
    ),
    "speech": (SPEECH, f"it is {SSN}.", f"it is {MASKED}."),
}
each_input = pytest.mark.parametrize("name", ASKED)


@pytest.fixture
def guarded(start, upstream):
    """guarded(guardrail, ...) is a gateway with the models `embeddings` and `speech`."""

    def run(*guardrails, env=None, folder=None, **sections):
        made = config(
            *[operation.deployment(upstream, operation.name) for operation in (EMBEDDINGS, SPEECH)],
            **sections,
        )
        made["guardrails"] = list(guardrails)
        if folder:
            made["plugins"] = {"directories": [str(SHIPPED), str(folder)]}
        upstream.clear()
        return start(made, env=env)

    return run


def untouched(operation) -> bytes:
    """What the client gets of the upstream's usual answer."""
    if operation is SPEECH:
        return answers.SPEECH
    return answers.told_embeddings(answers.EMBEDDING_LIST, operation.name)


def send(gateway, operation, asked, **more):
    return operation.ask(gateway, model=operation.name, input=asked, **more)


@each_input
def test_it_is_masked_before_the_provider_sees_it(guarded, upstream, name):
    operation, asked, masked = ASKED[name]
    gateway = guarded(guardrail("pii", "pre_call", default_on=True, **MASK))
    answer = send(gateway, operation, asked, extra=[1e-5])
    assert answer.status == 200
    assert answer.headers["x-litellm-applied-guardrails"] == "pii"
    (sent,) = upstream.requests
    assert sent.json["input"] == masked and sent.json["extra"] == [1e-5]
    assert SSN.encode() not in sent.body


@each_input
@pytest.mark.parametrize("by_name", [False, True], ids=["always on", "asked for"])
def test_it_is_blocked_before_the_provider_is_asked(guarded, upstream, name, by_name):
    operation, asked, _ = ASKED[name]
    gateway = guarded(guardrail("ssn", "pre_call", default_on=not by_name, **BLOCK))
    more = {"guardrails": ["ssn"]} if by_name else {}
    refused = send(gateway, operation, asked, **more)
    assert refused.status == 400
    assert refused.json == {
        "error": {"message": DETAIL, "type": "None", "param": "None", "code": "400"}
    }
    assert upstream.requests == []
    if by_name:
        assert send(gateway, operation, asked).status == 200
    else:
        assert send(gateway, operation, "clean").status == 200
    assert "guardrails" not in upstream.requests[-1].json


@each_input
@pytest.mark.parametrize("blocks", [True, False], ids=["blocks", "allows"])
@pytest.mark.parametrize("first", ["verdict", "answer"])
def test_during_call_withholds_the_answer(guarded, upstream, tmp_path, name, blocks, first):
    """Both are on their way at once; whichever comes first, nothing goes out before the verdict."""
    operation, asked, _ = ASKED[name]
    build(FIXTURES / "guards.c", tmp_path / "guards.so")
    judging, called, answered = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def judge(exchange):
        judging.set()
        await (called if first == "verdict" else answered).wait()
        await exchange.answer(200, b"no" if blocks else b"yes")

    async def provider(exchange):
        called.set()
        await judging.wait()
        if first == "verdict" and blocks:
            return await answers.hang(exchange)
        await answers.default(exchange)
        answered.set()

    upstream.scripts["default"], upstream.scripts["provider"] = judge, provider
    try:
        made = guardrail(
            "judge", "during_call", "guards", default_on=True, what="http", url=upstream.url
        )
        gateway = guarded(made, folder=tmp_path)
        answer = operation.ask(gateway, "provider", operation.name, input=asked)
        (request,) = upstream.of("provider")
        if blocks:
            assert answer.status == 400
            said = "{'error': 'Violated guardrail policy', 'flagged': True}"
            assert answer.error["message"] == said
            if first == "verdict":
                upstream.call(request.connection.gone.wait())
        else:
            assert answer.status == 200 and answer.complete
            assert answer.body == untouched(operation)
    finally:
        upstream.scripts["default"] = answers.default


@each_input
def test_logging_only_masks_the_record_alone(guarded, upstream, tmp_path, name):
    operation, asked, masked = ASKED[name]
    log = Log(tmp_path)
    hides = guardrail("pii", "logging_only", default_on=True, **MASK)
    gateway = guarded(hides, env=log.environment, **log.sections)
    assert send(gateway, operation, asked).status == 200
    assert upstream.requests[-1].json["input"] == asked
    (record,) = log.records()
    assert record["status"] == "success"
    assert record["messages"] == masked
    assert SSN not in json.dumps(record)


@each_input
def test_redaction_hides_it(guarded, tmp_path, name):
    operation, asked, _ = ASKED[name]
    log = Log(tmp_path)
    log.sections["litellm_settings"]["turn_off_message_logging"] = True
    gateway = guarded(env=log.environment, **log.sections)
    assert send(gateway, operation, asked).status == 200
    (record,) = log.records()
    assert record["messages"] == [{"role": "user", "content": "redacted-by-litellm"}]
    assert SSN not in json.dumps(record)


@each_input
def test_post_call_guardrails_have_nothing_to_look_at(guarded, name):
    """Numbers and sound hold no text, so such a guardrail does not stand in the way."""
    operation, asked, _ = ASKED[name]
    answer = send(
        guarded(guardrail("ssn", "post_call", default_on=True, **BLOCK)), operation, asked
    )
    assert answer.status == 200 and answer.body == untouched(operation)


def test_tokens_cannot_be_read_and_are_no_text(guarded):
    """Lists of numbers pass: a guardrail has no tokenizer."""
    gateway = guarded(guardrail("ssn", "pre_call", default_on=True, **BLOCK))
    assert send(gateway, EMBEDDINGS, [1, 2, 3]).status == 200


@each_input
def test_no_verdict_stops_the_request(guarded, upstream, tmp_path, name):
    operation, asked, _ = ASKED[name]
    build(FIXTURES / "guards.c", tmp_path / "guards.so")
    gateway = guarded(
        guardrail("closed", "pre_call", "guards", default_on=True, what="mute"), folder=tmp_path
    )
    refused = send(gateway, operation, asked)
    assert refused.status == 500
    assert refused.error["message"] == "Guardrail 'closed' gave no verdict."
    assert upstream.requests == []
    assert ask(gateway.port, method="GET", path="/health/liveness", key=canary.WRONG).status == 200
