"""LangChain and LlamaIndex, unmodified, on embeddings and on messages. Prints one JSON object.

Environment: GATEWAY_URL, GATEWAY_KEY. Models: "m" embeds; "claude-sonnet-4-5" is at Anthropic, "claude-haiku-4-5" at a
provider that speaks OpenAI's chat API only. Both say the same.
"""

import asyncio
import json
import os

import anthropic
import tiktoken
from langchain_anthropic import ChatAnthropic
from langchain_openai import OpenAIEmbeddings
from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.embeddings.openai import OpenAIEmbedding
from llama_index.llms.anthropic import Anthropic

URL, KEY = os.environ["GATEWAY_URL"], os.environ["GATEWAY_KEY"]
TEXTS = ["plugs", "jacks"]
LOOP = asyncio.new_event_loop()  # one for all: the libraries keep their connections

# tiktoken fetches its tables from the network; this one has a token for every byte.
BYTES = tiktoken.Encoding(
    "bytes", pat_str=r"[\s\S]", mergeable_ranks={bytes([i]): i for i in range(256)}, special_tokens={}
)
tiktoken.encoding_for_model = tiktoken.get_encoding = lambda name: BYTES


def get_weather(city: str) -> str:
    """The weather of a city."""
    return "sunny"


def langchain_embeddings() -> dict:
    made = OpenAIEmbeddings(model="m", base_url=f"{URL}/v1", api_key=KEY, max_retries=0)
    return {
        "one": made.embed_query("plugs"),
        "many": made.embed_documents(TEXTS),
        "async": LOOP.run_until_complete(made.aembed_documents(TEXTS)),
    }


def llama_embeddings() -> dict:
    made = OpenAIEmbedding(model_name="m", api_base=f"{URL}/v1", api_key=KEY, max_retries=0)
    return {
        "one": made.get_query_embedding("plugs"),
        "many": made.get_text_embedding_batch(TEXTS),
        "async": LOOP.run_until_complete(made.aget_text_embedding_batch(TEXTS)),
    }


def langchain_chat(model: str) -> dict:
    made = ChatAnthropic(model=model, base_url=URL, api_key=KEY, max_retries=0, max_tokens=64)
    made = made.bind_tools([get_weather])
    whole = made.invoke("Hello")
    streamed = None
    for chunk in made.stream("Hello"):
        streamed = chunk if streamed is None else streamed + chunk
    awaited = LOOP.run_until_complete(made.ainvoke("Hello"))
    return {
        name: {
            "text": answer.text if isinstance(answer.text, str) else answer.text(),
            "calls": [[call["name"], call["args"]] for call in answer.tool_calls],
            "usage": [answer.usage_metadata["input_tokens"], answer.usage_metadata["output_tokens"]],
        }
        for name, answer in (("whole", whole), ("streamed", streamed), ("awaited", awaited))
    }


def llama_chat(model: str) -> dict:
    made = Anthropic(model=model, base_url=URL, api_key=KEY, max_retries=0, max_tokens=64)
    tool = FunctionTool.from_defaults(get_weather)
    whole = made.chat_with_tools([tool], user_msg="Hello")
    *_, streamed = made.stream_chat([ChatMessage(role="user", content="Hello")])
    calls = made.get_tool_calls_from_response(whole, error_on_no_tool_call=False)
    return {
        "text": [whole.message.content, streamed.message.content],
        "calls": [[call.tool_name, call.tool_kwargs] for call in calls],
    }


def refused(ask) -> str:
    """The class of the anthropic package that is raised."""
    try:
        ask()
    except anthropic.APIError as error:
        return next(c.__name__ for c in type(error).__mro__ if c.__module__.startswith("anthropic"))
    return ""


MODELS = ("claude-sonnet-4-5", "claude-haiku-4-5")
print(
    json.dumps(
        {
            "langchain_embeddings": langchain_embeddings(),
            "llama_embeddings": llama_embeddings(),
            "langchain_chat": {model: langchain_chat(model) for model in MODELS},
            "llama_chat": {model: llama_chat(model) for model in MODELS},
            "unknown": {
                "langchain": refused(lambda: langchain_chat("claude-opus-4-1")),
                "llama": refused(lambda: llama_chat("claude-opus-4-1")),
            },
        }
    )
)
