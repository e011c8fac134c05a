"""Who may come in before a key is looked at, and what the configuration makes of requests: locks and settings of LiteLLM's."""

import sqlite3

import httpx
import pytest

from support import canary, paths
from support.books import PostgresBooks
from support.gateway import LOADED_AGAIN, NOT_LOADED_AGAIN, config, deployment
from support.process import eventually
from support.wire import ask, chat

MASTER = {"Authorization": f"Bearer {canary.MASTER}"}


@pytest.fixture
def run(start, upstream, tmp_path):
    def made(general=None, **litellm):
        return config(
            deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
            general_settings={"database_url": f"sqlite://{tmp_path}/ledger.db", **(general or {})},
            litellm_settings=litellm,
        )

    def begin(general=None, **litellm):
        gateway = start(
            made(general, **litellm), env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")}
        )
        gateway.made = made
        return gateway

    return begin


def post(gateway, path, body, key=canary.MASTER, **headers):
    headers = {"Authorization": f"Bearer {key}", **headers}
    return httpx.post(gateway.url + path, json=body, headers=headers, timeout=30)


def get(gateway, path, key=canary.MASTER):
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.get(gateway.url + path, headers=headers, timeout=30)


def call(gateway, key=canary.MASTER, body=(), **headers):
    body = {"model": "scripted", "messages": [{"role": "user", "content": "x"}], **dict(body)}
    return post(gateway, "/v1/chat/completions", body, key, **headers)


def test_addresses_that_are_not_allowed_do_nothing_whatever_their_key(run, upstream, tmp_path):
    gateway = run({"allowed_ips": ["10.0.0.0/8"], "use_x_forwarded_for": True})
    for answer in (call(gateway), get(gateway, "/v1/models"), post(gateway, "/key/generate", {})):
        assert answer.status_code == 403
        assert answer.json()["error"]["message"] == "Access forbidden: IP address 127.0.0.1 not allowed."
    assert not upstream.requests
    # Who asks whether it lives has no key either.
    assert get(gateway, "/health/liveliness", None).status_code == 200
    assert call(gateway, **{"X-Forwarded-For": "203.0.113.9, 10.1.2.3"}).status_code == 200
    assert call(gateway, **{"X-Forwarded-For": "10.1.2.3, 203.0.113.9"}).status_code == 403
    assert post(gateway, "/key/generate", {}, **{"X-Forwarded-For": "10.1.2.3"}).status_code == 200

    with sqlite3.connect(tmp_path / "ledger.db") as books:
        assert [row[0] for row in books.execute("SELECT DISTINCT address FROM audit")] == ["10.1.2.3"]

    # The words of the API that the client speaks.
    refused = post(gateway, "/v1/messages", {"model": "scripted", "max_tokens": 5, "messages": []})
    assert (refused.status_code, refused.json()["type"]) == (403, "error")

    at = gateway.reload(gateway.made({"allowed_ips": ["127.0.0.1"]}))
    gateway.wait_for(LOADED_AGAIN, paths.deadline(20), at)
    assert call(gateway).status_code == 200
    assert call(gateway, **{"X-Forwarded-For": "203.0.113.9"}).status_code == 200
    at = gateway.reload(gateway.made({"allowed_ips": ["everybody"]}))
    gateway.wait_for(NOT_LOADED_AGAIN, paths.deadline(20), at)


def test_routes_are_closed_to_all_or_to_all_but_administrators(run):
    gateway = run(
        {
            "allowed_routes": ["/chat/completions", "/v1/models", "/key/*", "/user/new"],
            "admin_only_routes": ["/key/generate", "/v1/models"],
        }
    )
    user = post(gateway, "/user/new", {"user_id": "ada", "user_role": "internal_user"}).json()["key"]
    assert call(gateway, user).status_code == 200
    assert get(gateway, "/key/info", user).status_code == 200
    for answer in (
        post(gateway, "/v1/embeddings", {"model": "scripted", "input": "x"}),
        post(gateway, "/team/new", {}),
        get(gateway, "/user/list"),
    ):
        assert answer.status_code == 403
        assert answer.json()["error"]["message"].endswith(" not allowed")
    for answer in (post(gateway, "/key/generate", {}, user), get(gateway, "/v1/models", user)):
        assert answer.status_code == 403
        assert answer.json()["error"]["message"].endswith(" is an admin only route")
    assert post(gateway, "/key/generate", {}).status_code == 200
    assert get(gateway, "/v1/models").status_code == 200


