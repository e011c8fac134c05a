"""The requests that LiteLLM documents of its management API, one of each kind: their answers, field by field, against
LiteLLM's schemas (fixtures/litellm_answers.tsv), and what was asked for is what is told."""

import csv
import json
from dataclasses import dataclass, field

import httpx
import pytest

from support import canary, paths
from support.fields import schemas, wrong_fields
from support.gateway import Gateway, config, deployment
from support.process import eventually


@dataclass(frozen=True)
class Example:
    """`<name>` in the path and the body stands for what an earlier answer told."""

    method: str
    path: str
    body: dict | None = None
    #: Where a schema holds: "" the answer, "info" its member, "[]" each element, "keys[]", "*" each value.
    shapes: dict[str, str] = field(default_factory=dict)
    #: Names for members of the answer ("data.id").
    keep: dict[str, str] = field(default_factory=dict)
    #: Members of the body that are told otherwise, or not at all.
    untold: str = ""
    key: str = "<master>"


def row(schema: str) -> dict[str, str]:
    return {"": schema}


KEY, TEAM, USER = "LiteLLM_VerificationToken", "LiteLLM_TeamTable", "LiteLLM_UserTable"
ORGANIZATION, BUDGET = "LiteLLM_OrganizationTableWithMembers", "LiteLLM_BudgetTableFull"
MEMBERSHIP = "LiteLLM_OrganizationMembershipTable"
NAMED = {"organization_id": "<organization>", "user_id": "<user>"}
MEMBER = {"team_id": "<team>", "user_id": "lin"}
CHAT = {"messages": [{"role": "user", "content": "Which model are you?"}], "model": "scripted"}
WHOLE_DAYS = "start_date=2020-01-01&end_date=2100-01-01"

