"""Budgets of providers and of all calls while the store cannot say what was spent: rather no call than one too many."""

import pytest

from support import canary
from support.gateway import LOADED_AGAIN, config, deployment
from support.wire import ask, chat

PRICE = 11 * 2500 + 4 * 10000
ONE = PRICE / 1e9
PROVIDER = {"router_settings": {"provider_budget_config": {"openai": {"budget_limit": 1.5 * ONE, "time_period": "1d"}}}}
ALL = {"litellm_settings": {"max_budget": 1.5 * ONE, "budget_duration": "1d"}}


@pytest.fixture
def made(upstream, books):
    """made(sections): a configuration with one deployment with a budget and one of another provider."""

    def run(budgets):
        address = upstream.url + "/v1"
        one = deployment("m", "openai/gpt-4o", address, canary.OPENAI) | {"model_info": {"id": "one"}}
        other = deployment("m", "groq/llama-3.3-70b-versatile", address, canary.OPENAI)
        other |= {"model_info": {"id": "other"}}
        one["litellm_params"]["order"], other["litellm_params"]["order"] = 1, 2
        return config(one, other, general_settings={"database_url": books.url}, **budgets)

    return run


@pytest.fixture
def spent(start, made, tmp_path):
    """spent(sections): a gateway without budgets, whose store knows that the budget was spent twice."""

    def run(budgets):
        state = {"PATCHBAY_STATE_DIR": str(tmp_path / "state")}
        before = start(made(budgets), env=state)
        assert [call(before).headers["x-litellm-model-id"] for _ in range(2)] == ["one", "one"]
        assert before.stop() == 0
        gateway = start(made({}), env=state)
        assert call(gateway).headers["x-litellm-model-id"] == "one"
        return gateway

    return run


def call(gateway, model="m"):
    return ask(gateway.port, chat("default", model, max_tokens=4))


def lose_and_find(gateway, books, configuration, meanwhile):
    """The budgets come while the store is away; then it comes back."""
    books.take_away()
    try:
        at = gateway.reload(configuration)
        gateway.wait_for("budgets .* not known, so they let nobody in", 20, at)
        gateway.wait_for(LOADED_AGAIN, 20, at)
        meanwhile()
    finally:
        books.give_back()
    gateway.wait_for("what budgets of providers and deployments have spent before is known", 20, at)


def refused_for_now(gateway, model, why):
    answer = call(gateway, model)
    assert answer.status == 503, answer.body
    assert answer.headers["retry-after"] == "1"
    assert answer.error["type"] == "no_db_connection"
    assert f"What was spent of the budget of {why} before is not known" in answer.error["message"]


def test_a_providers_budget_lets_nobody_in_until_it_is_known(spent, made, books):
    gateway = spent(PROVIDER)

    def meanwhile():
        refused_for_now(gateway, "one", "provider:openai")
        assert call(gateway).headers["x-litellm-model-id"] == "other", "which has no budget"
        page = ask(gateway.port, b"", "GET", path="/provider/budgets").json["providers"]["openai"]
        assert page["spend"] is None

    lose_and_find(gateway, books, made(PROVIDER), meanwhile)
    refused = call(gateway, "one")
    assert refused.status == 429
    assert "Exceeded budget for provider openai: 0.000135 >= 0.00010125" in refused.error["message"]
    assert call(gateway).headers["x-litellm-model-id"] == "other"


def test_the_budget_of_all_calls_lets_nobody_in_until_it_is_known(spent, made, books):
    gateway = spent(ALL)

    def meanwhile():
        for model in ("m", "one", "other"):
            refused_for_now(gateway, model, "proxy")

    lose_and_find(gateway, books, made(ALL), meanwhile)
    refused = call(gateway)
    assert refused.status == 422, refused.body
    assert "Current cost: 0.000135, Max budget: 0.00010125" in refused.error["message"]


def test_one_that_is_known_stays_so_while_the_store_is_away(start, made, books, tmp_path):
    gateway = start(made(PROVIDER), env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")})
    books.take_away()
    try:
        served = [call(gateway).headers["x-litellm-model-id"] for _ in range(3)]
    finally:
        books.give_back()
    assert served == ["one", "one", "other"]
