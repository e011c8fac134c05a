"""Limits of customers, tags and models on the way of a call."""

from concurrent.futures import ThreadPoolExecutor

import anthropic
import httpx
import openai
import pytest

from support import canary
from support.answers import USAGE, completion
from support.books import check
from support.gateway import config, deployment
from support.process import eventually
from support.wire import ask as wire_ask
from support.wire import chat

PRICE = 11 * 2500 + 4 * 10000  # gpt-4o, nano-dollars, for what the scripted upstream says it used
ONE = PRICE / 1e9


@pytest.fixture
def serve(start, upstream, books, tmp_path):
    """serve(**sections) starts a gateway with the books of the test."""

    def run(**sections):
        address = upstream.url + "/v1"
        here = deployment("european", "openai/gpt-4o", address, canary.OPENAI, region_name="eu")
        sections.setdefault("general_settings", {})["database_url"] = books.url
        gateway = start(
            config(
                deployment("scripted", "openai/gpt-4o", address, canary.OPENAI),
                deployment("other", "openai/gpt-4o", address, canary.OPENAI),
                here,
                **sections,
            ),
            env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
        )
        return Served(gateway)

    return run


class Served:
    def __init__(self, gateway):
        self.gateway = gateway

    def manage(self, path, body=None, method="POST", status=200):
        answer = httpx.request(
            method,
            f"{self.gateway.url}{path}",
            json=body,
            headers={"Authorization": f"Bearer {canary.MASTER}"},
            timeout=30,
        )
        assert answer.status_code == status, answer.text
        return answer.json()

    def key(self, **fields):
        return self.manage("/key/generate", fields)["key"]

    def register(self, user_id, **fields):
        """A customer that the gateway knows when this returns."""

        def told(words):
            answer = self.call(model="nobody-has-it", user=user_id)
            return words in answer.error["message"]

        self.manage("/customer/new", {"user_id": user_id, "blocked": True, **fields})
        eventually(lambda: told("User blocked"), 10)
        self.manage("/customer/unblock", {"user_ids": [user_id]})
        eventually(lambda: told("Invalid model name"), 10)

    def call(self, key=canary.MASTER, model="scripted", headers=(), **more):
        return wire_ask(
            self.gateway.port,
            chat("default", model, max_tokens=4, **more),
            headers={"Authorization": f"Bearer {key}", **dict(headers)},
        )


def test_a_customer_that_is_blocked_is_refused_whoever_asks(serve):
    served = serve()
    served.manage("/customer/new", {"user_id": "shop", "blocked": True})
    served.manage("/customer/new", {"user_id": "fair"})
    for key in (canary.MASTER, served.key()):
        eventually(lambda key=key: served.call(key, user="shop").status == 400, 10)
        refused = served.call(key, user="shop")
        assert refused.error["message"] == "User blocked from making LLM API Calls. User=shop"
        assert served.call(key, user="fair").status == 200
        assert served.call(key, user="nobody registered").status == 200
        assert served.call(key).status == 200
    served.manage("/customer/unblock", {"user_ids": ["shop"]})
    eventually(lambda: served.call(user="shop").status == 200, 10)


