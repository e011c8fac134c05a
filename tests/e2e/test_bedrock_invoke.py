"""Bedrock's InvokeModel: Claude's, Nova's and OpenAI's forms at providers of OpenAI's and Anthropic's APIs, by boto3."""

import json

import pytest

from support import answers, bedrock, canary, messages
from support.answers import openai_error, piece
from support.bedrock import body, call, check_error, chunks, frames, joined, words
from support.gateway import Gateway, config
from support.operations import CHAT, MESSAGES
from support.records import Log, tokens, told

VERSION = "bedrock-2023-05-31"


def claude(text="Hello", **more) -> dict:
    turn = {"role": "user", "content": text}
    return {"anthropic_version": VERSION, "max_tokens": 64, "messages": [turn], **more}


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    made = config(CHAT.deployment(upstream), MESSAGES.deployment(upstream, "claude"))
    running = Gateway(tmp_path_factory.mktemp("invoke"), made)
    yield running
    assert running.stop() == 0


@pytest.fixture
def sdk(gateway):
    return bedrock.client(gateway.url + "/bedrock")


both = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


def invoked(sdk, stream: bool, made: dict, model="claude") -> list[dict]:
    """The answer, or the events of its stream."""
    options = {"modelId": model, "body": json.dumps(made), "contentType": "application/json"}
    if not stream:
        return [json.loads(sdk.invoke_model(**options)["body"].read())]
    answer = sdk.invoke_model_with_response_stream(**options)
    assert answer["contentType"] == "application/json"
    return [json.loads(one["chunk"]["bytes"]) for one in answer["body"]]


def said(found: list[dict]) -> str:
    """The text of a message of Anthropic's."""
    if len(found) == 1:
        return "".join(block["text"] for block in found[0]["content"])
    return "".join(one["delta"].get("text", "") for one in found if one["type"] == "content_block_delta")


@both
@pytest.mark.parametrize("model", ["claude", "m"])
def test_claude_s_form(sdk, upstream, stream, model):
    made = claude(anthropic_beta=["context-1m-2025-08-07", "other-2026"], system="Be brief.")
    found = invoked(sdk, stream, made, model)
    assert said(found) == "Hello from upstream"
    if stream:
        assert found[0]["type"] == "message_start" and found[-1]["type"] == "message_stop"
        assert next(one for one in found if one["type"] == "message_delta")["usage"]["output_tokens"] == 4
    else:
        assert (found[0]["type"], found[0]["model"]) == ("message", model)
        assert found[0]["usage"]["output_tokens"] == 4
    sent = upstream.requests[-1]
    assert bool(sent.json.get("stream")) is stream
    assert not {"anthropic_version", "anthropic_beta"} & set(sent.json)
    if model == "m":
        assert sent.path == "/v1/chat/completions"
        assert sent.json["messages"][0] == {"role": "system", "content": "Be brief."}
        return
    assert sent.path == "/v1/messages"
    assert sent.headers["anthropic-beta"] == "context-1m-2025-08-07,other-2026"
    assert sent.headers["x-api-key"] == canary.ANTHROPIC
    assert (sent.json["system"], sent.json["max_tokens"]) == ("Be brief.", 64)
    assert sent.json["messages"] == made["messages"]


def test_claude_s_events_come_as_anthropic_sends_them(sdk, upstream):
    upstream.scripts["thinks"] = answers.streamed(*messages.events(messages.SAID, "tool_use"))
    found = invoked(sdk, True, claude("script:thinks"))
    sent = [event for _, event in messages.events(messages.SAID, "tool_use")]
    named = {**sent[0], "message": {**sent[0]["message"], "model": "claude"}}
    assert [one for one in found if one["type"] != "ping"] == [
        named,
        *(one for one in sent[1:] if one["type"] != "ping"),
    ]


@both
def test_nova_s_form_is_that_of_converse(gateway, sdk, stream):
    made = body(schemaVersion="messages-v1", inferenceConfig={"maxTokens": 64})
    found = invoked(sdk, stream, made, "m")
    answer = joined([(kind, event) for one in found for kind, event in one.items()]) if stream else found[0]
    assert words(answer) == "Hello from upstream"
    assert answer["usage"]["outputTokens"] == 4
    if stream:
        assert list(found[0]) == ["messageStart"] and list(found[-1]) == ["metadata"]


@both
@pytest.mark.parametrize("model", ["m", "claude"])
def test_openai_s_form(sdk, upstream, stream, model):
    made = {"messages": [{"role": "user", "content": "Hello"}], "max_completion_tokens": 64}
    found = invoked(sdk, stream, made, model)
    kind = "delta" if stream else "message"
    texts = [choice[kind].get("content") or "" for one in found for choice in one["choices"]]
    assert "".join(texts) == "Hello from upstream"
    assert bool(upstream.requests[-1].json.get("stream")) is stream


@both
@pytest.mark.parametrize("model", ["claude", "m"])
def test_errors_are_aws_s(gateway, sdk, upstream, stream, model):
    refusal = openai_error("no luck") if model == "m" else answers.anthropic_error("no luck", "rate_limit_error")
    upstream.scripts["failing"] = answers.error(429, refusal)
    with pytest.raises(sdk.exceptions.ThrottlingException, match="no luck"):
        invoked(sdk, stream, claude("script:failing"), model)
    action = "invoke-with-response-stream" if stream else "invoke"
    check_error(call(gateway, claude("script:failing"), action, model), 429, "ThrottlingException", "no luck")
    upstream.clear()
    check_error(call(gateway, claude(messages=7), action, model), 400, "ValidationException", "messages")
    check_error(call(gateway, claude(anthropic_beta="x"), action, model), 400, "ValidationException", "beta")
    assert upstream.requests == []


@pytest.mark.parametrize("model", ["claude", "m"])
def test_a_stream_that_breaks_off_ends_with_an_exception(gateway, upstream, model):
    begun = [piece("Hello")] if model == "m" else answers.message_events(["Hello"])[:3]
    upstream.scripts["breaks"] = answers.streamed(*begun, end=answers.cut)
    answer = call(gateway, claude("script:breaks"), "invoke-with-response-stream", model)
    assert answer.status == 200
    headers, payload = frames(answer)[-1]
    assert (headers[":message-type"], headers[":exception-type"]) == ("exception", "internalServerException")
    assert set(payload) == {"message"}


def test_the_head_of_a_stream(gateway):
    answer = call(gateway, claude(), "invoke-with-response-stream", "claude")
    assert answer.headers["content-type"] == "application/vnd.amazon.eventstream"
    assert answer.headers["x-amzn-bedrock-content-type"] == "application/json"
    assert chunks(answer)[-1] == {"type": "message_stop"}


@both
@pytest.mark.parametrize("operation", [CHAT, MESSAGES], ids=["chat", "messages"])
def test_the_record_has_the_provider_s_counts(start, upstream, tmp_path, stream, operation):
    log = Log(tmp_path)
    gateway = start(config(operation.deployment(upstream), **log.sections), env=log.environment)
    action = "invoke-with-response-stream" if stream else "invoke"
    assert call(gateway, claude(), action).status == 200
    (record,) = log.records()
    assert record["call_type"] == "allm_passthrough_route"
    assert tokens(record) == told(11, 4)
    assert record["metadata"]["user_api_key_request_route"] == f"/bedrock/model/{{model_id}}/{action}"
    assert "Hello from upstream" in json.dumps(record["response"])
