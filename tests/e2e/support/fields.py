"""Fields of LiteLLM's answers, by schema and route (fixtures/litellm_answers.tsv), and what of them is not here."""

import csv
from functools import cache

from . import paths

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
    "model_id litellm_model_table allow_team_guardrail_config allowed_models users access_group_models "
    "access_group_mcp_server_ids access_group_agent_ids",
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
    "NewOrganizationResponse.budget_id": "likewise",
    **dict.fromkeys(
        (f"LiteLLM_OrganizationMembershipTable.{name}" for name in ("spend", "created_at", "updated_at", "user")),
        "the books know what an organization spends, and what its teams' members do",
    ),
}
NOT_HERE = {field for fields in ABSENT.values() for field in fields.split()}
#: `metadata` is left out of the rows of spend alone.
KEPT = {"metadata"}


@cache
def schemas() -> dict[str, list[dict]]:
    found = {}
    with open(paths.REPO / "tests/e2e/fixtures/litellm_answers.tsv", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found.setdefault(row["schema"], []).append(row)
    return found


def is_a(kind: str, value) -> bool:
    # A truth is an int in Python, and no number in JSON.
    if isinstance(value, bool):
        return kind in ("boolean", "any")
    return isinstance(value, KINDS[kind])


def wrong_fields(schema: str, answer) -> list[str]:
    """What the answer lacks of the schema, or has of another type."""
    if not isinstance(answer, dict):
        return [f"{schema} is {answer!r}"]
    wrong = []
    for row in schemas()[schema]:
        name = row["field"]
        value = answer.get(name)
        if name not in answer:
            left_out = name in NOT_HERE and (name not in KEPT or schema == "LiteLLM_SpendLogs")
            if not left_out and f"{schema}.{name}" not in DIFFERENT:
                wrong.append(f"{schema}.{name} is missing")
        elif value is None:
            if row["or"] != "null" and f"{schema}.{name}" not in DIFFERENT:
                wrong.append(f"{schema}.{name} is null")
        elif not is_a(row["type"], value):
            wrong.append(f"{schema}.{name} is {value!r}, not a {row['type']}")
    return wrong
