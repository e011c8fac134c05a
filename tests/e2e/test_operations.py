"""What holds for every operation besides chat: refusals, errors of providers, retries, timeouts, paths."""

from dataclasses import dataclass

import pytest

from support import answers, canary, paths
from support.answers import openai_error
from support.gateway import Gateway, config, deployment
from support.metrics import scrape
from support.operations import EMBEDDINGS, SPEECH, Operation
from support.process import eventually
from support.records import Log, error_code
from support.upstream import Upstream
from support.wire import Answer, Wire, ask, request

OPERATIONS = (EMBEDDINGS, SPEECH)
each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=[o.name for o in OPERATIONS])


@dataclass
class One:
    """An operation on the module's gateway, whose model has one deployment."""

    operation: Operation
    gateway: Gateway
    upstream: Upstream

    def body(self, script="default", **more) -> dict:
        return {**self.operation.body(script, "m-" + self.operation.name), **more}

    def send(self, body, **more) -> Answer:
        return ask(self.gateway.port, body, **{"path": self.operation.path, **more})

    def ask(self, script="default", headers=None, **more) -> Answer:
        return self.send(self.body(script, **more), headers=headers)


@pytest.fixture(scope="module")
def running(upstream, tmp_path_factory):
    """The models "m-embeddings", "m-speech" with a deployment each, "three-..." with three, and others."""
    made = [
        operation.deployment(upstream, name + operation.name)
        for operation in OPERATIONS
        for name in ("m-", "three-", "three-", "three-")
    ]
    made += [
        {**one.deployment(upstream, "other-" + one.name), "model_info": {"mode": "rerank"}}
        for one in OPERATIONS
    ]
    made += [
        deployment("draws", "openai/dall-e-3", upstream.url + "/v1", canary.OPENAI),
        deployment("claude", "anthropic/claude-sonnet-4-5", upstream.url, canary.ANTHROPIC),
    ]
    gateway = Gateway(tmp_path_factory.mktemp("operations"), config(*made))
    yield gateway
    assert gateway.stop() == 0


@pytest.fixture(params=OPERATIONS, ids=[o.name for o in OPERATIONS])
def one(request, running, upstream):
    upstream.clear()
    return One(request.param, running, upstream)


def test_every_path_leads_there(one):
    bare = one.operation.path.removeprefix("/v1")
    for path in (one.operation.path, bare, bare + "/"):
        assert one.send(one.body(), path=path).status == 200, path
    assert {x.path for x in one.upstream.requests} == {one.operation.path}
    for method in ("GET", "DELETE"):
        refused = one.send(b"", method=method)
        assert (refused.status, refused.headers["allow"]) == (405, "POST")
    assert one.send(one.body(), key=canary.WRONG).status == 401
    assert len(one.upstream.requests) == 3


def test_what_goes_upstream_is_what_came_but_for_the_model(one):
    body = one.body(extra={"a": [1e-7]})
    assert one.send({**body, "no-log": True}).status == 200
    (sent,) = one.upstream.requests
    assert sent.json == {**body, "model": one.operation.model.partition("/")[2]}
    assert sent.headers["authorization"] == f"Bearer {canary.OPENAI}"
    assert sent.headers["content-type"] == "application/json"


def test_headers_say_which_deployment_answered(one):
    headers = one.ask().headers
    assert headers["x-litellm-model-name"] == one.operation.model
    assert headers["x-litellm-model-group"] == "m-" + one.operation.name
    assert headers["x-litellm-model-api-base"] == one.upstream.url + "/v1"
    assert headers["x-litellm-attempted-retries"] == headers["x-litellm-attempted-fallbacks"] == "0"
    for name in ("x-litellm-call-id", "x-litellm-model-id", "x-litellm-version"):
        assert headers[name]
    assert headers["llm_provider-content-type"] == headers["content-type"]


