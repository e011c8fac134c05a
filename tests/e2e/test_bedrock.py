"""Bedrock's Converse at providers of OpenAI's and Anthropic's APIs: boto3 in front, unmodified."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError, EventStreamError

from support import answers, bedrock, canary, messages, paths
from support.answers import completion, openai_error, piece, usage_piece
from support.bedrock import TOOL, body, call, check_error, events, frames, joined, words
from support.gateway import Gateway, config
from support.metrics import scrape
from support.operations import CHAT, MESSAGES
from support.process import run
from support.records import Log, tokens, told
from support.weather import CITIES, SAID, anthropics, chats
from support.wire import Wire

PIXEL = b"\x89PNG\r\n\x1a\n\xfb\xff\xfe"
ARN = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/mine"


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts |= {"weather": chats, "thinks": anthropics}
    made = config(
        CHAT.deployment(upstream),
        CHAT.deployment(upstream, "thinks", model="openai/gpt-5"),
        CHAT.deployment(upstream, "openai/slashed"),
        CHAT.deployment(upstream, "us.amazon.nova-lite-v1:0"),
        CHAT.deployment(upstream, ARN),
        MESSAGES.deployment(upstream, "claude"),
    )
    running = Gateway(tmp_path_factory.mktemp("bedrock"), made)
    yield running
    assert running.stop() == 0


@pytest.fixture
def sdk(gateway):
    return bedrock.client(gateway.url + "/bedrock")


both = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


def asked(sdk, stream: bool, content="Hello", model="m", **settings) -> dict:
    """The answer: whole, or put together from its events."""
    turns = content if isinstance(content, list) else [{"role": "user", "content": [{"text": content}]}]
    if not stream:
        return sdk.converse(modelId=model, messages=turns, **settings)
    found = sdk.converse_stream(modelId=model, messages=turns, **settings)["stream"]
    return joined([(kind, event) for one in found for kind, event in one.items()])


@both
def test_text(sdk, upstream, stream):
    answer = asked(
        sdk,
        stream,
        system=[{"text": "Be brief."}],
        inferenceConfig={"temperature": 0.5, "topP": 0.9, "maxTokens": 64, "stopSequences": ["END"]},
    )
    assert words(answer) == "Hello from upstream"
    assert answer["stopReason"] == "end_turn"
    assert answer["usage"] == {"inputTokens": 11, "outputTokens": 4, "totalTokens": 15}
    assert answer["metrics"]["latencyMs"] >= 0
    sent = upstream.requests[-1]
    assert sent.path == "/v1/chat/completions"
    assert sent.headers["authorization"] == f"Bearer {canary.OPENAI}"
    assert sent.json["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello"},
    ]
    assert (sent.json["temperature"], sent.json["top_p"]) == (0.5, 0.9)
    assert (sent.json["max_tokens"], sent.json["stop"]) == (64, ["END"])
    assert bool(sent.json.get("stream")) is stream
    assert not {"inferenceConfig", "system", "modelId"} & set(sent.json)


def test_the_sdk_knows_the_request_s_id(sdk):
    metadata = asked(sdk, False)["ResponseMetadata"]
    assert metadata["RequestId"] == metadata["HTTPHeaders"]["x-litellm-call-id"]


@both
@pytest.mark.parametrize("model", ["m", "claude"])
def test_two_calls_of_tools_over_two_turns(sdk, upstream, stream, model):
    """What the model thought and signed comes back to it unchanged."""
    script = "weather" if model == "m" else "thinks"
    turns = [{"role": "user", "content": [{"text": f"Weather? script:{script}"}]}]
    more = {"toolConfig": {"tools": [TOOL], "toolChoice": {"auto": {}}}}
    if model == "claude":
        thinking = {"type": "enabled", "budget_tokens": 2048}
        more["additionalModelRequestFields"] = {"thinking": thinking}
        more["inferenceConfig"] = {"maxTokens": 4096}
    first = asked(sdk, stream, turns, model, **more)
    assert first["stopReason"] == "tool_use"
    content = first["output"]["message"]["content"]
    calls = [block["toolUse"] for block in content if "toolUse" in block]
    assert [(one["name"], one["input"]) for one in calls] == [
        ("get_weather", {"city": city}) for city in CITIES
    ]
    if model == "claude":
        assert content[0] == {
            "reasoningContent": {"reasoningText": {"text": "Hm.", "signature": "c2ln"}}
        }
    results = [
        {"toolResult": {"toolUseId": one["toolUseId"], "content": [{"text": "sunny"}]}}
        for one in calls
    ]
    turns += [first["output"]["message"], {"role": "user", "content": results}]
    assert words(asked(sdk, stream, turns, model, **more)) == SAID
    sent = upstream.requests[-1].json["messages"]
    if model == "claude":
        assert sent[1]["content"] == messages.SAID
        assert [block["tool_use_id"] for block in sent[2]["content"]] == [
            "toolu_Paris",
            "toolu_Rome",
        ]
        return
    _, turn, paris, rome = sent
    assert [one["id"] for one in turn["tool_calls"]] == ["call_Paris", "call_Rome"]
    assert (rome["role"], rome["tool_call_id"], rome["content"]) == ("tool", "call_Rome", "sunny")
    assert paris["tool_call_id"] == "call_Paris"


def test_an_image_and_documents(sdk, upstream):
    content = [
        {"image": {"format": "png", "source": {"bytes": PIXEL}}},
        {"document": {"format": "pdf", "name": "Report", "source": {"bytes": b"%PDF-"}}},
        {"document": {"format": "txt", "name": "Notes", "source": {"bytes": b"abc"}}},
        {"text": "What is it?"},
    ]
    assert words(asked(sdk, False, [{"role": "user", "content": content}]))
    image, pdf, text, question = upstream.requests[-1].json["messages"][0]["content"]
    assert image["image_url"]["url"] == "data:image/png;base64,iVBORw0KGgr7//4="
    assert pdf["file"]["filename"] == "Report.pdf"
    assert pdf["file"]["file_data"] == "data:application/pdf;base64,JVBERi0="
    assert text == {"type": "text", "text": "Notes\nabc"}
    assert question == {"type": "text", "text": "What is it?"}


@both
def test_json_by_a_schema(sdk, upstream, stream):
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer"}},
        "required": ["n"],
        "additionalProperties": False,
    }
    named = {"name": "number", "schema": json.dumps(schema)}
    form = {"type": "json_schema", "structure": {"jsonSchema": named}}
    asked(sdk, stream, outputConfig={"textFormat": form})
    assert upstream.requests[-1].json["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "number", "schema": schema, "strict": True},
    }


@both
def test_marks_reach_claude(sdk, upstream, stream):
    point = {"cachePoint": {"type": "default"}}
    turns = [{"role": "user", "content": [{"text": "Long."}, point, {"text": "Short."}]}]
    asked(
        sdk,
        stream,
        turns,
        "claude",
        system=[{"text": "Be brief."}, point],
        toolConfig={"tools": [TOOL, point]},
    )
    sent = upstream.requests[-1].json
    mark = {"type": "ephemeral"}
    assert sent["system"][-1]["cache_control"] == mark
    assert sent["tools"][-1]["cache_control"] == mark
    assert sent["messages"][0]["content"][0]["cache_control"] == mark
    assert "cache_control" not in sent["messages"][0]["content"][1]


@both
@pytest.mark.parametrize(
    ("finish", "expected"),
    [("stop", "end_turn"), ("length", "max_tokens"), ("content_filter", "content_filtered")],
)
def test_stop_reasons(sdk, upstream, stream, finish, expected):
    async def ends(exchange):
        if stream:
            pieces = piece("Hello"), piece(finish=finish), usage_piece()
            return await answers.streamed(*pieces)(exchange)
        made = completion("Hello")
        made["choices"][0]["finish_reason"] = finish
        await exchange.answer(200, made)

    upstream.scripts["ends"] = ends
    assert asked(sdk, stream, "script:ends")["stopReason"] == expected


FAILURES = {
    400: (400, "ValidationException"),
    401: (403, "UnrecognizedClientException"),
    403: (403, "AccessDeniedException"),
    404: (404, "ResourceNotFoundException"),
    429: (429, "ThrottlingException"),
    500: (500, "InternalServerException"),
    503: (503, "ServiceUnavailableException"),
}


@both
@pytest.mark.parametrize("status", FAILURES)
def test_errors_are_aws_s(gateway, sdk, upstream, stream, status):
    code, kind = FAILURES[status]
    refusal = answers.error(status, openai_error("no luck"), [("retry-after", "7")])
    upstream.scripts["failing"] = refusal
    # botocore makes a class of its own for every exception that its model of the API has.
    exception = getattr(sdk.exceptions, kind, ClientError)
    assert (exception is ClientError) is (kind == "UnrecognizedClientException")
    with pytest.raises(exception) as failed:
        asked(sdk, stream, "script:failing")
    assert failed.value.response["Error"]["Code"] == kind
    assert "no luck" in failed.value.response["Error"]["Message"]
    assert failed.value.response["ResponseMetadata"]["HTTPStatusCode"] == code
    assert failed.value.response["ResponseMetadata"]["RequestId"]
    answer = call(gateway, body("failing"), "converse-stream" if stream else "converse")
    check_error(answer, code, kind, "no luck")
    if status == 429:
        assert answer.headers["retry-after"] == "7"


SIGNED = "AWS4-HMAC-SHA256 Credential=sk-1/20261128/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=00"
VIDEO = {"video": {"format": "mp4", "source": {"bytes": "AAAA"}}}


@pytest.mark.parametrize(
    ("made", "options", "code", "kind", "said"),
    [
        (body(), {"model": "nobody"}, 400, "ValidationException", "nobody"),
        ({}, {}, 400, "ValidationException", "messages"),
        (b"{", {}, 400, "ValidationException", "JSON"),
        (body(inferenceConfig={"topP": "x"}), {}, 400, "ValidationException", "inferenceConfig.topP"),
        (body(guardrailConfig={"a": 1}), {}, 400, "ValidationException", "guardrailConfig"),
        ({"messages": [{"role": "user", "content": [VIDEO]}]}, {}, 400, "ValidationException", "video"),
        (body(), {"key": canary.WRONG}, 403, "UnrecognizedClientException", ""),
        (body(), {"key": None}, 403, "UnrecognizedClientException", "No api key"),
        (
            body(),
            {"key": None, "headers": {"authorization": SIGNED}},
            403,
            "UnrecognizedClientException",
            "AWS_BEARER_TOKEN_BEDROCK",
        ),
        ({"prompt": "Hello"}, {"action": "invoke"}, 400, "ValidationException", "Use Converse"),
    ],
    ids="model messages json shape guardrail video wrong-key no-key signature invoke".split(),
)
def test_errors_of_the_gateway_are_aws_s(gateway, upstream, made, options, code, kind, said):
    upstream.clear()
    check_error(call(gateway, made, **options), code, kind, said)
    assert upstream.requests == []


@pytest.mark.parametrize("together", [True, False], ids=["in-one-piece", "head-first"])
def test_a_refusal_is_the_same_whether_the_body_came_with_the_head_or_not(gateway, together):
    """Without its body the request is refused by its connection, with it by whoever answers requests."""
    content = json.dumps(body()).encode()
    head = f"POST /bedrock/model/m/converse HTTP/1.1\r\nhost: x\r\ncontent-length: {len(content)}\r\n\r\n".encode()
    with Wire(gateway.port) as wire:
        wire.send(head + content if together else head)
        answer = wire.answer()
    check_error(answer, 403, "UnrecognizedClientException", "No api key")


def test_a_signed_request_of_the_sdk_is_told_what_to_do(gateway):
    session = boto3.session.Session("AKIAEXAMPLE", "secret", region_name="us-east-1")
    signing = session.client("bedrock-runtime", endpoint_url=gateway.url + "/bedrock")
    with pytest.raises(ClientError, match="AWS_BEARER_TOKEN_BEDROCK"):
        asked(signing, False)


def test_the_key_in_a_header_of_its_own(gateway):
    answer = call(gateway, body(), key=None, headers={"x-api-key": canary.MASTER})
    assert answer.status == 200 and words(answer.json) == "Hello from upstream"


@both
def test_what_was_left_out_is_named(gateway, upstream, stream):
    action = "converse-stream" if stream else "converse"
    lost = {"requestMetadata": {"a": "b"}, "performanceConfig": {"latency": "optimized"}}
    answer = call(gateway, body(**lost), action)
    assert answer.status == 200, answer.body
    assert answer.headers["x-patchbay-dropped"] == "requestMetadata, performanceConfig"
    assert not set(lost) & set(upstream.requests[-1].json)


def test_the_head_of_a_stream(gateway):
    answer = call(gateway, body(), "converse-stream")
    assert answer.headers["content-type"] == "application/vnd.amazon.eventstream"
    assert answer.headers["x-amzn-requestid"] == answer.headers["x-litellm-call-id"]
    assert answer.headers["x-litellm-model-group"] == "m"
    kinds = [kind for kind, _ in events(answer)]
    assert kinds[0] == "messageStart" and kinds[-2:] == ["messageStop", "metadata"]


def test_metrics_are_told_by_route(gateway):
    before = scrape(gateway)
    assert call(gateway, body(), "converse-stream").status == 200
    after = scrape(gateway)
    route = "/bedrock/model/{model_id}/converse-stream"
    assert any(route in str(name) and after[name] > before.get(name, 0) for name in after)


def test_a_stream_that_breaks_off_ends_with_an_exception(gateway, sdk, upstream):
    upstream.scripts["breaks"] = answers.streamed(piece("Hello"), end=answers.cut)
    answer = call(gateway, body("breaks"), "converse-stream")
    assert answer.status == 200
    *begun, (headers, payload) = frames(answer)
    assert [one[0][":event-type"] for one in begun] == ["messageStart", "contentBlockDelta"]
    assert headers[":message-type"] == "exception"
    assert headers[":exception-type"] == "internalServerException"
    assert set(payload) == {"message"}
    with pytest.raises(EventStreamError) as failed:
        asked(sdk, True, "script:breaks")
    assert failed.value.response["Error"]["Code"] == "internalServerException"


@pytest.mark.parametrize("model", ["openai/slashed", "us.amazon.nova-lite-v1:0", ARN])
def test_models_whose_ids_the_sdk_encodes(gateway, sdk, model):
    assert words(asked(sdk, False, model=model)) == "Hello from upstream"
    bare = bedrock.client(gateway.url)  # without /bedrock
    assert words(asked(bare, True, model=model)) == "Hello from upstream"


@both
def test_the_record_and_metrics_have_the_provider_s_counts(start, upstream, tmp_path, stream):
    log = Log(tmp_path)
    gateway = start(config(CHAT.deployment(upstream), **log.sections), env=log.environment)
    action = "converse-stream" if stream else "converse"
    assert call(gateway, body(), action).status == 200
    (record,) = log.records()
    assert record["call_type"] == "allm_passthrough_route"
    assert tokens(record) == told(11, 4)
    route = f"/bedrock/model/{{model_id}}/{action}"
    assert record["metadata"]["user_api_key_request_route"] == route
    assert record["messages"] == body()["messages"]
    assert "Hello from upstream" in json.dumps(record["response"])


def test_the_node_sdk(gateway, upstream):
    upstream.scripts["failing"] = answers.error(429, openai_error("no luck"))
    upstream.scripts["breaks"] = answers.streamed(piece("Hello"), end=answers.cut)
    env = {
        **bedrock.ENVIRONMENT,
        "PATH": "/usr/bin:/bin",
        "GATEWAY_URL": gateway.url + "/bedrock",
        "GATEWAY_KEY": canary.MASTER,
    }
    status, output = run(
        [paths.node(), paths.E2E / "clients" / "bedrock.mjs"], env, paths.NODE_DIR, 60
    )
    assert status == 0, output
    seen = json.loads(output.splitlines()[-1])
    assert seen["whole"] == seen["streamed"]
    assert seen["whole"] == {"text": "Hello from upstream", "stop": "end_turn", "usage": [11, 4]}
    assert seen["calls"] == [
        {"toolUseId": f"call_{city}", "name": "get_weather", "input": {"city": city}}
        for city in CITIES
    ]
    assert seen["answer"] == SAID
    assert seen["failing"]["name"] == "ThrottlingException" and seen["failing"]["status"] == 429
    assert "no luck" in seen["failing"]["message"]
    assert seen["breaking"]["name"] == "InternalServerException"
    assert seen["invoked"] == "Hello from upstream"
    assert seen["invokedStream"] == "Hello from upstream"
