"""Alerts of budgets: what a webhook and Slack are told, and that no call waits for them."""

import time

import httpx
import pytest

from support import canary
from support.gateway import config, deployment
from support.process import eventually
from support.upstream import Upstream
from support.wire import ask, chat

PRICE = 11 * 2500 + 4 * 10000
ONE = PRICE / 1e9


@pytest.fixture
def hook():
    async def take(exchange):
        await exchange.answer(200, {})

    server = Upstream({"default": take})
    yield server
    server.stop()


@pytest.fixture
def serve(start, upstream, tmp_path):
    def run(hook_url, alerting):
        return start(
            config(
                deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
                general_settings={
                    "database_url": f"sqlite://{tmp_path}/ledger.db",
                    "alerting": alerting,
                },
            ),
            env={
                "PATCHBAY_STATE_DIR": str(tmp_path / "state"),
                "WEBHOOK_URL": hook_url + "/webhook",
                "SLACK_WEBHOOK_URL": hook_url + "/slack",
                "PROXY_BASE_URL": "https://gateway.example",
            },
        )

    return run


def new_key(gateway, **fields):
    answer = httpx.post(
        gateway.url + "/key/generate",
        json=fields,
        headers={"Authorization": f"Bearer {canary.MASTER}"},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["key"]


def call(gateway, key):
    return ask(gateway.port, chat(max_tokens=4), headers={"Authorization": f"Bearer {key}"})


def test_the_bounds_of_a_budget_are_told_once_each(serve, hook):
    gateway = serve(hook.url, ["webhook", "slack"])
    key = new_key(gateway, key_alias="mine", soft_budget=ONE, max_budget=2 * ONE, user_id="ada")
    for _ in range(2):
        assert call(gateway, key).status == 200
    assert call(gateway, key).status == 422
    eventually(lambda: len(hook.requests) >= 4, 10)
    events = [one.json for one in hook.requests if one.path == "/webhook"]
    assert [event["event"] for event in events] == ["soft_budget_crossed", "budget_crossed"]
    first = events[0]
    assert first["event_group"] == "key" and first["key_alias"] == "mine"
    assert first["user_id"] == "ada" and len(first["token"]) == 64
    assert first["spend"] == ONE and first["soft_budget"] == ONE and first["max_budget"] == 2 * ONE
    assert first["customer_id"] is None and first["projected_spend"] is None
    assert events[1]["event_message"] == "Key Budget: Budget Crossed\n Total Budget:`0.000135`"
    texts = [one.json["text"] for one in hook.requests if one.path == "/slack"]
    assert len(texts) == 2
    assert texts[0].startswith("Alert type: `budget_alerts`\nLevel: `Medium`\nTimestamp: `")
    assert "Message: Key Budget: Soft Budget Crossed" in texts[0]
    assert texts[0].endswith("Proxy URL: `https://gateway.example`")


def test_a_webhook_that_does_not_answer_holds_up_no_call(serve, upstream):
    async def hang(exchange):
        await exchange.connection.gone.wait()

    slow = Upstream({"default": hang})
    try:
        gateway = serve(slow.url, ["webhook"])
        key = new_key(gateway, soft_budget=ONE, max_budget=100)
        begun = time.monotonic()
        for _ in range(5):
            assert call(gateway, key).status == 200
        took = time.monotonic() - begun
        eventually(lambda: slow.requests, 10)
        print(f"5 calls in {took:.3f} s while the webhook hangs")
        assert took < 4
    finally:
        slow.stop()


def test_an_alert_that_is_refused_is_sent_again(serve, hook):
    seen = []

    async def busy_once(exchange):
        seen.append(exchange.json["event"])
        await exchange.answer(503 if len(seen) == 1 else 200, {})

    hook.scripts["default"] = busy_once
    gateway = serve(hook.url, ["webhook"])
    key = new_key(gateway, soft_budget=ONE)
    assert call(gateway, key).status == 200
    eventually(lambda: seen == ["soft_budget_crossed"] * 2, 10)
