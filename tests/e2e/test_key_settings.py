"""What the configuration says of keys, users and teams that are made, of service accounts, and of where a key comes."""

import httpx
import pytest

from support import canary, paths
from support.gateway import LOADED_AGAIN, NOT_LOADED_AGAIN, command, config, deployment
from support.process import eventually

BOUNDS = {"max_budget": 100, "rpm_limit": 1000, "duration": "30d"}


def made(upstream, folder, general=None, **litellm) -> dict:
    return config(
        deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        general_settings={"database_url": f"sqlite://{folder}/ledger.db", **(general or {})},
        litellm_settings=litellm,
    )


@pytest.fixture
def run(start, upstream, tmp_path):
    def begin(general=None, **litellm):
        return start(
            made(upstream, tmp_path, general, **litellm),
            env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
        )

    return begin


def post(gateway, path, body, key=canary.MASTER, **headers):
    if key:
        headers = {"Authorization": f"Bearer {key}", **headers}
    return httpx.post(gateway.url + path, json=body, headers=headers, timeout=30)


def call(gateway, key=None, body=(), **headers):
    body = {"model": "scripted", "messages": [{"role": "user", "content": "x"}], **dict(body)}
    return post(gateway, "/v1/chat/completions", body, key, **headers)


def test_the_bounds_hold_for_the_api_and_the_command_line_and_follow_a_reload(
    run, upstream, tmp_path
):
    gateway = run(upperbound_key_generate_params=BOUNDS)
    key = post(gateway, "/key/generate", {"max_budget": 100}).json()
    assert (key["max_budget"], key["rpm_limit"], key["duration"]) == (100, 1000, "30d")
    over = post(gateway, "/key/generate", {"max_budget": 101})
    assert over.status_code == 400
    assert "max_budget is over max limit set in config" in over.json()["error"]["message"]
    status, told = command("keys", "new", '{"rpm_limit": 1001}', "--config", gateway.file)
    assert status != 0 and "rpm_limit is over max limit" in told

    at = gateway.reload(made(upstream, tmp_path, upperbound_key_generate_params={"max_budget": "x"}))
    gateway.wait_for(NOT_LOADED_AGAIN, paths.deadline(20), at)
    assert post(gateway, "/key/generate", {"max_budget": 101}).status_code == 400
    at = gateway.reload(made(upstream, tmp_path, upperbound_key_generate_params={"max_budget": 200}))
    gateway.wait_for(LOADED_AGAIN, paths.deadline(20), at)
    assert post(gateway, "/key/generate", {"max_budget": 101}).status_code == 200


def test_what_the_configuration_gives_holds_for_calls(run):
    gateway = run(
        default_key_generate_params={"models": ["other"]},
        default_internal_user_params={"models": ["scripted"], "max_budget": 5},
    )
    key = post(gateway, "/key/generate", {"user_id": "ada"}).json()["key"]
    refused = call(gateway, key)
    assert refused.status_code == 403
    assert refused.json()["error"]["type"] == "key_model_access_denied"
    user = httpx.get(
        gateway.url + "/user/info?user_id=ada", headers={"Authorization": f"Bearer {canary.MASTER}"}
    ).json()["user_info"]
    assert (user["models"], user["max_budget"]) == (["scripted"], 5)
    assert call(gateway, post(gateway, "/key/generate", {"models": ["scripted"]}).json()["key"]).is_success


def test_a_key_comes_in_the_operator_s_header_and_goes_no_further(run, upstream):
    gateway = run(
        {"litellm_key_header_name": "X-Gate", "forward_client_headers_to_llm_api": True}
    )
    key = post(gateway, "/key/generate", {}, None, **{"x-gate": f"Bearer {canary.MASTER}"}).json()["key"]
    upstream.clear()
    answer = call(
        gateway, None, **{"X-Gate": f"Bearer {key}", "Authorization": "Bearer of-another", "X-Team": "blue"}
    )
    assert answer.status_code == 200, answer.text
    sent = {name.lower(): value for name, value in upstream.requests[-1].headers.items()}
    assert sent["x-team"] == "blue"
    assert "x-gate" not in sent
    assert key not in str(upstream.requests[-1].headers)
    # Without it the usual headers count; with it they do not.
    assert call(gateway, key).status_code == 200
    assert call(gateway, key, **{"x-gate": "Bearer sk-unknown-to-everybody"}).status_code == 401


