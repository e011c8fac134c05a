"""Gemini's generateContent at providers of OpenAI's and Anthropic's APIs: Google's SDK in front, unmodified."""

import json

import pytest
from google.genai import errors, types

from support import answers, canary, messages, paths
from support.answers import completion, openai_error, piece, usage_piece
from support.gateway import Gateway, config
from support.gemini import GEMINI_CLI, TOOL, body, call, check_error, client, responses, words
from support.metrics import scrape
from support.operations import CHAT, MESSAGES
from support.process import run
from support.records import Log, tokens, told
from support.weather import CITIES, SAID, anthropics, chats

PIXEL = b"\x89PNG\r\n\x1a\n\xfb\xff\xfe"


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts |= {"weather": chats, "thinks": anthropics}
    made = config(
        CHAT.deployment(upstream),
        # OpenAI's own models refuse top_k, which Gemini CLI always sends.
        CHAT.deployment(upstream, "cli", additional_drop_params=["top_k"]),
        CHAT.deployment(
            upstream, "thinks", model="openai/gpt-5", additional_drop_params=["top_k"]
        ),
        CHAT.deployment(upstream, "openai/slashed"),
        MESSAGES.deployment(upstream, "claude"),
    )
    running = Gateway(tmp_path_factory.mktemp("gemini"), made)
    yield running
    assert running.stop() == 0


@pytest.fixture
def sdk(gateway):
    with client(gateway.url) as made:
        yield made


both = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


def asked(sdk, stream: bool, contents="Hello", model="m", **settings):
    """The responses: one, or those of a stream."""
    settings = types.GenerateContentConfig(**settings)
    if not stream:
        return [sdk.models.generate_content(model=model, contents=contents, config=settings)]
    return list(
        sdk.models.generate_content_stream(model=model, contents=contents, config=settings)
    )


def parts_of(found) -> list[types.Part]:
    return [part for one in found for part in one.candidates[0].content.parts]


@both
def test_text(sdk, upstream, stream):
    found = asked(
        sdk,
        stream,
        system_instruction="Be brief.",
        temperature=0.5,
        top_p=0.9,
        max_output_tokens=64,
        stop_sequences=["END"],
    )
    last = found[-1]
    assert "".join(one.text or "" for one in found) == "Hello from upstream"
    assert last.candidates[0].finish_reason == types.FinishReason.STOP
    assert (last.model_version, last.response_id) == ("m", "chatcmpl-up1")
    usage = last.usage_metadata
    assert (usage.prompt_token_count, usage.candidates_token_count) == (11, 4)
    assert usage.total_token_count == 15
    sent = upstream.requests[-1]
    assert sent.path == "/v1/chat/completions"
    assert sent.headers["authorization"] == f"Bearer {canary.OPENAI}"
    assert "x-goog-api-key" not in sent.headers
    assert sent.json["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello"},
    ]
    assert (sent.json["temperature"], sent.json["top_p"]) == (0.5, 0.9)
    assert (sent.json["max_tokens"], sent.json["stop"]) == (64, ["END"])
    assert bool(sent.json.get("stream")) is stream
    assert not {"contents", "generationConfig", "systemInstruction"} & set(sent.json)


@both
def test_two_calls_of_tools_over_two_turns(sdk, upstream, stream):
    question = types.Content(role="user", parts=[types.Part(text="script:weather")])
    first = asked(sdk, stream, [question], tools=[TOOL])
    calls = [part.function_call for part in parts_of(first) if part.function_call]
    assert [(one.id, one.name, one.args) for one in calls] == [
        (f"call_{city}", "get_weather", {"city": city}) for city in CITIES
    ]
    sent = upstream.requests[-1].json["tools"][0]["function"]
    assert sent["parameters"] == {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    }
    said = types.Content(role="model", parts=parts_of(first))
    results = [
        types.Part(
            function_response=types.FunctionResponse(
                id=one.id, name=one.name, response={"output": "sunny"}
            )
        )
        for one in reversed(calls)
    ]
    results = types.Content(role="user", parts=results)
    second = asked(sdk, stream, [question, said, results], tools=[TOOL])
    assert "".join(one.text or "" for one in second) == SAID
    _, turn, rome, paris = upstream.requests[-1].json["messages"]
    assert [one["id"] for one in turn["tool_calls"]] == ["call_Paris", "call_Rome"]
    assert (rome["role"], rome["tool_call_id"], rome["content"]) == ("tool", "call_Rome", "sunny")
    assert paris["tool_call_id"] == "call_Paris"


