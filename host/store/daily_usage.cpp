#include "store/daily_usage.hpp"

namespace patchbay::store {

Stored<std::vector<DailyUsage>> daily_usage(Database& database, std::int64_t first,
                                            std::int64_t last) {
    Statement sums(database.handle(),
                   "SELECT d.day, p.text, m.text, SUM(d.requests), SUM(d.prompt), "
                   "SUM(d.completion), SUM(d.cost) FROM daily d JOIN identity p ON p.id = "
                   "d.provider JOIN identity m ON m.id = d.model WHERE d.day >= ? AND d.day <= ? "
                   "GROUP BY d.day, p.text, m.text ORDER BY d.day, p.text, m.text");
    sums.bind(1, first).bind(2, last);
    std::vector<DailyUsage> days;
    while (true) {
        const auto row = sums.step();
        if (!row) return row.error();
        if (!*row) return days;
        days.push_back({sums.number(0), sums.text(1), sums.text(2), sums.number(3), sums.number(4),
                        sums.number(5), sums.number(6)});
    }
}

}  // namespace patchbay::store
