"""A provider of three APIs that asks for the weather of two cities, and says that it is sunny once it was told."""

import json

from . import answers, canary, messages, responses
from .answers import completion, piece, usage_piece
from .gateway import deployment
from .responses import CITIES

CALLS = [
    {
        "index": index,
        "id": f"call_{city}",
        "type": "function",
        "function": {"name": "get_weather", "arguments": json.dumps({"city": city})},
    }
    for index, city in enumerate(CITIES)
]
SAID = "It is sunny."


def has_results(exchange) -> bool:
    return "sunny" in json.dumps(exchange.json)


async def native(exchange):
    said = {**responses.SAID, "content": [{"type": "output_text", "text": SAID, "annotations": []}]}
    output = [said] if has_results(exchange) else responses.OUTPUT
    if exchange.json.get("stream"):
        return await answers.streamed(*responses.events(output))(exchange)
    await exchange.answer(200, responses.response(output))


async def anthropics(exchange):
    blocks = [{"type": "text", "text": SAID}] if has_results(exchange) else messages.SAID
    stop = "end_turn" if has_results(exchange) else "tool_use"
    if exchange.json.get("stream"):
        return await answers.streamed(*messages.events(blocks, stop))(exchange)
    await exchange.answer(200, messages.message(blocks, stop))


async def chats(exchange):
    done = has_results(exchange)
    delta = {"content": SAID} if done else {"tool_calls": CALLS}
    finish = "stop" if done else "tool_calls"
    if exchange.json.get("stream"):
        one = piece()
        one["choices"][0]["delta"] = delta
        return await answers.streamed(one, piece(finish=finish), usage_piece())(exchange)
    made = completion(None)
    made["choices"][0]["message"] |= delta
    made["choices"][0]["finish_reason"] = finish
    await exchange.answer(200, made)


async def answer(exchange):
    by_path = {"/v1/messages": anthropics, "/v1/responses": native}
    await by_path.get(exchange.path, chats)(exchange)


def models(upstream) -> list[dict]:
    base = upstream.url + "/v1"
    return [
        deployment("native", "openai/gpt-5", base, canary.OPENAI),
        deployment("chat", "openai_like/gpt-4o", base, canary.OPENAI),
        deployment("claude", "anthropic/claude-sonnet-4-5", upstream.url, canary.ANTHROPIC),
    ]