@both
@pytest.mark.parametrize("model", ["m", "claude"])
def test_a_chat_of_the_sdk_calls_functions_by_itself(sdk, upstream, stream, model):
    """And keeps what it got as its history: signed thoughts of Claude's come back to it unchanged."""
    heard = []

    def get_weather(city: str) -> str:
        """The weather of a city."""
        heard.append(city)
        return "sunny"

    script = "weather" if model == "m" else "thinks"
    thinking = types.ThinkingConfig(thinking_budget=2048, include_thoughts=True)
    more = {} if model == "m" else {"thinking_config": thinking, "max_output_tokens": 4096}
    chat = sdk.chats.create(
        model=model, config=types.GenerateContentConfig(tools=[get_weather], **more)
    )
    text = f"Weather? script:{script}"
    if stream:
        answer = "".join(one.text or "" for one in chat.send_message_stream(text))
    else:
        answer = chat.send_message(text).text
    assert answer.endswith(SAID) and sorted(heard) == ["Paris", "Rome"]
    if model == "claude":
        turn = upstream.requests[-1].json["messages"][1]
        assert turn["content"][0] == messages.THINKING
        assert [block["type"] for block in turn["content"]] == [
            "thinking",
            "text",
            "tool_use",
            "tool_use",
        ]
    again = chat.send_message(f"And now? script:{script}")
    assert again.text == SAID
    assert len(chat.get_history(curated=True)) == len(chat.get_history())


@both
@pytest.mark.parametrize("wanted", [True, False], ids=["asked", "unasked"])
def test_thoughts_are_shown_if_asked_for(sdk, stream, wanted):
    thinking = types.ThinkingConfig(thinking_budget=2048, include_thoughts=wanted)
    found = asked(
        sdk, stream, "script:thinks", "claude", thinking_config=thinking, max_output_tokens=4096
    )
    thoughts = [part.text for part in parts_of(found) if part.thought]
    assert "".join(thoughts) == ("Hm." if wanted else "")
    signed = [part for part in parts_of(found) if part.thought_signature]
    assert len(signed) == 1 and signed[0].text and not signed[0].thought


def test_an_image(sdk, upstream):
    contents = [types.Part.from_bytes(data=PIXEL, mime_type="image/png"), "What is it?"]
    assert asked(sdk, False, contents)[0].text
    image, question = upstream.requests[-1].json["messages"][0]["content"]
    # The SDK has base64 in the alphabet of URLs, and data URLs in the other one.
    assert image["image_url"]["url"] == "data:image/png;base64,iVBORw0KGgr7//4="
    assert question == {"type": "text", "text": "What is it?"}


@both
def test_json_by_a_schema(sdk, upstream, stream):
    schema = types.Schema(
        type=types.Type.OBJECT, properties={"n": types.Schema(type=types.Type.INTEGER)}
    )
    asked(
        sdk, stream, response_mime_type="application/json", response_schema=schema, candidate_count=2
    )
    sent = upstream.requests[-1].json
    assert sent["response_format"]["json_schema"]["schema"] == {
        "type": "object",
        "properties": {"n": {"type": "integer"}},
    }
    assert sent["n"] == 2


@both
@pytest.mark.parametrize(
    ("finish", "expected"),
    [("stop", "STOP"), ("length", "MAX_TOKENS"), ("content_filter", "SAFETY")],
)
def test_finish_reasons(sdk, upstream, stream, finish, expected):
    async def ends(exchange):
        if stream:
            events = piece("Hello"), piece(finish=finish), usage_piece()
            return await answers.streamed(*events)(exchange)
        made = completion("Hello")
        made["choices"][0]["finish_reason"] = finish
        await exchange.answer(200, made)

    upstream.scripts["ends"] = ends
    assert asked(sdk, stream, "script:ends")[-1].candidates[0].finish_reason.name == expected


