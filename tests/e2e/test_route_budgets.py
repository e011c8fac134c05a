"""Budgets of providers and deployments: routing leaves out what is over one."""

import httpx
import openai
import pytest

from support import canary
from support.books import SqliteBooks, check
from support.gateway import LOADED_AGAIN, config, deployment
from support.wire import ask, chat

PRICE = 11 * 2500 + 4 * 10000
ONE = PRICE / 1e9


@pytest.fixture
def books(tmp_path):
    return SqliteBooks(tmp_path)


@pytest.fixture
def made(upstream, books):
    """made(providers=..., **of the first deployment): a configuration with two deployments of one model."""

    def run(providers=None, **first):
        address = upstream.url + "/v1"
        one = deployment("m", "openai/gpt-4o", address, canary.OPENAI, **first)
        other = deployment("m", "groq/llama-3.3-70b-versatile", address, canary.OPENAI)
        one["model_info"], other["model_info"] = {"id": "one"}, {"id": "other"}
        one["litellm_params"]["order"] = 1
        other["litellm_params"]["order"] = 2
        routing = {"provider_budget_config": providers} if providers else {}
        return config(
            one,
            other,
            router_settings=routing,
            general_settings={"database_url": books.url},
        )

    return run


def call(gateway, model="m", **more):
    return ask(gateway.port, chat("default", model, max_tokens=4, **more), headers={
        "Authorization": f"Bearer {canary.MASTER}", "x-patchbay-explain": "1"})


def served_by(gateway):
    answer = call(gateway)
    assert answer.status == 200, answer.body
    return answer.headers["x-litellm-model-id"]


def test_a_budget_of_all_calls_ends_them_all_whoever_asks(start, made, books, tmp_path):
    state = {"PATCHBAY_STATE_DIR": str(tmp_path / "state")}
    configuration = made()
    configuration["litellm_settings"] = {"max_budget": 1.5 * ONE, "budget_duration": "30d"}
    gateway = start(configuration, env=state)
    assert served_by(gateway) == "one"
    assert served_by(gateway) == "one"
    client = openai.OpenAI(base_url=gateway.url + "/v1", api_key=canary.MASTER, max_retries=0)
    for model in ("m", "one", "other"):
        with pytest.raises(openai.UnprocessableEntityError) as refused:
            client.chat.completions.create(
                model=model, messages=[{"role": "user", "content": "script:default"}]
            )
        assert refused.value.body["type"] == "budget_exceeded"
        assert refused.value.body["message"].endswith(
            "Budget has been exceeded! Current cost: 0.000135, Max budget: 0.00010125"
        )
    assert gateway.stop() == 0
    assert "all rules hold" in check(books)[1]
    again = start(configuration, env=state)
    assert call(again).status == 422, "what was spent is remembered"


def test_a_provider_over_its_budget_is_left_out_with_a_reason(start, made, books, tmp_path):
    state = {"PATCHBAY_STATE_DIR": str(tmp_path / "state")}
    configuration = made({"openai": {"budget_limit": 1.5 * ONE, "time_period": "1d"}})
    gateway = start(configuration, env=state)
    assert [served_by(gateway) for _ in range(3)] == ["one", "one", "other"]
    assert "one over its budget" in call(gateway).headers["x-patchbay-explain"]
    client = openai.OpenAI(base_url=gateway.url + "/v1", api_key=canary.MASTER, max_retries=0)
    with pytest.raises(openai.RateLimitError) as refused:
        client.chat.completions.create(
            model="one", messages=[{"role": "user", "content": "script:default"}]
        )
    assert refused.value.body["type"] == "None"
    assert (
        "No deployments available - crossed budget: Exceeded budget for provider openai: "
        "0.000135 >= 0.00010125" in refused.value.message
    )
    budgets = httpx.get(
        gateway.url + "/provider/budgets", headers={"Authorization": f"Bearer {canary.MASTER}"}
    ).json()["providers"]
    assert budgets["openai"]["spend"] == 2 * ONE
    assert budgets["openai"]["budget_limit"] == pytest.approx(1.5 * ONE)
    assert budgets["openai"]["time_period"] == "1d" and budgets["openai"]["budget_reset_at"]
    assert gateway.stop() == 0
    assert "all rules hold" in check(books)[1]
    again = start(configuration, env=state)
    assert served_by(again) == "other", "what was spent is remembered"


def test_a_deployment_over_its_budget_is_left_out_until_it_has_another(start, made, tmp_path):
    state = {"PATCHBAY_STATE_DIR": str(tmp_path / "state")}
    gateway = start(made(max_budget=ONE, budget_duration="30d"), env=state)
    assert [served_by(gateway) for _ in range(2)] == ["one", "other"]
    refused = call(gateway, "one")
    assert refused.status == 429
    assert "model_id: one: 0.0000675 >= 0.0000675" in refused.error["message"]
    at = gateway.reload(made(max_budget=1, budget_duration="30d"))
    gateway.wait_for(LOADED_AGAIN, 20, at)
    assert served_by(gateway) == "one"


def test_without_provider_budgets_the_page_says_so(start, made, tmp_path):
    gateway = start(made(), env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")})
    answer = httpx.get(
        gateway.url + "/provider/budgets", headers={"Authorization": f"Bearer {canary.MASTER}"}
    )
    assert answer.status_code == 500
    assert answer.json()["error"]["message"].startswith("No provider budget config found.")
