"""Clients that speak the Responses API by themselves, unmodified: to a provider of that API, of chat, and to Anthropic."""

import json
import os

import pytest

from support import answers, canary, messages, paths, responses
from support.answers import completion, piece, usage_piece
from support.gateway import Gateway, config, deployment
from support.process import run
from support.responses import CITIES

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


def seen_by(program, upstream, tmp_path_factory, cwd=None):
    """What the program saw, and the paths that the upstream was asked on."""
    upstream.scripts["default"] = answer
    upstream.clear()
    running = Gateway(tmp_path_factory.mktemp("clients"), config(*models(upstream)))
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path_factory.mktemp("home")),
        "GATEWAY_URL": running.url,
        "GATEWAY_KEY": canary.MASTER,
    }
    status, output = run(program, env, cwd or tmp_path_factory.mktemp("program"), 120)
    assert running.stop() == 0
    assert status == 0, output
    return json.loads(output.splitlines()[-1]), {asked.path for asked in upstream.requests}


@pytest.fixture(scope="module")
def python(upstream, tmp_path_factory):
    interpreter = paths.OUT / "clients" / "venv" / "bin" / "python"
    if not interpreter.exists():
        pytest.skip("the clients are not installed: tests/e2e/setup.sh")
    program = [interpreter, paths.E2E / "clients" / "responses.py"]
    return seen_by(program, upstream, tmp_path_factory)


@pytest.fixture(scope="module")
def node(upstream, tmp_path_factory):
    folder = paths.OUT / "clients"
    if not (folder / "node_modules" / "@ai-sdk" / "openai").exists():
        pytest.skip("the clients are not installed: tests/e2e/setup.sh")
    program = [paths.node(), paths.E2E / "clients" / "responses.mjs"]
    return seen_by(program, upstream, tmp_path_factory, folder)


each_model = pytest.mark.parametrize("model", ["native", "chat", "claude"])
BOTH = {way: [SAID, sorted(CITIES)] for way in ("whole", "streamed")}


@each_model
@pytest.mark.parametrize("library", ["agents", "langchain", "pydantic"])
def test_two_calls_over_two_turns_in_python(python, library, model):
    found = python[0][library][model]
    assert {way: found[way] for way in BOTH} == BOTH


@each_model
@pytest.mark.parametrize("library", ["openai", "vercel"])
def test_two_calls_over_two_turns_in_node(node, library, model):
    assert node[0][library][model] == BOTH


@each_model
def test_the_agents_sdk_counts_what_was_told(python, model):
    found = python[0]["agents"][model]
    assert found["raw"] and found["usage"] == [22, 8]


def test_each_provider_is_asked_in_its_words(python, node):
    for _, paths_asked in (python, node):
        assert paths_asked == {"/v1/responses", "/v1/chat/completions", "/v1/messages"}


def test_an_unknown_model_is_the_sdks_own_error(python, node):
    assert python[0]["refused"] == node[0]["refused"] == "BadRequestError"
