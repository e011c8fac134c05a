"""/v1/responses at providers that do not speak it: translated to chat and back, for OpenAI's SDK."""

import json

import openai
import pytest

from support import answers, canary, messages
from support.answers import completion, openai_error, piece, usage_piece
from support.gateway import Gateway, config, deployment
from support.operations import RESPONSES
from support.responses import CITIES, CODEX, TOOL, dumped
from support.wire import ask

CALLS = [
    {
        "id": f"call_{city}",
        "type": "function",
        "function": {"name": "get_weather", "arguments": json.dumps({"city": city})},
    }
    for city in CITIES
]
PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
both = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


async def calls(exchange):
    """Two calls in the words of the provider that is asked; as a stream their arguments come in turns."""
    if answers.is_messages(exchange):
        return await messages.says(exchange)
    if not exchange.json.get("stream"):
        made = completion(None)
        made["choices"][0]["message"] |= {"content": "I look.", "tool_calls": CALLS}
        made["choices"][0]["finish_reason"] = "tool_calls"
        return await exchange.answer(200, made)
    found = [piece("I "), piece("look.")]
    for half in (slice(0, 6), slice(6, None)):
        for index, call in enumerate(CALLS):
            part = {"index": index, "function": {"arguments": call["function"]["arguments"][half]}}
            if half.start == 0:
                part = {**call, **part, "function": {**part["function"], "name": "get_weather"}}
            one = piece()
            one["choices"][0]["delta"] = {"tool_calls": [part]}
            found.append(one)
    found += [piece(finish="tool_calls"), usage_piece()]
    await answers.streamed(*found)(exchange)


def says(**members):
    """A script whose answer has these members of a message."""

    async def script(exchange):
        made = completion(None)
        made["choices"][0]["message"] |= members
        if not exchange.json.get("stream"):
            return await exchange.answer(200, made)
        one = piece()
        one["choices"][0]["delta"] = members
        await answers.streamed(one, piece(finish="stop"), usage_piece())(exchange)

    return script


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["calls"] = calls
    made = config(
        # The name of the script stands in `user`.
        deployment(
            "m", "openai_like/gpt-4o", upstream.url + "/v1", canary.OPENAI, allowed_openai_params=["user"]
        ),
        deployment("claude", "anthropic/claude-sonnet-4-5", upstream.url, canary.ANTHROPIC),
    )
    running = Gateway(tmp_path_factory.mktemp("responses-hub"), made)
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(gateway):
    with openai.OpenAI(
        base_url=gateway.url + "/v1", api_key=canary.MASTER, max_retries=0
    ) as made:
        yield made


def final(client, stream: bool, script="default", **more):
    """The response, asked for whole or as a stream."""
    body = {**RESPONSES.body(script), **more}
    if not stream:
        return client.responses.create(**body)
    with client.responses.stream(**body) as running:
        numbers = [event.sequence_number for event in running]
        assert numbers == list(range(len(numbers)))
        return running.get_final_response()


@both
def test_text(client, upstream, stream):
    answer = final(
        client, stream, instructions="Be brief.", temperature=0.5, max_output_tokens=64, store=False
    )
    assert (answer.output_text, answer.model, answer.status) == ("Hello from upstream", "m", "completed")
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (11, 4)
    assert answer.id == "resp_up1" and answer.created_at == 1700000000
    assert (answer.instructions, answer.temperature, answer.store) == ("Be brief.", 0.5, False)
    (item,) = answer.output
    assert item.id.startswith("msg_") and item.status == "completed"
    sent = upstream.requests[-1]
    assert sent.path == "/v1/chat/completions"
    assert sent.json["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello"},
    ]
    assert (sent.json["temperature"], sent.json["max_tokens"]) == (0.5, 64)
    assert not {"input", "instructions", "store"} & set(sent.json)


@both
@pytest.mark.parametrize("model", ["m", "claude"])
def test_two_calls_of_tools_over_two_turns(client, upstream, stream, model):
    first = final(client, stream, "calls", model=model, tools=[TOOL], tool_choice="required")
    made = [item for item in first.output if item.type == "function_call"]
    ids = [f"toolu_{city}" if model == "claude" else f"call_{city}" for city in CITIES]
    assert [item.call_id for item in made] == ids
    assert [json.loads(item.arguments) for item in made] == [{"city": city} for city in CITIES]
    assert first.output_text == "I look." and first.status == "completed"
    turns = [{"role": "user", "content": "Hello"}, *dumped(first.output)]
    turns += [
        {"type": "function_call_output", "call_id": one, "output": said}
        for one, said in zip(ids, ("sunny", [{"type": "input_image", "image_url": PIXEL}]), strict=True)
    ]
    second = final(client, stream, model=model, input=turns, tools=[TOOL])
    assert second.output_text == "Hello from upstream"
    sent = upstream.requests[-1].json["messages"]
    if model == "claude":
        _, said, results = sent
        # The thought comes back with its signature, as it was.
        assert said["content"] == messages.SAID
        assert [part["tool_use_id"] for part in results["content"] if part["type"] == "tool_result"] == ids
        assert any(part["type"] == "image" for part in results["content"])
    else:
        _, said, paris, rome, shown = sent
        assert said["content"] == "I look." and [call["id"] for call in said["tool_calls"]] == ids
        assert paris == {"role": "tool", "tool_call_id": ids[0], "content": "sunny"}
        assert rome["tool_call_id"] == ids[1]
        assert shown["content"][-1] == {"type": "image_url", "image_url": {"url": PIXEL}}