def test_calls_of_service_accounts_must_say_what_is_asked_of_them(run, upstream, tmp_path):
    gateway = run({"service_account_settings": {"enforced_params": ["user"]}})
    post(gateway, "/team/new", {"team_id": "t"})
    robot = post(gateway, "/key/service-account/generate", {"team_id": "t"}).json()["key"]
    person = post(gateway, "/key/generate", {"team_id": "t"}).json()["key"]
    lacking = call(gateway, robot)
    assert lacking.status_code == 400
    assert "please pass param=user in request body" in lacking.json()["error"]["message"]
    assert call(gateway, robot, {"user": "job-7"}).status_code == 200
    assert call(gateway, person).status_code == 200
    gateway.reload(made(upstream, tmp_path))
    eventually(lambda: call(gateway, robot).status_code == 200, paths.deadline(20))


def test_members_of_a_team_have_what_it_says(run):
    gateway = run()
    post(gateway, "/team/new", {"team_id": "t", "team_member_rpm_limit": 1})
    keys = []
    for user in ("ann", "bob"):
        post(gateway, "/team/member_add", {"team_id": "t", "member": {"role": "user", "user_id": user}})
        keys.append(post(gateway, "/key/generate", {"team_id": "t", "user_id": user}).json()["key"])
    assert [call(gateway, key).status_code for key in (*keys, *keys)] == [200, 200, 429, 429]
    post(gateway, "/team/update", {"team_id": "t", "team_member_rpm_limit": None})
    eventually(lambda: call(gateway, keys[0]).status_code == 200, paths.deadline(20))


WORDS = "Custom API key values are disabled by your administrator. Keys must be auto-generated."


def test_nobody_chooses_a_key_where_that_is_disabled(run, upstream, tmp_path):
    gateway = run({"disable_custom_api_keys": True})
    made_key = post(gateway, "/key/generate", {}).json()["key"]
    for path, body in (
        ("/key/generate", {"key": "sk-of-the-client-0001"}),
        ("/key/regenerate", {"key": made_key, "new_key": "sk-of-the-client-0001"}),
        ("/user/new", {"user_id": "ada", "key": "sk-of-the-client-0001"}),
    ):
        refused = post(gateway, path, body)
        assert refused.status_code == 403, path
        assert refused.json()["error"]["message"] == WORDS
    status, told = command(
        "keys", "new", '{"key": "sk-of-the-client-0001"}', "--config", gateway.file
    )
    assert status != 0 and WORDS in told
    assert call(gateway, made_key).status_code == 200
    assert call(gateway, "sk-of-the-client-0001").status_code == 401

    at = gateway.reload(made(upstream, tmp_path))
    gateway.wait_for(LOADED_AGAIN, paths.deadline(20), at)
    assert post(gateway, "/key/generate", {"key": "sk-of-the-client-0001"}).status_code == 200


def test_a_users_budget_holds_for_keys_of_teams_where_that_is_said(run, upstream, tmp_path):
    gateway = run()
    post(gateway, "/team/new", {"team_id": "red"})
    post(gateway, "/user/new", {"user_id": "ada", "max_budget": 1e-9, "auto_create_key": False})
    key = post(gateway, "/key/generate", {"team_id": "red", "user_id": "ada"}).json()["key"]
    assert [call(gateway, key).status_code for _ in range(3)] == [200] * 3
    said = {"apply_user_budget_to_team_keys": True}
    gateway.reload(made(upstream, tmp_path, said))
    eventually(lambda: call(gateway, key).status_code == 422, paths.deadline(10))
    error = call(gateway, key).json()["error"]
    assert error["type"] == "budget_exceeded"
    assert error["message"].startswith("ExceededBudget: User=ada over budget. Spend=0.0002")
    other = post(gateway, "/key/generate", {"team_id": "red"}).json()["key"]
    assert call(gateway, other).status_code == 200, "of no user"
    gateway.reload(made(upstream, tmp_path))
    eventually(lambda: call(gateway, key).status_code == 200, paths.deadline(10))
