#include "app/budget_seed.hpp"

#include <spdlog/spdlog.h>

#include "contract/unix_time.hpp"
#include "store/key_reader.hpp"

namespace patchbay::app {

void seed_route_budgets(const Snapshot& snapshot, const store::Address& books) {
    if (!snapshot.route_budgets->any() || books.empty()) return;
    const std::int64_t now = unix_us();
    auto reader = store::KeyReader::open(books);
    std::string why = reader ? "" : reader.error().text;
    const auto spent = [&](const std::string& counter,
                           const store::BudgetDuration& duration) -> std::optional<std::int64_t> {
        if (!reader) return std::nullopt;
        const auto sum = reader->spent({.name = counter, .counter = true}, duration, now);
        if (sum) return *sum;
        why = sum.error().text;
        return std::nullopt;
    };
    if (snapshot.route_budgets->seed(spent, now)) return;
    spdlog::warn("what providers and deployments with budgets have spent before is not known: {}",
                 why);
}

}  // namespace patchbay::app
