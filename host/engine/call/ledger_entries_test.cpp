#include "engine/call/ledger_entries.hpp"

#include <gtest/gtest.h>

#include "contract/shape/chat_answer.hpp"

namespace patchbay {
namespace {

std::int64_t unix_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

TEST(LedgerEntries, every_attempt_has_one_with_all_its_counts) {
    const std::int64_t before = unix_us();
    Deployment deployment;
    UsageAccount account;
    Usage counts;
    std::uint64_t next = 0;
    for (const auto count : kUsageCounts) counts.*count = ++next;
    Error refused;
    refused.http_status = 429;

    account.begin(deployment, kChatShape, "");
    account.report(counts);
    account.end(&refused);
    account.begin(deployment, kChatShape, "");
    account.end(nullptr);
    account.begin(deployment, kChatShape, "");
    account.read_chunk(R"({"choices":[{"delta":{"content":"text"}}]})",
                       scan_chat_answer(R"({"choices":[{"delta":{"content":"text"}}]})"));
    account.leave();

    const auto entries = ledger_entries(account);
    ASSERT_EQ(entries.size(), 3u);
    EXPECT_EQ(entries[0].counts(), counts);
    EXPECT_EQ(entries[1].counts(), Usage{});
    const int statuses[] = {429, 200, 499};
    const std::uint32_t flags[] = {0, 0, LedgerEntry::kEstimated};
    std::int64_t last = before - 1000;  // the two clocks may be read a moment apart
    for (std::size_t i = 0; i < entries.size(); ++i) {
        SCOPED_TRACE(i);
        EXPECT_EQ(entries[i].attempt, i + 1);
        EXPECT_EQ(entries[i].status, statuses[i]);
        EXPECT_EQ(entries[i].flags, flags[i]);
        EXPECT_LE(last, entries[i].started_us);
        EXPECT_LE(entries[i].started_us, entries[i].ended_us);
        last = entries[i].started_us;
    }
    EXPECT_LE(entries[2].ended_us, unix_us() + 1000);
}

TEST(LedgerEntries, a_call_that_reached_nobody_has_none) {
    EXPECT_TRUE(ledger_entries(UsageAccount()).empty());
}

}  // namespace
}  // namespace patchbay
