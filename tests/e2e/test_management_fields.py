"""Answers of the management API, field by field, against LiteLLM's schemas (fixtures/litellm_answers.tsv)."""

import csv

import httpx
import pytest

from support import canary, paths
from support.gateway import Gateway, config, deployment
from support.process import eventually

KINDS = {
    "text": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "list": list,
    "object": dict,
    "any": object,
}

# Fields that LiteLLM has and these answers do not, with the reason that docs/keys.md gives.
ABSENT = {
    "not served yet": "agent_id project_id policies prompts mcp_rpm_limit tag_rpm_limit allowed_vector_store_indexes "
    "model_id litellm_model_table allow_team_guardrail_config allowed_models users",
    "of LiteLLM's own books": "model_spend soft_budget_cooldown total_spend rotation_count last_rotation_at "
    "key_rotation_at last_active",
    "the object itself is told": "object_permission_id",
    "told under organization_id": "org_id",
    "prompts and answers are never in the books": "messages response metadata request_tags requester_ip_address "
    "cache_key cache_hit api_base",
}
# Fields of one schema alone.
DIFFERENT = {
    "LiteLLM_VerificationToken.token": "its hash stands beside `info`, as `key`",
    "LiteLLM_OrganizationTableWithMembers.budget_id": "an organization without limits has no budget",
}
NOT_HERE = {field for fields in ABSENT.values() for field in fields.split()}


def schemas():
    found = {}
    with open(paths.REPO / "tests/e2e/fixtures/litellm_answers.tsv", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found.setdefault(row["schema"], []).append(row)
    return found


@pytest.fixture(scope="module")
def ask(tmp_path_factory, upstream):
    folder = tmp_path_factory.mktemp("fields")
    gateway = Gateway(
        folder,
        config(
            deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
            general_settings={"database_url": f"sqlite://{folder}/ledger.db"},
        ),
        env={"PATCHBAY_STATE_DIR": str(folder / "state")},
    )

    def run(method, path, body=None):
        answer = httpx.request(
            method,
            f"http://127.0.0.1:{gateway.port}{path}",
            json=body,
            headers={"Authorization": f"Bearer {canary.MASTER}"},
            timeout=30,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    yield run
    gateway.stop()


def made(ask):
    """One answer of each schema, by requests of LiteLLM's documentation."""
    organization = ask("POST", "/organization/new", {"organization_alias": "my-secret-org", "models": ["gpt-4"]})
    team = ask("POST", "/team/new", {"team_alias": "my-new-team_2", "max_budget": 0.000000001, "budget_duration": "1d",
                                     "members_with_roles": [{"role": "admin", "user_id": "5c4a0aa3"}]})
    budget = ask("POST", "/budget/new", {"budget_id": "free-tier", "max_budget": 4, "budget_duration": "30d"})
    ask("POST", "/customer/new", {"user_id": "my-customer-id", "budget_id": "free-tier"})
    key = ask("POST", "/key/generate", {"models": ["scripted", "gpt-4"], "metadata": {"user": "ishaan@berri.ai"},
                                        "duration": "20m", "max_budget": 10, "team_id": team["team_id"]})
    call = {"model": "scripted", "messages": [{"role": "user", "content": "what llm are you"}], "user": "palantir"}
    ask("POST", "/v1/chat/completions", call)
    member = {"team_id": team["team_id"], "member": {"role": "user", "user_id": "krrish"}, "max_budget_in_team": 1}
    return {
        "GenerateKeyResponse": key,
        "LiteLLM_VerificationToken": ask("GET", "/key/info?key=" + key["key"])["info"],
        "LiteLLM_TeamTable": ask("GET", "/team/info?team_id=" + team["team_id"])["team_info"],
        "TeamAddMemberResponse": ask("POST", "/team/member_add", member),
        "NewUserResponse": ask("POST", "/user/new", {"user_email": "krrish@berri.ai", "user_role": "internal_user"}),
        "LiteLLM_UserTable": ask("GET", "/v2/user/info?user_id=krrish"),
        "LiteLLM_BudgetTableFull": budget,
        "CustomerResponse": ask("GET", "/customer/info?end_user_id=my-customer-id"),
        "LiteLLM_OrganizationTableWithMembers": ask(
            "GET", "/organization/info?organization_id=" + organization["organization_id"]
        ),
        "LiteLLM_SpendLogs": None,
        "TeamListResponse": ask("GET", "/v2/team/list"),
    }


def test_every_field_is_there_with_its_type(ask):
    answers = made(ask)
    answers["LiteLLM_SpendLogs"] = eventually(lambda: ask("GET", "/spend/logs"), paths.deadline(10))[0]
    wrong = []
    for schema, fields in schemas().items():
        answer = answers.pop(schema)
        for row in fields:
            name = row["field"]
            if f"{schema}.{name}" in DIFFERENT:
                assert answer.get(name) is None
            elif name not in answer:
                if name not in NOT_HERE:
                    wrong.append(f"{schema}.{name} is missing")
            elif answer[name] is None:
                if row["or"] != "null":
                    wrong.append(f"{schema}.{name} is null")
            elif not isinstance(answer[name], KINDS[row["type"]]):
                wrong.append(f"{schema}.{name} is {answer[name]!r}, not a {row['type']}")
    assert not answers
    assert not wrong, "\n".join(wrong)
