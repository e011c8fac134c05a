"""Keys, teams and users are managed as LiteLLM's documentation and its own client do it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys

import httpx
import pytest

from support import canary, paths
from support.gateway import Gateway, command, config, deployment
from support.process import eventually

LITELLM = paths.OUT / "litellm/litellm"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "store"
    made.mkdir()
    return made


@pytest.fixture
def gateway(start, upstream, folder):
    return start(
        config(
            deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
            general_settings={"database_url": f"sqlite://{folder}/ledger.db"},
        ),
        env={"PATCHBAY_STATE_DIR": str(folder / "state")},
    )


@pytest.fixture
def ask(gateway):
    def run(method, path, body=None, key=canary.MASTER, **more):
        return httpx.request(
            method,
            f"http://127.0.0.1:{gateway.port}{path}",
            json=body,
            headers={"Authorization": f"Bearer {key}", **more},
            timeout=30,
        )

    return run


def test_the_examples_of_the_documentation(ask):
    made = ask(
        "POST",
        "/key/generate",
        {
            "models": ["gpt-3.5-turbo", "gpt-4"],
            "metadata": {"user": "ishaan@berri.ai"},
            "duration": "20m",
            "max_budget": 0.002,
        },
    )
    assert made.status_code == 200, made.text
    key = made.json()["key"]
    assert key.startswith("sk-") and len(key) == 25
    info = ask("GET", f"/key/info?key={key}")
    assert info.json()["info"]["max_budget"] == 0.002
    assert info.json()["info"]["metadata"] == {"user": "ishaan@berri.ai"}
    assert key not in info.text

    team = ask("POST", "/team/new", {"team_alias": "my-new-team_2", "max_budget": 0.0005}).json()
    joined = ask(
        "POST",
        "/team/member_add",
        {"team_id": team["team_id"], "member": {"role": "user", "user_id": "krrish"}},
    )
    assert [m["user_id"] for m in joined.json()["members_with_roles"]] == ["krrish"]
    of_team = ask("POST", "/key/generate", {"team_id": team["team_id"], "user_id": "krrish"})
    assert of_team.json()["team_id"] == team["team_id"]
    assert ask("GET", "/team/list").json()[0]["team_alias"] == "my-new-team_2"
    assert ask("POST", "/key/block", {"key": key}).json()["blocked"] is True
    assert ask("POST", "/key/delete", {"keys": [key]}).json()["deleted_keys"] == [
        made.json()["token"]
    ]
    budget = {"budget_id": "free-tier", "max_budget": 1, "rpm_limit": 5}
    assert ask("POST", "/budget/new", budget).status_code == 200
    customer = {"user_id": "my-customer-id", "budget_id": "free-tier"}
    shown = ask("POST", "/customer/new", customer).json()
    assert shown["litellm_budget_table"]["rpm_limit"] == 5


def test_litellms_own_client(gateway):
    done = subprocess.run(
        [
            sys.executable,
            paths.REPO / "tests/e2e/clients/litellm_client.py",
            LITELLM,
            f"http://127.0.0.1:{gateway.port}",
            canary.MASTER,
        ],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["info"]["info"]["key_alias"] == "one"
    assert seen["update"]["models"] == ["gpt-4o", "gpt-4o-mini"]
    assert {k["key_alias"] for k in seen["list"]["keys"]} == {"one", None}
    assert seen["delete"] == {"deleted_keys": ["one"]}
    assert seen["after"] == "UnauthorizedError"


def test_what_was_managed_outlives_the_process(start, upstream, folder, tmp_path):
    configuration = config(
        deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        general_settings={"database_url": f"sqlite://{folder}/ledger.db"},
    )
    env = {"PATCHBAY_STATE_DIR": str(folder / "state")}
    master = {"Authorization": f"Bearer {canary.MASTER}"}
    first = Gateway(tmp_path, configuration, env=env)
    made = httpx.post(
        f"http://127.0.0.1:{first.port}/key/generate",
        json={"key_alias": "stays", "user_id": "ada"},
        headers=master,
    )
    os.kill(first.pid, signal.SIGKILL)
    first.wait(20)
    first._keep()
    key = made.json()["key"]
    again = start(configuration, env=env)
    info = httpx.get(
        f"http://127.0.0.1:{again.port}/key/info",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert info.json()["info"]["key_alias"] == "stays"
    with sqlite3.connect(folder / "ledger.db") as database:
        assert key not in "\n".join(database.iterdump())
    # The socket of the process that was killed is gone, too.
    assert len(list((folder / "state").glob("control-*.sock"))) == 1


def test_headers_and_errors_of_the_edge(ask):
    wrong = ask("GET", "/key/list", key=canary.WRONG)
    assert wrong.status_code == 401
    assert wrong.json()["error"]["type"] == "token_not_found_in_db"
    assert canary.WRONG not in wrong.text
    assert ask("PUT", "/key/list").status_code == 405
    assert ask("GET", "/key/no-such").status_code == 404
    assert "no route" in ask("GET", "/key/no-such").json()["error"]["message"]
    assert ask("HEAD", "/key/list").status_code == 200
    large = ask("POST", "/key/generate", {"metadata": {"x": "y" * (1 << 21)}})
    assert large.status_code == 413
    assert ask("POST", "/key/generate", {}, **{"x-api-key": "x"}).headers["x-litellm-version"]


def test_what_was_spent_is_shown(ask):
    answer = ask(
        "POST",
        "/v1/chat/completions",
        {"model": "scripted", "messages": [{"role": "user", "content": "default"}]},
    )
    assert answer.status_code == 200, answer.text
    cost = float(answer.headers["x-litellm-response-cost"])
    logs = eventually(lambda: ask("GET", "/spend/logs").json(), 10)
    assert logs[0]["spend"] == pytest.approx(cost)
    assert logs[0]["api_key"] == "litellm_proxy_master_key"
    assert ask("GET", "/global/spend").json()["spend"] == pytest.approx(cost)
    assert ask("GET", "/spend/logs/v2?page_size=1").json()["total"] == 1


def test_without_a_database_it_says_so(start, upstream):
    served = deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI)
    gateway = start(config(served))
    answer = httpx.post(
        f"http://127.0.0.1:{gateway.port}/key/generate",
        json={},
        headers={"Authorization": f"Bearer {canary.MASTER}"},
    )
    assert answer.status_code == 500
    assert "DB not connected" in answer.json()["error"]["message"]


def patchbay_api(gateway, path: str, body: dict) -> int:
    return httpx.post(
        gateway.url + path, json=body, headers={"Authorization": f"Bearer {canary.MASTER}"}
    ).status_code


def test_keys_are_managed_on_the_command_line_and_gateways_hear_of_it(
    start, upstream, books, tmp_path
):
    gateway = start(
        config(
            deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
            general_settings={"database_url": books.url},
        ),
        env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
    )

    def patchbay(*arguments):
        return command(*arguments, "--config", gateway.file)

    status, said = patchbay("teams", "new", '{"team_id": "red", "team_alias": "Red"}')
    assert status == 0 and said.splitlines()[1].split()[:2] == ["Red", "red"], said
    status, said = patchbay("keys", "new", '{"team_id": "red", "key_alias": "ci"}', "--json")
    assert status == 0, said
    key = json.loads(said)["key"]

    def call():
        return httpx.post(
            f"{gateway.url}/v1/chat/completions",
            json={"model": "scripted", "messages": [{"role": "user", "content": "x"}]},
            headers={"Authorization": f"Bearer {key}"},
        ).status_code

    eventually(lambda: call() == 200, 10)
    status, said = patchbay("keys", "list")
    assert status == 0, said
    head, row = (line.split() for line in said.splitlines())
    assert dict(zip(head, row, strict=True))["key_alias"] == "ci" and key not in said
    assert patchbay("keys", "block", key)[0] == 0
    eventually(lambda: call() == 401, 10)
    status, said = patchbay("keys", "info", "sk-nobody-has-this-key")
    assert status == 65 and "not found" in said.lower()
    assert patchbay("keys", "new", '{"max_budget": -1}')[0] == 65
    status, said = patchbay("keys", "info")
    assert status == 64 and said.startswith("keys info needs a name")
    assert patchbay("keys", "list", "red")[0] == 64
    for number in range(100):
        assert patchbay_api(gateway, "/key/generate", {"key_alias": f"more-{number}"}) == 200
    status, said = patchbay("keys", "list")  # more than a page
    assert status == 0 and len(said.splitlines()) == 102, said
    status, said = patchbay("keys", "list", "--json")
    assert len(json.loads(said)["keys"]) == 101
    status, said = patchbay("spend", "days")
    assert status == 0 and said.split()[:2] == ["date", "spend"], said
