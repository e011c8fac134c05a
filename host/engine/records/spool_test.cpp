#include "engine/records/spool.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/plugins/test_support.hpp"

namespace patchbay {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SpoolTest : public testing::Test {
  protected:
    Spool open(std::uint64_t max_bytes = 1u << 30) {
        auto spool = Spool::open(directory_.path() / "sink", max_bytes);
        EXPECT_TRUE(spool) << (spool ? "" : spool.error());
        return std::move(*spool);
    }
    static LogRecord record(const std::string& id, std::size_t bytes = 10, bool failed = false) {
        LogRecord made;
        made.id = id;
        made.json = std::string(bytes, 'j');
        made.unix_ms = 1234;
        made.failed = failed;
        return made;
    }
    static std::vector<std::string> ids(const Spool::Batch& batch) {
        std::vector<std::string> all;
        for (const LogRecord& one : batch.records) all.push_back(one.id);
        return all;
    }
    test::TemporaryDirectory directory_;
};

TEST_F(SpoolTest, gives_records_back_in_order_until_they_are_committed) {
    Spool spool = open();
    EXPECT_TRUE(spool.empty());
    for (const char* id : {"a", "b", "c"}) EXPECT_TRUE(spool.append(record(id, 10, true)));
    EXPECT_EQ(spool.pending(), 3u);
    const auto batch = spool.read(2, 1000);
    EXPECT_THAT(ids(batch), ElementsAre("a", "b"));
    EXPECT_EQ(batch.records[0].json, std::string(10, 'j'));
    EXPECT_EQ(batch.records[0].unix_ms, 1234);
    EXPECT_TRUE(batch.records[0].failed);
    EXPECT_THAT(ids(spool.read(2, 1000)), ElementsAre("a", "b")) << "not committed";
    spool.commit(batch);
    EXPECT_EQ(spool.pending(), 1u);
    EXPECT_THAT(ids(spool.read(9, 1000)), ElementsAre("c"));
}

TEST_F(SpoolTest, bounds_a_batch_by_bytes_but_gives_one_at_least) {
    Spool spool = open();
    for (const char* id : {"a", "b", "c"}) spool.append(record(id, 100));
    EXPECT_THAT(ids(spool.read(9, 250)), ElementsAre("a", "b"));
    EXPECT_THAT(ids(spool.read(9, 10)), ElementsAre("a"));
}

TEST_F(SpoolTest, another_process_goes_on_where_this_one_stopped) {
    {
        Spool spool = open();
        for (const char* id : {"a", "b", "c"}) spool.append(record(id));
        spool.commit(spool.read(1, 1000));
    }
    {
        Spool spool = open();
        EXPECT_EQ(spool.pending(), 2u);
        spool.append(record("d"));
        EXPECT_THAT(ids(spool.read(9, 1000)), ElementsAre("b", "c", "d"));
        spool.commit(spool.read(2, 1000));
    }
    EXPECT_THAT(ids(open().read(9, 1000)), ElementsAre("d"));
}

TEST_F(SpoolTest, a_record_that_was_cut_off_is_not_there) {
    {
        Spool spool = open();
        spool.append(record("a"));
        spool.append(record("b", 500));
    }
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path() / "sink")) {
        if (entry.path().extension() == ".records" && entry.file_size() > 0) {
            std::filesystem::resize_file(entry.path(), entry.file_size() - 1);
        }
    }
    Spool spool = open();
    spool.append(record("c"));
    EXPECT_THAT(ids(spool.read(9, 10000)), ElementsAre("a", "c"));
}

TEST_F(SpoolTest, over_its_bound_the_oldest_go_and_are_counted) {
    Spool spool = open(3 * Spool::kSegmentBytes);
    const std::size_t large = Spool::kSegmentBytes / 2;
    for (int i = 0; i < 12; ++i) ASSERT_TRUE(spool.append(record(std::to_string(i), large)));
    EXPECT_LE(spool.bytes(), 3 * Spool::kSegmentBytes);
    EXPECT_GT(spool.dropped(), 0u);
    EXPECT_EQ(spool.pending() + spool.dropped(), 12u);
    EXPECT_EQ(spool.read(1, 1).records[0].id, std::to_string(spool.dropped()));
}

TEST_F(SpoolTest, what_falls_to_the_bound_while_it_is_delivered_is_counted_once) {
    Spool spool = open(3 * Spool::kSegmentBytes);
    const std::size_t large = Spool::kSegmentBytes / 2;
    for (int i = 0; i < 4; ++i) spool.append(record(std::to_string(i), large));
    const auto batch = spool.read(3, SIZE_MAX);
    for (int i = 4; i < 12; ++i) spool.append(record(std::to_string(i), large));
    spool.commit(batch);
    std::uint64_t left = 0;
    for (auto more = spool.read(1, 1); !more.records.empty(); more = spool.read(1, 1)) {
        spool.commit(more);
        ++left;
    }
    EXPECT_EQ(spool.pending(), 0u);
    EXPECT_EQ(left + spool.dropped(), 12u) << "the three that were delivered fell too";
}

TEST_F(SpoolTest, files_that_are_done_with_go) {
    Spool spool = open();
    const std::size_t large = Spool::kSegmentBytes / 2;
    for (int i = 0; i < 10; ++i) spool.append(record(std::to_string(i), large));
    while (!spool.empty()) spool.commit(spool.read(1, 1));
    EXPECT_LE(spool.bytes(), Spool::kSegmentBytes + large + 100);
    EXPECT_THAT(spool.read(9, 1000).records, IsEmpty());
}

}  // namespace
}  // namespace patchbay