PEOPLE = [
    Example("POST", "/organization/new",
            {"organization_alias": "north", "models": ["scripted"], "max_budget": 400, "metadata": {"floor": 2}},
            row("NewOrganizationResponse"), {"organization": "organization_id"}, untold="max_budget"),
    Example("PATCH", "/organization/update", {"organization_id": "<organization>", "organization_alias": "south"},
            row(ORGANIZATION)),
    Example("GET", "/organization/info?organization_id=<organization>", None, row(ORGANIZATION)),
    Example("GET", "/organization/list", None, {"[]": ORGANIZATION}),
    Example("POST", "/user/new",
            {"user_email": "ada@example.org", "user_alias": "Ada", "user_role": "internal_user", "max_budget": 30,
             "budget_duration": "30d", "models": ["scripted"], "tpm_limit": 9000},
            row("NewUserResponse"), {"user": "user_id", "user_key": "key"}),
    Example("POST", "/user/update", {"user_id": "<user>", "max_budget": 31, "metadata": {"desk": "7b"}},
            {"": "/user/update", "data": USER}),
    Example("GET", "/user/info?user_id=<user>", None, {"": "UserInfoResponse", "user_info": USER}),
    Example("GET", "/v2/user/info?user_id=<user>", None, row("UserInfoV2Response")),
    Example("GET", "/user/list?page=1&page_size=20&role=internal_user", None,
            {"": "UserListResponse", "users[]": USER}),
    Example("POST", "/organization/member_add",
            {"organization_id": "<organization>", "member": {"role": "internal_user", "user_id": "<user>"}},
            {"": "OrganizationAddMemberResponse", "updated_users[]": USER,
             "updated_organization_memberships[]": MEMBERSHIP}, untold="member"),
    Example("PATCH", "/organization/member_update", {**NAMED, "role": "org_admin"}, row(MEMBERSHIP), untold="role"),
    Example("DELETE", "/organization/member_delete", NAMED),
]
TEAMS = [
    Example("POST", "/team/new",
            {"team_alias": "red", "max_budget": 12.5, "budget_duration": "1d", "rpm_limit": 70, "models": ["scripted"],
             "members_with_roles": [{"role": "admin", "user_id": "<user>"}], "metadata": {"cost_centre": "11"}},
            row(TEAM), {"team": "team_id"}, untold="members_with_roles"),
    Example("POST", "/team/update", {"team_id": "<team>", "team_alias": "crimson", "tpm_limit": 800},
            {"": "/team/update", "data": TEAM}),
    Example("POST", "/team/member_add",
            {"team_id": "<team>", "member": {"role": "user", "user_id": "lin"}, "max_budget_in_team": 2},
            {"": "TeamAddMemberResponse", "updated_users[]": USER, "updated_team_memberships[]": "LiteLLM_TeamMembership"},
            untold="member max_budget_in_team"),
    Example("POST", "/team/member_update", {**MEMBER, "max_budget_in_team": 3, "rpm_limit": 8, "budget_duration": "7d"},
            row("TeamMemberUpdateResponse")),
    # What is not named stays, and is told.
    Example("POST", "/team/member_update", {**MEMBER, "role": "user"}, row("TeamMemberUpdateResponse")),
    Example("GET", "/team/{team_id}/members/me", None, row("TeamMemberInfoResponse"), key="<user_key>"),
    Example("GET", "/team/info?team_id=<team>", None,
            {"": "/team/info", "team_info": TEAM, "team_memberships[]": "LiteLLM_TeamMembership"}),
    Example("GET", "/team/list", None, {"[]": TEAM}),
    Example("GET", "/v2/team/list?page=1&page_size=5", None, {"": "TeamListResponse", "teams[]": "TeamListItem"}),
    Example("GET", "/team/available", None),
    Example("POST", "/team/model/add", {"team_id": "<team>", "models": ["scripted-too"]}, row(TEAM), untold="models"),
    Example("POST", "/team/model/delete", {"team_id": "<team>", "models": ["scripted-too"]}, row(TEAM), untold="models"),
    Example("GET", "/team/permissions_list?team_id=<team>", None, row("GetTeamMemberPermissionsResponse")),
    Example("POST", "/team/permissions_update",
            {"team_id": "<team>", "team_member_permissions": ["/key/info", "/key/update"]}, row(TEAM)),
    Example("POST", "/team/block", {"team_id": "<team>"}, row(TEAM)),
    Example("POST", "/team/unblock", {"team_id": "<team>"}, row(TEAM)),
    Example("POST", "/team/member_delete", MEMBER, row(TEAM), untold="user_id"),
]
KEYS = [
    Example("POST", "/budget/new", {"budget_id": "trial", "max_budget": 4, "rpm_limit": 6, "budget_duration": "30d"},
            row(BUDGET)),
    Example("POST", "/budget/update", {"budget_id": "trial", "max_budget": 5}, row(BUDGET)),
    Example("POST", "/budget/info", {"budgets": ["trial"]}, {"[]": BUDGET}, untold="budgets"),
    Example("GET", "/budget/list", None, {"[]": BUDGET}),
    Example("POST", "/key/generate",
            {"key_alias": "ci", "models": ["scripted"], "duration": "20m", "max_budget": 0.75, "team_id": "<team>",
             "user_id": "<user>", "metadata": {"purpose": "builds"}, "tags": ["nightly"], "tpm_limit": 500,
             "max_parallel_requests": 3, "model_max_budget": {"scripted": {"budget_limit": 0.5, "time_period": "1d"}}},
            row("GenerateKeyResponse"), {"key": "key", "token": "token"}, untold="metadata tags"),
    Example("POST", "/key/service-account/generate", {"key_alias": "robot", "team_id": "<team>"},
            row("GenerateKeyResponse"), {"robot": "key"}),
    Example("POST", "/key/update", {"key": "<key>", "max_budget": 0.5, "rpm_limit": 40, "duration": "-1"},
            {"": "/key/update"}, untold="key duration"),
    Example("POST", "/key/bulk_update", {"keys": [{"key": "<key>", "max_budget": 0.6}, {"key": "sk-nobody-has-this"}]},
            {"": "BulkUpdateKeyResponse", "successful_updates[]": "SuccessfulKeyUpdate",
             "failed_updates[]": "FailedKeyUpdate"}, untold="keys"),
    Example("GET", "/key/info?key=<key>", None, {"": "/key/info", "info": KEY}),
    Example("GET", "/key/info", None, {"": "/key/info", "info": KEY}, key="<key>"),
    Example("POST", "/v2/key/info", {"keys": ["<key>", "<robot>"]}, {"": "/v2/key/info", "info[]": KEY}, untold="keys"),
    Example("GET", "/key/list?page=1&size=10&team_id=<team>", None, row("KeyListResponseObject")),
    Example("GET", "/key/list?return_full_object=true&sort_by=created_at&sort_order=asc", None,
            {"": "KeyListResponseObject", "keys[]": KEY}),
    Example("GET", "/key/aliases?page=1&size=50", None, row("/key/aliases")),
    Example("POST", "/key/health", None, row("KeyHealthResponse"), key="<key>"),
    Example("POST", "/key/block", {"key": "<robot>"}, row(KEY), untold="key"),
    Example("POST", "/key/unblock", {"key": "<robot>"}, row(KEY), untold="key"),
    Example("POST", "/key/regenerate", {"key": "<robot>", "grace_period": "2h"}, row("GenerateKeyResponse"),
            {"robot": "key"}, untold="key grace_period"),
    Example("POST", "/key/{key}/regenerate", {"max_budget": 1}, row("GenerateKeyResponse"), {"key": "key"}),
]
CUSTOMERS = [
    Example("POST", "/customer/new", {"user_id": "<customer>", "alias": "Shop", "budget_id": "trial"},
            row("CustomerResponse")),
    Example("POST", "/customer/update", {"user_id": "<customer>", "alias": "The shop", "allowed_model_region": "eu"},
            row("CustomerResponse")),
    Example("GET", "/customer/info?end_user_id=<customer>", None,
            {"": "CustomerResponse", "litellm_budget_table": BUDGET}),
    Example("GET", "/customer/list", None, {"[]": "CustomerResponse"}),
    Example("POST", "/customer/block", {"user_ids": ["<customer>"]},
            {"": "BlockUsersResponse", "blocked_users[]": "CustomerResponse"}, untold="user_ids"),
    Example("POST", "/customer/unblock", {"user_ids": ["<customer>"]}, row("UnblockUsersResponse"), untold="user_ids"),
    Example("POST", "/customer/delete", {"user_ids": ["<customer>"]}, row("DeleteCustomersResponse"), untold="user_ids"),
]
SPEND = [
    Example("POST", "/tag/new", {"name": "prod", "description": "What is sold", "max_budget": 9}, {"": "/tag/new"},
            untold="name description max_budget"),
    Example("POST", "/tag/update", {"name": "prod", "description": "All that is sold"}, untold="name description"),
    Example("POST", "/tag/info", {"names": ["prod"]}, untold="names"),
    Example("GET", "/tag/list", None),
    Example("GET", "/spend/logs", None, {"[]": "LiteLLM_SpendLogs"}),
    Example("GET", f"/spend/logs?{WHOLE_DAYS}", None, {"[]": "/spend/logs"}),
    Example("GET", f"/spend/logs?{WHOLE_DAYS}&summarize=false", None, {"[]": "LiteLLM_SpendLogs"}),
    Example("GET", f"/spend/logs/v2?page=1&page_size=50&{WHOLE_DAYS}", None,
            {"": "/spend/logs/v2", "data[]": "LiteLLM_SpendLogs"}),
    Example("GET", "/spend/keys", None, {"[]": KEY}),
    Example("GET", "/spend/users?user_id=<user>", None, {"[]": USER}),
    Example("GET", f"/spend/tags?{WHOLE_DAYS}", None, {"[]": "/spend/tags"}),
    Example("POST", "/spend/calculate", {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]},
            row("/spend/calculate"), untold="model messages"),
    Example("GET", "/global/spend", None, row("/global/spend")),
    Example("GET", "/global/spend/logs", None, {"[]": "/global/spend/logs"}),
    Example("GET", "/global/spend/models?limit=5", None, {"[]": "/global/spend/models"}),
    Example("GET", "/global/spend/provider", None, {"[]": "/global/spend/provider"}),
    Example("GET", f"/global/spend/tags?{WHOLE_DAYS}&tags=nightly", None,
            {"": "/global/spend/tags", "spend_per_tag[]": "/global/spend/tags[]"}),
    Example("GET", "/provider/budgets", None, {"": "/provider/budgets", "providers*": "/provider/budgets[]"}),
]
ENDS = [
    Example("POST", "/tag/delete", {"name": "prod"}, untold="name"),
    Example("POST", "/key/delete", {"keys": ["<key>"]}, row("/key/delete"), untold="keys"),
    Example("POST", "/key/delete", {"key_aliases": ["robot"]}, row("/key/delete"), untold="key_aliases"),
    Example("POST", "/team/delete", {"team_ids": ["<team>"]}, untold="team_ids"),
    Example("POST", "/user/delete", {"user_ids": ["<user>"]}, untold="user_ids"),
    Example("POST", "/budget/delete", {"id": "trial"}, untold="id"),
    Example("DELETE", "/organization/delete", {"organization_ids": ["<organization>"]}, {"[]": ORGANIZATION},
            untold="organization_ids"),
]


