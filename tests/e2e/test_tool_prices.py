"""Money beside tokens of text: searches that providers make, pictures, rankings; whole and streamed, in the record as in
the header. Prices are those of the table: gemini-2.5-flash 0.30 $ and 2.50 $ a million, 35 $ for 1,000 searches;
gemini-2.5-flash-image 0.30 $ and 30 $ for pictures; gpt-4.1-mini 0.40 $ and 1.60 $, 25 $ for 1,000 searches;
rerank-v3.5 2 $ for 1,000 searches; gpt-3.5-turbo-instruct 1.50 $ and 2 $."""

import json

import pytest

from support.gateway import Gateway, config, deployment
from support.records import Log
from support.wire import ask

COST = "x-litellm-response-cost"
GOOGLES = {"promptTokenCount": 100, "candidatesTokenCount": 10, "totalTokenCount": 110}
DRAWN = {
    "promptTokenCount": 100,
    "candidatesTokenCount": 1290,
    "totalTokenCount": 1390,
    "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1290}],
}
OPENAIS = {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110}
SEARCH = {
    "type": "web_search_call",
    "id": "ws",
    "status": "completed",
    "action": {"type": "search", "query": "q"},
}
OPENED = {**SEARCH, "action": {"type": "open_page", "url": "https://a"}}


def generated(usage, model, queries=(), text="Hi"):
    content = {"role": "model", "parts": [{"text": text}]}
    candidate = {"content": content, "finishReason": "STOP", "index": 0}
    if queries:
        candidate["groundingMetadata"] = {"webSearchQueries": list(queries)}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": model}


def responded(*items):
    said = {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": "Hi", "annotations": []}],
    }
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "status": "completed",
        "model": "up",
        "output": [*items, said],
        "usage": OPENAIS,
    }


async def answers(exchange):
    """What the last word of the path's model, or the request, asks for."""
    path, body = exchange.path, exchange.body
    if "/responses" in path:
        whole = responded(SEARCH, OPENED, SEARCH)
        if not exchange.json.get("stream"):
            return await exchange.answer(200, whole)
        await exchange.start_stream()
        begun = {**whole, "status": "in_progress", "output": [], "usage": None}
        for name, response in (("response.created", begun), ("response.completed", whole)):
            await exchange.event({"type": name, "response": response}, name)
        return await exchange.finish()
    if "/rerank" in path:
        results = [{"index": 0, "relevance_score": 0.5}]
        meta = {"billed_units": {"search_units": 2}}
        return await exchange.answer(200, {"id": "r", "results": results, "meta": meta})
    if "/completions" in path:
        usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
        choices = [{"index": 0, "text": "Hi", "finish_reason": "stop"}]
        text = {"id": "c", "object": "text_completion", "created": 1, "model": "up"}
        return await exchange.answer(200, {**text, "choices": choices, "usage": usage})
    drawn = "image" in path
    model = path.split("/")[-1].split(":")[0]
    whole = generated(DRAWN if drawn else GOOGLES, model, ["a", "b"] if b"search" in body else ())
    if "stream" not in path:
        return await exchange.answer(200, whole)
    await exchange.start_stream()
    begun = [{"content": {"role": "model", "parts": [{"text": "Hi"}]}}]
    await exchange.event(generated(GOOGLES, model) | {"candidates": begun})
    await exchange.event(whole)
    return await exchange.finish()


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["default"], before = answers, upstream.scripts["default"]
    folder = tmp_path_factory.mktemp("prices")
    log = Log(folder)
    made = config(
        deployment("flash", "gemini/gemini-2.5-flash", upstream.url, "k-gemini"),
        deployment("draws", "gemini/gemini-2.5-flash-image", upstream.url, "k-gemini"),
        deployment("mini", "openai/gpt-4.1-mini", upstream.url + "/v1", "k-openai"),
        deployment("text", "openai/gpt-3.5-turbo-instruct", upstream.url + "/v1", "k-openai"),
        deployment("ranks", "cohere/rerank-v3.5", upstream.url, "k-cohere"),
        **log.sections,
    )
    running = Gateway(folder, made, env=log.environment)
    running.asked = 0

    def asked(body, path):
        """The answer, and the call's record."""
        running.asked += 1
        answer = ask(running.port, body, path=path)
        assert answer.status == 200, answer.body
        return answer, log.records(running.asked)[-1]

    running.ask = asked
    yield running
    upstream.scripts["default"] = before
    assert running.stop() == 0


def contents(text):
    return {"contents": [{"role": "user", "parts": [{"text": text}]}]}


FLASH = "/v1beta/models/flash:"
DRAWS = "/v1beta/models/draws:"
TEXT = 100 * 300 + 10 * 2500
PICTURE = 100 * 300 + 1290 * 30_000
SEARCHED = 100 * 400 + 10 * 1600 + 2 * 25_000_000
DRAW = {"model": "draws", "messages": [{"role": "user", "content": "draw"}]}
CASES = {
    "no search": (FLASH + "generateContent", contents("hi"), TEXT),
    "search": (FLASH + "generateContent", contents("search"), TEXT + 35_000_000),
    "picture": (DRAWS + "generateContent", contents("draw"), PICTURE),
    "picture in chat": ("/v1/chat/completions", DRAW, PICTURE),
    "responses": ("/v1/responses", {"model": "mini", "input": "hi"}, SEARCHED),
    "ranking": ("/v1/rerank", {"model": "ranks", "query": "q", "documents": ["a"]}, 4_000_000),
    "text": ("/v1/completions", {"model": "text", "prompt": "hi"}, 100 * 1500 + 10 * 2000),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_no_text_has_its_price(gateway, case):
    path, body, nano = CASES[case]
    answer, record = gateway.ask(body, path)
    assert round(float(answer.headers[COST]) * 1e9) == nano
    assert round(record["response_cost"] * 1e9) == nano


STREAMED = "streamGenerateContent?alt=sse"
STREAMS = {
    "search": (FLASH + STREAMED, contents("search"), TEXT + 35_000_000),
    "picture": (DRAWS + STREAMED, contents("draw"), PICTURE),
    "responses": ("/v1/responses", {"model": "mini", "input": "hi", "stream": True}, SEARCHED),
}


@pytest.mark.parametrize("case", STREAMS)
def test_a_stream_costs_the_same(gateway, case):
    path, body, nano = STREAMS[case]
    _, record = gateway.ask(body, path)
    assert round(record["response_cost"] * 1e9) == nano


def test_the_client_s_name_of_a_model_does_not_go_to_google(gateway, upstream):
    gateway.ask(contents("hi"), FLASH + "generateContent")
    assert json.loads(upstream.requests[-1].body) == contents("hi")
