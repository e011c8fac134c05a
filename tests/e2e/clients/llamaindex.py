"""LlamaIndex, unmodified, on the Responses API. Prints one JSON object. Environment: GATEWAY_URL, GATEWAY_KEY.

Models as in responses.py.
"""

import json
import os

import openai
from llama_index.core.base.llms.types import ChatMessage, ImageBlock, MessageRole, TextBlock
from llama_index.core.tools import FunctionTool
from llama_index.llms.openai import OpenAIResponses

PIXEL = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def get_weather(city: str) -> str:
    """The weather of a city."""
    return "sunny"


TOOLS = [FunctionTool.from_defaults(get_weather)]


def made(model: str) -> OpenAIResponses:
    return OpenAIResponses(
        model=model,
        api_base=os.environ["GATEWAY_URL"] + "/v1",
        api_key=os.environ["GATEWAY_KEY"],
        max_retries=0,
        context_window=8000,
    )


def two_turns(llm: OpenAIResponses, way: str) -> list:
    turns, cities = [ChatMessage("Hello")], []
    for _ in range(2):
        if way == "whole":
            answer = llm.chat_with_tools(TOOLS, chat_history=turns, allow_parallel_tool_calls=True)
        else:
            *_, answer = llm.stream_chat_with_tools(TOOLS, chat_history=turns, allow_parallel_tool_calls=True)
        turns.append(answer.message)
        for call in llm.get_tool_calls_from_response(answer, error_on_no_tool_call=False):
            cities.append(call.tool_kwargs["city"])
            kept = {"call_id": call.tool_id}
            turns.append(ChatMessage("sunny", role=MessageRole.TOOL, additional_kwargs=kept))
    return [answer.message.content, sorted(cities)]


def image(llm: OpenAIResponses) -> str:
    blocks = [TextBlock(text="What is this? sunny"), ImageBlock(image=PIXEL, image_mimetype="image/png")]
    return llm.chat([ChatMessage(role=MessageRole.USER, blocks=blocks)]).message.content


def refused() -> str:
    try:
        made("nobody").complete("Hello")
    except openai.APIError as error:
        return type(error).__name__
    return ""


found = {"image": {}, "refused": refused()}
for model in ("native", "chat", "claude"):
    llm = made(model)
    found[model] = {way: two_turns(llm, way) for way in ("whole", "streamed")}
    found["image"][model] = image(llm)
print(json.dumps(found))