class Session:
    """Asks the examples of one gateway in their order; `wrong` says what differs."""

    def __init__(self, gateway):
        self.gateway = gateway
        self.known = {"master": canary.MASTER}
        self.wrong: list[str] = []
        self.told: dict[str, object] = {}

    def filled(self, text: str) -> str:
        for name, value in self.known.items():
            text = text.replace(f"<{name}>", value).replace(f"{{{name}_id}}", value).replace(f"{{{name}}}", value)
        assert "<" not in text, text
        return text

    def ask(self, example: Example, path: str):
        body = None if example.body is None else json.loads(self.filled(json.dumps(example.body)))
        answer = httpx.request(
            example.method,
            self.gateway.url + self.filled(path),
            json=body,
            headers={"Authorization": f"Bearer {self.filled(example.key)}"},
            timeout=30,
        )
        where = f"{example.method} {path}"
        if answer.status_code != 200:
            self.wrong.append(f"{where}: {answer.status_code} {answer.text}")
            return
        told = answer.json()
        self.told[where] = told
        self.known |= {name: told[member] for name, member in example.keep.items()}
        for place, schema in example.shapes.items():
            for part in parts(told, place):
                self.wrong += [f"{where}: {one}" for one in wrong_fields(schema, part)]
        holder = told.get("data", told) if isinstance(told, dict) else {}
        for name, value in (body or {}).items():
            if name not in example.untold.split() and holder.get(name) != value:
                self.wrong.append(f"{where}: {name} is {holder.get(name)!r}, not {value!r}")


