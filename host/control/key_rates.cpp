#include "control/key_rates.hpp"

#include <algorithm>
#include <array>

namespace patchbay::control {

namespace json = boost::json;

namespace {

struct Rate {
    std::string_view type;    ///< of the key's metadata
    std::string_view column;  ///< of budgets
    std::string_view words;
};
constexpr auto kKeyRates = std::to_array<Rate>({
    {"rpm_limit_type", "rpm", "RPM"},
    {"tpm_limit_type", "tpm", "TPM"},
});
constexpr std::string_view kGuaranteed = "guaranteed_throughput";
constexpr auto kTypes =
    std::to_array<std::string_view>({kGuaranteed, "best_effort_throughput", "dynamic"});

std::string type_of(const Entity& key, std::string_view name) {
    const json::value* const metadata = key.doc.if_contains("metadata");
    const json::object* const members = metadata ? metadata->if_object() : nullptr;
    const json::value* const type = members ? members->if_contains(name) : nullptr;
    return type && type->is_string() ? std::string(type->get_string()) : std::string();
}

// What is guaranteed to a key; 0 = nothing.
std::int64_t guaranteed(const Entity& key, const Rate& rate) {
    if (type_of(key, rate.type) != kGuaranteed || !key.budget) return 0;
    return key.budget->has(rate.column) ? key.budget->number(rate.column) : 0;
}

}  // namespace

void check_guaranteed(Context& context, const Entity& key) {
    bool any = false;
    for (const Rate& rate : kKeyRates) {
        const std::string type = type_of(key, rate.type);
        if (!type.empty() && std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end()) {
            refuse_value("body", rate.type, "literal_error",
                         "Input should be 'guaranteed_throughput', 'best_effort_throughput' or "
                         "'dynamic'");
        }
        any = any || guaranteed(key, rate) > 0;
    }
    if (!any || !key.row.has("team")) return;
    auto row = must(context.records.get(store::kTeamTable, key.row.number("team")));
    if (!row) return;
    const Entity team = Entity::load(context.records, kTeamResource, std::move(*row));
    if (!team.budget) return;
    constexpr store::PageAsk kAll{.sort = "id", .descending = false, .page = 1, .size = 1'000'000};
    std::array<std::int64_t, kKeyRates.size()> given{};
    for (store::Row& other :
         must(context.records.list(store::kKeyTable,
                                   {{{"team", store::Filter::Op::equal, team.row.id}}}, kAll))
             .rows) {
        if (other.id == key.row.id) continue;
        const Entity entity = Entity::load(context.records, kKeyResource, std::move(other));
        for (std::size_t i = 0; i < kKeyRates.size(); ++i)
            given[i] += guaranteed(entity, kKeyRates[i]);
    }
    for (std::size_t i = 0; i < kKeyRates.size(); ++i) {
        const Rate& rate = kKeyRates[i];
        const std::int64_t own = guaranteed(key, rate);
        if (own == 0 || !team.budget->has(rate.column)) continue;
        const std::int64_t limit = team.budget->number(rate.column);
        if (given[i] + own <= limit) continue;
        const std::string words(rate.words);
        refuse_detail(400, "Allocated " + words + " limit=" + std::to_string(given[i]) + " + Key " +
                               words + " limit=" + std::to_string(own) + " is greater than team " +
                               words + " limit=" + std::to_string(limit));
    }
}

}  // namespace patchbay::control