def test_the_budget_of_a_customer_ends_its_calls_with_every_client(serve, books):
    served = serve()
    served.register("shop", max_budget=1.5 * ONE)
    url = served.gateway.url
    client = openai.OpenAI(base_url=url + "/v1", api_key=served.key(), max_retries=0)
    say = [{"role": "user", "content": "script:default"}]
    claude = anthropic.Anthropic(base_url=url, api_key=served.key(), max_retries=0)
    spent = [
        lambda: client.chat.completions.create(model="scripted", messages=say, user="shop"),
        lambda: claude.messages.create(
            model="scripted", max_tokens=4, messages=say, metadata={"user_id": "shop"}
        ),
    ]
    for one in spent:
        one()
    refused = served.call(user="shop")
    assert refused.status == 422 and refused.error["type"] == "budget_exceeded"
    assert refused.error["message"] == (
        "ExceededBudget: End User=shop over budget. Spend=0.000135, Budget=0.00010125"
    )
    with pytest.raises(openai.UnprocessableEntityError):
        client.chat.completions.create(
            model="scripted", messages=say, extra_body={"safety_identifier": "shop"}
        )
    with pytest.raises(anthropic.APIStatusError):
        spent[1]()
    assert served.call(headers={"x-litellm-end-user-id": "shop"}).status == 422
    assert served.call(headers={"x-litellm-end-user-id": "fair"}, user="shop").status == 200
    info = "/customer/info?end_user_id=shop"
    eventually(lambda: served.manage(info, method="GET")["spend"] == 2 * ONE, 10)
    assert served.gateway.stop() == 0
    assert "all rules hold" in check(books)[1]


def test_a_customer_that_only_calls_have_named_is_told_and_can_be_given_limits(serve):
    """As LiteLLM documents it: send `user`, then ask what was spent."""
    served = serve()
    key = served.key(key_alias="desk")
    assert served.call(key, user="walk-in").status == 200
    info = "/customer/info?end_user_id=walk-in"

    def listed():
        return {one["user_id"]: one["spend"] for one in served.manage("/customer/list", method="GET")}

    eventually(lambda: listed() == {"walk-in": ONE}, 10)
    told = served.manage(info, method="GET")
    assert (told["spend"], told["blocked"], told["litellm_budget_table"]) == (ONE, False, None)
    logs = "/spend/logs/v2?page_size=1000&key_alias="
    assert served.manage(logs + "desk", method="GET")["total"] == 1
    assert served.manage(logs + "nobody", method="GET")["total"] == 0
    served.manage("/customer/info?end_user_id=nobody", method="GET", status=404)
    served.manage("/customer/update", {"user_id": "nobody", "max_budget": 1}, status=404)
    served.manage("/customer/delete", {"user_ids": ["walk-in"]}, status=404)
    served.manage("/customer/update", {"user_id": "walk-in", "max_budget": ONE / 2})
    assert listed() == {"walk-in": ONE}
    eventually(lambda: served.call(key, user="walk-in").status == 422, 10)


def test_customers_have_rates_and_the_headers_that_the_operator_names(serve):
    served = serve(
        general_settings={
            "user_header_name": "X-Person",
            "user_header_mappings": [
                {"header_name": "X-Customer", "litellm_user_role": "customer"}
            ],
        }
    )
    served.manage("/budget/new", {"budget_id": "slow", "rpm_limit": 1})
    served.register("shop", budget_id="slow")
    assert served.call(user="shop").status == 200
    refused = served.call(headers={"x-person": "fair", "x-customer": "shop"})
    assert refused.status == 429
    assert refused.error["message"].startswith("Rate limit exceeded for end_user: shop.")
    assert served.call(headers={"x-person": "fair"}, user="shop").status == 200


def test_default_budgets_hold_for_those_whom_nobody_registered(serve, books):
    served = serve(
        litellm_settings={"max_end_user_budget": ONE, "budget_exceeded_status_code": 429}
    )
    served.manage("/customer/new", {"user_id": "rich", "max_budget": 100})
    assert served.call(user="a").status == 200
    refused = served.call(user="a")
    assert refused.status == 429 and refused.error["type"] == "budget_exceeded"
    assert served.call(user="b").status == 200
    for _ in range(3):
        assert served.call(user="rich").status == 200
    assert served.call().status == 200
    assert served.gateway.stop() == 0
    again = serve(litellm_settings={"max_end_user_budget": ONE})
    assert again.call(user="a").status == 422, "what was spent is remembered"
    assert again.call(user="c").status == 200


