"""What config.yaml can say about a model: several deployments, aliases, wildcards, defaults, limits of time."""

import time

import pytest

from support import answers, canary, paths
from support.gateway import config, deployment
from support.wire import ask, chat


def openai_deployment(upstream, name="m", model="openai/gpt-4o", **params):
    return deployment(name, model, upstream.url + "/v1", canary.OPENAI, **params)


def claude_deployment(upstream, name="m", **params):
    model = "anthropic/claude-sonnet-4-20250514"
    return deployment(name, model, upstream.url, canary.ANTHROPIC, **params)


def test_both_deployments_of_a_name_are_used(start, upstream):
    gateway = start(config(openai_deployment(upstream), claude_deployment(upstream)))
    upstream.clear()
    ids = {ask(gateway.port, chat(model="m")).headers["x-litellm-model-id"] for _ in range(40)}
    assert len(ids) == 2
    assert len({exchange.path for exchange in upstream.requests}) == 2


def test_another_deployment_takes_over(start, upstream):
    """One of two always fails; no request does, and the other one is asked at once."""

    async def openai_down(exchange):
        if answers.is_messages(exchange):
            await answers.default(exchange)
        else:
            await exchange.answer(500, answers.openai_error("down"))

    upstream.scripts["openai-down"] = openai_down
    gateway = start(config(openai_deployment(upstream), claude_deployment(upstream), num_retries=1))
    began = time.monotonic()
    for number in range(20):
        answer = ask(gateway.port, chat("openai-down", "m", stream=number % 2 == 0))
        assert answer.status == 200
    assert time.monotonic() - began < paths.deadline(5)


def test_alias(start, upstream):
    gateway = start(
        config(
            openai_deployment(upstream, "real"),
            router_settings={"model_group_alias": {"nick": "real"}},
        )
    )
    assert ask(gateway.port, chat(model="nick")).status == 200


def test_wildcard(start, upstream):
    gateway = start(config(openai_deployment(upstream, "openai/*", "openai/*")))
    answer = ask(gateway.port, chat(model="openai/gpt-5-mini"))
    assert answer.status == 200
    assert upstream.requests[-1].json["model"] == "gpt-5-mini"
    assert ask(gateway.port, chat(model="other/gpt-5-mini")).status == 400


def test_answers_carry_the_name_the_client_asked_for(start, upstream):
    gateway = start(config(openai_deployment(upstream, "mine")))
    assert ask(gateway.port, chat(model="mine")).json["model"] == "mine"


def test_defaults_of_a_deployment(start, upstream):
    gateway = start(config(openai_deployment(upstream, temperature=0.1, max_tokens=77)))
    ask(gateway.port, chat(model="m"))
    assert upstream.requests[-1].json["temperature"] == 0.1
    ask(gateway.port, chat(model="m", temperature=0.9))
    assert upstream.requests[-1].json["temperature"] == 0.9
    assert upstream.requests[-1].json["max_tokens"] == 77


def test_gateway_parameters_do_not_reach_the_provider(start, upstream):
    gateway = start(config(openai_deployment(upstream)))
    body = chat(model="m", num_retries=1, timeout=30, metadata={"a": "b"}, drop_params=True)
    assert ask(gateway.port, body).status == 200
    assert not {"num_retries", "timeout", "drop_params"} & set(upstream.requests[-1].json)


def test_unknown_members_pass_to_the_same_kind_of_api(start, upstream):
    """A new parameter of the provider works on the day it appears."""
    gateway = start(config(openai_deployment(upstream)))
    ask(gateway.port, chat(model="m", brand_new={"deep": [1, 2.50, "x"]}, big=12345678901234567890))
    assert upstream.requests[-1].json["brand_new"] == {"deep": [1, 2.50, "x"]}
    assert b"12345678901234567890" in upstream.requests[-1].body


