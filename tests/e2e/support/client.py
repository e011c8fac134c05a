"""The Python client library as the build has it, and a provider of every API for it to talk to."""

import os
import sys

from . import paths
from .upstream import Upstream

PACKAGE = paths.BINARY.resolve().parent.parent / "python"
#: The package is not built with sanitizers.
THERE = (PACKAGE / "patchbay" / "__init__.py").exists()
GREETING = "你好"
ASK = [{"role": "user", "content": "你好，请自我介绍一下"}]


def says(script: str) -> list:
    """A conversation that has the provider play a script."""
    return [{"role": "user", "content": f"script:{script}"}]


def chat_answer(model: str, text: str = GREETING) -> dict:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model + "-2024",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
    }


def chat_chunk(model: str, delta: dict, finish=None) -> dict:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": model + "-2024",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


def message_answer(model: str) -> dict:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": GREETING}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 3, "output_tokens": 2},
    }


MESSAGE_EVENTS = [
    {"type": "message_start", "message": {**message_answer("claude"), "content": [], "stop_reason": None}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    *(
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}}
        for word in GREETING
    ),
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}},
    {"type": "message_stop"},
]


async def default(exchange):
    """Answers in the API that was asked, whole or streamed."""
    path = exchange.path.partition("?")[0]
    for ending, answer in ENDINGS.items():
        if path.endswith(ending):
            return await answer(exchange, exchange.json)
    await chat(exchange, exchange.json)


async def chat(exchange, body):
    model = body.get("model", "")
    if not body.get("stream"):
        return await exchange.answer(200, chat_answer(model))
    await exchange.start_stream()
    await exchange.event(chat_chunk(model, {"role": "assistant", "content": ""}))
    for word in GREETING:
        await exchange.event(chat_chunk(model, {"content": word}))
    await exchange.event(chat_chunk(model, {}, "stop"))
    await exchange.event("[DONE]")
    await exchange.finish()


async def messages(exchange, body):
    if not body.get("stream"):
        return await exchange.answer(200, message_answer(body.get("model", "")))
    await exchange.start_stream()
    for event in MESSAGE_EVENTS:
        await exchange.event(event, event["type"])
    await exchange.finish()


async def embeddings(exchange, body):
    texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
    data = [{"object": "embedding", "index": i, "embedding": [0.5, 1.0]} for i in range(len(texts))]
    usage = {"prompt_tokens": 2, "total_tokens": 2}
    await exchange.answer(200, {"object": "list", "model": body.get("model", ""), "data": data, "usage": usage})


async def speech(exchange, body):
    await exchange.answer(200, b"sound", [("content-type", "audio/mpeg")])


async def completions(exchange, body):
    choice = {"index": 0, "text": GREETING, "finish_reason": "stop", "logprobs": None}
    answer = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": body["model"], "choices": [choice]}
    if not body.get("stream"):
        usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
        return await exchange.answer(200, {**answer, "usage": usage})
    await exchange.start_stream()
    await exchange.event(answer)
    await exchange.event("[DONE]")
    await exchange.finish()


async def images(exchange, body):
    made = [{"url": "https://pictures.example/1.png"}] * (body.get("n") or 1)
    await exchange.answer(200, {"created": 1, "data": made})


async def moderations(exchange, body):
    result = {"flagged": False, "categories": {"violence": False}, "category_scores": {"violence": 0.01}}
    await exchange.answer(200, {"id": "modr-1", "model": body.get("model", ""), "results": [result]})


async def rerank(exchange, body):
    results = [{"index": 1, "relevance_score": 0.9}, {"index": 0, "relevance_score": 0.1}]
    await exchange.answer(200, {"id": "rr-1", "results": results, "meta": {"billed_units": {"search_units": 1}}})