FAILURES = {
    400: (400, "INVALID_ARGUMENT", errors.ClientError),
    401: (401, "UNAUTHENTICATED", errors.ClientError),
    404: (404, "NOT_FOUND", errors.ClientError),
    429: (429, "RESOURCE_EXHAUSTED", errors.ClientError),
    500: (500, "INTERNAL", errors.ServerError),
    503: (503, "UNAVAILABLE", errors.ServerError),
}


@both
@pytest.mark.parametrize("status", FAILURES)
def test_errors_are_google_s(gateway, sdk, upstream, stream, status):
    code, word, exception = FAILURES[status]
    refusal = answers.error(status, openai_error("no luck"), [("retry-after", "7")])
    upstream.scripts["failing"] = refusal
    with pytest.raises(exception) as failed:
        asked(sdk, stream, "script:failing")
    assert (failed.value.code, failed.value.status) == (code, word)
    assert "no luck" in failed.value.message
    action = "streamGenerateContent" if stream else "generateContent"
    answer = call(gateway, body("failing"), action)
    assert answer.status == code
    value = answer.json
    if stream:
        (value,) = value  # who asked for an array gets one
    check_error(value, code, word, "no luck")
    if status == 429:
        waits = [one["retryDelay"] for one in value["error"]["details"] if "retryDelay" in one]
        assert waits == ["7s"] and answer.headers["retry-after"] == "7"


@pytest.mark.parametrize(
    ("made", "options", "code", "word", "said"),
    [
        (body(), {"model": "nobody"}, 400, "INVALID_ARGUMENT", "nobody"),
        ({}, {}, 400, "INVALID_ARGUMENT", "contents"),
        (b"{", {}, 400, "INVALID_ARGUMENT", "JSON"),
        (body(generationConfig={"topP": "x"}), {}, 400, "INVALID_ARGUMENT", "generationConfig.topP"),
        (body(safetySettings=[{"threshold": "X"}]), {}, 400, "INVALID_ARGUMENT", "drop_params"),
        (body(), {"key": canary.WRONG}, 401, "UNAUTHENTICATED", ""),
        (body(), {"headers": {}}, 401, "UNAUTHENTICATED", ""),
    ],
    ids=["model", "contents", "json", "shape", "unsupported", "wrong key", "no key"],
)
def test_errors_of_the_gateway_are_google_s(gateway, upstream, made, options, code, word, said):
    upstream.clear()
    answer = call(gateway, made, **options)
    assert answer.status == code
    check_error(answer.json, code, word, said)
    assert upstream.requests == []


@both
def test_what_was_left_out_is_named(gateway, upstream, stream):
    action = "streamGenerateContent" if stream else "generateContent"
    lost = {"labels": {"a": "b"}, "safetySettings": [{"threshold": "BLOCK_LOW_AND_ABOVE"}]}
    answer = call(gateway, body(**lost, drop_params=True), action)
    assert answer.status == 200, answer.body
    assert answer.headers["x-patchbay-dropped"] == "labels, safetySettings"
    assert not {"labels", "safetySettings", "drop_params"} & set(upstream.requests[-1].json)


def test_metrics_are_told_by_route(gateway):
    before = scrape(gateway)
    assert call(gateway, body(), "streamGenerateContent").status == 200
    after = scrape(gateway)
    route = "/v1beta/models/{model_name}:streamGenerateContent"
    assert any(route in str(name) and after[name] > before.get(name, 0) for name in after)


def test_a_stream_that_breaks_off_is_an_error_and_does_not_look_whole(gateway, sdk, upstream):
    upstream.scripts["breaks"] = answers.streamed(piece("Hello"), end=answers.cut)
    answer = call(gateway, body("breaks"), "streamGenerateContent", query={"alt": "sse"})
    assert answer.status == 200 and not answer.complete
    first, last = responses(answer)
    assert words([first]) == "Hello" and "finishReason" not in first["candidates"][0]
    check_error(last, 500, "INTERNAL", "")
    array = call(gateway, body("breaks"), "streamGenerateContent")
    assert not array.complete and array.json[0] == first and len(array.json) == 2
    check_error(array.json[1], 500, "INTERNAL", "")
    with pytest.raises(Exception) as failed:
        asked(sdk, True, "script:breaks")
    assert not isinstance(failed.value, AssertionError)


