"""OpenAI's Responses API: requests, answers with every kind of item, streams of them."""

import json

import openai

from . import answers, canary
from .gateway import Gateway, config
from .operations import RESPONSES

TOOL = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather of a city",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}
CITIES = ("Paris", "Rome")
REASONING = {
    "id": "rs_1",
    "type": "reasoning",
    "summary": [{"type": "summary_text", "text": "Hm."}],
    "encrypted_content": "gAAAA",
}
SAID = {
    "id": "msg_1",
    "type": "message",
    "status": "completed",
    "role": "assistant",
    "content": [{"type": "output_text", "text": "I look.", "annotations": []}],
}
CALLS = [
    {
        "id": f"fc_{city}",
        "type": "function_call",
        "status": "completed",
        "call_id": f"call_{city}",
        "name": "get_weather",
        "arguments": json.dumps({"city": city}),
    }
    for city in CITIES
]
OUTPUT = [REASONING, SAID, *CALLS]
USAGE = {
    "input_tokens": 11,
    "input_tokens_details": {"cached_tokens": 3},
    "output_tokens": 4,
    "output_tokens_details": {"reasoning_tokens": 2},
    "total_tokens": 15,
}


def response(output, status="completed", **more) -> dict:
    return {
        "id": "resp_up1",
        "object": "response",
        "created_at": 1700000000,
        "status": status,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": "gpt-5-2025-08-07",
        "output": output,
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "usage": USAGE if status == "completed" else None,
        **more,
    }


def more_of(kind: str) -> dict:
    return {"logprobs": []} if kind == "output_text" else {}


def words_of(item, index) -> list[dict]:
    """The events between the first and the last of an item, its words in two pieces."""
    place = {"item_id": item["id"], "output_index": index}
    if item["type"] == "function_call":
        kind, text = "function_call_arguments", item["arguments"]
        closing = [{"type": f"response.{kind}.done", **place, "arguments": text}]
        opening = []
    elif item["type"] == "reasoning":
        kind, part = "reasoning_summary_text", item["summary"][0]
        place["summary_index"], text = 0, part["text"]
        empty = {**part, "text": ""}
        opening = [{"type": "response.reasoning_summary_part.added", **place, "part": empty}]
        closing = [
            {"type": "response.reasoning_summary_text.done", **place, "text": text},
            {"type": "response.reasoning_summary_part.done", **place, "part": part},
        ]
    else:
        part = item["content"][0]
        kind = part["type"]
        member = "refusal" if kind == "refusal" else "text"
        place["content_index"], text = 0, part[member]
        empty = {**part, member: ""}
        opening = [{"type": "response.content_part.added", **place, "part": empty}]
        closing = [
            {"type": f"response.{kind}.done", **place, member: text, **more_of(kind)},
            {"type": "response.content_part.done", **place, "part": part},
        ]
    deltas = [
        {"type": f"response.{kind}.delta", **place, "delta": piece, **more_of(kind)}
        for piece in (text[:2], text[2:])
    ]
    return [*opening, *deltas, *closing]


BEGUN = {
    "message": {"content": [], "status": "in_progress"},
    "reasoning": {"summary": []},
    "function_call": {"arguments": "", "status": "in_progress"},
}


def events(output, status="completed", **more) -> list[tuple[str, dict]]:
    """The stream of a response, as OpenAI documents it."""
    begun = response([], "in_progress")
    found = [{"type": "response.created", "response": begun}]
    found.append({"type": "response.in_progress", "response": begun})
    for index, item in enumerate(output):
        first = {**item, **BEGUN[item["type"]]}
        found.append({"type": "response.output_item.added", "output_index": index, "item": first})
        found += words_of(item, index)
        found.append({"type": "response.output_item.done", "output_index": index, "item": item})
    found.append({"type": f"response.{status}", "response": response(output, status, **more)})
    return [
        (event["type"], {**event, "sequence_number": number}) for number, event in enumerate(found)
    ]


async def says(exchange):
    """Answers with all kinds of items, whole or as a stream."""
    if exchange.json.get("stream"):
        return await answers.streamed(*events(OUTPUT))(exchange)
    await exchange.answer(200, response(OUTPUT))


def served(folder, made):
    """For a module's fixture: a gateway of that configuration, which ends well."""
    running = Gateway(folder, made)
    yield running
    assert running.stop() == 0


def openai_client(gateway):
    """For a fixture: OpenAI's client of the gateway."""
    with openai.OpenAI(base_url=gateway.url + "/v1", api_key=canary.MASTER, max_retries=0) as made:
        yield made


#: Of the deployments of model m, where home_of() tells which of them was asked.
PLACES = ("first", "second")


def at_places(upstream, *more) -> dict:
    """A configuration in which each place keeps its own responses."""
    return config(*[RESPONSES.deployment(upstream, "m", "/" + place) for place in PLACES], *more)


def home_of(exchange) -> str:
    return exchange.path.split("/")[1]


def asking(script="says", **more) -> dict:
    return {**RESPONSES.body(script), "tools": [TOOL], **more}


def dumped(items) -> list[dict]:
    return [item.model_dump(exclude_none=True) for item in items]


#: What Codex CLI sends (codex-rs, core/src/client.rs): no state, everything again, tools of all sorts.
CODEX = {
    "model": "m",
    "instructions": "You are Codex, a coding agent.",
    "input": [
        {
            "type": "message",
            "role": "developer",
            "content": [{"type": "input_text", "text": "<permissions>none</permissions>"}],
        },
        {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "<environment_context/>"}],
        },
        {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "Hello"}],
        },
        {
            "type": "reasoning",
            "summary": [{"type": "summary_text", "text": "Hm."}],
            "content": None,
            "encrypted_content": "gAAAA",
        },
        {
            "type": "function_call",
            "name": "shell",
            "arguments": '{"command":["ls"]}',
            "call_id": "call_1",
        },
        {"type": "function_call_output", "call_id": "call_1", "output": "README.md"},
        {
            "type": "custom_tool_call",
            "status": "completed",
            "call_id": "call_2",
            "name": "apply_patch",
            "input": "*** Begin Patch\n*** End Patch",
        },
        {"type": "custom_tool_call_output", "call_id": "call_2", "output": "done"},
    ],
    "tools": [
        {
            "type": "function",
            "name": "shell",
            "description": "Runs a command.",
            "strict": False,
            "parameters": {
                "type": "object",
                "properties": {"command": {"type": "array", "items": {"type": "string"}}},
                "required": ["command"],
                "additionalProperties": False,
            },
        },
        {
            "type": "custom",
            "name": "apply_patch",
            "description": "Edits files.",
            "format": {"type": "grammar", "syntax": "lark", "definition": "start: begin_patch"},
        },
        {"type": "web_search", "external_web_access": False},
    ],
    "tool_choice": "auto",
    "parallel_tool_calls": True,
    "reasoning": {"effort": "medium", "summary": "auto"},
    "store": False,
    "stream": True,
    "include": ["reasoning.encrypted_content"],
    "prompt_cache_key": "019aa",
    "text": {"verbosity": "medium"},
    "client_metadata": {"x-codex-installation-id": "1"},
}
