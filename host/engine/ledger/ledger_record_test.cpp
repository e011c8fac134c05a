#include "engine/ledger/ledger_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

std::string written(const LedgerNames& names, std::uint32_t magic = LedgerHead::kMagic) {
    LedgerHead head;
    head.magic = magic;
    head.seq = 7;
    std::array<char, kMostLedgerRecord> buffer;
    return {buffer.data(), write_ledger_record(head, names, buffer)};
}

std::vector<std::string> counters_in(std::string_view packed) {
    std::vector<std::string> names;
    EXPECT_TRUE(
        store::counters::each(packed, [&](std::string_view name) { names.emplace_back(name); }));
    return names;
}

TEST(LedgerRecord, has_its_names_and_its_counters) {
    std::string packed;
    EXPECT_TRUE(store::counters::pack("tag:prod", packed));
    EXPECT_TRUE(store::counters::pack("model:1:7:m", packed));
    EXPECT_FALSE(store::counters::pack("", packed));
    LedgerNames names;
    names.model = "m";
    names.counters = packed;
    const std::string bytes = written(names);
    const auto read = read_ledger_record(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->head.seq, 7u);
    EXPECT_EQ(read->names.model, "m");
    EXPECT_THAT(counters_in(read->names.counters), testing::ElementsAre("tag:prod", "model:1:7:m"));
    EXPECT_FALSE(read_ledger_record(std::string_view(bytes).substr(0, bytes.size() - 1)));
}

TEST(LedgerRecord, of_a_program_before_has_no_counters) {
    LedgerNames shop;
    shop.customer = "shop";
    const std::string bytes = written(shop, LedgerHead::kWithoutCounters);
    const auto read = read_ledger_record(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->names.customer, "shop");
    EXPECT_TRUE(read->names.counters.empty());
    EXPECT_FALSE(read_ledger_record(bytes + "x"));
    EXPECT_FALSE(read_ledger_record(written({}, 0)));
}

TEST(LedgerRecord, counters_have_a_bound) {
    std::string packed;
    int added = 0;
    while (store::counters::pack(store::counters::of_tag(std::string(300, 'x')), packed)) ++added;
    EXPECT_EQ(added, 2);
    EXPECT_LE(packed.size(), store::kMostCounterBytes);
    const std::string cut = store::counters::of_tag(std::string(250, 'x') + "\u00e9\u00e9");
    EXPECT_EQ(cut.size(), 254u) << "not within a character";
}

}  // namespace
}  // namespace patchbay
