"""GET /health asks every deployment; /model/info says what stands behind a name."""

import pytest

from support import answers, canary
from support.gateway import Gateway, config, deployment
from support.wire import ask

HI = [{"role": "user", "content": "Hi"}]


def entry(upstream, name, model, id, mode=None, **params):
    base = upstream.url if model.startswith("anthropic/") else upstream.url + "/v1"
    info = {"id": id} | ({"mode": mode} if mode else {})
    return deployment(name, model, base, canary.OPENAI, **params) | {"model_info": info}


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["failing"] = answers.error(401, answers.openai_error("bad key"))
    running = Gateway(
        tmp_path_factory.mktemp("health"),
        config(
            entry(upstream, "good", "openai/gpt-4o", "one", rpm=7, input_cost_per_token=1e-06),
            entry(upstream, "good", "anthropic/claude-sonnet-4-5", "two"),
            entry(upstream, "good", "openai/script:failing", "three"),
            entry(upstream, "bad", "openai/script:failing", "four"),
            entry(upstream, "vectors", "openai/text-embedding-3-small", "five"),
            entry(upstream, "pictures", "openai/dall-e-3", "six"),
            entry(upstream, "any/*", "openai/*", "seven"),
        ),
    )
    yield running
    assert running.stop() == 0


def health(gateway, query="", key=canary.MASTER):
    return ask(gateway.port, method="GET", path="/health" + query, key=key)


def by_id(list):
    return {one["model_id"]: one for one in list}


def test_every_deployment_is_asked_for_as_little_as_its_mode_has(gateway, upstream):
    upstream.clear()
    answer = health(gateway)
    assert answer.status == 200
    told = answer.json
    assert set(by_id(told["healthy_endpoints"])) == {"one", "two", "five"}
    assert set(by_id(told["unhealthy_endpoints"])) == {"three", "four"}
    assert set(by_id(told["unchecked_endpoints"])) == {"six", "seven"}
    assert (told["healthy_count"], told["unhealthy_count"]) == (3, 2)
    failed = by_id(told["unhealthy_endpoints"])["three"]
    assert failed["exception_status"] == 401 and "bad key" in failed["error"]
    assert failed["model"] == "openai/script:failing" and failed["api_base"] == upstream.url + "/v1"
    sent = sorted((request.json for request in upstream.requests), key=lambda body: body["model"])
    assert len(sent) == 5
    assert {"model": "gpt-4o", "messages": HI, "max_tokens": 16} in sent
    assert {"model": "text-embedding-3-small", "input": ["Hi"]} in sent
    assert canary.OPENAI not in answer.body.decode()


@pytest.mark.parametrize(
    ("query", "status", "healthy", "unhealthy"),
    [
        ("?model=good", 200, {"one", "two"}, {"three"}),
        ("?model_id=two", 200, {"two"}, set()),
        ("?model=bad", 503, set(), {"four"}),
        ("?model_id=four", 503, set(), {"four"}),
        ("?model=pictures", 200, set(), set()),
    ],
)
def test_one_model_or_deployment_is_down_as_a_load_balancer_reads_it(gateway, query, status, healthy, unhealthy):
    answer = health(gateway, query)
    assert answer.status == status
    assert set(by_id(answer.json["healthy_endpoints"])) == healthy
    assert set(by_id(answer.json["unhealthy_endpoints"])) == unhealthy


def test_who_is_not_there_or_has_no_key_is_told(gateway):
    assert health(gateway, "?model=nobody").status == 400
    assert health(gateway, key=None).status == 401


def test_the_info_of_models_has_limits_and_prices_and_no_key(gateway, upstream):
    answer = ask(gateway.port, method="GET", path="/v1/model/info", key=canary.MASTER)
    assert answer.status == 200 and canary.OPENAI not in answer.body.decode()
    found = {one["model_info"]["id"]: one for one in answer.json["data"]}
    assert set(found) == {"one", "two", "three", "four", "five", "six", "seven"}
    assert found["one"]["litellm_params"] == {
        "model": "openai/gpt-4o",
        "api_base": upstream.url + "/v1",
        "rpm": 7,
    }
    assert found["one"]["model_info"]["input_cost_per_token"] == 1e-06
    two = found["two"]["model_info"]
    assert (two["input_cost_per_token"], two["output_cost_per_token"]) == (3e-06, 1.5e-05)
    assert (two["mode"], two["max_input_tokens"]) == ("chat", 200000)
    groups = ask(gateway.port, method="GET", path="/model_group/info?model_group=good", key=canary.MASTER).json["data"]
    assert [group["model_group"] for group in groups] == ["good"]
    assert groups[0]["providers"] == ["openai", "anthropic"]