def test_a_customer_of_a_region_is_served_there(serve, upstream):
    served = serve()
    served.register("shop", allowed_model_region="eu", default_model="european")
    served.register("bare", allowed_model_region="eu")
    assert served.call(user="bare").status == 400
    assert "in the region 'eu'" in served.call(user="bare").error["message"]
    assert served.call(user="bare", model="european").status == 200
    answer = served.call(user="shop")
    assert answer.status == 200
    assert answer.headers["x-litellm-model-group"] == "european"
    key = served.key(models=["scripted"])
    assert served.call(key, user="shop").error["type"] == "key_model_access_denied"


def test_budgets_by_model_are_of_that_model(serve, books):
    served = serve(router_settings={"model_group_alias": {"alias": "scripted"}})
    key = served.key(model_max_budget={"scripted": {"budget_limit": ONE, "time_period": "30d"}})
    assert served.call(key).status == 200
    for model in ("scripted", "alias"):
        refused = served.call(key, model)
        assert refused.status == 422, refused.body
        assert refused.error["message"].endswith("exceeded budget for model=scripted")
    assert served.call(key, "other").status == 200
    served.manage("/team/new", {"team_id": "red", "model_max_budget": {"other": ONE}})
    ofteam = served.key(team_id="red")
    assert served.call(ofteam, "other").status == 200
    assert served.call(served.key(team_id="red"), "other").status == 422
    assert served.gateway.stop() == 0
    assert "all rules hold" in check(books)[1]
    again = serve()
    assert again.call(key).status == 422, "what was spent is remembered"
    assert again.call(key, "other").status == 200


def test_several_budgets_hold_each_for_its_period(serve):
    served = serve()
    windows = [
        {"budget_duration": "1d", "max_budget": 10},
        {"budget_duration": "30d", "max_budget": 1.5 * ONE},
    ]
    key = served.key(budget_limits=windows)
    assert served.call(key).status == 200
    assert served.call(key).status == 200
    refused = served.call(key)
    assert refused.error["message"] == (
        "Budget has been exceeded! Current cost: 0.000135, Max budget: 0.00010125"
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"model_max_budget": {"m": {"budget_limit": "one"}}}, "model_max_budget.m.max_budget: "),
        ({"budget_limits": [{"max_budget": 1}]}, "budget_limits.0.budget_duration: "),
    ],
)
def test_documents_that_are_none_are_refused_with_their_place(serve, fields, message):
    answer = serve().manage("/key/generate", fields, status=400)
    assert message in answer["error"]["message"]


def test_tags_have_budgets_and_their_spend_is_told(serve, books):
    served = serve(litellm_settings={"tag_budget_config": {"trial": {"max_budget": ONE}}})
    made = served.manage("/tag/new", {"name": "prod", "max_budget": 1.5 * ONE, "description": "d"})
    assert made["message"] == "Tag prod created successfully"
    assert served.manage("/tag/new", {"name": "prod"}, status=400)
    key = served.key(metadata={"tags": ["of-key"]})
    say = [{"role": "user", "content": "script:default"}]
    client = openai.OpenAI(base_url=served.gateway.url + "/v1", api_key=key, max_retries=0)
    made = 0
    with pytest.raises(openai.UnprocessableEntityError):
        while True:
            client.chat.completions.create(
                model="scripted", messages=say, extra_body={"metadata": {"tags": ["prod", "blue"]}}
            )
            made += 1
    # The gateway hears of a tag within half a second.
    assert made >= 2
    refused = served.call(headers={"x-litellm-tags": "blue,prod"})
    assert refused.error["message"].startswith("Budget has been exceeded! Tag=prod Current cost: ")
    assert served.call(key, tags=["blue"]).status == 200
    assert served.call(tags=["trial"]).status == 200
    assert served.call(tags=["trial"]).status == 422
    expected = {"prod": made, "blue": made + 1, "of-key": made + 1, "trial": 1}

    def told():
        rows = served.manage("/spend/tags", method="GET")
        return {row["individual_request_tag"]: row["log_count"] for row in rows}

    eventually(lambda: told() == expected, 10)
    rows = served.manage("/global/spend/tags?tags=prod", method="GET")["spend_per_tag"]
    assert [(row["name"], row["log_count"]) for row in rows] == [("prod", made)]
    assert rows[0]["spend"] == pytest.approx(made * ONE)
    today = served.manage("/spend/tags?start_date=2020-01-01&end_date=2020-01-02", method="GET")
    assert today == []
    tags = {tag["name"]: tag for tag in served.manage("/tag/list", method="GET")}
    assert tags["prod"]["spend"] == pytest.approx(made * ONE) and "blue" in tags
    assert served.manage("/tag/info", {"names": ["prod"]})["prod"]["description"] == "d"
    served.manage("/tag/update", {"name": "prod", "max_budget": 100})
    eventually(lambda: served.call(tags=["prod"]).status == 200, 10)
    served.manage("/tag/delete", {"name": "prod"})
    assert served.manage("/tag/info", {"names": ["prod"]}, status=404)
    assert served.gateway.stop() == 0
    assert "all rules hold" in check(books)[1]


