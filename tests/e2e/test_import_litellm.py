"""LiteLLM's own database is taken over: clients keep their keys, and what they may do and have spent."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from support import canary, paths
from support.books import PostgresBooks, SqliteBooks, check
from support.gateway import command, config, deployment, guardrail
from support.guarded import RULES
from support.wire import ask, chat

MIGRATIONS = paths.OUT / "litellm-tables/litellm_proxy_extras/migrations"
PRICE = 11 * 2500 + 4 * 10000  # gpt-4o, nano-dollars, for what the scripted upstream says it used
OWN_BUDGET = "5f0c1d8e-2f6a-4a38-9b51-0d3f8a1c7e42"
MEMBER_BUDGET = "a1b2c3d4-0000-4000-8000-1234567890ab"
MEMBERS_BUDGET = "b2c3d4e5-0000-4000-8000-1234567890ab"
SOON = datetime.now(UTC) + timedelta(days=9)
PAST = datetime.now(UTC) - timedelta(days=9)


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def literal(value) -> str:
    """As SQL has it; a dictionary is JSON, a list an array of texts."""
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    if isinstance(value, list):
        return "ARRAY[" + ", ".join(map(literal, value)) + "]::text[]"
    if isinstance(value, datetime):
        value = value.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    if isinstance(value, dict | tuple):
        value = json.dumps(value)
    return "'" + str(value).replace("'", "''") + "'"


class LitellmDatabase:
    """What `litellm --use_prisma_migrate` makes, in a schema."""

    def __init__(self, server, schema):
        self.server, self.schema = server, schema
        self.url = f"{server.url()}&schema={schema}"
        server.query(f"CREATE SCHEMA {schema}", "public")
        every = sorted(MIGRATIONS.glob("*/migration.sql"))
        assert len(every) > 200
        # Some migrations name the schema that LiteLLM's URLs have.
        text = "\n".join(path.read_text() for path in every).replace('"public".', "")
        file = server.folder / f"{schema}.sql"
        file.write_text(text)
        server.run_file(file, schema)

    def add(self, table: str, **columns):
        names = ", ".join(f'"{name}"' for name in columns)
        values = ", ".join(map(literal, columns.values()))
        self.server.query(f'INSERT INTO "LiteLLM_{table}"({names}) VALUES({values})', self.schema)


@pytest.fixture(scope="module")
def litellm(postgres):
    made = LitellmDatabase(postgres, "litellm")
    by = {"created_by": "ops", "updated_by": "ops"}
    made.add("BudgetTable", budget_id="free-tier", max_budget=0.5, rpm_limit=7, budget_duration="30d", **by)
    made.add("BudgetTable", budget_id=OWN_BUDGET, max_budget=100.25, tpm_limit=9000, **by)
    made.add("BudgetTable", budget_id=MEMBER_BUDGET, max_budget=0.25, budget_duration="7d", tpd_limit=5, **by)
    made.add("OrganizationTable", organization_id="acme", organization_alias="Acme", budget_id=OWN_BUDGET,
             models=["scripted"], spend=12.5, **by)
    made.add("UserTable", user_id="ada", user_email="ada@acme.example", user_role="internal_user", max_budget=3,
             spend=0.125, models=[], metadata={"desk": 4})
    made.add("UserTable", user_id="root", user_role="proxy_admin", models=[], password="scrypt:canary")
    made.add("OrganizationMembership", user_id="ada", organization_id="acme", user_role="org_admin")
    made.add("ModelTable", aliases={"fast": "scripted"}, **by)
    made.add("TeamTable", team_id="red", team_alias="Red", organization_id="acme", models=["scripted"],
             max_budget=40.5, spend=1.75, rpm_limit=1000, model_id=1, metadata={"cost_center": "7"},
             members_with_roles=({"user_id": "ada", "role": "admin"}, {"user_id": "bob", "role": "user"}))
    made.add("TeamMembership", user_id="bob", team_id="red", spend=0.1, total_spend=0.5, budget_id=MEMBER_BUDGET)
    made.add("TeamMembership", user_id="eve", team_id="red", spend=0.1)
    made.add("BudgetTable", budget_id=MEMBERS_BUDGET, max_budget=2, rpm_limit=4, **by)
    made.add("TeamTable", team_id="green", models=[], policies=["strict"], metadata={"team_member_budget_id": MEMBERS_BUDGET},
             members_with_roles=({"user_id": "ada", "role": "user"},))
    made.add("TeamMembership", user_id="ada", team_id="green", spend=0, budget_id=MEMBERS_BUDGET)
    made.add("TeamTable", team_id="blue", blocked=True, models=[], members_with_roles=())
    made.add("ObjectPermissionTable", object_permission_id="op1", vector_stores=["vs-1"])
    made.add("EndUserTable", user_id="shop", budget_id="free-tier", spend=0.25, blocked=False, alias="The shop")
    made.add("EndUserTable", user_id="mallory", blocked=True)
    made.add("TagTable", tag_name="prod", description="what customers see", models=[], spend=0.0625,
             budget_id="free-tier")
    made.add("ProjectTable", project_id="apollo", team_id="red", models=[], **by)

    def key(text, **more):
        made.add("VerificationToken", token=hash_of(text), key_name="sk-..." + text[-4:], **more)

    key("sk-of-ada-in-red-0001", key_alias="one", user_id="ada", team_id="red", models=["scripted"], spend=0.375,
        total_spend=4.5, max_budget=10, budget_duration="30d", budget_reset_at=SOON, rpm_limit=2,
        metadata={"tags": ["prod"], "temp_budget_increase": 5, "temp_budget_expiry": SOON.isoformat()},
        object_permission_id="op1", expires=SOON)
    key("sk-used-up-00000002", spend=2.0, max_budget=2, models=[])
    key("sk-of-last-month-0003", spend=2.0, max_budget=2, budget_duration="30d", budget_reset_at=PAST, models=[])
    key("sk-free-tier-000004", budget_id="free-tier", models=["other"], user_id="nobody-made-me")
    key("sk-two-limits-00005", budget_id="free-tier", max_budget=4, rpm_limit=3, models=[])
    key("sk-blocked-0000006", blocked=True, models=[])
    key("sk-of-blue-00000007", team_id="blue", models=[])
    key("sk-expired-0000008", expires=PAST, models=[])
    key("sk-of-apollo-000009", project_id="apollo", models=[])
    key("sk-no-such-team-010", team_id="gone", models=[])
    key("sk-odd-policy-00011", policies=["strict"], tpd_limit=10, models=[])
    key("sk-many-things-0016", models=["scripted"], budget_fallbacks={"scripted": ["other"]}, metadata={
        "guardrails": ["pii", "gone"], "logging": [{"callback_name": "langfuse"}], "model_rpm_limit": {"scripted": 9},
        "note": "kept"})
    key("sk-bad-duration-012", budget_duration="often", max_budget=1, models=[])
    key("sk-session-of-ui-013", team_id="litellm-dashboard", models=[])
    made.add("DeprecatedVerificationToken", id="d1", token=hash_of("sk-before-rotation-14"),
             active_token_id=hash_of("sk-blocked-0000006"), revoke_at=SOON)
    made.add("DeprecatedVerificationToken", id="d2", token=hash_of("sk-before-rotation-15"),
             active_token_id=hash_of("sk-of-ada-in-red-0001"), revoke_at=SOON)
    return made


@pytest.fixture(params=["sqlite", "postgres"])
def books(request, tmp_path, postgres):
    return PostgresBooks(postgres) if request.param == "postgres" else SqliteBooks(tmp_path)


@pytest.fixture
def settings(upstream, books, tmp_path):
    address = upstream.url + "/v1"
    made = config(
        deployment("scripted", "openai/gpt-4o", address, canary.OPENAI),
        deployment("other", "openai/gpt-4o-mini", address, canary.OPENAI),
        general_settings={"database_url": books.url},
    ) | {"guardrails": [guardrail("pii", "pre_call", default_on=False, **RULES)]}
    (tmp_path / "import.yaml").write_text(json.dumps(made))
    return made


@pytest.fixture
def take(litellm, settings, tmp_path):
    def run(*flags):
        return command("import", "litellm", "--from", litellm.url, "--config", tmp_path / "import.yaml", *flags)

    return run


@pytest.fixture
def gateway(start, take, settings, tmp_path):
    status, said = take()
    assert status == 0, said
    return start(settings, env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")})


@pytest.fixture
def info(gateway):
    def run(path):
        answer = httpx.get(
            f"http://127.0.0.1:{gateway.port}{path}",
            headers={"Authorization": f"Bearer {canary.MASTER}"},
            timeout=30,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    return run


def test_what_was_taken_is_told_and_what_was_not(take, books):
    status, said = take()
    assert status == 0, said
    lines = said.splitlines()
    assert "key: 10 taken, 3 left out" in lines, said
    assert "team: 3 taken" in lines and "organization: 1 taken" in lines
    assert "budget: 1 taken" in lines  # the others belong to one row each
    assert "user: 4 taken" in lines  # two of them were only named
    assert "team member: 3 taken" in lines and "organization member: 1 taken" in lines
    assert "former key: 2 taken" in lines
    told = [line for line in lines if line.startswith(("key ", "project "))]
    assert sorted(told) == sorted([
        "key sk-...-010: its team_id gone is not there: left out",
        "key sk-...-012: budget_duration must be a number and a unit: 30s, 30m, 24h, 30d, 1w, 1mo: left out",
        "key sk-...0009: is of project apollo, and projects, with their limits, are not there yet: left out",
        "key sk-...0001: object_permission has no effect here yet: brought as it is",
        "key sk-...0011: its policy strict is not configured here: its calls are refused without it",
        "key sk-...0016: budget_fallbacks has no effect here yet: brought as it is",
        "key sk-...0016: its guardrail gone is not configured here: its calls are refused without it",
        "key sk-...0016: metadata.logging has no effect here yet: brought as it is",
        "key sk-...0011: tpd_limit is not served: brought without it",
        "project apollo: there are none here yet: left out",
    ])
    assert "team green: its policy strict is not configured here: its calls are refused without it" in lines
    assert "team member eve of team red: is not among the members of that team: left out" in lines
    assert f"budget {MEMBER_BUDGET}: tpd_limit is not served: brought without it" in lines
    assert check(books)[0] == 0
    assert "canary" not in said


def test_twice_is_once_and_a_dry_run_is_never(take, books):
    status, said = take("--dry-run")
    assert status == 0 and "nothing was written" in said and "key: 10 taken" in said
    assert books.query("SELECT COUNT(*) FROM key") == [(0,)]
    assert take()[0] == 0

    def everything():
        return [
            books.query(f"SELECT COUNT(*) FROM {table}")
            for table in ("key", "team", '"user"', "budget", "member", "posting", "spend_minute", "customer")
        ] + books.query("SELECT SUM(posted) FROM account WHERE house = 0")

    before = everything()
    status, said = take()
    assert status == 0
    assert "key: 0 taken, 10 were there, 3 left out" in said and "0 $ posted" in said
    assert everything() == before
    status, said = take("--update")
    assert status == 0 and "key: 0 taken, 10 updated, 3 left out" in said
    assert everything() == before
    assert check(books)[0] == 0


def test_a_key_works_unchanged(gateway):
    def call(key, model="scripted", **more):
        return ask(gateway.port, chat("default", model, **more), key=key)

    first = call("sk-of-ada-in-red-0001")
    assert first.status == 200, first.body
    assert first.headers["x-litellm-key-rpm-limit"] == "2"
    assert float(first.headers["x-litellm-key-max-budget"]) == 15  # raised by 5 for a while
    assert call("sk-of-ada-in-red-0001", "other").status == 403  # not among its models
    assert call("sk-of-ada-in-red-0001", "fast").status == 200  # an alias of the team's
    limited = call("sk-of-ada-in-red-0001")
    assert limited.status == 429 and "retry-after" in limited.headers
    assert call("sk-used-up-00000002").status == 422  # budget_exceeded, by what LiteLLM says it spent
    assert call("sk-of-last-month-0003").status == 200  # that was another period
    assert call("sk-free-tier-000004", "other").status == 200
    assert call("sk-blocked-0000006").status == 401
    assert call("sk-of-blue-00000007").status == 401
    assert call("sk-expired-0000008").status == 401
    assert call("sk-of-apollo-000009").status == 401
    unguarded = call("sk-odd-policy-00011")
    assert unguarded.status == 500 and b"strict" in unguarded.body  # better than without it
    assert call("sk-before-rotation-15").status in (200, 429)  # within its grace period
    assert call("sk-two-limits-00005", user="mallory").status == 400  # a blocked customer


def test_rows_are_shown_as_litellm_has_them(gateway, info):
    key = info("/key/info?key=" + hash_of("sk-of-ada-in-red-0001"))["info"]
    shown = {name: key[name] for name in ("key_alias", "user_id", "team_id", "max_budget", "rpm_limit", "models")}
    assert shown == {"key_alias": "one", "user_id": "ada", "team_id": "red", "max_budget": 10, "rpm_limit": 2,
                     "models": ["scripted"]}
    assert key["spend"] == 4.5 and key["metadata"] == {"tags": ["prod"]}
    assert key["object_permission"]["vector_stores"] == ["vs-1"]
    assert key["expires"].startswith(SOON.strftime("%Y-%m-%dT%H:%M"))
    many = info("/key/info?key=" + hash_of("sk-many-things-0016"))["info"]
    assert many["metadata"]["note"] == "kept" and many["metadata"]["guardrails"] == ["pii", "gone"]
    assert many["metadata"]["model_rpm_limit"] == {"scripted": 9} and many["budget_fallbacks"] == {"scripted": ["other"]}
    green = info("/team/info?team_id=green")
    assert green["team_info"]["metadata"] == {"policies": ["strict"], "team_member_budget": 2, "team_member_rpm_limit": 4}
    assert green["team_memberships"][0]["litellm_budget_table"]["max_budget"] == 2
    answer = httpx.post(
        f"http://127.0.0.1:{gateway.port}/team/update",
        json={"team_id": "green", "team_member_budget": 3},
        headers={"Authorization": f"Bearer {canary.MASTER}"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    assert info("/team/info?team_id=green")["team_memberships"][0]["litellm_budget_table"]["max_budget"] == 3
    two = info("/key/info?key=" + hash_of("sk-two-limits-00005"))["info"]
    assert (two["max_budget"], two["rpm_limit"]) == (4, 3)  # the smaller rate
    assert two["budget_limits"] == [{"budget_duration": "30d", "max_budget": 0.5}]
    team = info("/team/info?team_id=red")
    assert team["team_info"]["spend"] == 1.75 and team["team_info"]["organization_id"] == "acme"
    assert team["team_info"]["metadata"] == {"cost_center": "7"}
    budgets = {m["user_id"]: m["litellm_budget_table"] for m in team["team_memberships"]}
    assert budgets["ada"] is None and budgets["bob"]["max_budget"] == 0.25
    organization = info("/organization/info?organization_id=acme")
    assert organization["spend"] == 12.5 and organization["max_budget"] == 100.25
    assert [m["user_role"] for m in organization["members"]] == ["org_admin"]
    user = info("/v2/user/info?user_id=ada")
    assert user["spend"] == 0.125 and user["user_email"] == "ada@acme.example"
    customer = info("/customer/info?end_user_id=shop")
    assert customer["spend"] == 0.25 and customer["litellm_budget_table"]["rpm_limit"] == 7
    tags = {tag["name"]: tag for tag in info("/tag/list")}
    assert tags["prod"]["spend"] == 0.0625 and tags["prod"]["description"] == "what customers see"


def test_what_is_spent_here_comes_on_top(gateway, info, books):
    answer = ask(gateway.port, chat("default", "scripted"), key="sk-of-ada-in-red-0001")
    assert answer.status == 200
    assert gateway.stop() == 0
    spent = books.query("SELECT posted FROM account WHERE book = 12 AND house = 0 AND posted > 4000000000")
    assert spent == [(4_500_000_000 + PRICE,)]
    assert check(books)[0] == 0


def test_what_cannot_be_read_is_said(settings, tmp_path, postgres):
    file = tmp_path / "import.yaml"
    status, said = command("import", "litellm", "--from", tmp_path / "x.db", "--config", file)
    assert status == 69 and "postgresql://" in said
    status, said = command("import", "litellm", "--from", postgres.url("empty"), "--config", file)
    assert status == 69 and "no rows of LiteLLM's in the schema empty" in said
    away = "postgresql://ops:canary-password@127.0.0.1:1/litellm"
    status, said = command("import", "litellm", "--from", away, "--config", file)
    assert status == 69 and "nothing was taken" in said and "canary-password" not in said
