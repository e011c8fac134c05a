"""Keys stay inside: not in an answer, not in a log, whatever the upstream or the client sends back.

The output of every gateway of every test is searched when the session ends (conftest.py).
"""

import json

import pytest

from conftest import scripted_config
from support import canary, paths
from support.answers import anthropic_error, completion, openai_error, piece
from support.process import eventually
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


@pytest.fixture
def recording(start, upstream, tmp_path):
    """A gateway whose records go to a file and to a sink; records(count) gives the lines of the file."""
    log = tmp_path / "calls.jsonl"
    made = scripted_config(
        upstream,
        litellm_settings={"callbacks": ["file"]},
        callback_settings={"file": {"url": f"file://{log}", "flush_interval": 0.05}},
    )
    gateway = start(made, env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")})

    def records(count):
        def lines():
            found = log.read_text().splitlines() if log.exists() else []
            return len(found) >= count and found

        return eventually(lines, paths.deadline(10))

    return gateway, records


REFUSED = [
    {"api_key": canary.CLIENT},
    {"aws_secret_access_key": canary.CLIENT},
    {"AWS_SECRET_ACCESS_KEY": canary.CLIENT},
    {"langfuse_public_key": "pk-x", "langfuse_secret_key": canary.CLIENT},
    {"azure_ad_token": canary.CLIENT},
    {"client_secret": canary.CLIENT},
    {"azure_password": canary.CLIENT},
    {"vertex_credentials": canary.CLIENT},
    {"vertex_credentials": {"private_key": canary.CLIENT}},
    {"langsmith_api_key": canary.CLIENT},
    {"langsmith_base_url": "http://" + canary.CLIENT},
    {"someVendorApiKey": canary.CLIENT},
    {"extra_body": {"api_key": canary.CLIENT}},
    {"extra_body": {"deep": [{"aws_session_token": canary.CLIENT}]}},
    {"extra_headers": {"authorization": canary.CLIENT}},
    {"litellm_params": {"api_key": canary.CLIENT}},
    {"user_config": {"model_list": [{"litellm_params": {"api_key": canary.CLIENT}}]}},
    {"model_list": [{"litellm_params": {"api_key": canary.CLIENT}}]},
    {"fallbacks": [{"model": "scripted", "api_key": canary.CLIENT}]},
]


@pytest.mark.parametrize("members", REFUSED, ids=lambda members: "-".join(members))
def test_credentials_of_a_client_are_refused_by_name(gateway, upstream, members):
    upstream.clear()
    answer = ask(gateway.port, chat(**members))
    assert answer.status == 400
    assert answer.error["param"].split(".")[0] in members
    assert "may not be set by a client" in answer.error["message"]
    assert canary.leaks(answer.body.decode()) == []
    assert upstream.requests == []


def test_a_name_may_not_hide_behind_escapes(gateway, upstream):
    upstream.clear()
    body = json.dumps(chat(aws_secret_access_key=canary.CLIENT)).replace("aws_", "\\u0061ws_")
    assert "\\u0061" in body
    assert ask(gateway.port, body.encode()).status == 400
    assert upstream.requests == []


STRIPPED = [
    ({"metadata": {"api_key": canary.CLIENT, "deep": [{"token": {"a": canary.CLIENT}}]}}, {}),
    ({"litellm_metadata": {"langfuse_secret_key": canary.CLIENT}}, {}),
    ({"metadata": {"spend_logs_metadata": {"password": canary.CLIENT}}}, {}),
    ({"metadata": {"headers": {"x-any": canary.CLIENT}}}, {}),
    ({"secret_fields": {"raw_headers": {"authorization": canary.CLIENT}}}, {}),
    ({"proxy_server_request": {"body": canary.CLIENT}}, {}),
    ({}, {"langfuse_secret_key": canary.CLIENT}),
    ({}, {"x-litellm-spend-logs-metadata": json.dumps({"secret": canary.CLIENT})}),
    ({}, {"x-vendor-api-key": canary.CLIENT, "cookie": canary.CLIENT}),
]


@pytest.mark.parametrize(("members", "headers"), STRIPPED)
def test_what_is_not_refused_is_in_no_record_and_at_no_provider(
    recording, upstream, members, headers
):
    gateway, records = recording
    upstream.clear()
    assert ask(gateway.port, chat(**members), headers=headers).status == 200
    (record,) = records(1)
    assert canary.leaks(record) == []
    (seen,) = upstream.requests
    assert canary.CLIENT not in str(seen.headers) + seen.body.decode()


def test_what_the_provider_is_to_know_is_not_in_the_record(recording, upstream):
    """Links that are signed, tools with keys of their own: sent as they are, and hidden in records."""
    gateway, records = recording
    link = f"https://me:{canary.CLIENT}@files.example/a.png?v=1&X-Amz-Signature={canary.CLIENT}"
    content = [{"type": "image_url", "image_url": {"url": link}}, {"type": "text", "text": "hi"}]
    tool = {"type": "mcp", "authorization": canary.CLIENT, "headers": {"x": canary.CLIENT}}
    asked = chat(tools=[tool], vendor_thing=canary.CLIENT)
    asked["messages"].append({"role": "user", "content": content})
    upstream.clear()
    assert ask(gateway.port, asked).status == 200
    (record,) = records(1)
    assert canary.leaks(record) == []
    assert "files.example/a.png" in record
    assert upstream.requests[0].body.count(canary.CLIENT.encode()) == 5


async def echo_keys_of_others(exchange):
    text = (
        f"refused: {canary.MASTER}x {canary.ANTHROPIC}, Bearer {canary.CLIENT}, "
        f"key={canary.CLIENT}, https://u:{canary.CLIENT}@host, "
        + json.dumps({"api_key": canary.CLIENT})
    )
    await exchange.answer(400, openai_error(text))


def test_an_error_shows_no_key_of_anybody(recording, upstream):
    gateway, records = recording
    upstream.scripts["others"] = echo_keys_of_others
    answer = ask(gateway.port, chat("others"))
    assert answer.status == 400 and "refused: " in answer.error["message"]
    assert canary.leaks(answer.body.decode()) == []
    (record,) = records(1)
    assert canary.leaks(record) == []


def test_legitimate_parameters_go_through(gateway, upstream):
    async def good(exchange):
        await exchange.answer(200, completion("fine"))

    upstream.scripts["legit"] = good
    members = {
        "max_tokens": 5,
        "logit_bias": {"50256": -100},
        "prompt_cache_key": "k",
        "safety_identifier": "s",
        "stop_token_ids": [1],
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "login",
                    "parameters": {
                        "type": "object",
                        "properties": {"password": {"type": "string"}, "api_key": {}},
                    },
                },
            }
        ],
        "extra_body": {"top_k": 1},
        "metadata": {"api_key_alias": "x"},
    }
    upstream.clear()
    assert ask(gateway.port, chat("legit", **members)).status == 200
    sent = upstream.requests[0].json
    assert sent["top_k"] == 1  # what an SDK would have put beside the others
    for name in members.keys() - {"metadata", "max_tokens", "extra_body"}:
        assert sent[name] == members[name]
