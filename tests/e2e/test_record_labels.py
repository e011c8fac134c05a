"""What a request says about its record: in headers, in members of the body, in `metadata`."""

import json

import pytest

from support import answers, canary, paths
from support.gateway import config, deployment
from support.process import eventually
from support.wire import Wire, ask, request

PLAIN = {"model": "m", "messages": [{"role": "user", "content": "hello"}]}
HEADERS = {
    "x-litellm-tags": "red,blue",
    "langfuse_trace_id": "T-1",
    "langfuse_session_id": "S-1",
    "langfuse_trace_user_id": "U-1",
    "x-litellm-spend-logs-metadata": '{"team": "a"}',
    "x-litellm-end-user-id": "E-1",
}


@pytest.fixture
def one(start, upstream, tmp_path):
    """one(request) makes a gateway whose records go to a file; records() waits for so many."""
    log = tmp_path / "calls.jsonl"
    made = config(
        deployment("m", "openai/m", upstream.url + "/v1", canary.OPENAI),
        litellm_settings={"callbacks": ["file"]},
        callback_settings={"file": {"url": f"file://{log}", "flush_interval": 0.05}},
    )
    made["guardrails"] = [
        {
            "guardrail_name": "no-birds",
            "litellm_params": {
                "guardrail": "litellm_content_filter",
                "mode": "pre_call",
                "blocked_words": [{"keyword": "kestrel", "action": "BLOCK"}],
            },
        }
    ]
    gateway = start(made, env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")})

    def records(count=1):
        eventually(
            lambda: log.exists() and len(log.read_text().splitlines()) >= count, paths.deadline(10)
        )
        return [json.loads(line) for line in log.read_text().splitlines()]

    return gateway, records


def assert_labelled(record):
    assert record["request_tags"] == ["red", "blue"]
    assert record["trace_id"] == "T-1"
    assert record["end_user"] == "E-1"
    metadata = record["metadata"]
    assert metadata["spend_logs_metadata"] == {"team": "a"}
    assert metadata["user_api_key_end_user_id"] == "E-1"
    said = metadata["requester_metadata"]
    assert (said["trace_id"], said["session_id"], said["trace_user_id"]) == ("T-1", "S-1", "U-1")


async def refuse(exchange):
    await exchange.answer(400, answers.openai_error("no"))


def test_headers_label_records_of_every_kind_of_end(one, upstream):
    gateway, records = one
    upstream.scripts["refuse"] = refuse
    upstream.scripts["endless"] = answers.endless(0.01)

    def said(text, **more):
        return {**PLAIN, "messages": [{"role": "user", "content": text}], **more}

    requests = [
        (200, said("hello")),
        (200, said("hello", stream=True)),
        (400, said("script:refuse")),
        (400, said("a kestrel", guardrails=["no-birds"])),
        (400, said("hello", model="nobody")),
    ]
    for status, body in requests:
        assert ask(gateway.port, body, headers=HEADERS).status == status
    with Wire(gateway.port) as wire:
        wire.send(request(said("script:endless", stream=True), headers=HEADERS))
        wire.until(b"data: ")
    found = records(6)
    assert [record["status"] for record in found] == ["success"] * 2 + ["failure"] * 4
    for record in found:
        assert_labelled(record)


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        ({"tags": ["red", "blue"], "litellm_trace_id": "T-2"}, {}, ("T-2", ["red", "blue"])),
        ({}, {"x-litellm-trace-id": "T-3"}, ("T-3", [])),
        ({"metadata": {"trace_id": "T-4", "tags": ["x"]}}, {}, ("T-4", ["x"])),
    ],
)
def test_the_body_and_headers_name_trace_and_tags(one, body, headers, expected):
    gateway, records = one
    assert ask(gateway.port, {**PLAIN, **body}, headers=headers).status == 200
    (record,) = records()
    assert (record["trace_id"], record["request_tags"]) == expected


@pytest.mark.parametrize(
    ("body", "headers"),
    [({"litellm_session_id": "S"}, {}), ({}, {"x-litellm-session-id": "S"})],
    ids=["body", "header"],
)
def test_sessions_are_named_likewise(one, body, headers):
    gateway, records = one
    assert ask(gateway.port, {**PLAIN, **body}, headers=headers).status == 200
    assert records()[0]["metadata"]["requester_metadata"]["session_id"] == "S"


def test_values_that_cannot_be_read_fail_no_call(one):
    gateway, records = one
    headers = {"x-litellm-spend-logs-metadata": "{", "x-litellm-trace-id": "x" * 2000}
    assert ask(gateway.port, PLAIN, headers=headers).status == 200
    (record,) = records()
    assert record["trace_id"] == record["id"]
    assert sorted(record["metadata"]["ignored_labels"]) == sorted(headers)


def test_bytes_that_are_no_text_cost_no_record(one):
    gateway, records = one
    with Wire(gateway.port) as wire:
        raw = request(PLAIN, headers={"x-litellm-tags": "BYTES", "user-agent": "BYTES"})
        wire.send(raw.replace(b"BYTES", b"caf\xe9"))
        assert wire.answer().status == 200
    (record,) = records()
    assert record["user_agent"] == "caf\ufffd" and record["request_tags"] == ["caf\ufffd"]


def test_a_request_too_large_for_a_record_keeps_its_labels(one, upstream):
    gateway, records = one
    large = [{"role": "user", "content": "x" * (2 << 20)}]
    body = {**PLAIN, "messages": large, "user": "u", "temperature": 0.5, "tags": ["red"]}
    assert ask(gateway.port, body).status == 200
    (record,) = records()
    assert record["messages"] == "litellm_truncated: request too large"
    assert record["end_user"] == "u" and record["request_tags"] == ["red"]
    assert record["model_parameters"] == {"temperature": 0.5}