def test_clients_of_one_customer_pass_its_budget_by_one_call_at_most(serve, upstream, books):
    dear = {**USAGE, "completion_tokens": 2000, "total_tokens": 2011}
    most = 400 * 2500 + 2000 * 10000

    async def script(exchange):
        await exchange.answer(200, completion() | {"usage": dear})

    upstream.scripts["dear"] = script
    served = serve()
    served.register("shop", max_budget=0.5)
    keys = [served.key() for _ in range(4)]

    def client(number):
        while True:
            answer = wire_ask(
                served.gateway.port,
                chat("dear", "scripted", max_tokens=2000, user="shop"),
                headers={"Authorization": f"Bearer {keys[number % 4]}"},
            )
            if answer.status not in (200, 429):
                assert answer.error["type"] == "budget_exceeded", answer.body
                return

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(client, range(50)))
    assert served.gateway.stop() == 0
    ((spent,),) = books.query(
        "SELECT posted FROM account JOIN identity i ON i.id = subject "
        "WHERE book = 7 AND house = 0 AND i.text = 'shop'"
    )
    print(f"spent {spent / 1e9} $ of 0.5 $, bound {0.5 + most / 1e9} $")
    assert 5e8 <= spent <= 5e8 + most
    assert check(books)[0] == 0


def customers_in(books):
    """Whom calls were booked for, as far as they are posted."""
    rows = books.query("SELECT text FROM identity WHERE kind = 7 AND text <> ''")
    return sorted(text for (text,) in rows)


def test_a_customer_that_the_store_does_not_know_is_none_where_they_are_validated(serve, books):
    served = serve(litellm_settings={"validate_end_user_id_in_db": True})
    served.manage("/customer/new", {"user_id": "shop"})
    served.manage("/user/new", {"user_id": "ann", "user_email": "Ann@Example.com"})
    names = ["shop", "ann", "ann@example.com", "stranger"]
    for name in names:
        assert served.call(user=name).status == 200, name
    served.manage("/customer/new", {"user_id": "late", "blocked": True})
    eventually(lambda: served.call(user="late").status == 400, 10)
    assert served.gateway.stop() == 0
    assert customers_in(books) == ["ann", "ann@example.com", "shop"]
    check(books)


def test_without_that_whatever_a_request_names_is_a_customer(serve, books):
    served = serve()
    assert served.call(user="stranger").status == 200
    assert served.gateway.stop() == 0
    assert customers_in(books) == ["stranger"]


def test_a_budget_of_everybody_keeps_names_that_the_store_does_not_know(serve, books):
    served = serve(
        litellm_settings={"validate_end_user_id_in_db": True, "max_end_user_budget": 1.5 * ONE}
    )
    for _ in range(2):
        assert served.call(user="stranger").status == 200
    assert served.call(user="stranger").status == 422
