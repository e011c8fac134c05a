"""What holds for some model groups or deployments alone: strategies, affinity, rests, timeouts; and who takes a schema."""

from support import answers, canary
from support.gateway import config, deployment
from support.wire import ask, chat


def model(upstream, wire_model, name, info=None, **params):
    made = deployment(name, f"openai/{wire_model}", upstream.url + "/v1", canary.OPENAI, **params)
    made["model_info"] = {"id": wire_model, **(info or {})}
    return made


def taken(gateway, name, count=20, **more):
    """Ids of the deployments that answered, each with how often."""
    seen = {}
    for _ in range(count):
        answer = ask(gateway.port, chat(model=name, **more))
        assert answer.status == 200, answer.body
        at = answer.headers["x-litellm-model-id"]
        seen[at] = seen.get(at, 0) + 1
    return seen


def priced(upstream, wire_model, name, price, **more):
    return model(upstream, wire_model, name, input_cost_per_token=price, output_cost_per_token=price, **more)


def test_a_routing_group_has_a_strategy_of_its_own(start, upstream):
    gateway = start(
        config(
            priced(upstream, "a-dear", "a", 2e-6),
            priced(upstream, "a-cheap", "a", 1e-6),
            priced(upstream, "b-dear", "b", 4e-6),
            priced(upstream, "b-cheap", "b", 3e-6),
            router_settings={
                "routing_groups": [
                    {"group_name": "thrifty", "models": ["a"], "routing_strategy": "cost-based-routing"},
                    {
                        "group_name": "tiers",
                        "models": ["a", "b"],
                        "routing_strategy": "priority",
                        "model_priorities": {"b": 1, "a": 2},
                    },
                ]
            },
        )
    )
    assert taken(gateway, "a") == {"a-cheap": 20}
    assert set(taken(gateway, "b", 40)) == {"b-dear", "b-cheap"}, "that of all: simple-shuffle"
    assert taken(gateway, "thrifty") == {"a-cheap": 20}
    assert set(taken(gateway, "tiers", 40)) == {"b-dear", "b-cheap"}, "the first of its models"
    listed = ask(gateway.port, path="/v1/models", method="GET").json["data"]
    assert {one["id"] for one in listed} == {"a", "b", "thrifty", "tiers"}
    told = ask(gateway.port, chat(model="a"), headers={"x-patchbay-explain": "1"}).headers
    assert told["x-patchbay-explain"] == "a: 2 of 2 by cost-based-routing -> a-cheap"
    assert ask(gateway.port, chat(model="tiers")).headers["x-litellm-model-group"] == "tiers"


def test_the_next_of_a_routing_groups_models_is_asked_when_the_first_fails(start, upstream):
    async def first_down(exchange):
        if exchange.json["model"] == "first":
            await exchange.answer(500, answers.openai_error("down"))
        else:
            await answers.default(exchange)

    upstream.scripts["first-down"] = first_down
    group = {
        "group_name": "both",
        "models": ["a", "b"],
        "routing_strategy": "priority",
        "model_priorities": {"a": 1, "b": 2},
    }
    gateway = start(
        config(model(upstream, "first", "a"), model(upstream, "second", "b"), router_settings={"routing_groups": [group]})
    )
    answer = ask(gateway.port, chat("first-down", "both"))
    assert answer.status == 200
    assert answer.headers["x-litellm-model-id"] == "second"
    assert answer.headers["x-litellm-attempted-fallbacks"] == "0"


def test_a_key_may_use_a_routing_group_by_its_name_alone(start, upstream, tmp_path):
    group = {"group_name": "both", "models": ["a", "b"], "routing_strategy": "least-busy"}
    gateway = start(
        config(
            model(upstream, "first", "a"),
            model(upstream, "second", "b"),
            router_settings={"routing_groups": [group]},
            general_settings={"database_url": f"sqlite:///{tmp_path}/books.db"},
        )
    )
    of_model = gateway.make_key(models=["a"])["key"]
    of_group = gateway.make_key(models=["both"])["key"]
    assert ask(gateway.port, chat(model="both"), key=of_model).status == 403, "it may not use b"
    assert ask(gateway.port, chat(model="both"), key=of_group).status == 200
    assert ask(gateway.port, chat(model="a"), key=of_group).status == 403


def test_an_answer_by_a_schema_is_asked_of_who_takes_one(start, upstream):
    schema = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}
    gateway = start(
        config(
            model(upstream, "new", "m", {"base_model": "gpt-4o"}),
            model(upstream, "old", "m", {"base_model": "gpt-4"}),
            model(upstream, "none", "n", {"supports_response_schema": False}),
            router_settings={"enable_pre_call_checks": True},
        )
    )
    assert taken(gateway, "m", response_format=schema) == {"new": 20}
    assert set(taken(gateway, "m", 40)) == {"new", "old"}
    told = ask(gateway.port, chat(model="m", response_format=schema), headers={"x-patchbay-explain": "1"})
    assert "m: without old: takes no schema for its answer" in told.headers["x-patchbay-explain"]
    refused = ask(gateway.port, chat(model="n", response_format=schema))
    assert refused.status == 400
    assert "no deployment of model=n supports ['response_format']" in refused.error["message"]
    assert ask(gateway.port, chat(model="n")).status == 200


def test_pictures_go_to_who_sees_them(start, upstream):
    gateway = start(
        config(model(upstream, "sees", "m"), model(upstream, "blind", "m", {"supports_vision": False}))
    )
    url = "data:image/png;base64,AAAA"
    shown = {"model": "m", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}]}
    answered = [ask(gateway.port, shown) for _ in range(20)]
    assert {one.headers["x-litellm-model-id"] for one in answered} == {"sees"}
    assert set(taken(gateway, "m", 40)) == {"sees", "blind"}


def test_a_deployment_has_numbers_of_failures_of_its_own(start, upstream):
    upstream.scripts["refused"] = answers.error(400, answers.openai_error("no such thing"))
    policy = {"allowed_fails_policy": {"BadRequestErrorAllowedFails": 1}, "cooldown_time": 60}
    gateway = start(config(model(upstream, "strict", "strict", policy), model(upstream, "lax", "lax")))
    for name in ("strict", "lax"):
        for _ in range(2):
            assert ask(gateway.port, chat("refused", name)).status == 400
    assert ask(gateway.port, chat(model="lax")).status == 200
    resting = ask(gateway.port, chat(model="strict"))
    assert resting.status == 429
    assert 50 < int(resting.headers["retry-after"]) <= 60


def test_sessions_stay_in_the_groups_that_say_so(start, upstream):
    gateway = start(
        config(
            *(model(upstream, f"{name}-{i}", name) for name in ("stays", "moves") for i in range(4)),
            router_settings={"model_group_affinity_config": {"stays": ["session_affinity"]}},
        )
    )
    session = {"metadata": {"session_id": "one"}}
    assert len(taken(gateway, "stays", **session)) == 1
    assert len(taken(gateway, "moves", 40, **session)) > 1


def test_a_service_tier_has_a_timeout_of_its_own(start, upstream):
    async def slow(exchange):
        await exchange.connection.gone.wait()
        exchange.keep = False

    upstream.scripts["slow"] = slow
    gateway = start(config(model(upstream, "up", "m", timeout_by_service_tier={"priority": 0.3}, timeout=60)))
    assert ask(gateway.port, chat("slow", "m", service_tier="priority")).status == 408
    assert ask(gateway.port, chat("slow", "m", service_tier="flex", timeout=0.2)).status == 408
    assert ask(gateway.port, chat(model="m", service_tier="priority")).status == 200
