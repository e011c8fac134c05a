"""The Python client library as the build has it, and a provider of every API for it to talk to."""

import os
import sys

from . import paths
from .upstream import Upstream

PACKAGE = paths.BINARY.resolve().parent.parent / "python"
#: The package is not built with sanitizers.
THERE = (PACKAGE / "patchbay" / "__init__.py").exists()
GREETING = "你好"


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
    body = exchange.json
    model = body.get("model", "")
    if exchange.path.endswith("/embeddings"):
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        data = [{"object": "embedding", "index": i, "embedding": [0.5, 1.0]} for i in range(len(texts))]
        usage = {"prompt_tokens": 2, "total_tokens": 2}
        await exchange.answer(200, {"object": "list", "model": model, "data": data, "usage": usage})
    elif exchange.path.endswith("/audio/speech"):
        await exchange.answer(200, b"sound", [("content-type", "audio/mpeg")])
    elif exchange.path.endswith("/messages") and body.get("stream"):
        await exchange.start_stream()
        for event in MESSAGE_EVENTS:
            await exchange.event(event, event["type"])
        await exchange.finish()
    elif exchange.path.endswith("/messages"):
        await exchange.answer(200, message_answer(model))
    elif body.get("stream"):
        await exchange.start_stream()
        await exchange.event(chat_chunk(model, {"role": "assistant", "content": ""}))
        for word in GREETING:
            await exchange.event(chat_chunk(model, {"content": word}))
        await exchange.event(chat_chunk(model, {}, "stop"))
        await exchange.event("[DONE]")
        await exchange.finish()
    else:
        await exchange.answer(200, chat_answer(model))


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
