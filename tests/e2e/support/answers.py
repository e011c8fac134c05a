"""Answers in OpenAI's and Anthropic's shapes, and the scripts that most tests use."""

import asyncio
import json

USAGE = {"prompt_tokens": 11, "completion_tokens": 4, "total_tokens": 15}


def completion(text="Hello from upstream", model="gpt-4o-2024-08-06", **more) -> dict:
    return {
        "id": "chatcmpl-up1",
        "object": "chat.completion",
        "created": 1700000000,
        "model": model,
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        ],
        "usage": USAGE,
        **more,
    }


def piece(text=None, finish=None, **more) -> dict:
    delta = {} if text is None else {"content": text}
    return {
        "id": "chatcmpl-up1",
        "object": "chat.completion.chunk",
        "created": 1700000000,
        "model": "gpt-4o-2024-08-06",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        **more,
    }


def usage_piece() -> dict:
    return {**piece(), "choices": [], "usage": USAGE}


def message(text="Hello from upstream") -> dict:
    return {
        "id": "msg_up1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-20250514",
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 11, "output_tokens": 4},
    }


def message_events(texts) -> list[tuple[str, dict]]:
    start = {**message(), "content": [], "stop_reason": None}
    events = [
        ("message_start", {"type": "message_start", "message": start}),
        (
            "content_block_start",
            {
                "type": "content_block_start",
                "index": 0,
                "content_block": {"type": "text", "text": ""},
            },
        ),
    ]
    events += [
        (
            "content_block_delta",
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "text_delta", "text": text},
            },
        )
        for text in texts
    ]
    events += [
        ("content_block_stop", {"type": "content_block_stop", "index": 0}),
        (
            "message_delta",
            {
                "type": "message_delta",
                "delta": {"stop_reason": "end_turn", "stop_sequence": None},
                "usage": {"output_tokens": 4},
            },
        ),
        ("message_stop", {"type": "message_stop"}),
    ]
    return events


EMBEDDING_USAGE = {"prompt_tokens": 7, "total_tokens": 7}
#: As an upstream may write it: numbers that lose their form or their digits in a parser, and white space.
EMBEDDING_LIST = (
    b'{"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": '
    b"[1e-5, -0.0, 0.10, 0.1234567890123456789, 1E2]}],\n"
    b'  "model": "text-embedding-3-small", "usage": {"prompt_tokens": 7, "total_tokens": 7}, "x": null}'
)


def embedding_list(*embeddings, model="text-embedding-3-small", **more) -> dict:
    """`embeddings` are lists of numbers, or base64."""
    return {
        "object": "list",
        "data": [
            {"object": "embedding", "index": index, "embedding": embedding}
            for index, embedding in enumerate(embeddings)
        ],
        "model": model,
        "usage": EMBEDDING_USAGE,
        **more,
    }


def told_embeddings(body: bytes, model: str) -> bytes:
    """What a client gets of such an answer: the same bytes, but for the model's name and the count of what was written."""
    named = body.replace(b'"text-embedding-3-small"', json.dumps(model).encode())
    return named.replace(b'"usage": {', b'"usage": {"completion_tokens":0,')


#: Every byte there is, line breaks and a chunk's end among them.
SPEECH = bytes(range(256)) * 8 + b"\r\n0\r\n\r\n"
SPEECH_TYPE = ("content-type", "audio/mpeg")


def path_of(exchange) -> str:
    return exchange.path.partition("?")[0]


def is_messages(exchange) -> bool:
    return path_of(exchange).endswith("/messages")


def is_responses(exchange) -> bool:
    return path_of(exchange).endswith("/responses")


async def default(exchange):
    """Answers as asked: whole or streamed, in the shape of the path."""
    if path_of(exchange).endswith("/embeddings"):
        return await exchange.answer(200, EMBEDDING_LIST)
    if path_of(exchange).endswith("/audio/speech"):
        return await exchange.answer(200, SPEECH, [SPEECH_TYPE])
    asked = exchange.json
    texts = ["Hello", " from", " upstream"]
    if not asked.get("stream"):
        await exchange.answer(200, message() if is_messages(exchange) else completion())
        return
    await exchange.start_stream()
    if is_messages(exchange):
        for name, value in message_events(texts):
            await exchange.event(value, name)
    else:
        for text in texts:
            await exchange.event(piece(text))
        await exchange.event(piece(finish="stop"))
        if (asked.get("stream_options") or {}).get("include_usage"):
            await exchange.event(usage_piece())
        await exchange.event("[DONE]")
    await exchange.finish()


def error(status: int, body, headers=()):
    """A script that fails with this status and body."""

    async def script(exchange):
        await exchange.answer(status, body, headers)

    return script


def openai_error(text: str, kind="server_error", code=None) -> dict:
    return {"error": {"message": text, "type": kind, "param": None, "code": code}}


def anthropic_error(text: str, kind: str) -> dict:
    return {"type": "error", "error": {"type": kind, "message": text}}


async def hang(exchange):
    """Sends nothing more; the client is the one to go."""
    await exchange.connection.gone.wait()
    exchange.keep = False


async def cut(exchange):
    exchange.cut()


def streamed(*events, end=None):
    """A script that streams these events, each a value or (name, value); then it ends well, or as `end` does."""

    async def script(exchange):
        await exchange.start_stream()
        for event in events:
            name, value = event if isinstance(event, tuple) else (None, event)
            await exchange.event(value, name)
        if end is not None:
            return await end(exchange)
        if not is_messages(exchange) and not is_responses(exchange):
            await exchange.event("[DONE]")
        await exchange.finish()

    return script


def once_failing(first, second):
    """A script that is `first` for the first request, then `second`."""
    seen = []

    async def script(exchange):
        seen.append(exchange)
        await (first if len(seen) == 1 else second)(exchange)

    return script


def endless(interval: float, size: int = 16):
    """A script that streams pieces until the peer goes."""

    async def script(exchange):
        await exchange.start_stream()
        while not exchange.connection.gone.is_set():
            await exchange.event(piece("x" * size))
            await asyncio.sleep(interval)
        exchange.keep = False

    return script
