#include "store/origins.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "store/bind.hpp"
#include "store/ledger_books.hpp"
#include "store/ledger_counters.hpp"

namespace patchbay::store {

namespace {

constexpr std::size_t kMostOrigins = 32'768;
constexpr std::size_t kMostIdentities = 65'536;

void append_number(std::string& key, std::int64_t number) {
    key.append(reinterpret_cast<const char*>(&number), sizeof number);
}

}  // namespace

Origins::Origins(Database& database)
    : rows_(database.dialect().origins),
      find_identity_(database.handle(), "SELECT id FROM identity WHERE kind = ? AND text = ?"),
      add_identity_(database.handle(),
                    "INSERT INTO identity(kind, text) VALUES(?, ?) ON CONFLICT(kind, text) DO "
                    "UPDATE SET kind = excluded.kind RETURNING id"),
      find_origin_(
          database.handle(),
          "SELECT id FROM origin WHERE key = ? AND key_row = ? AND \"user\" = ? AND team = "
          "? AND organization = ? AND customer = ? AND model_group = ? AND model = ? AND "
          "deployment = ? AND provider = ? AND route = ?"),
      add_origin_(database.handle(),
                  "INSERT INTO origin(key, key_row, \"user\", team, organization, customer, "
                  "model_group, model, deployment, provider, route) "
                  "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(key, key_row, \"user\", "
                  "team, organization, customer, model_group, model, deployment, provider, route) "
                  "DO UPDATE SET key = excluded.key RETURNING id") {}

Stored<Origin*> Origins::of(const LedgerLine& line) {
    key_.clear();
    for (const std::string_view text : {line.key, line.customer, line.model_group, line.model,
                                        line.deployment, line.provider, line.route}) {
        append_number(key_, static_cast<std::int64_t>(text.size()));
        key_.append(text);
    }
    for (const std::int64_t row :
         {line.debtors.key, line.debtors.user, line.debtors.team, line.debtors.organization}) {
        append_number(key_, row);
    }
    key_.append(line.counters);
    // Most lines are of the same one as the line before.
    if (last_ && last_->first == key_) return &last_->second;
    auto known = origins_.find(std::string_view(key_));
    if (known == origins_.end()) {
        auto found = find(line);
        if (!found) return found.error();
        known = origins_.emplace(key_, std::move(*found)).first;
    }
    last_ = &*known;
    return &last_->second;
}

Stored<Origin> Origins::find(const LedgerLine& line) {
    Origin origin;
    origin.debtors = line.debtors;
    Numbers& n = origin.numbers;
    struct Name {
        IdentityKind kind;
        std::string_view text;
        std::int64_t* number;
    };
    const std::array names{
        Name{kKeys, line.key, &n.key},
        Name{kGroups, line.model_group, &n.group},
        Name{kModels, line.model, &n.model},
        Name{kDeployments, line.deployment, &n.deployment},
        Name{kProviders, line.provider, &n.provider},
        Name{kRoutes, line.route, &n.route},
        Name{kCustomers, line.customer, &n.customer},
    };
    for (const Name& name : names) {
        const auto id = identity(name.kind, name.text);
        if (!id) return id.error();
        *name.number = *id;
    }
    if (line.debtors.user != 0 && line.debtors.team != 0) {
        const auto id = identity(kMembers, member_name(line.debtors.team, line.debtors.user));
        if (!id) return id.error();
        n.member = *id;
    }
    if (auto done = counters_of(line, origin.counters); !done) return done.error();
    if (rows_) {
        const auto row = row_of(origin);
        if (!row) return row.error();
        origin.id = *row;
    }
    return origin;
}

Stored<std::int64_t> Origins::identity(int kind, std::string_view text) {
    const auto key = std::pair(kind, std::string(text));
    if (const auto known = identities_.find(key); known != identities_.end()) return known->second;
    auto id = number_of(find_identity_.bind(1, kind).bind(2, text));
    if (id && *id == 0) id = number_of(add_identity_.bind(1, kind).bind(2, text));
    if (id) identities_.emplace(key, *id);
    return id;
}

Stored<void> Origins::counters_of(const LedgerLine& line, std::vector<std::int64_t>& numbers) {
    std::optional<Failure> failed;
    const bool whole = counters::each(line.counters, [&](std::string_view name) {
        if (failed) return;
        auto id = identity(kCounters, name);
        if (!id) {
            failed = id.error();
        } else if (std::find(numbers.begin(), numbers.end(), *id) == numbers.end()) {
            numbers.push_back(*id);
        }
    });
    if (failed) return *failed;
    if (!whole) return Failure{Failure::Kind::conflict, "the counters of an entry are cut off"};
    return {};
}

Stored<std::int64_t> Origins::row_of(const Origin& origin) {
    const Numbers& n = origin.numbers;
    const LedgerDebtors& of = origin.debtors;
    for (Statement* const statement : {&find_origin_, &add_origin_}) {
        int place = 0;
        for (const std::int64_t number :
             {n.key, of.key, of.user, of.team, of.organization, n.customer, n.group, n.model,
              n.deployment, n.provider, n.route}) {
            statement->bind(++place, number);
        }
    }
    auto id = number_of(find_origin_);
    if (id && *id == 0) id = number_of(add_origin_);
    return id;
}

void Origins::trim() {
    if (origins_.size() > kMostOrigins) forget_origins();
    if (identities_.size() > kMostIdentities) identities_.clear();
}

void Origins::forget_origins() {
    last_ = nullptr;
    origins_.clear();
}

void Origins::forget() {
    forget_origins();
    identities_.clear();
}

}  // namespace patchbay::store
