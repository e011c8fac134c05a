"""OpenAI's Python SDK, unmodified, on the Responses API and on text completions. Prints one JSON object; README.md
tells what. Environment: GATEWAY_URL, GATEWAY_KEY.
"""

import json
import os

from openai import APIError, OpenAI

PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
WAYS = ("whole", "streamed")
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
TOOLS = [{"type": "function", "name": "get_weather", "parameters": SCHEMA, "strict": True}]
client = OpenAI(base_url=os.environ["GATEWAY_URL"] + "/v1", api_key=os.environ["GATEWAY_KEY"], max_retries=0)


def ask(way: str, model: str, items: list):
    if way == "whole":
        return client.responses.create(model=model, input=items, tools=TOOLS)
    with client.responses.stream(model=model, input=items, tools=TOOLS) as stream:
        return stream.get_final_response()


def two_turns(model: str, way: str) -> list:
    items = [{"role": "user", "content": "Hello"}]
    first = ask(way, model, items)
    calls = [item for item in first.output if item.type == "function_call"]
    results = [{"type": "function_call_output", "call_id": call.call_id, "output": "sunny"} for call in calls]
    second = ask(way, model, [*items, *first.output, *results])
    return [second.output_text, sorted(json.loads(call.arguments)["city"] for call in calls)]


def image(model: str) -> str:
    text = {"type": "input_text", "text": "What is this? sunny"}
    content = [text, {"type": "input_image", "image_url": PIXEL, "detail": "auto"}]
    return ask("whole", model, [{"role": "user", "content": content}]).output_text


def completion(model: str, way: str) -> str:
    if way == "whole":
        return client.completions.create(model=model, prompt="It is sunny").choices[0].text
    stream = client.completions.create(model=model, prompt="It is sunny", stream=True)
    return "".join(choice.text for piece in stream for choice in piece.choices)


def refused(model: str, way: str) -> str:
    try:
        ask(way, model, [{"role": "user", "content": "Hello"}])
    except APIError as error:
        return type(error).__name__
    return ""


MODELS = ("native", "chat", "claude")
print(
    json.dumps(
        {
            "tools": {model: {way: two_turns(model, way) for way in WAYS} for model in MODELS},
            "image": {model: image(model) for model in MODELS},
            "completions": {model: {way: completion(model, way) for way in WAYS} for model in MODELS},
            "refused": {f"{model} {way}": refused(model, way) for model in ("nobody", "limited") for way in WAYS},
        }
    )
)
