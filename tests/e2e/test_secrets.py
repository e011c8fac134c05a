"""Keys stay inside: not in an answer, not in a log, whatever the upstream or the client sends back.

The output of every gateway of every test is searched when the session ends (conftest.py).
"""

import pytest

from conftest import scripted_config
from support import canary
from support.answers import anthropic_error, openai_error, piece
from support.wire import ask, chat

MODELS = ["scripted", "scripted-claude"]


async def echo_key_in_error(exchange):
    """Some providers repeat the key they refuse."""
    key = exchange.headers.get("x-api-key") or exchange.headers["authorization"].split()[-1]
    text = f"Incorrect API key provided: {key}."
    body = (
        anthropic_error(text, "authentication_error")
        if "x-api-key" in exchange.headers
        else openai_error(text)
    )
    await exchange.answer(
        401, body, [("www-authenticate", f'Bearer realm="{key}"'), ("x-echo", key)]
    )


async def echo_key_as_garbage(exchange):
    key = exchange.headers.get("x-api-key") or exchange.headers["authorization"].split()[-1]
    await exchange.answer(
        502, f"<html>bad gateway: {key}</html>".encode(), [("content-type", "text/html")]
    )


async def echo_key_in_stream(exchange):
    key = exchange.headers.get("x-api-key") or exchange.headers["authorization"].split()[-1]
    await exchange.start_stream()
    await exchange.event(piece("part"))
    await exchange.event(openai_error(f"internal: {key}"))
    await exchange.finish()


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("script", [echo_key_in_error, echo_key_as_garbage, echo_key_in_stream])
def test_a_key_that_the_upstream_repeats_is_removed(gateway, upstream, model, script):
    upstream.scripts["echo"] = script
    for stream in (False, True):
        answer = ask(gateway.port, chat("echo", model, stream=stream))
        assert canary.leaks(answer.body.decode()) == []
        assert canary.leaks(str(answer.headers)) == []


def test_a_clients_wrong_key_is_not_repeated(gateway):
    for headers in ({"authorization": f"Bearer {canary.WRONG}"}, {"x-api-key": canary.WRONG}):
        answer = ask(gateway.port, chat(), key=None, headers=headers)
        assert answer.status == 401
        assert canary.leaks(answer.body.decode()) == []


def test_the_clients_key_does_not_reach_the_upstream(gateway, upstream):
    for model in MODELS:
        assert ask(gateway.port, chat(model=model)).status == 200
        assert canary.MASTER not in str(upstream.requests[-1].headers)
        assert canary.MASTER.encode() not in upstream.requests[-1].body


@pytest.mark.parametrize("path", ["/", "/metrics", "/v1/models", "/health/readiness"])
def test_pages_show_no_key(gateway, path):
    assert canary.leaks(ask(gateway.port, method="GET", path=path).body.decode()) == []


def test_a_key_in_the_query_is_not_logged(gateway):
    ask(
        gateway.port,
        chat(),
        key=None,
        path=f"/v1/chat/completions?key={canary.WRONG}&api-version=1",
    )


def test_the_most_talkative_logging_shows_no_key(start, upstream):
    upstream.scripts["echo"] = echo_key_in_error
    made = scripted_config(upstream, litellm_settings={"set_verbose": True, "json_logs": True})
    gateway = start(made, env={"LITELLM_LOG": "DEBUG", **canary.PROVIDER_ENVIRONMENT})
    for script in ("default", "echo"):
        for model in MODELS:
            ask(gateway.port, chat(script, model))
    gateway.stop()
    assert canary.leaks(gateway.output) == []
