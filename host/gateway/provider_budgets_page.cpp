#include "gateway/provider_budgets_page.hpp"

#include <ctime>

#include <boost/json/object.hpp>

#include "patchbay/json_tree.hpp"
#include "store/ledger_counters.hpp"

namespace patchbay::gateway {

namespace json = boost::json;

namespace {

// "2026-11-29T00:00:00Z".
std::string iso(std::int64_t us) {
    constexpr std::int64_t kSecond = 1'000'000;
    const auto time = static_cast<std::time_t>(us / kSecond);
    std::tm parts{};
    gmtime_r(&time, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

json::value money(std::int64_t nano) {
    return json_tree::number_from(meter::dollars(nano).view());
}

}  // namespace

Result<Page> provider_budgets_page(const Snapshot& snapshot, std::int64_t now_us) {
    const BudgetConfigs& configured = snapshot.config.router.provider_budgets;
    if (configured.empty()) {
        Error error;
        error.cls = ErrorClass::unknown;
        error.http_status = 500;
        error.type = "internal_server_error";
        error.message =
            "No provider budget config found. Please set a provider budget config in the router "
            "settings. https://docs.litellm.ai/docs/proxy/provider_budget_routing";
        return error;
    }
    json::object providers;
    snapshot.route_budgets->each([&](const RouteBudget& budget, const RouteBudgets::Limit& limit) {
        for (const auto& [provider, given] : configured) {
            if (budget.counter != store::counters::of_provider(provider)) continue;
            json::object shown{{"budget_limit", money(limit.max_nano)},
                               {"time_period", nullptr},
                               {"spend", nullptr},
                               {"budget_reset_at", nullptr}};
            if (!budget.unknown) shown["spend"] = money(budget.allowance.spent(now_us));
            if (!limit.duration.forever()) {
                shown["time_period"] = given.duration;
                shown["budget_reset_at"] = iso(store::period_of(limit.duration, now_us).until);
            }
            providers[provider] = std::move(shown);
        }
    });
    Page page;
    page.body = json_tree::write(json::object{{"providers", std::move(providers)}});
    return page;
}

}  // namespace patchbay::gateway
