"""How a provider's stream may end, and what the client sees of it: docs/streams.md, row by row."""

import json

import pytest

from support import answers, canary
from support.gateway import Gateway, config, deployment
from support.wire import ask, chat

OPENAI = ["passed", "read"]


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    """`passed`: the host passes streams through; `read`: a row with rules for answers; `claude`. With retries."""
    made = config(
        deployment("passed", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        deployment("read", "hosted_vllm/m", upstream.url + "/v1", canary.OPENAI),
        deployment("claude", "anthropic/claude-x", upstream.url, canary.ANTHROPIC),
        num_retries=2,
    )
    running = Gateway(tmp_path_factory.mktemp("ends"), made)
    yield running
    assert running.stop() == 0


def event(value) -> str:
    return f"data: {json.dumps(value)}\n\n"


A = event(answers.piece("a"))
B = event(answers.piece("b"))
STOP = event(answers.piece(finish="stop"))
USAGE = event(answers.usage_piece())
DONE = "data: [DONE]\n\n"


def streaming(body: str, ending: str = "clean"):
    async def script(exchange):
        await exchange.start_stream()
        if body:
            await exchange.chunk(body.encode())
        if ending == "clean":
            await exchange.finish()
        else:
            exchange.close()

    return script


def said(events) -> str:
    values = [json.loads(one) for one in events if one != "[DONE]"]
    return "".join(
        choice["delta"].get("content") or ""
        for value in values
        for choice in value.get("choices", [])
    )


COMPLETE = {
    "finish and mark": A + B + STOP + DONE,
    "finish": A + B + STOP,
    "finish and usage": A + B + STOP + USAGE,
    "mark": A + B + DONE,
    "unterminated mark": (A + B + STOP + DONE)[:-2],
    "mark with one line end": (A + B + STOP + DONE)[:-1],
    "unterminated finish": (A + B + STOP)[:-2],
    "empty data": "data: \n\n" + A + "data:\n\ndata\n\n" + B + STOP + DONE,
    "comments and names": ": x\n\nevent: ping\n\n" + A + B + STOP + DONE,
    "keep-alives": "data: null\n\n" + A + "event: ping\r\ndata: 2026-01-01 12:00:00\r\n\r\n"
    + B + event({"type": "ping"}) + STOP + event({}) + DONE,
    "quoted mark": A + B + 'data: "[DONE]"\n\n',
    "nonsense behind the mark": A + B + STOP + DONE + "data: {x}\n\n",
    "empty errors": A.replace('{"id"', '{"error": null, "id"')
    + B.replace('{"id"', '{"error": {}, "id"')
    + STOP,
    "half a surrogate pair": A + B + STOP.replace('{"id"', r'{"x": "\ud83d", "id"') + DONE,
}


@pytest.mark.parametrize("model", OPENAI)
@pytest.mark.parametrize("name", COMPLETE)
def test_complete(gateway, upstream, model, name):
    upstream.scripts["ends"] = streaming(COMPLETE[name])
    upstream.clear()
    answer = ask(gateway.port, chat("ends", model, stream=True))
    assert answer.status == 200
    assert said(answer.events) == "ab"
    assert answer.events[-1] == "[DONE]"
    assert not any('"error": {"' in one or '"error":{"' in one for one in answer.events)
    assert len(upstream.of("ends")) == 1


@pytest.mark.parametrize("model", OPENAI)
@pytest.mark.parametrize("name", ["finish", "unterminated mark", "unterminated finish"])
def test_complete_although_the_connection_goes(gateway, upstream, model, name):
    upstream.scripts["goes"] = streaming(COMPLETE[name], "close")
    answer = ask(gateway.port, chat("goes", model, stream=True))
    assert said(answer.events) == "ab"
    assert answer.events[-1] == "[DONE]"


TWO = event(answers.piece("c")).replace('"index": 0', '"index": 1')
CUT = {
    "neither": A + B,
    "half an event": A + B + STOP[:40],
    "half a mark": A + B + "data: [DO",
    "one of two choices": A + B + TWO + STOP,
    "usage": A + B + USAGE,
}


@pytest.mark.parametrize("model", OPENAI)
@pytest.mark.parametrize("ending", ["clean", "close"])
@pytest.mark.parametrize("name", CUT)
def test_cut(gateway, upstream, model, ending, name):
    upstream.scripts["cut"] = streaming(CUT[name], ending)
    upstream.clear()
    answer = ask(gateway.port, chat("cut", model, stream=True))
    assert answer.status == 200
    assert said(answer.events).startswith("ab")
    error = json.loads(answer.events[-1])["error"]
    assert "litellm.APIConnectionError" in error["message"]
    assert "[DONE]" not in answer.events
    assert len(upstream.of("cut")) == 1, "what was begun is not begun again"


@pytest.mark.parametrize("model", [*OPENAI, "claude"])
def test_a_stream_without_an_answer_is_tried_again(gateway, upstream, model):
    upstream.scripts["empty"] = streaming("")
    upstream.clear()
    answer = ask(gateway.port, chat("empty", model, stream=True, num_retries=1))
    assert answer.status >= 500
    assert answer.error
    assert len(upstream.of("empty")) == 2


def test_empty_data_in_anthropics_stream(gateway, upstream):
    async def script(exchange):
        await exchange.start_stream()
        for name, value in answers.message_events(["a", "b"]):
            await exchange.event(value, name)
            await exchange.chunk(b"data: \n\n")
        await exchange.finish()

    upstream.scripts["claude-empty"] = script
    upstream.clear()
    answer = ask(gateway.port, chat("claude-empty", "claude", stream=True))
    assert said(answer.events) == "ab"
    assert answer.events[-1] == "[DONE]"
    assert len(upstream.of("claude-empty")) == 1


@pytest.mark.parametrize("model", [*OPENAI, "claude"])
@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("shape", ["member", "named", "status in the error"])
def test_an_error_in_a_stream(gateway, upstream, model, begun, shape):
    frame = {
        "member": 'data: {"error": {"message": "slow down", "type": "rate_limit_error"}}\n\n',
        "named": 'event: error\ndata: {"message": "slow down", "type": "rate_limit_error"}\n\n',
        "status in the error": 'data: {"error": {"message": "slow down", "code": "429"}}\n\n',
    }[shape]

    async def script(exchange):
        await exchange.start_stream()
        if begun and answers.is_messages(exchange):
            for name, value in answers.message_events(["a"])[:3]:
                await exchange.event(value, name)
        elif begun:
            await exchange.chunk(A.encode())
        await exchange.chunk(frame.encode())
        await exchange.finish()

    upstream.scripts["error"] = script
    upstream.clear()
    answer = ask(gateway.port, chat("error", model, stream=True, num_retries=1))
    if begun:
        assert answer.status == 200
        error = json.loads(answer.events[-1])["error"]
        assert "[DONE]" not in answer.events
    else:
        assert answer.status == 429
        error = answer.error
    assert "litellm.RateLimitError" in error["message"]
    assert error["code"] == "429"
    assert len(upstream.of("error")) == (1 if begun else 2)


ERRORS_IN_200 = {
    "a number": ({"error": {"message": "Provider returned error", "code": 429}}, 429, 2),
    "a number as text": ({"error": {"message": "m", "code": "429"}}, 429, 2),
    "a type": ({"error": {"message": "m", "type": "invalid_request_error"}}, 400, 1),
    "text": ({"error": "something broke"}, 500, 2),
    "list": ({"errors": [{"message": "m", "code": 503}], "success": False}, 503, 2),
    "object": ({"object": "error", "message": "m", "code": 400}, 400, 1),
    "detail": ({"detail": "Not Found"}, 500, 2),
    "no choices": ({"id": "x", "choices": None}, 502, 2),
    "no choices, and an empty error": ({"error": None}, 502, 2),
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("model", OPENAI)
@pytest.mark.parametrize("name", ERRORS_IN_200)
def test_an_error_with_status_200(gateway, upstream, model, name, stream):
    body, status, calls = ERRORS_IN_200[name]

    async def script(exchange):
        await exchange.answer(200, body)

    upstream.scripts["error-in-200"] = script
    upstream.clear()
    answer = ask(gateway.port, chat("error-in-200", model, stream=stream, num_retries=1))
    assert answer.status == status
    assert answer.error
    assert len(upstream.of("error-in-200")) == calls


@pytest.mark.parametrize("model", OPENAI)
def test_what_is_no_error(gateway, upstream, model):
    async def script(exchange):
        await exchange.answer(200, answers.completion("a", error={"message": None, "code": ""}))

    upstream.scripts["no-error"] = script
    assert ask(gateway.port, chat("no-error", model)).status == 200


@pytest.mark.parametrize("model", [*OPENAI, "claude"])
def test_a_whole_answer_to_a_request_for_a_stream(gateway, upstream, model):
    upstream.scripts["whole"] = lambda exchange: exchange.answer(
        200, answers.message("ab") if answers.is_messages(exchange) else answers.completion("ab")
    )
    body = chat("whole", model, stream=True, stream_options={"include_usage": True})
    answer = ask(gateway.port, body)
    assert answer.status == 200
    assert said(answer.events) == "ab"
    assert answer.events[-1] == "[DONE]"
    values = [json.loads(one) for one in answer.events[:-1]]
    assert [v["choices"][0]["finish_reason"] for v in values if v["choices"]][-1] == "stop"
    assert values[-1]["usage"]["prompt_tokens"] == 11


@pytest.mark.parametrize("model", [*OPENAI, "claude"])
def test_a_stream_to_a_request_for_a_whole_answer(gateway, upstream, model):
    upstream.scripts["not-whole"] = streaming(A + STOP + DONE)
    answer = ask(gateway.port, chat("not-whole", model))
    assert answer.status >= 500
    assert answer.error


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("model", [*OPENAI, "claude"])
@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 204 X\r\n\r\n",
        b"HTTP/1.1 200 X\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 X\r\ncontent-type: text/html\r\ncontent-length: 12\r\n\r\n<html>Log in",
    ],
)
def test_nothing_and_a_page_are_no_answer(gateway, upstream, model, stream, head):
    async def script(exchange):
        await exchange.send(head)

    upstream.scripts["nothing"] = script
    answer = ask(gateway.port, chat("nothing", model, stream=stream, num_retries=0))
    assert answer.status == (502 if model in OPENAI else 500)
    assert answer.error
    assert "cut off" not in answer.error["message"], "nothing had come"
