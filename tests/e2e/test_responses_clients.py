"""Clients that bring their own APIs, unmodified: to a provider of the Responses API, of chat, and to Anthropic."""

import json
import os

import pytest

from support import canary, paths
from support.gateway import Gateway, config
from support.process import run
from support.weather import CITIES, SAID, answer, models


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
def llamaindex(upstream, tmp_path_factory):
    interpreter = paths.OUT / "llamaindex" / "bin" / "python"
    if not interpreter.exists():
        pytest.skip("LlamaIndex is not installed: tests/e2e/setup.sh")
    program = [interpreter, paths.E2E / "clients" / "llamaindex.py"]
    return seen_by(program, upstream, tmp_path_factory)


@pytest.fixture(scope="module")
def node(upstream, tmp_path_factory):
    folder = paths.OUT / "clients"
    if not (folder / "node_modules" / "@ai-sdk" / "openai").exists():
        pytest.skip("the clients are not installed: tests/e2e/setup.sh")
    program = [paths.node(), paths.E2E / "clients" / "responses.mjs"]
    return seen_by(program, upstream, tmp_path_factory, folder)


@pytest.fixture(scope="module")
def cline(upstream, tmp_path_factory):
    folder = paths.OUT / "clients"
    if not (folder / "node_modules" / "@cline" / "llms").exists():
        pytest.skip("the clients are not installed: tests/e2e/setup.sh")
    program = [paths.node(), paths.E2E / "clients" / "cline.mjs"]
    return seen_by(program, upstream, tmp_path_factory, folder)


each_model = pytest.mark.parametrize("model", ["native", "chat", "claude"])
BOTH = {way: [SAID, sorted(CITIES)] for way in ("whole", "streamed")}


@each_model
@pytest.mark.parametrize("library", ["agents", "langchain", "pydantic"])
def test_two_calls_over_two_turns_in_python(python, library, model):
    found = python[0][library][model]
    assert {way: found[way] for way in BOTH} == BOTH


@each_model
def test_two_calls_over_two_turns_in_node(node, model):
    assert node[0]["vercel"][model] == BOTH


@each_model
def test_two_calls_over_two_turns_and_an_image_in_llamaindex(llamaindex, model):
    assert llamaindex[0][model] == BOTH
    assert llamaindex[0]["image"][model] == SAID
    assert llamaindex[0]["refused"] == "BadRequestError"


@each_model
@pytest.mark.parametrize("api", ["litellm", "responses", "messages", "gemini"])
def test_cline_in_every_api_with_an_image_and_two_calls(cline, api, model):
    assert cline[0][api][model] == [SAID, sorted(CITIES), [11, 4]]


@each_model
def test_the_agents_sdk_goes_on_from_a_response(python, model):
    found = python[0]["agents"][model]
    assert (found["chained"], found["after"]) == ([SAID, sorted(CITIES)], SAID)


@each_model
def test_the_agents_sdk_counts_what_was_told(python, model):
    found = python[0]["agents"][model]
    assert found["raw"] and found["usage"] == [22, 8]


def test_each_provider_is_asked_in_its_words(python, node):
    for _, paths_asked in (python, node):
        assert paths_asked == {"/v1/responses", "/v1/chat/completions", "/v1/messages"}


def test_an_unknown_model_is_the_sdks_own_error(python):
    assert python[0]["refused"] == "BadRequestError"
