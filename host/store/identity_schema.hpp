// The tables of who may call and of what they have: keys, users, teams, budgets, and what was changed.
//
// Beside the columns that are filtered, sorted, joined or counted every row has a `doc`: the other members
// of LiteLLM's row, as JSON. Rows that are deleted stay, with `deleted_at`, as the ledger names them by
// number; their names are free again, so names are unique among the rows that are there.
//
// `budget` has the limits of money and of rates. A row with a `budget_id` is a budget that several share;
// one without belongs to the one row that points at it: a key's `max_budget` is such a row.
// `change.kind` and `member.kind` are numbers of subjects.hpp.
#pragma once

#include <string_view>

namespace patchbay::store {

/// Statements of one migration, in the words of dialect.hpp.
inline constexpr std::string_view kIdentitySchema = R"sql(
CREATE TABLE budget(id ID, budget_id TEXT, max_nano INT, soft_nano INT, duration TEXT, rpm INT,
                    tpm INT, parallel INT, extra_nano INT, extra_until INT,
                    doc TEXT NOT NULL DEFAULT '{}', created_at INT NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INT NOT NULL DEFAULT 0, updated_by TEXT, version INT NOT NULL DEFAULT 1, deleted_at INT);
CREATE UNIQUE INDEX budget_budget_id ON budget(budget_id) WHERE deleted_at IS NULL;

CREATE TABLE "user"(id ID, user_id TEXT NOT NULL, email TEXT, alias TEXT, role TEXT, sso_id TEXT, password TEXT,
                    budget INT REFERENCES budget(id),
                    doc TEXT NOT NULL DEFAULT '{}', created_at INT NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INT NOT NULL DEFAULT 0, updated_by TEXT, version INT NOT NULL DEFAULT 1, deleted_at INT);
CREATE UNIQUE INDEX user_user_id ON "user"(user_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX user_sso_id ON "user"(sso_id) WHERE deleted_at IS NULL;
CREATE INDEX user_email ON "user"(email, id);
CREATE INDEX user_role ON "user"(role, id);

CREATE TABLE organization(id ID, organization_id TEXT NOT NULL, alias TEXT, budget INT REFERENCES budget(id),
                    doc TEXT NOT NULL DEFAULT '{}', created_at INT NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INT NOT NULL DEFAULT 0, updated_by TEXT, version INT NOT NULL DEFAULT 1, deleted_at INT);
CREATE UNIQUE INDEX organization_organization_id ON organization(organization_id) WHERE deleted_at IS NULL;

CREATE TABLE team(id ID, team_id TEXT NOT NULL, alias TEXT, organization INT REFERENCES organization(id),
                    budget INT REFERENCES budget(id), blocked INT NOT NULL DEFAULT 0,
                    doc TEXT NOT NULL DEFAULT '{}', created_at INT NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INT NOT NULL DEFAULT 0, updated_by TEXT, version INT NOT NULL DEFAULT 1, deleted_at INT);
CREATE UNIQUE INDEX team_team_id ON team(team_id) WHERE deleted_at IS NULL;
CREATE INDEX team_alias ON team(alias, id);
CREATE INDEX team_organization ON team(organization, id);

CREATE TABLE project(id ID, project_id TEXT NOT NULL, alias TEXT, team INT REFERENCES team(id),
                    budget INT REFERENCES budget(id), blocked INT NOT NULL DEFAULT 0,
                    doc TEXT NOT NULL DEFAULT '{}', created_at INT NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INT NOT NULL DEFAULT 0, updated_by TEXT, version INT NOT NULL DEFAULT 1, deleted_at INT);
CREATE UNIQUE INDEX project_project_id ON project(project_id) WHERE deleted_at IS NULL;

CREATE TABLE key(id ID, hash BYTES NOT NULL, name TEXT, alias TEXT, "user" INT REFERENCES "user"(id),
                    team INT REFERENCES team(id), organization INT REFERENCES organization(id),
                    project INT REFERENCES project(id), budget INT REFERENCES budget(id), expires INT,
                    blocked INT NOT NULL DEFAULT 0, last_used INT, rotates_at INT, is_session INT NOT NULL DEFAULT 0,
                    doc TEXT NOT NULL DEFAULT '{}', created_at INT NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INT NOT NULL DEFAULT 0, updated_by TEXT, version INT NOT NULL DEFAULT 1, deleted_at INT);
CREATE UNIQUE INDEX key_hash ON key(hash) WHERE deleted_at IS NULL;
CREATE INDEX key_team ON key(team, id);
CREATE INDEX key_user ON key("user", id);
CREATE INDEX key_organization ON key(organization, id);
CREATE INDEX key_alias ON key(alias);
CREATE INDEX key_updated ON key(updated_at, id);
CREATE INDEX key_deleted ON key(deleted_at) WHERE deleted_at IS NOT NULL;
CREATE TABLE key_old(hash BYTES PRIMARY KEY, key INT NOT NULL REFERENCES key(id), until INT NOT NULL) BY_KEY;

CREATE TABLE customer(id ID, customer_id TEXT NOT NULL, alias TEXT, budget INT REFERENCES budget(id),
                    blocked INT NOT NULL DEFAULT 0,
                    doc TEXT NOT NULL DEFAULT '{}', created_at INT NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INT NOT NULL DEFAULT 0, updated_by TEXT, version INT NOT NULL DEFAULT 1, deleted_at INT);
CREATE UNIQUE INDEX customer_customer_id ON customer(customer_id) WHERE deleted_at IS NULL;

CREATE TABLE tag(id ID, name TEXT NOT NULL, budget INT REFERENCES budget(id),
                    doc TEXT NOT NULL DEFAULT '{}', created_at INT NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INT NOT NULL DEFAULT 0, updated_by TEXT, version INT NOT NULL DEFAULT 1, deleted_at INT);
CREATE UNIQUE INDEX tag_name ON tag(name) WHERE deleted_at IS NULL;

CREATE TABLE access_group(id ID, group_id TEXT NOT NULL, name TEXT NOT NULL,
                    doc TEXT NOT NULL DEFAULT '{}', created_at INT NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INT NOT NULL DEFAULT 0, updated_by TEXT, version INT NOT NULL DEFAULT 1, deleted_at INT);
CREATE UNIQUE INDEX access_group_group_id ON access_group(group_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX access_group_name ON access_group(name) WHERE deleted_at IS NULL;

CREATE TABLE member(kind INT NOT NULL, parent INT NOT NULL, "user" INT NOT NULL REFERENCES "user"(id), role TEXT NOT NULL,
                    budget INT REFERENCES budget(id), doc TEXT NOT NULL DEFAULT '{}',
                    PRIMARY KEY(kind, parent, "user")) BY_KEY;
CREATE INDEX member_user ON member("user", kind, parent);

CREATE TABLE budget_window(id ID, account INT NOT NULL, budget INT NOT NULL, model INT NOT NULL DEFAULT 0,
                    period INT NOT NULL, until INT NOT NULL, spent INT NOT NULL DEFAULT 0,
                    offset_nano INT NOT NULL DEFAULT 0, soft_alerted INT NOT NULL DEFAULT 0,
                    UNIQUE(account, budget, model, period));

CREATE TABLE change(seq COUNTER, kind INT NOT NULL, subject INT NOT NULL, at INT NOT NULL);
CREATE TABLE audit(seq COUNTER, at INT NOT NULL, actor TEXT NOT NULL, actor_key INT, address TEXT NOT NULL,
                   action TEXT NOT NULL, "table" TEXT NOT NULL, object TEXT NOT NULL, before TEXT, after TEXT, hash BYTES NOT NULL);
CREATE INDEX audit_object ON audit("table", object, seq);
)sql";

}  // namespace patchbay::store