def test_a_stream_without_alt_is_one_array(gateway):
    answer = call(gateway, body(), "streamGenerateContent")
    assert answer.headers["content-type"].startswith("application/json")
    assert words(answer.json) == "Hello from upstream"
    assert [one["candidates"][0].get("finishReason") for one in answer.json] == [
        None,
        None,
        None,
        "STOP",
    ]
    events = call(gateway, body(), "streamGenerateContent", query={"alt": "sse"})
    assert events.headers["content-type"].startswith("text/event-stream")
    assert responses(events) == answer.json


@pytest.mark.parametrize("prefix", ["/v1beta", "/v1", ""])
def test_paths_and_names_with_slashes(gateway, upstream, prefix):
    for model in ("m", "openai/slashed", "openai%2Fslashed"):
        answer = call(gateway, body(), path=f"{prefix}/models/{model}:generateContent")
        assert answer.status == 200, answer.body
        assert answer.json["modelVersion"] == model.replace("%2F", "/")


def test_the_key_may_stand_in_the_query_and_goes_no_further(gateway, upstream):
    assert call(gateway, body(), key=canary.MASTER).status == 200
    sent = upstream.requests[-1]
    assert canary.MASTER not in sent.path and canary.MASTER not in str(sent.headers)
    assert canary.MASTER not in gateway.output


@pytest.mark.parametrize("model", ["cli", "thinks", "claude"])
def test_a_request_as_gemini_cli_sends_it(gateway, upstream, model):
    made = {**GEMINI_CLI, "drop_params": True}
    headers = {"x-goog-api-key": canary.MASTER, "user-agent": "GeminiCLI/0.20.0/gemini-pro"}
    answer = call(
        gateway, made, "streamGenerateContent", model, query={"alt": "sse"}, headers=headers
    )
    assert answer.status == 200, answer.body
    assert words(responses(answer)) == "Hello from upstream"
    sent = upstream.requests[-1].json
    if model == "claude":
        assert sent["messages"][-1]["content"][0]["tool_use_id"] == "call_3_0"
        return
    assert [one["role"] for one in sent["messages"]] == [
        "system",
        "user",
        "assistant",
        "user",
        "assistant",
        "tool",
    ]
    assert sent["messages"][-1] == {"role": "tool", "tool_call_id": "call_3_0", "content": "text"}
    assert "top_k" not in sent and "thinking" not in sent
    assert sent.get("reasoning_effort") == ("high" if model == "thinks" else None)


@both
def test_the_record_and_metrics_have_the_provider_s_counts(start, upstream, tmp_path, stream):
    log = Log(tmp_path)
    gateway = start(config(CHAT.deployment(upstream), **log.sections), env=log.environment)
    action = "streamGenerateContent" if stream else "generateContent"
    assert call(gateway, body(), action).status == 200
    (record,) = log.records()
    assert record["call_type"] == "agenerate_content" + ("_stream" if stream else "")
    assert tokens(record) == told(11, 4)
    route = f"/v1beta/models/{{model_name}}:{action}"
    assert record["metadata"]["user_api_key_request_route"] == route
    assert record["messages"] == body()["contents"]
    assert "Hello from upstream" in json.dumps(record["response"])


def test_the_node_sdk(gateway, upstream):
    upstream.scripts["failing"] = answers.error(429, openai_error("no luck"))
    env = {"PATH": "/usr/bin:/bin", "GATEWAY_URL": gateway.url, "GATEWAY_KEY": canary.MASTER}
    status, output = run(
        [paths.node(), paths.E2E / "clients" / "gemini.mjs"], env, paths.NODE_DIR, 60
    )
    assert status == 0, output
    seen = json.loads(output.splitlines()[-1])
    assert seen["whole"] == seen["streamed"]
    assert seen["whole"]["text"] == "Hello from upstream"
    assert seen["whole"]["usage"] == [11, 4] and seen["whole"]["finish"] == "STOP"
    assert seen["calls"] == [
        {"id": f"call_{city}", "name": "get_weather", "args": {"city": city}} for city in CITIES
    ]
    assert seen["answer"] == SAID and seen["history"] == 4
    assert (seen["failing"]["name"], seen["failing"]["status"]) == ("ApiError", 429)
    assert "RESOURCE_EXHAUSTED" in seen["failing"]["message"]