def parts(told, place: str) -> list:
    """The parts of an answer that have one schema; a list or a table has some."""
    name, each = place.rstrip("[]*"), place[-1:] in ("]", "*")
    inside = told[name] if name else told
    if not each:
        return [inside]
    found = list(inside.values() if place.endswith("*") else inside)
    assert found, f"{place} is empty, so that it shows nothing"
    return found


def path_of(example: Example) -> str:
    return example.path.partition("?")[0]


@pytest.fixture(scope="module")
def session(tmp_path_factory, upstream):
    folder = tmp_path_factory.mktemp("fields")
    base = upstream.url + "/v1"
    gateway = Gateway(
        folder,
        config(
            deployment("scripted", "openai/gpt-4o", base, canary.OPENAI),
            deployment("scripted-too", "openai/gpt-4o", base, canary.OPENAI),
            general_settings={"database_url": f"sqlite://{folder}/ledger.db"},
            litellm_settings={"max_budget": 250, "budget_duration": "30d"},
            router_settings={"provider_budget_config": {"openai": {"budget_limit": 90, "time_period": "1d"}}},
        ),
        env={"PATCHBAY_STATE_DIR": str(folder / "state")},
    )
    yield Session(gateway)
    assert gateway.stop() == 0


def test_the_answer_of_each_example_has_what_is_documented(session):
    for example in (*PEOPLE, *TEAMS, *KEYS):
        session.ask(example, example.path)
    session.known["customer"] = "shop-1"
    call = {**CHAT, "user": "shop-1", "metadata": {"tags": ["nightly"]}}
    answer = httpx.post(
        session.gateway.url + "/v1/chat/completions",
        json=call,
        headers={"Authorization": f"Bearer {session.known['key']}"},
    )
    assert answer.status_code == 200, answer.text
    master = {"Authorization": f"Bearer {canary.MASTER}"}
    eventually(
        lambda: httpx.get(session.gateway.url + "/spend/logs", headers=master).json(),
        paths.deadline(10),
    )
    for example in CUSTOMERS:
        session.ask(example, example.path)
    session.known["customer"] = "shop-2"
    for example in CUSTOMERS:
        session.ask(example, example.path.replace("/customer", "/end_user"))
    for example in (*SPEND, *ENDS):
        session.ask(example, example.path)
    assert not session.wrong, "\n".join(session.wrong)
    told = session.told
    assert told["GET /global/spend"] == {"spend": pytest.approx(0.0000675), "max_budget": 250}
    kept = told["POST /team/member_update"]
    assert (kept["max_budget_in_team"], kept["rpm_limit"], kept["budget_duration"]) == (3, 8, "7d")
    assert told["POST /customer/unblock"] == {"blocked_users": []}


def test_every_route_has_an_example():
    with open(paths.REPO / "tests/data/access.tsv", newline="") as file:
        rows = {(line["method"], line["path"]) for line in csv.DictReader(file, delimiter="\t")}
    asked = {(one.method, path_of(one)) for one in (*PEOPLE, *TEAMS, *KEYS, *CUSTOMERS, *SPEND, *ENDS)}
    asked |= {(one.method, path_of(one).replace("/customer", "/end_user")) for one in CUSTOMERS}
    assert rows - asked == set()
    used = {schema for one in (*PEOPLE, *TEAMS, *KEYS, *CUSTOMERS, *SPEND) for schema in one.shapes.values()}
    used |= {schema for one in ENDS for schema in one.shapes.values()}
    assert set(schemas()) - used == set()
