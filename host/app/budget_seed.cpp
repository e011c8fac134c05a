#include "app/budget_seed.hpp"

#include "contract/unix_time.hpp"

namespace patchbay::app {

std::string seed_route_budgets(const Snapshot& snapshot, store::KeyReader& books) {
    const std::int64_t now = unix_us();
    std::string why;
    const auto spent = [&](const std::string& counter,
                           const store::BudgetDuration& duration) -> std::optional<std::int64_t> {
        if (!why.empty()) return std::nullopt;  // nor will it answer of the others
        const auto sum = books.spent({.name = counter, .counter = true}, duration, now);
        if (sum) return *sum;
        why = sum.error().text;
        return std::nullopt;
    };
    snapshot.route_budgets->seed(spent, now);
    return why;
}

}  // namespace patchbay::app
