"""Bedrock's own clients at Bedrock: boto3 in front, unmodified; what it sent arrives byte for byte."""

import json

import pytest
from botocore.exceptions import EventStreamError

from support import bedrock, canary
from support.bedrock import body, call, events, events_of, frame, joined, told
from support.gateway import Gateway, config, deployment
from support.records import Log, tokens
from support.records import told as counted
from support.wire import ask, chat

MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
THOUGHT = {"reasoningContent": {"reasoningText": {"text": "Hm.", "signature": "EqQB"}}}
CALL = {"toolUse": {"toolUseId": "tooluse_1", "name": "get_weather", "input": {"city": "Paris"}}}
SAID = told([THOUGHT, {"text": "Let me see."}, CALL], "tool_use")
PATH = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1:0/"


def streams(exchange) -> bool:
    return exchange.path.endswith("-stream")


async def says(exchange):
    if streams(exchange):
        return await bedrock.streamed(*events_of(SAID))(exchange)
    await exchange.answer(200, SAID)


async def refuses(exchange):
    headers = [("x-amzn-errortype", "ThrottlingException"), ("retry-after", "7")]
    await exchange.answer(429, {"message": "Too many requests"}, headers)


async def breaks(exchange):
    begun = events_of(SAID)[:2]
    await bedrock.streamed(*begun, frame("modelStreamErrorException", {"message": "it broke"}, "exception"))(exchange)


async def is_cut(exchange):
    await bedrock.streamed(*events_of(SAID)[:2])(exchange)


def claude(upstream) -> dict:
    return deployment("claude", f"bedrock/{MODEL}", upstream.url, canary.OTHER_MASTER)


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts |= {"says": says, "refuses": refuses, "breaks": breaks, "is_cut": is_cut}
    running = Gateway(tmp_path_factory.mktemp("bedrock-provider"), config(claude(upstream)))
    yield running
    assert running.stop() == 0


@pytest.fixture
def sdk(gateway):
    return bedrock.client(gateway.url + "/bedrock")


both = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


def asked(sdk, stream: bool, script: str, **more) -> dict:
    """Converse by boto3, as a whole answer."""
    made = {"modelId": "claude", **body(script), **more}
    if not stream:
        return sdk.converse(**made)
    return joined(next(iter(event.items())) for event in sdk.converse_stream(**made)["stream"])


@both
def test_what_the_sdk_sends_arrives_as_it_is(sdk, upstream, stream):
    sent = []
    sdk.meta.events.register("before-send.bedrock-runtime", lambda request, **_: sent.append(request.body))
    answer = asked(sdk, stream, "says", guardrailConfig={"guardrailIdentifier": "g", "guardrailVersion": "1"})
    assert answer["output"]["message"]["content"] == SAID["output"]["message"]["content"]
    assert answer["stopReason"] == "tool_use"
    assert answer["usage"] == SAID["usage"]
    got = upstream.requests[-1]
    assert got.path == PATH + ("converse-stream" if stream else "converse")
    assert got.body == sent[-1]
    assert got.headers["authorization"] == f"Bearer {canary.OTHER_MASTER}"
    assert canary.MASTER not in str(got.headers)


def test_the_events_are_those_of_the_provider(gateway):
    answer = call(gateway, body("says"), "converse-stream", "claude")
    assert events(answer) == events_of(SAID)


@both
def test_a_refusal_is_the_provider_s(sdk, stream):
    with pytest.raises(sdk.exceptions.ThrottlingException) as failed:
        asked(sdk, stream, "refuses")
    assert "Too many requests" in failed.value.response["Error"]["Message"]


@pytest.mark.parametrize(("script", "said"), [("breaks", "it broke"), ("is_cut", "ended before its answer did")])
def test_a_stream_that_breaks_ends_with_an_exception(sdk, script, said):
    with pytest.raises(EventStreamError) as failed:
        asked(sdk, True, script)
    assert said in str(failed.value)


@both
def test_what_an_answer_used_is_read_on_its_way(start, upstream, tmp_path, stream):
    upstream.scripts["says"] = says
    log = Log(tmp_path)
    gateway = start(config(claude(upstream), **log.sections), env=log.environment)
    action = "converse-stream" if stream else "converse"
    assert call(gateway, body("says"), action, "claude").status == 200
    (record,) = log.records()
    assert tokens(record) == counted(11, 4)


@both
def test_chat_names_what_it_left_out(gateway, upstream, stream):
    made = chat("says", "claude", seed=1, drop_params=True, stream=stream)
    answer = ask(gateway.port, made)
    assert answer.status == 200, answer.body
    assert answer.headers["x-patchbay-dropped"] == "seed"
    assert "seed" not in upstream.requests[-1].json
    refused = ask(gateway.port, chat("says", "claude", seed=1, stream=stream))
    assert refused.status == 400
    assert "bedrock does not support parameters: ['seed']" in refused.error["message"]


@both
def test_chat_shows_thoughts_text_and_calls(gateway, stream):
    answer = ask(gateway.port, chat("says", "claude", stream=stream))
    if not stream:
        message = answer.json["choices"][0]["message"]
        assert message["content"] == "Let me see."
        assert message["reasoning_content"] == "Hm."
        assert message["thinking_blocks"] == [{"type": "thinking", "thinking": "Hm.", "signature": "EqQB"}]
        assert json.loads(message["tool_calls"][0]["function"]["arguments"]) == {"city": "Paris"}
        return
    deltas = [json.loads(event)["choices"][0]["delta"] for event in answer.events[:-1] if json.loads(event)["choices"]]
    assert "".join(delta.get("content") or "" for delta in deltas) == "Let me see."
    assert "".join(delta.get("reasoning_content") or "" for delta in deltas) == "Hm."
