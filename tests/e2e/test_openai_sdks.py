"""OpenAI's SDKs in Python, JavaScript, Go and Java, unmodified: responses and text completions (clients/openai)."""

import json
import os

import pytest

from support import canary, paths, weather
from support.answers import openai_error
from support.gateway import Gateway, config, deployment
from support.process import run

PROGRAMS = paths.E2E / "clients" / "openai"
BUILT = paths.OUT / "clients" / "openai-sdk"
MODELS = ("native", "chat", "claude")


async def answer(exchange):
    if exchange.path.startswith("/limited"):
        return await exchange.answer(429, openai_error("slow down"), [("retry-after", "7")])
    await weather.answer(exchange)


def python():
    return paths.OUT / "clients" / "venv" / "bin" / "python", PROGRAMS / "openai_sdk.py"


def node():
    return paths.node(), PROGRAMS / "openai_sdk.mjs"


def go():
    return (BUILT / "openai_sdk",)


def java():
    return "java", "-cp", f"{BUILT / 'lib'}/*:{BUILT / 'classes'}", "OpenaiSdk"


#: How each is run, the file without which it cannot be, and its errors for 400 and for 429.
LANGUAGES = {
    "python": (python, paths.OUT / "clients" / "venv", "BadRequestError", "RateLimitError"),
    "node": (node, paths.OUT / "clients" / "node_modules" / "openai", "BadRequestError", "RateLimitError"),
    "go": (go, BUILT / "openai_sdk", "Error 400", "Error 429"),
    "java": (java, BUILT / "classes", "BadRequestException", "RateLimitException"),
}


@pytest.fixture(scope="module", params=LANGUAGES)
def seen(request, upstream, tmp_path_factory):
    """What the program of a language saw, and what the upstream was asked; it runs once."""
    command, needed, *_ = LANGUAGES[request.param]
    if not needed.exists():
        pytest.skip(f"{request.param}: not installed or no compiler: tests/e2e/setup.sh")
    upstream.scripts["default"] = answer
    upstream.clear()
    limited = deployment("limited", "openai/gpt-5", upstream.url + "/limited/v1", canary.OPENAI)
    running = Gateway(tmp_path_factory.mktemp("sdk"), config(*weather.models(upstream), limited))
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path_factory.mktemp("home")),
        "GATEWAY_URL": running.url,
        "GATEWAY_KEY": canary.MASTER,
    }
    status, output = run(command(), env, paths.OUT / "clients", 120)
    assert running.stop() == 0
    assert status == 0, output
    return request.param, json.loads(output.splitlines()[-1]), list(upstream.requests)


@pytest.mark.parametrize("model", MODELS)
def test_two_calls_over_two_turns(seen, model):
    turns = [weather.SAID, sorted(weather.CITIES)]
    assert seen[1]["tools"][model] == {"whole": turns, "streamed": turns}


@pytest.mark.parametrize("model", MODELS)
def test_an_image(seen, model):
    assert seen[1]["image"][model] == weather.SAID
    path = {"native": "/v1/responses", "chat": "/v1/chat/completions", "claude": "/v1/messages"}[model]
    assert any("iVBORw0KGgo" in asked.body.decode() for asked in seen[2] if asked.path == path)


@pytest.mark.parametrize("model", MODELS)
def test_text_completions(seen, model):
    assert seen[1]["completions"][model] == {"whole": weather.SAID, "streamed": weather.SAID}


@pytest.mark.parametrize("way", ["whole", "streamed"])
def test_errors_are_the_sdks_own_classes(seen, way):
    *_, bad, limited = LANGUAGES[seen[0]]
    assert seen[1]["refused"][f"nobody {way}"] == bad
    assert seen[1]["refused"][f"limited {way}"] == limited
