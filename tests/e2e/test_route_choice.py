"""Which deployment of a group is asked: order, tags, strategies, limits."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import answers, canary
from support.gateway import config, deployment
from support.wire import ask, chat


def model(upstream, wire_model, name="m", info=None, **params):
    made = deployment(name, f"openai/{wire_model}", upstream.url + "/v1", canary.OPENAI, **params)
    made["model_info"] = {"id": wire_model, **(info or {})}
    return made


def taken(gateway, count=30, script="default", **more):
    """Ids of the deployments that answered, each with how often."""
    seen = {}
    for _ in range(count):
        answer = ask(gateway.port, chat(script, "m", **more))
        assert answer.status == 200, answer.body
        name = answer.headers["x-litellm-model-id"]
        seen[name] = seen.get(name, 0) + 1
    return seen


def test_weights(start, upstream):
    gateway = start(config(model(upstream, "nine", weight=9), model(upstream, "one", weight=1)))
    seen = taken(gateway, 200)
    assert 150 < seen["nine"] < 199


def test_the_lowest_order_is_asked_first_and_the_next_when_it_fails(start, upstream):
    async def first_down(exchange):
        if exchange.json["model"] == "first":
            await exchange.answer(500, answers.openai_error("down"))
        else:
            await answers.default(exchange)

    upstream.scripts["first-down"] = first_down
    gateway = start(config(model(upstream, "second", order=2), model(upstream, "first", order=1)))
    assert taken(gateway, 10) == {"first": 10}
    assert taken(gateway, 1, "first-down") == {"second": 1}


def test_tags_choose(start, upstream):
    gateway = start(
        config(
            model(upstream, "paid", tags=["paid"]),
            model(upstream, "free", tags=["free"]),
            model(upstream, "rest", tags=["default"]),
            router_settings={"enable_tag_filtering": True},
        )
    )
    assert taken(gateway, 5, tags=["paid"]) == {"paid": 5}
    assert taken(gateway, 5, metadata={"tags": ["free"]}) == {"free": 5}
    assert taken(gateway, 5) == {"rest": 5}
    answer = ask(gateway.port, chat(model="m"), headers={"x-litellm-tags": "free, other"})
    assert answer.headers["x-litellm-model-id"] == "free"


def test_tags_of_a_key_and_its_team_choose(start, upstream, tmp_path):
    gateway = start(
        config(
            model(upstream, "paid", tags=["paid"]),
            model(upstream, "free", tags=["free"]),
            router_settings={"enable_tag_filtering": True},
            general_settings={"database_url": f"sqlite:///{tmp_path}/books.db"},
        )
    )
    team = ask(gateway.port, {"metadata": {"tags": ["free"]}}, path="/team/new").json
    paid = gateway.make_key(metadata={"tags": ["paid"]})["key"]
    free = gateway.make_key(team_id=team["team_id"])["key"]
    for key, name in ((paid, "paid"), (free, "free")):
        for _ in range(4):
            answer = ask(gateway.port, chat(model="m"), key=key)
            assert answer.headers["x-litellm-model-id"] == name, answer.body


def test_a_tag_that_nobody_has_is_refused(start, upstream):
    gateway = start(
        config(
            model(upstream, "paid", tags=["paid"]), router_settings={"enable_tag_filtering": True}
        )
    )
    answer = ask(gateway.port, chat(model="m", tags=["gold"]))
    assert answer.status == 401
    assert "Not allowed to access model due to tags" in answer.error["message"]


def test_a_deployment_may_be_asked_for_by_its_id(start, upstream):
    gateway = start(config(model(upstream, "a"), model(upstream, "b")))
    for name in ("a", "b"):
        assert ask(gateway.port, chat(model=name)).headers["x-litellm-model-id"] == name


def test_prompts_go_where_they_fit(start, upstream):
    gateway = start(
        config(
            model(upstream, "small", info={"max_input_tokens": 50}),
            model(upstream, "large", info={"max_input_tokens": 50_000}),
            router_settings={"enable_pre_call_checks": True},
        )
    )
    body = {"model": "m", "messages": [{"role": "user", "content": "word " * 500}]}
    for _ in range(10):
        assert ask(gateway.port, body).headers["x-litellm-model-id"] == "large"
    body["messages"][0]["content"] *= 200
    answer = ask(gateway.port, body)
    assert answer.status == 400
    assert "Context Window exceeded" in answer.error["message"]


def test_cost_based_takes_the_cheapest(start, upstream):
    gateway = start(
        config(
            model(upstream, "dear", input_cost_per_token=2e-6, output_cost_per_token=3e-6),
            model(upstream, "cheap", input_cost_per_token=1e-6, output_cost_per_token=1e-6),
            router_settings={"routing_strategy": "cost-based-routing"},
        )
    )
    assert taken(gateway, 10) == {"cheap": 10}


def test_latency_based_takes_the_fastest(start, upstream):
    async def slow(exchange):
        if exchange.json["model"] == "slow":
            await asyncio.sleep(1)
        await answers.default(exchange)

    upstream.scripts["one-is-slow"] = slow
    gateway = start(
        config(
            model(upstream, "slow"),
            model(upstream, "fast"),
            router_settings={"routing_strategy": "latency-based-routing"},
        )
    )
    seen = taken(gateway, 20, "one-is-slow")
    assert seen["slow"] == 1


def test_least_busy_spreads_what_is_under_way(start, upstream):
    async def wait(exchange):
        while len(upstream.of("all-at-once")) < 12:
            await asyncio.sleep(0.01)
        await answers.default(exchange)

    upstream.scripts["all-at-once"] = wait
    gateway = start(
        config(
            *(model(upstream, name) for name in ("a", "b", "c")),
            router_settings={"routing_strategy": "least-busy"},
        )
    )
    upstream.clear()
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda _: ask(gateway.port, chat("all-at-once", "m")), range(12)))
    asked = [seen.json["model"] for seen in upstream.requests]
    assert [asked.count(name) for name in ("a", "b", "c")] == [4, 4, 4]


def test_usage_based_keeps_the_limits_of_the_minute(start, upstream):
    gateway = start(
        config(
            model(upstream, "a", rpm=3),
            model(upstream, "b", rpm=4),
            router_settings={"routing_strategy": "usage-based-routing-v2"},
        )
    )
    seen = {}
    refused = 0
    for _ in range(12):
        answer = ask(gateway.port, chat(model="m"))
        if answer.status == 200:
            name = answer.headers["x-litellm-model-id"]
            seen[name] = seen.get(name, 0) + 1
        else:
            assert answer.status == 429
            assert 1 <= int(answer.headers["retry-after"]) <= 60
            refused += 1
    # A minute of the clock may end within the test.
    assert refused > 0 or sum(seen.values()) == 12
    assert all(count <= 2 * limit for count, limit in ((seen["a"], 3), (seen["b"], 4)))


def test_tokens_of_prompts_and_of_answers_have_limits_of_their_own(start, upstream):
    gateway = start(
        config(
            model(upstream, "short", itpm=60, order=1),
            model(upstream, "long", itpm=1000, order=2),
            model(upstream, "says-little", name="answers", otpm=30),
            router_settings={"optional_pre_call_checks": ["enforce_model_rate_limits"]},
        )
    )

    def asked(words, name="m", **more):
        body = {"model": name, "messages": [{"role": "user", "content": "four" * words}]}
        return ask(gateway.port, body | more)

    def to(words):
        answer = asked(words)
        assert answer.status == 200
        return answer.headers["x-litellm-model-id"]

    minute = int(time.time() // 60)
    assert [to(5), to(200), to(5)] == ["short", "long", "short"]
    # The upstream tells of 11 tokens in each prompt and 4 in each answer.
    assert to(50) == "long" or int(time.time() // 60) > minute
    refused = asked(1200)
    assert refused.status == 429
    assert "No deployments available for selected model" in refused.error["message"]
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert asked(5, "answers", max_tokens=31).status == 429
    assert asked(5, "answers", max_tokens=25).status == 200
    info = ask(gateway.port, method="GET", path="/model_group/info?model_group=m", key=canary.MASTER).json["data"]
    assert (info[0]["itpm"], info[0]["otpm"]) == (1060, None)


@pytest.mark.parametrize("where", ["deployment", "router"])
def test_no_more_than_so_many_at_once(start, upstream, where):
    state = {"now": 0, "most": 0}

    async def counted(exchange):
        state["now"] += 1
        state["most"] = max(state["most"], state["now"])
        await asyncio.sleep(0.05)
        state["now"] -= 1
        await answers.default(exchange)

    upstream.scripts["counted"] = counted
    params = {"max_parallel_requests": 2} if where == "deployment" else {}
    settings = {"default_max_parallel_requests": 2} if where == "router" else {}
    gateway = start(config(model(upstream, "a", **params), router_settings=settings))
    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(lambda _: ask(gateway.port, chat("counted", "m")).status, range(20)))
    assert found == [200] * 20
    assert state["most"] == 2


def test_a_request_may_be_kept_to_a_region(start, upstream):
    gateway = start(
        config(
            model(upstream, "here", region_name="eu"),
            model(upstream, "there", aws_region_name="us-east-1"),
            model(upstream, "nowhere"),
            model(upstream, "only-there", name="far", region_name="us"),
        )
    )
    assert taken(gateway, 20, allowed_model_region="eu") == {"here": 20}
    assert taken(gateway, 20, allowed_model_region="us") == {"there": 20}
    assert len(taken(gateway, 60, allowed_model_region=None)) == 3
    assert "allowed_model_region" not in upstream.requests[-1].json
    refused = ask(gateway.port, chat("default", "far", allowed_model_region="eu"))
    assert refused.status == 400
    assert "is in the region 'eu'" in refused.error["message"]
    assert refused.error["param"] == "allowed_model_region"
    assert ask(gateway.port, chat("default", "m", allowed_model_region="mars")).status == 400
