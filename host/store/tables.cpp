#include "store/tables.hpp"

#include <array>
#include <stdexcept>

namespace patchbay::store {

namespace {

using enum ColumnType;

constexpr auto kKeyColumns = std::to_array<Column>({
    {"hash", bytes, true},
    {"name", text},
    {"alias", text},
    {"user", integer},
    {"team", integer},
    {"organization", integer},
    {"project", integer},
    {"budget", integer},
    {"expires", integer},
    {"blocked", integer},
    {"last_used", integer},
    {"rotates_at", integer},
    {"is_session", integer},
});
constexpr auto kUserColumns = std::to_array<Column>({
    {"user_id", text},
    {"email", text},
    {"alias", text},
    {"role", text},
    {"sso_id", text},
    {"password", text, true},
    {"budget", integer},
});
constexpr auto kTeamColumns = std::to_array<Column>({
    {"team_id", text},
    {"alias", text},
    {"organization", integer},
    {"budget", integer},
    {"blocked", integer},
});
constexpr auto kOrganizationColumns = std::to_array<Column>({
    {"organization_id", text},
    {"alias", text},
    {"budget", integer},
});
constexpr auto kCustomerColumns = std::to_array<Column>({
    {"customer_id", text},
    {"alias", text},
    {"budget", integer},
    {"blocked", integer},
});
constexpr auto kBudgetColumns = std::to_array<Column>({
    {"budget_id", text},
    {"max_nano", integer},
    {"soft_nano", integer},
    {"duration", text},
    {"rpm", integer},
    {"tpm", integer},
    {"parallel", integer},
    {"extra_nano", integer},
    {"extra_until", integer},
});
constexpr auto kTagColumns = std::to_array<Column>({{"name", text}, {"budget", integer}});

}  // namespace

const Table kKeyTable{"key", "key", Subject::key, "hash", kKeyColumns};
const Table kUserTable{"user", "\"user\"", Subject::user, "user_id", kUserColumns};
const Table kTeamTable{"team", "team", Subject::team, "team_id", kTeamColumns};
const Table kOrganizationTable{"organization", "organization", Subject::organization,
                               "organization_id", kOrganizationColumns};
const Table kCustomerTable{"customer", "customer", Subject::customer, "customer_id",
                           kCustomerColumns};
const Table kBudgetTable{"budget", "budget", Subject::budget, "budget_id", kBudgetColumns};
const Table kTagTable{"tag", "tag", Subject::tag, "name", kTagColumns};

std::size_t Table::place(std::string_view column) const {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].name == column) return i;
    }
    throw std::logic_error("no such column");
}

}  // namespace patchbay::store