def response_answer(model: str) -> dict:
    content = [{"type": "output_text", "text": GREETING, "annotations": []}]
    item = {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": content}
    usage = {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5}
    head = {"id": "resp_1", "object": "response", "created_at": 1, "status": "completed"}
    return {**head, "model": model, "output": [item], "usage": usage}


async def responses(exchange, body):
    answer = response_answer(body.get("model", ""))
    if not body.get("stream"):
        return await exchange.answer(200, answer)
    events = [
        {"type": "response.created", "response": {**answer, "status": "in_progress", "output": []}},
        *({"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": word}
          for word in GREETING),
        {"type": "response.completed", "response": answer},
    ]
    await exchange.start_stream()
    for number, event in enumerate(events):
        await exchange.event({**event, "sequence_number": number}, event["type"])
    await exchange.finish()


async def generate(exchange, body):
    """Gemini's, whole or as a stream of one event."""
    parts = [{"text": GREETING}]
    usage = {"promptTokenCount": 3, "candidatesTokenCount": 2, "totalTokenCount": 5}
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}
    answer = {"candidates": [candidate], "usageMetadata": usage, "responseId": "g-1"}
    if "stream" not in exchange.path:
        return await exchange.answer(200, answer)
    await exchange.start_stream()
    await exchange.event(answer)
    await exchange.finish()


async def cohere_chat(exchange, body):
    message = {"role": "assistant", "content": [{"type": "text", "text": GREETING}]}
    usage = {"tokens": {"input_tokens": 3, "output_tokens": 2}}
    await exchange.answer(200, {"id": "c-1", "message": message, "finish_reason": "COMPLETE", "usage": usage})


async def ollama_chat(exchange, body):
    message = {"role": "assistant", "content": GREETING}
    counts = {"prompt_eval_count": 3, "eval_count": 2}
    await exchange.answer(200, {"model": body["model"], "message": message, "done": True, "done_reason": "stop", **counts})


#: How the path of a request ends -> who answers it; all others are chat.
ENDINGS = {
    "/embeddings": embeddings,
    "/audio/speech": speech,
    "/messages": messages,
    "/responses": responses,
    "/chat/completions": chat,
    "/completions": completions,
    "/images/generations": images,
    "/moderations": moderations,
    "/rerank": rerank,
    ":generateContent": generate,
    ":streamGenerateContent": generate,
    "/v2/chat": cohere_chat,
    "/api/chat": ollama_chat,
}


async def limited(exchange):
    error = {"message": "slow down", "type": "requests", "code": "rate_limit_exceeded"}
    await exchange.answer(429, {"error": error}, [("retry-after", "1"), ("x-request-id", "req-7")])


async def broken(exchange):
    await exchange.answer(500, {"error": {"message": "broken", "type": "server_error"}})


async def too_long(exchange):
    error = {"message": "too many tokens", "type": "invalid_request_error", "code": "context_length_exceeded"}
    await exchange.answer(400, {"error": error})


async def hangs(exchange):
    await exchange.connection.gone.wait()


async def one_piece(exchange):
    """One piece of a stream, then nothing until the client goes."""
    await exchange.start_stream()
    await exchange.event(chat_chunk("m", {"role": "assistant", "content": "one"}))
    await exchange.connection.gone.wait()


SCRIPTS = {
    "default": default,
    "limited": limited,
    "broken": broken,
    "too-long": too_long,
    "hangs": hangs,
    "one-piece": one_piece,
}


def provider() -> Upstream:
    return Upstream(SCRIPTS)


def gone(upstream: Upstream, script: str):
    """Waits until the client has left the script's connection."""
    (exchange,) = upstream.of(script)
    upstream.call(exchange.connection.gone.wait(), paths.deadline(20))


def environment(upstream: Upstream, state) -> dict[str, str]:
    """Variables with which every provider is the upstream, and the package is found."""
    own = {name: value for name, value in os.environ.items() if not name.endswith(("_API_KEY", "_API_BASE", "_BASE_URL"))}
    path = os.pathsep.join(filter(None, [str(PACKAGE), own.get("PYTHONPATH")]))
    return {
        **own,
        "PYTHONPATH": path,
        "PATCHBAY_STATE_DIR": str(state),
        "OPENAI_API_KEY": "sk-openai",
        "OPENAI_API_BASE": upstream.url + "/v1",
        "ANTHROPIC_API_KEY": "sk-anthropic",
        "ANTHROPIC_API_BASE": upstream.url,
        "DEEPSEEK_API_KEY": "sk-deepseek",
        "DEEPSEEK_API_BASE": upstream.url + "/v1",
    }


def python() -> str:
    return sys.executable