def test_unsupported_parameters(start, upstream):
    strict = start(config(claude_deployment(upstream)))
    lax = start(config(claude_deployment(upstream), litellm_settings={"drop_params": True}))
    body = chat(model="m", logit_bias={"50256": -100}, presence_penalty=0.5)
    refused = ask(strict.port, body)
    assert refused.status == 400
    assert "UnsupportedParamsError" in refused.error["message"]
    assert "drop_params" in refused.error["message"]
    assert ask(lax.port, body).status == 200
    assert "logit_bias" not in upstream.requests[-1].json


@pytest.mark.parametrize("way", ["header", "body", "deployment", "router"])
def test_timeouts(start, upstream, way):
    async def slow(exchange):
        await exchange.connection.gone.wait()
        exchange.keep = False

    upstream.scripts["slow"] = slow
    params = {"timeout": 0.3} if way == "deployment" else {}
    made = config(openai_deployment(upstream, **params))
    if way == "router":
        made["router_settings"]["timeout"] = 0.3
    gateway = start(made)
    body = chat("slow", "m", **({"timeout": 0.3} if way == "body" else {}))
    headers = {"x-litellm-timeout": "0.3"} if way == "header" else {}
    began = time.monotonic()
    answer = ask(gateway.port, body, headers=headers)
    assert answer.status == 408
    assert 0.25 < time.monotonic() - began < paths.deadline(20)


def test_stream_that_stalls_is_a_timeout_event(start, upstream):
    async def stalls(exchange):
        await exchange.start_stream()
        await exchange.event(answers.piece("part"))
        await exchange.connection.gone.wait()
        exchange.keep = False

    upstream.scripts["stalls"] = stalls
    gateway = start(config(openai_deployment(upstream, stream_timeout=0.5)))
    answer = ask(gateway.port, chat("stalls", "m", stream=True))
    assert answer.status == 200
    assert '"part"' in answer.events[0]
    assert '"error"' in answer.events[-1] and "408" in answer.events[-1]


@pytest.mark.parametrize("way", ["header", "body", "deployment"])
def test_number_of_retries(start, upstream, way):
    upstream.scripts["down"] = answers.error(503, answers.openai_error("down"))
    params = {"num_retries": 1} if way == "deployment" else {}
    gateway = start(config(openai_deployment(upstream, **params)))
    upstream.clear()
    headers = {"x-litellm-num-retries": "1"} if way == "header" else {}
    body = chat("down", "m", **({"num_retries": 1} if way == "body" else {}))
    assert ask(gateway.port, body, headers=headers).status == 503
    assert len(upstream.of("down")) == 2


def test_client_faults_are_not_retried(start, upstream):
    gateway = start(config(openai_deployment(upstream), num_retries=3))
    for status in (400, 404, 422):
        upstream.scripts["client-fault"] = answers.error(status, answers.openai_error("no"))
        upstream.clear()
        assert ask(gateway.port, chat("client-fault", "m")).status in (status, 400)
        assert len(upstream.of("client-fault")) == 1


def test_key_and_address_from_the_environment(start, upstream):
    entry = {"model_name": "m", "litellm_params": {"model": "openai/gpt-4o"}}
    env = {"OPENAI_API_KEY": canary.OPENAI, "OPENAI_API_BASE": upstream.url + "/v1"}
    gateway = start(config(entry), env=env)
    assert ask(gateway.port, chat(model="m")).status == 200
    assert upstream.requests[-1].headers["authorization"] == f"Bearer {canary.OPENAI}"


def test_a_client_cannot_choose_the_address_or_the_key(start, upstream):
    """A request that names another api_base must not send our key there."""
    gateway = start(config(openai_deployment(upstream)))
    upstream.clear()
    for more in ({"api_base": "http://127.0.0.1:9/v1"}, {"base_url": "http://127.0.0.1:9/v1"}):
        assert ask(gateway.port, chat(model="m", **more)).status == 400
    assert not upstream.requests


def test_extra_headers(start, upstream):
    gateway = start(config(openai_deployment(upstream, extra_headers={"x-team": "blue"})))
    assert ask(gateway.port, chat(model="m")).status == 200
    assert upstream.requests[-1].headers["x-team"] == "blue"