#: name: (members that differ, the member named, words of the message)
REFUSALS = {
    "no input": ({"input": None}, "input", "'input'"),
    "an unknown model": ({"model": "nobody"}, "model", "nobody"),
    "no model": ({"model": None}, "model", "'model'"),
    "an empty model": ({"model": ""}, "model", "'model'"),
    "a key": ({"api_key": canary.CLIENT}, "api_key", "api_key"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_wrong_request_is_refused_by_name(one, name):
    changes, param, said = REFUSALS[name]
    members = {**one.body(), **changes}
    refused = one.send({member: value for member, value in members.items() if value is not None})
    assert refused.status == 400
    assert refused.error["param"] == param and said in refused.error["message"]
    assert canary.CLIENT not in refused.error["message"]
    assert one.upstream.requests == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"model":"m",}', b'{"model":"m","input":"\xff"}']
)
def test_what_is_no_json_object_is_refused(one, body):
    refused = one.send(body)
    assert refused.status == 400 and refused.error["type"] == "invalid_request_error"
    assert one.upstream.requests == []


def test_a_model_for_another_use_is_refused(one):
    for model in ("draws", "other-" + one.operation.name):
        refused = one.ask(model=model)
        assert refused.status == 400 and refused.error["param"] == "model"
        assert f"not for {one.operation.use}" in refused.error["message"]
        assert one.operation.route in refused.error["message"]
    assert one.upstream.requests == []


def test_a_provider_that_lacks_the_operation_is_named(one):
    refused = one.ask(model="claude")
    assert refused.status == 400 and refused.error["param"] == "model"
    assert f"anthropic, which has no {one.operation.use}" in refused.error["message"]
    assert one.upstream.requests == []


@each_operation
def test_beside_others_it_is_not_asked(start, upstream, operation):
    claude = deployment("m", "anthropic/claude-sonnet-4-5", upstream.url, canary.ANTHROPIC)
    gateway = start(config(claude, operation.deployment(upstream)))
    upstream.clear()
    assert [operation.ask(gateway).status for _ in range(10)] == [200] * 10
    assert {x.path for x in upstream.requests} == {operation.path}


def given(status: int, body: bytes, kind: str):
    async def script(exchange):
        await exchange.answer(status, body, [("content-type", kind)])

    return script


def failing(status: int, text: str):
    return answers.error(status, openai_error(text))


