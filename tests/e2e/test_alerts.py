"""Alerts of budgets: what a webhook and Slack are told, and that no call waits for them."""

import time

import httpx
import pytest

from support import canary
from support.gateway import command, config, deployment
from support.mail import USER, MailServer
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
    def run(hook_url, alerting, **more):
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
                **more,
            },
        )

    return run


def manage(gateway, path, **fields) -> dict:
    answer = httpx.post(
        gateway.url + path,
        json=fields,
        headers={"Authorization": f"Bearer {canary.MASTER}"},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def new_key(gateway, **fields):
    return manage(gateway, "/key/generate", **fields)["key"]


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


PASSWORD = "pw-" + canary.WRONG


@pytest.fixture
def mail_server(tmp_path):
    servers = []

    def run(**more):
        servers.append(MailServer(tmp_path, PASSWORD, **more))
        return servers[-1]

    yield run
    for server in servers:
        server.stop()


def by_mail(server, **more) -> dict:
    return {
        "SMTP_HOST": "localhost",
        "SMTP_PORT": str(server.port),
        "SMTP_SENDER_EMAIL": "gateway@example.org",
        "SMTP_USERNAME": USER,
        "SMTP_PASSWORD": PASSWORD,
        "SSL_CERT_FILE": str(server.certificate),
        **more,
    }


def test_those_whom_a_budget_concerns_get_a_mail(serve, hook, mail_server):
    server = mail_server()
    gateway = serve(hook.url, ["email", "webhook"], **by_mail(server))
    manage(gateway, "/user/new", user_id="ada", user_email="ada@example.org", auto_create_key=False)
    manage(gateway, "/user/new", user_id="bob", user_email="bob@example.org", auto_create_key=False)
    manage(gateway, "/user/new", user_id="cyd", auto_create_key=False)
    members = [{"role": "user", "user_id": name} for name in ("ada", "bob", "cyd")]
    team = manage(gateway, "/team/new", team_alias="Red", max_budget=ONE, members_with_roles=members)
    key = new_key(gateway, key_alias="mine", soft_budget=ONE, user_id="ada", team_id=team["team_id"])
    assert call(gateway, key).status == 200
    eventually(lambda: len(server.mails) >= 3, 10)
    told = {(to, mail["Subject"]) for [to], mail in zip(server.recipients, server.mails, strict=True)}
    assert told == {
        ("ada@example.org", "Key Budget: Soft Budget Crossed"),
        ("ada@example.org", "Team Budget: Budget Crossed"),
        ("bob@example.org", "Team Budget: Budget Crossed"),
    }
    mail = next(one for one in server.mails if "Key" in one["Subject"])
    assert (mail["From"], mail["To"]) == ("gateway@example.org", "ada@example.org")
    assert mail["Date"].datetime.tzinfo and mail["Message-ID"].endswith("@example.org>")
    body = mail.get_content()
    assert "key: mine" in body and "Spent: $0.0000675" in body
    assert "Gateway: https://gateway.example" in body
    # The webhook is told of the user, too.
    eventually(lambda: len(hook.requests) >= 2, 10)
    events = [one.json for one in hook.requests if one.path == "/webhook"]
    assert {event["user_email"] for event in events} == {"ada@example.org"}


def test_a_user_without_an_address_is_nobody(serve, hook, mail_server):
    server = mail_server(tls=False)
    gateway = serve(hook.url, ["email", "webhook"], **by_mail(server, SMTP_TLS="False"))
    nameless = new_key(gateway, soft_budget=ONE, user_id="cyd")
    assert call(gateway, nameless).status == 200
    manage(gateway, "/user/new", user_id="eve", user_email="eve@example.org", auto_create_key=False)
    assert call(gateway, new_key(gateway, soft_budget=ONE, user_id="eve")).status == 200
    # Alerts are sent in their order.
    eventually(lambda: server.mails, 10)
    assert server.recipients == [["eve@example.org"]]
    events = [one.json["user_email"] for one in hook.requests if one.path == "/webhook"]
    assert events[0] is None


def test_a_password_that_is_refused_is_in_no_log(serve, hook, mail_server):
    server = mail_server()
    wrong = "pw-that-nobody-may-see"
    gateway = serve(hook.url, ["email"], **by_mail(server, SMTP_PASSWORD=wrong))
    manage(gateway, "/user/new", user_id="ada", user_email="ada@example.org", auto_create_key=False)
    assert call(gateway, new_key(gateway, soft_budget=ONE, user_id="ada")).status == 200
    gateway.wait_for("an alert was not taken by localhost: it refuses the user name or the password", 20)
    assert server.logins == 3 and server.mails == []
    log = gateway.output
    assert wrong not in log and "ada@example.org" not in log


def test_what_mail_lacks_is_said_where_it_is_asked_for(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("general_settings:\n  master_key: sk-1\n  alerting: [email]\nmodel_list: []\n")
    _, output = command("check", file, env={"SMTP_HOST": "mail.example.org"})
    assert "no alert is mailed" in output and "SMTP_SENDER_EMAIL" in output and ":3" in output
