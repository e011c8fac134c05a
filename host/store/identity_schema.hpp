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

/// Statements of one migration.
inline constexpr std::string_view kIdentitySchema = R"sql(
CREATE TABLE budget(id INTEGER PRIMARY KEY, budget_id TEXT, max_nano INTEGER, soft_nano INTEGER, duration TEXT, rpm INTEGER,
                    tpm INTEGER, parallel INTEGER, extra_nano INTEGER, extra_until INTEGER,
                    doc TEXT NOT NULL DEFAULT '{}', created_at INTEGER NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INTEGER NOT NULL DEFAULT 0, updated_by TEXT, version INTEGER NOT NULL DEFAULT 1, deleted_at INTEGER);
CREATE UNIQUE INDEX budget_budget_id ON budget(budget_id) WHERE deleted_at IS NULL;

CREATE TABLE "user"(id INTEGER PRIMARY KEY, user_id TEXT NOT NULL, email TEXT, alias TEXT, role TEXT, sso_id TEXT, password TEXT,
                    budget INTEGER REFERENCES budget(id),
                    doc TEXT NOT NULL DEFAULT '{}', created_at INTEGER NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INTEGER NOT NULL DEFAULT 0, updated_by TEXT, version INTEGER NOT NULL DEFAULT 1, deleted_at INTEGER);
