"""Which models a key gets: by names of patterns, at no cost, as fallbacks; and by which names they are told."""

import json

import httpx

from support import canary, paths
from support.answers import USAGE, completion
from support.gateway import config, deployment
from support.process import eventually
from support.wire import ask as wire_ask
from support.wire import chat


def test_a_name_without_its_provider_is_one_of_the_pattern(start, upstream, tmp_path):
    gateway = start(
        config(
            deployment("openai/*", "openai/*", upstream.url + "/v1", canary.OPENAI),
            general_settings={"database_url": f"sqlite://{tmp_path}/ledger.db"},
        )
    )
    allowed = gateway.make_key(models=["openai/gpt-*"])["key"]

    def ask(key, model):
        return wire_ask(
            gateway.port, chat("default", model), headers={"Authorization": f"Bearer {key}"}
        ).status

    assert [ask(canary.MASTER, m) for m in ("gpt-4o", "o3", "claude-opus-4-1")] == [200, 200, 400]
    assert upstream.requests[-1].json["model"] == "o3"
    assert [ask(allowed, model) for model in ("gpt-4o", "openai/gpt-4o", "o3")] == [200, 200, 403]
    nothing = {"openai/gpt-4o": {"budget_limit": 0, "time_period": "1d"}}
    bound = gateway.make_key(model_max_budget=nothing)["key"]
    assert [ask(bound, model) for model in ("gpt-4o", "openai/gpt-4o", "gpt-4o-mini")] == [422, 422, 200]
    named = gateway.make_key(models=["gpt-4o", "openai/of-the-house", "nobody/has-it"])["key"]
    answer = httpx.get(f"{gateway.url}/v1/models", headers={"Authorization": f"Bearer {named}"})
    assert [model["id"] for model in answer.json()["data"]] == ["gpt-4o", "openai/of-the-house"]


def test_no_budget_keeps_out_a_model_that_costs_nothing(start, upstream, tmp_path):
    """LiteLLM's rule for models at home, whose prices are 0; their fallbacks must cost nothing, too."""
    address = upstream.url + "/v1"
    free = {"input_cost_per_token": 0, "output_cost_per_token": 0}

    async def broken(exchange):
        away = exchange.json["model"] == "away"
        await exchange.answer(500 if away else 200, {"error": {"message": "no"}} if away else completion("gpt-4o"))

    upstream.scripts["broken"] = broken
    gateway = start(
        config(
            deployment("free", "openai/mine", address, canary.OPENAI, **free),
            deployment("away", "openai/away", address, canary.OPENAI, **free),
            deployment("unpriced", "openai/unknown", address, canary.OPENAI),
            deployment("both", "openai/mine", address, canary.OPENAI, **free),
            deployment("both", "openai/gpt-4o", address, canary.OPENAI),
            deployment("paid", "openai/gpt-4o", address, canary.OPENAI),
            general_settings={"database_url": f"sqlite://{tmp_path}/ledger.db"},
            router_settings={"fallbacks": [{"away": ["paid", "free"]}]},
        )
    )
    key = gateway.make_key(max_budget=0)["key"]

    def ask(model, script="default"):
        return wire_ask(gateway.port, chat(script, model), headers={"Authorization": f"Bearer {key}"})

    assert {model: ask(model).status for model in ("free", "unpriced", "both", "paid")} == {
        "free": 200,
        "unpriced": 422,
        "both": 422,
        "paid": 422,
    }
    fell_back = ask("away", "broken")
    assert (fell_back.status, fell_back.headers["x-litellm-model-group"]) == (200, "free")


def test_a_fallback_counts_for_the_limits_of_its_own_model(start, upstream, tmp_path):
    address = upstream.url + "/v1"

    async def first_is_away(exchange):
        away = exchange.json["model"] == "gpt-4o"
        await exchange.answer(500 if away else 200, {"error": {"message": "no"}} if away else completion(usage=USAGE))

    upstream.scripts["first-is-away"] = first_is_away
    gateway = start(
        config(
            deployment("first", "openai/gpt-4o", address, canary.OPENAI),
            deployment("second", "openai/gpt-4o-mini", address, canary.OPENAI),
            deployment("third", "openai/gpt-4.1", address, canary.OPENAI),
            general_settings={"database_url": f"sqlite://{tmp_path}/ledger.db"},
            router_settings={"fallbacks": [{"first": ["second", "third"]}], "disable_cooldowns": True},
        )
    )

    def group(key):
        answer = wire_ask(
            gateway.port, chat("first-is-away", "first"), headers={"Authorization": f"Bearer {key}"}
        )
        return answer.headers["x-litellm-model-group"] if answer.status == 200 else answer.status

    nothing = {"budget_limit": 0, "time_period": "1d"}
    assert group(gateway.make_key(model_max_budget={"second": nothing})["key"]) == "third"
    assert group(gateway.make_key(model_rpm_limit={"second": 0})["key"]) == "third"
    once = gateway.make_key(model_rpm_limit={"second": 1})["key"]
    assert [group(once), group(once)] == ["second", "third"]
    spent = gateway.make_key(
        model_max_budget={name: {"budget_limit": 1e-9, "time_period": "1d"} for name in ("second", "third")}
    )["key"]
    assert [group(spent), group(spent), group(spent)] == ["second", "third", 500]


def test_models_of_a_pattern_are_told_by_their_own_names(start, upstream, books, tmp_path):
    """In headers, in the books and in records; metrics name the pattern, as clients can make up names."""
    sink = tmp_path / "records.jsonl"
    gateway = start(
        config(
            deployment("openai/*", "openai/*", upstream.url + "/v1", canary.OPENAI),
            deployment("fixed/*", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
            general_settings={"database_url": books.url},
            litellm_settings={"callbacks": ["file"]},
            callback_settings={"file": {"url": f"file://{sink}", "flush_interval": 0.1}},
        ),
        env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
    )
    asked = {
        "openai/gpt-4o": "openai/gpt-4o",
        "gpt-4o-mini": "openai/gpt-4o-mini",
        "fixed/any": "openai/gpt-4o",
    }
    master = {"Authorization": f"Bearer {canary.MASTER}"}
    for name, model in asked.items():
        answer = wire_ask(gateway.port, chat("default", name), headers=master)
        told = answer.headers["x-litellm-model-group"], answer.headers["x-litellm-model-name"]
        assert told == (name, model)
    made_up = wire_ask(gateway.port, chat("default", "openai/x\r\ny: z"), headers=master)
    assert made_up.headers["x-litellm-model-group"] == "openai/*" and "y" not in made_up.headers

    def logs():
        rows = httpx.get(f"{gateway.url}/spend/logs", headers=master).json()
        return {row["model_group"]: row["model"] for row in rows if row["model_group"] in asked}

    def records():
        rows = [json.loads(line) for line in sink.read_text().splitlines()] if sink.exists() else []
        return {row["model_group"]: row["model"] for row in rows if row["model_group"] in asked}

    eventually(lambda: logs() == asked, paths.deadline(10))
    eventually(lambda: records() == asked, paths.deadline(10))
    metrics = httpx.get(f"{gateway.url}/metrics", headers=master).text
    assert 'requested_model="openai/*"' in metrics and "gpt-4o-mini" not in metrics