#: name: (script, status, LiteLLM's class, is it tried again)
FAILURES = {
    "400": (failing(400, "bad voice"), 400, "BadRequestError", False),
    "401": (failing(401, "no such key"), 401, "AuthenticationError", True),
    "404": (failing(404, "no such model"), 404, "NotFoundError", True),
    "429": (failing(429, "slow down"), 429, "RateLimitError", True),
    "500": (failing(500, "broken"), 500, "InternalServerError", True),
    "503": (failing(503, "busy"), 503, "ServiceUnavailableError", True),
    "an error in a good answer": (failing(200, "broken"), 500, "InternalServerError", True),
    "a page": (given(200, b"<html>hi</html>", "text/html"), 502, "BadGatewayError", True),
    "another document": (given(200, b'{"a": 1}', "application/json"), 502, "BadGatewayError", True),
    "half a document": (
        given(200, b'{"data": [', "application/json"),
        502,
        "BadGatewayError",
        True,
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_failures_of_a_provider(one, name):
    script, status, exception, _ = FAILURES[name]
    one.upstream.scripts["failing"] = script
    failed = one.ask("failing")
    assert failed.status == status
    assert f"litellm.{exception}: OpenAIException - " in failed.error["message"]
    assert failed.error["code"] == str(status)
    assert failed.headers["content-type"] == "application/json"
    assert len(one.upstream.of("failing")) == 1


@pytest.mark.parametrize("name", FAILURES)
def test_which_failures_are_tried_again(one, name):
    """At another one of three deployments, so that nothing waits in between."""
    script, status, _, again = FAILURES[name]

    async def twice(exchange):
        await (script if len(one.upstream.of("twice")) < 3 else answers.default)(exchange)

    one.upstream.scripts["twice"] = twice
    answer = one.ask("twice", model="three-" + one.operation.name, num_retries=2)
    assert len(one.upstream.of("twice")) == (3 if again else 1)
    assert answer.status == (200 if again else status)
    if again:
        assert answer.headers["x-litellm-attempted-retries"] == "2"


@pytest.mark.parametrize("where", ["deployment", "body", "header"])
def test_an_upstream_that_says_nothing_is_a_timeout(one, start, where):
    one.upstream.scripts["silent"] = answers.hang
    more, headers = {}, None
    if where == "deployment":
        one.gateway = start(
            config(one.operation.deployment(one.upstream, "m-" + one.operation.name, timeout=0.3))
        )
    elif where == "body":
        more = {"timeout": 0.3}
    else:
        headers = {"x-litellm-timeout": "0.3"}
    failed = one.ask("silent", headers, **more)
    assert failed.status == 408
    assert "litellm.Timeout" in failed.error["message"]
    (asked,) = one.upstream.of("silent")
    assert "timeout" not in asked.json
    one.upstream.call(asked.connection.gone.wait())


def test_a_client_that_hangs_up_frees_the_upstream(one):
    one.upstream.scripts["silent"] = answers.hang
    with Wire(one.gateway.port) as wire:
        wire.send(request(one.body("silent"), path=one.operation.path))
        asked = eventually(
            lambda: next(iter(one.upstream.of("silent")), None), paths.deadline(10), 0.001
        )
    one.upstream.call(asked.connection.gone.wait())
    assert one.ask().status == 200


@each_operation
@pytest.mark.parametrize("ok", [True, False], ids=["ok", "failed"])
def test_the_call_is_in_the_log_and_in_metrics(start, upstream, tmp_path, operation, ok):
    upstream.scripts["broken"] = failing(500, "broken")
    log = Log(tmp_path)
    gateway = start(config(operation.deployment(upstream), **log.sections), env=log.environment)
    answer = operation.ask(gateway, "default" if ok else "broken", metadata={"tags": ["blue"]})
    (record,) = log.records()
    assert record["id"] == answer.headers["x-litellm-call-id"]
    assert record["call_type"] == operation.call_type
    assert record["status"] == ("success" if ok else "failure")
    assert error_code(record) == (None if ok else "500")
    assert (record["model"], record["model_group"]) == (operation.model, "m")
    assert record["custom_llm_provider"] == "openai" and record["stream"] is False
    assert record["metadata"]["user_api_key_request_route"] == operation.route
    assert record["request_tags"] == ["blue"]
    assert record["messages"] == "Hello", "what was asked stands where LiteLLM has it"
    counted = {
        dict(labels)["status_code"]: value
        for (name, labels), value in scrape(gateway).items()
        if name == "litellm_proxy_total_requests_metric_total"
        and dict(labels)["route"] == operation.route
    }
    assert counted == {"200" if ok else "500": 1}


def test_a_moderation_without_a_model_is_that_of_openai(start, upstream):
    """OpenAI's default, by its name; it is the operator's to have it."""
    body = {"id": "modr-1", "model": "omni-moderation-latest", "results": [{"flagged": False}]}

    async def provider(exchange):
        await exchange.answer(200, body)

    upstream.scripts["default"] = provider
    address = upstream.url + "/v1"
    named = deployment("omni-moderation-latest", "openai/omni-moderation-2024-09-26", address, canary.OPENAI)
    gateway = start(config(named))
    answer = ask(gateway.port, {"input": "x"}, path="/v1/moderations")
    assert answer.status == 200, answer.body
    assert upstream.requests[-1].json == {"model": "omni-moderation-2024-09-26", "input": "x"}
    other = start(config(deployment("m", "openai/omni-moderation-latest", address, canary.OPENAI)))
    unknown = ask(other.port, {"input": "x"}, path="/v1/moderations")
    assert unknown.status == 400 and b"omni-moderation-latest" in unknown.body
    assert ask(other.port, {"model": "m", "input": "x"}, path="/v1/moderations").status == 200