@both
def test_thoughts(client, upstream, stream):
    answer = final(client, stream, "calls", model="claude", reasoning={"effort": "low"})
    thought = answer.output[0]
    assert thought.type == "reasoning" and thought.summary[0].text == "Hm."
    assert thought.encrypted_content.startswith("pb1.messages.")
    assert upstream.requests[-1].json["thinking"]["type"] in ("enabled", "adaptive")


@both
def test_a_schema_and_an_image(client, upstream, stream):
    upstream.scripts["json"] = says(content='{"n": 4}')
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"], "additionalProperties": False}
    turn = {
        "role": "user",
        "content": [
            {"type": "input_text", "text": "How many?"},
            {"type": "input_image", "image_url": PIXEL, "detail": "low"},
        ],
    }
    answer = final(
        client,
        stream,
        "json",
        input=[turn],
        text={"format": {"type": "json_schema", "name": "n", "schema": schema, "strict": True}},
    )
    assert json.loads(answer.output_text) == {"n": 4}
    sent = upstream.requests[-1].json
    assert sent["response_format"]["json_schema"] == {"name": "n", "schema": schema, "strict": True}
    assert sent["messages"][0]["content"][1]["image_url"] == {"url": PIXEL, "detail": "low"}


@both
def test_a_refusal(client, upstream, stream):
    upstream.scripts["refusal"] = says(content=None, refusal="I cannot.")
    (item,) = final(client, stream, "refusal").output
    assert [part.model_dump() for part in item.content] == [{"type": "refusal", "refusal": "I cannot."}]


@both
def test_an_answer_that_was_too_long(client, upstream, stream):
    async def script(exchange):
        if exchange.json.get("stream"):
            return await answers.streamed(piece("ab"), piece(finish="length"), usage_piece())(exchange)
        made = completion("ab")
        made["choices"][0]["finish_reason"] = "length"
        await exchange.answer(200, made)

    upstream.scripts["long"] = script
    body = {**RESPONSES.body("long"), "stream": stream}
    if stream:
        *_, last = client.responses.create(**body)
        assert last.type == "response.incomplete"
        answer = last.response
    else:
        answer = client.responses.create(**body)
    assert (answer.status, answer.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    assert answer.output[-1].status == "incomplete"


@both
@pytest.mark.parametrize("model", ["m", "claude"])
def test_requests_of_codex(gateway, upstream, model, stream):
    """None of what it sends ends in a 400; what gets lost on the way is named."""
    body = {**CODEX, "model": model, "stream": stream, "user": "script:default"}
    answer = ask(gateway.port, body, path=RESPONSES.path)
    assert answer.status == 200, answer.body
    lost = answer.headers["x-patchbay-dropped"]
    assert {"tools.custom", "tools.web_search", "input.encrypted_content"} <= set(lost.split(", "))
    assert b"Hello from upstream" in answer.body or b" upstream" in answer.body


@both
def test_a_custom_tool(client, upstream, stream):
    patch = "*** Begin Patch\n*** End Patch"
    call = {
        "id": "call_1",
        "type": "function",
        "function": {"name": "apply_patch", "arguments": json.dumps({"input": patch})},
    }
    if stream:
        call["index"] = 0
    upstream.scripts["patch"] = says(tool_calls=[call])
    tools = [{"type": "custom", "name": "apply_patch", "description": "Patches."}]
    body = {**RESPONSES.body("patch"), "tools": tools, "stream": stream}
    if stream:
        seen = list(client.responses.create(**body))
        deltas = [e.delta for e in seen if e.type == "response.custom_tool_call_input.delta"]
        assert "".join(deltas) == patch
        answer = seen[-1].response
    else:
        answer = client.responses.create(**body)
    (item,) = answer.output
    assert (item.type, item.call_id, item.name, item.input) == ("custom_tool_call", "call_1", "apply_patch", patch)


def test_state_is_refused_in_words(client, upstream):
    upstream.clear()
    for more, words in (
        ({"previous_response_id": "resp_1"}, "Previous response with id 'resp_1' not found"),
        ({"background": True}, "keeps no responses"),
        ({"conversation": "conv_1"}, "keeps no responses"),
    ):
        with pytest.raises(openai.BadRequestError, match=words):
            client.responses.create(**RESPONSES.body(), **more)
    assert upstream.requests == []


@both
def test_errors_are_the_sdks_own(client, upstream, stream):
    async def refuses(exchange):
        await exchange.answer(429, openai_error("slow down"), [("retry-after", "7")])

    upstream.scripts["refuses"] = refuses
    with pytest.raises(openai.RateLimitError) as raised:
        client.responses.create(**RESPONSES.body("refuses"), stream=stream)
    assert raised.value.response.headers["retry-after"] == "7"


def test_a_stream_that_is_cut_ends_as_a_failed_response(client, upstream):
    async def hang_up(exchange):
        exchange.close()

    upstream.scripts["cut"] = answers.streamed(piece("Hel"), end=hang_up)
    *_, last = client.responses.create(**RESPONSES.body("cut"), stream=True)
    assert last.type == "response.failed" and last.response.status == "failed"
    assert last.response.error.code == "server_error" and "cut off" in last.response.error.message