CREATE UNIQUE INDEX user_user_id ON "user"(user_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX user_sso_id ON "user"(sso_id) WHERE deleted_at IS NULL;
CREATE INDEX user_email ON "user"(email, id);
CREATE INDEX user_role ON "user"(role, id);

CREATE TABLE organization(id INTEGER PRIMARY KEY, organization_id TEXT NOT NULL, alias TEXT, budget INTEGER REFERENCES budget(id),
                    doc TEXT NOT NULL DEFAULT '{}', created_at INTEGER NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INTEGER NOT NULL DEFAULT 0, updated_by TEXT, version INTEGER NOT NULL DEFAULT 1, deleted_at INTEGER);
CREATE UNIQUE INDEX organization_organization_id ON organization(organization_id) WHERE deleted_at IS NULL;

CREATE TABLE team(id INTEGER PRIMARY KEY, team_id TEXT NOT NULL, alias TEXT, organization INTEGER REFERENCES organization(id),
                    budget INTEGER REFERENCES budget(id), blocked INTEGER NOT NULL DEFAULT 0,
                    doc TEXT NOT NULL DEFAULT '{}', created_at INTEGER NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INTEGER NOT NULL DEFAULT 0, updated_by TEXT, version INTEGER NOT NULL DEFAULT 1, deleted_at INTEGER);
CREATE UNIQUE INDEX team_team_id ON team(team_id) WHERE deleted_at IS NULL;
CREATE INDEX team_alias ON team(alias, id);
CREATE INDEX team_organization ON team(organization, id);

CREATE TABLE project(id INTEGER PRIMARY KEY, project_id TEXT NOT NULL, alias TEXT, team INTEGER REFERENCES team(id),
                    budget INTEGER REFERENCES budget(id), blocked INTEGER NOT NULL DEFAULT 0,
                    doc TEXT NOT NULL DEFAULT '{}', created_at INTEGER NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INTEGER NOT NULL DEFAULT 0, updated_by TEXT, version INTEGER NOT NULL DEFAULT 1, deleted_at INTEGER);
CREATE UNIQUE INDEX project_project_id ON project(project_id) WHERE deleted_at IS NULL;

CREATE TABLE key(id INTEGER PRIMARY KEY, hash BLOB NOT NULL, name TEXT, alias TEXT, user INTEGER REFERENCES "user"(id),
                    team INTEGER REFERENCES team(id), organization INTEGER REFERENCES organization(id),
                    project INTEGER REFERENCES project(id), budget INTEGER REFERENCES budget(id), expires INTEGER,
                    blocked INTEGER NOT NULL DEFAULT 0, last_used INTEGER, rotates_at INTEGER, is_session INTEGER NOT NULL DEFAULT 0,
                    doc TEXT NOT NULL DEFAULT '{}', created_at INTEGER NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INTEGER NOT NULL DEFAULT 0, updated_by TEXT, version INTEGER NOT NULL DEFAULT 1, deleted_at INTEGER);
CREATE UNIQUE INDEX key_hash ON key(hash) WHERE deleted_at IS NULL;
CREATE INDEX key_team ON key(team, id);
CREATE INDEX key_user ON key(user, id);
CREATE INDEX key_organization ON key(organization, id);
CREATE INDEX key_alias ON key(alias);
CREATE INDEX key_updated ON key(updated_at, id);
CREATE INDEX key_deleted ON key(deleted_at) WHERE deleted_at IS NOT NULL;
CREATE TABLE key_old(hash BLOB PRIMARY KEY, key INTEGER NOT NULL REFERENCES key(id), until INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE customer(id INTEGER PRIMARY KEY, customer_id TEXT NOT NULL, alias TEXT, budget INTEGER REFERENCES budget(id),
                    blocked INTEGER NOT NULL DEFAULT 0,
                    doc TEXT NOT NULL DEFAULT '{}', created_at INTEGER NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INTEGER NOT NULL DEFAULT 0, updated_by TEXT, version INTEGER NOT NULL DEFAULT 1, deleted_at INTEGER);
CREATE UNIQUE INDEX customer_customer_id ON customer(customer_id) WHERE deleted_at IS NULL;

CREATE TABLE tag(id INTEGER PRIMARY KEY, name TEXT NOT NULL, budget INTEGER REFERENCES budget(id),
                    doc TEXT NOT NULL DEFAULT '{}', created_at INTEGER NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INTEGER NOT NULL DEFAULT 0, updated_by TEXT, version INTEGER NOT NULL DEFAULT 1, deleted_at INTEGER);
CREATE UNIQUE INDEX tag_name ON tag(name) WHERE deleted_at IS NULL;

CREATE TABLE access_group(id INTEGER PRIMARY KEY, group_id TEXT NOT NULL, name TEXT NOT NULL,
                    doc TEXT NOT NULL DEFAULT '{}', created_at INTEGER NOT NULL DEFAULT 0, created_by TEXT,
                    updated_at INTEGER NOT NULL DEFAULT 0, updated_by TEXT, version INTEGER NOT NULL DEFAULT 1, deleted_at INTEGER);
CREATE UNIQUE INDEX access_group_group_id ON access_group(group_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX access_group_name ON access_group(name) WHERE deleted_at IS NULL;

CREATE TABLE member(kind INTEGER NOT NULL, parent INTEGER NOT NULL, user INTEGER NOT NULL REFERENCES "user"(id), role TEXT NOT NULL,
                    budget INTEGER REFERENCES budget(id), doc TEXT NOT NULL DEFAULT '{}',
                    PRIMARY KEY(kind, parent, user)) WITHOUT ROWID;
CREATE INDEX member_user ON member(user, kind, parent);

CREATE TABLE budget_window(id INTEGER PRIMARY KEY, account INTEGER NOT NULL, budget INTEGER NOT NULL, model INTEGER NOT NULL DEFAULT 0,
                    period INTEGER NOT NULL, until INTEGER NOT NULL, spent INTEGER NOT NULL DEFAULT 0,
                    offset_nano INTEGER NOT NULL DEFAULT 0, soft_alerted INTEGER NOT NULL DEFAULT 0,
                    UNIQUE(account, budget, model, period));

CREATE TABLE change(seq INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, subject INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE TABLE audit(seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, actor TEXT NOT NULL, actor_key INTEGER, address TEXT NOT NULL,
                   action TEXT NOT NULL, "table" TEXT NOT NULL, object TEXT NOT NULL, before TEXT, after TEXT, hash BLOB NOT NULL);
CREATE INDEX audit_object ON audit("table", object, seq);
)sql";

}  // namespace patchbay::store