def test_metrics_ask_for_a_key_if_they_are_to(run):
    gateway = run(require_auth_for_metrics_endpoint=True)
    assert get(gateway, "/metrics", None).status_code == 401
    assert get(gateway, "/metrics", "sk-nobody").status_code == 401
    assert "patchbay_" in get(gateway, "/metrics").text
    key = post(gateway, "/key/generate", {}).json()["key"]
    assert get(gateway, "/metrics", key).status_code == 200
    narrow = post(gateway, "/key/generate", {"allowed_routes": ["/chat/completions"]}).json()["key"]
    assert get(gateway, "/metrics", narrow).status_code == 403


def test_the_operator_s_model_takes_the_place_of_the_one_that_is_asked_for(run, upstream):
    gateway = run({"completion_model": "scripted"})
    for body in ({"model": "gpt-3.5-turbo"}, {"model": "scripted"}):
        assert call(gateway, body=body).status_code == 200
        assert upstream.requests[-1].json["model"] == "gpt-4o"
    bare = post(gateway, "/v1/chat/completions", {"messages": [{"role": "user", "content": "x"}]})
    assert bare.status_code == 200, bare.text
    assert post(gateway, "/v1/embeddings", {"model": "none", "input": "x"}).status_code == 400
    # A key needs the model that it gets.
    other = post(gateway, "/key/generate", {"models": ["gpt-3.5-turbo"]}).json()["key"]
    refused = call(gateway, other, {"model": "gpt-3.5-turbo"})
    assert refused.json()["error"]["type"] == "key_model_access_denied"


def test_headers_that_the_operator_names_are_tags_of_what_is_spent(run):
    gateway = run(extra_spend_tag_headers=["x-cost-center"])
    assert call(gateway, **{"X-Cost-Center": "4711", "X-Other": "1"}).status_code == 200
    assert call(gateway).status_code == 200

    def spent():
        rows = get(gateway, "/spend/tags").json()
        return {row["individual_request_tag"]: row["log_count"] for row in rows}

    assert eventually(lambda: spent() == {"x-cost-center: 4711": 1}, paths.deadline(10))


def test_a_changed_key_goes_on_while_the_store_is_too_slow_to_say_what_it_is(
    start, upstream, postgres, tmp_path
):
    books = PostgresBooks(postgres)
    gateway = start(
        config(
            deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
            general_settings={"database_url": books.url},
        ),
        env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
        workers=1,
    )

    def status(key):
        return ask(gateway.port, chat(), key=key).status

    key, other = (post(gateway, "/key/generate", {"key_alias": name}).json()["key"] for name in "ab")
    assert (status(key), status(other)) == (200, 200)
    with postgres.locked("budget", books.schema):
        # As a change of limits, which nobody can read now.
        books.query(
            "INSERT INTO change(kind, subject, at) SELECT 1, id, 0 FROM key WHERE alias = 'a' RETURNING seq"
        )
        # That the other is refused says that both changes were heard of.
        books.query("UPDATE key SET blocked = 1 WHERE alias = 'b'")
        books.query(
            "INSERT INTO change(kind, subject, at) SELECT 1, id, 0 FROM key WHERE alias = 'b' RETURNING seq"
        )
        eventually(lambda: status(other) == 503, paths.deadline(20))
        assert [status(key) for _ in range(20)] == [200] * 20
    eventually(lambda: status(other) == 401, paths.deadline(20))
    assert status(key) == 200


def test_a_replaced_key_ends_with_its_grace_period(run):
    gateway = run()
    old = post(gateway, "/key/generate", {}).json()["key"]
    new = post(gateway, f"/key/{old}/regenerate", {"grace_period": "3s"}).json()["key"]
    assert (call(gateway, old).status_code, call(gateway, new).status_code) == (200, 200)
    eventually(lambda: call(gateway, old).status_code == 401, paths.deadline(20))
    assert call(gateway, new).status_code == 200


def test_readiness_says_whether_the_store_answers(start, upstream, postgres, tmp_path):
    books = PostgresBooks(postgres)
    entry = deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI)

    def db(gateway):
        answer = get(gateway, "/health/readiness", None)
        assert answer.status_code == 200
        return answer.json()["db"]

    assert db(start(config(entry))) == "Not connected"
    gateway = start(
        config(entry, general_settings={"database_url": books.url}),
        env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
    )
    assert db(gateway) == "connected"
    with postgres.locked("change", books.schema):
        eventually(lambda: db(gateway) == "Not connected", paths.deadline(30))
    eventually(lambda: db(gateway) == "connected", paths.deadline(20))
