"""The quick start through OpenAI's Node SDK; clients/quickstart.mjs is the program."""

import json
import os

import pytest

from support import canary, paths, quickstart
from support.gateway import Gateway
from support.process import run
from support.quickstart import ANSWER, MODELS


@pytest.fixture(scope="module")
def result(aimock, tmp_path_factory):
    """What the Node program saw; it runs once."""
    text = quickstart.text(aimock.url) + "router_settings:\n  num_retries: 0\n"
    gateway = Gateway(tmp_path_factory.mktemp("node"), text, env=quickstart.ENVIRONMENT)
    env = {
        "PATH": os.environ["PATH"],
        "GATEWAY_URL": gateway.url,
        "GATEWAY_KEY": canary.MASTER,
        "WRONG_KEY": canary.WRONG,
    }
    try:
        status, output = run(
            [paths.node(), paths.E2E / "clients" / "quickstart.mjs"], env, paths.NODE_DIR, 60
        )
    finally:
        ended = gateway.stop()
    assert status == 0, output
    assert ended == 0
    return json.loads(output.splitlines()[-1])


@pytest.mark.parametrize("model", MODELS)
def test_whole_and_streamed(result, model):
    seen = result["models"][model]
    assert seen["whole"]["text"] == ANSWER
    assert seen["whole"]["usage"]["total_tokens"] == 35
    assert seen["streamed"] == {"text": ANSWER, "usage": None, "finish": "stop"}
    assert seen["streamedWithUsage"]["text"] == ANSWER
    assert seen["streamedWithUsage"]["usage"]["total_tokens"] == 35
    assert seen["cancelled"] == {"pieces": 1}


@pytest.mark.parametrize("model", MODELS)
def test_tool_call_round_trip(result, model):
    assert result["models"][model]["tools"] == {
        "finish": "tool_calls",
        "name": "get_weather",
        "arguments": {"city": "Paris"},
        "text": "It is sunny in Paris.",
    }


@pytest.mark.parametrize(
    "case, name, status",
    [
        ("wrongKey", "AuthenticationError", 401),
        ("unknownModel", "BadRequestError", 400),
        ("rateLimit", "RateLimitError", 429),
        ("serverError", "InternalServerError", 500),
        ("tooLong", "BadRequestError", 400),
    ],
)
def test_failures(result, case, name, status):
    seen = result[case]
    assert (seen["name"], seen["status"], seen["code"]) == (name, status, str(status))


def test_retry_after(result):
    assert result["rateLimit"]["retryAfter"] == "7"


def test_models_list(result):
    assert result["list"] == list(MODELS)
