"""LangChain and LlamaIndex on embeddings and on messages, to Anthropic and to a provider that speaks chat only."""

import json
import os

import pytest

from support import answers, canary, paths
from support.answers import completion, embedding_list, piece, usage_piece
from support.gateway import Gateway, config
from support.messages import events, message
from support.operations import CHAT, EMBEDDINGS, MESSAGES
from support.process import run

VECTOR = [0.5, -0.25, 0.125]
CITY = {"city": "Paris"}
BLOCKS = [
    {"type": "text", "text": "I look."},
    {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": CITY},
]
CALL = {
    "index": 0,
    "id": "call_1",
    "type": "function",
    "function": {"name": "get_weather", "arguments": json.dumps(CITY)},
}
NATIVE, TRANSLATED = "claude-sonnet-4-5", "claude-haiku-4-5"
PYTHON = paths.OUT / "clients" / "venv" / "bin" / "python"


async def anthropics(exchange):
    if exchange.json.get("stream"):
        pieces = events(BLOCKS, "tool_use")
        for kind, event in pieces:
            if kind == "message_delta":
                event["usage"]["input_tokens"] = 11  # LangChain reads both here
        return await answers.streamed(*pieces)(exchange)
    await exchange.answer(200, message(BLOCKS, "tool_use"))


async def openais(exchange):
    """The same in OpenAI's words."""
    if exchange.json.get("stream"):
        said, called = piece("I look."), piece()
        called["choices"][0]["delta"] = {"tool_calls": [CALL]}
        pieces = [said, called, piece(finish="tool_calls"), usage_piece()]
        return await answers.streamed(*pieces)(exchange)
    made = completion("I look.")
    made["choices"][0]["message"]["tool_calls"] = [CALL]
    made["choices"][0]["finish_reason"] = "tool_calls"
    await exchange.answer(200, made)


async def vectors(exchange):
    await exchange.answer(200, embedding_list(*[VECTOR] * len(exchange.json["input"])))


async def answer(exchange):
    by_path = {"/v1/messages": anthropics, "/v1/embeddings": vectors}
    await by_path.get(exchange.path, openais)(exchange)


@pytest.fixture(scope="module")
def seen(upstream, tmp_path_factory):
    """What the program saw, and what the upstream was asked."""
    if not PYTHON.exists():
        pytest.skip("the clients are not installed: tests/e2e/setup.sh")
    upstream.scripts["default"] = answer
    made = config(
        EMBEDDINGS.deployment(upstream),
        MESSAGES.deployment(upstream, NATIVE),
        CHAT.deployment(upstream, TRANSLATED),
    )
    running = Gateway(tmp_path_factory.mktemp("frameworks"), made)
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path_factory.mktemp("home")),
        "GATEWAY_URL": running.url,
        "GATEWAY_KEY": canary.MASTER,
    }
    program = paths.E2E / "clients" / "frameworks.py"
    status, output = run([PYTHON, program], env, tmp_path_factory.mktemp("program"), 100)
    assert running.stop() == 0
    assert status == 0, output
    return json.loads(output.splitlines()[-1]), list(upstream.requests)


@pytest.mark.parametrize("library", ["langchain", "llama"])
def test_embeddings(seen, library):
    found = seen[0][f"{library}_embeddings"]
    assert found == {"one": VECTOR, "many": [VECTOR, VECTOR], "async": [VECTOR, VECTOR]}


def test_langchain_sends_tokens_and_llama_index_texts(seen):
    inputs = [asked.json["input"] for asked in seen[1] if asked.path == "/v1/embeddings"]
    assert [list(b"plugs")] in inputs and [list(b"plugs"), list(b"jacks")] in inputs
    assert ["plugs", "jacks"] in inputs


@pytest.mark.parametrize("model", [NATIVE, TRANSLATED])
def test_langchain_chat(seen, model):
    found = seen[0]["langchain_chat"][model]
    assert set(found) == {"whole", "streamed", "awaited"}
    for way, one in found.items():
        assert one == {"text": "I look.", "calls": [["get_weather", CITY]], "usage": [11, 4]}, way


@pytest.mark.parametrize("model", [NATIVE, TRANSLATED])
def test_llama_index_chat(seen, model):
    found = seen[0]["llama_chat"][model]
    assert found == {"text": ["I look.", "I look."], "calls": [["get_weather", CITY]]}


def test_each_model_is_asked_in_its_provider_s_words(seen):
    tools = {"/v1/messages": [], "/v1/chat/completions": []}
    for asked in seen[1]:
        if asked.path in tools:
            tools[asked.path] += asked.json.get("tools", [])
    assert [tool["name"] for tool in tools["/v1/messages"]] == ["get_weather"] * 4
    called = [tool["function"]["name"] for tool in tools["/v1/chat/completions"]]
    assert called == ["get_weather"] * 4


def test_an_unknown_model_is_an_error_of_anthropic_s_own(seen):
    """Each names the SDK's class, LangChain one of its own that is derived from it."""
    assert seen[0]["unknown"] == {"langchain": "BadRequestError", "llama": "BadRequestError"}
