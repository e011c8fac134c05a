#include "engine/records/journal.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "engine/plugins/test_support.hpp"

namespace patchbay {
namespace {

constexpr std::size_t kCapacity = 4096;

class JournalTest : public testing::Test {
  protected:
    std::unique_ptr<Journal> open(std::size_t capacity = kCapacity) {
        auto journal = Journal::open(directory_.path() / "journal", capacity);
        EXPECT_TRUE(journal) << (journal ? "" : journal.error());
        return journal ? std::move(*journal) : nullptr;
    }
    static bool append(Journal& journal, const std::string& text) {
        const std::array<std::string_view, 1> parts{text};
        return journal.append(parts);
    }
    static std::string take(Journal& journal) {
        const std::string text(journal.next());
        if (!text.empty()) journal.release();
        return text;
    }
    test::TemporaryDirectory directory_;
};

TEST_F(JournalTest, gives_entries_back_in_order_around_the_ring) {
    const auto journal = open();
    for (int i = 0; i < 1000; ++i) {
        const std::string text(static_cast<std::size_t>(1 + i % 700),
                               static_cast<char>('a' + i % 26));
        ASSERT_TRUE(append(*journal, text)) << i;
        ASSERT_EQ(take(*journal), text) << i;
    }
    EXPECT_EQ(journal->next(), "");
    EXPECT_EQ(journal->dropped(), 0u);
}

TEST_F(JournalTest, entries_can_be_looked_at_before_the_first_is_released) {
    const auto journal = open();
    int written = 0;
    int released = 0;
    for (int round = 0; round < 200; ++round) {
        for (int i = 0; i < round % 7 && journal->room() > 256; ++i) {
            ASSERT_TRUE(append(*journal, std::to_string(written++) + std::string(100, 'x')));
        }
        const int most = round % 5;
        int seen = 0;
        for (auto entry = journal->next(); !entry.empty(); entry = journal->ahead()) {
            ASSERT_EQ(std::stoi(std::string(entry)), released + seen);
            if (++seen >= most) break;
        }
        if (round % 3 == 0 || seen == 0) continue;  // looked at, and left for the next time
        journal->release();
        released += seen;
    }
    EXPECT_GT(released, 100);
    EXPECT_LE(journal->room(), kCapacity / 2);
}

TEST_F(JournalTest, joins_the_parts_of_an_entry) {
    const auto journal = open();
    const std::array<std::string_view, 3> parts{"ab", "", "cd"};
    ASSERT_TRUE(journal->append(parts));
    EXPECT_EQ(take(*journal), "abcd");
}

TEST_F(JournalTest, a_full_ring_drops_and_counts_what_is_new) {
    const auto journal = open();
    int kept = 0;
    while (append(*journal, std::string(500, 'x'))) ++kept;
    EXPECT_EQ(kept, 8);
    EXPECT_EQ(journal->dropped(), 1u);
    EXPECT_FALSE(append(*journal, std::string(kCapacity, 'y'))) << "never fits";
    take(*journal);
    EXPECT_TRUE(append(*journal, std::string(400, 'z')));
}

TEST_F(JournalTest, an_entry_that_is_not_released_comes_again) {
    {
        const auto journal = open();
        append(*journal, "one");
        append(*journal, "two");
        take(*journal);
        EXPECT_EQ(journal->next(), "two");
    }
    const auto journal = open();
    EXPECT_EQ(take(*journal), "two");
    EXPECT_EQ(journal->next(), "");
}

TEST_F(JournalTest, survives_the_death_of_its_process) {
    const pid_t child = fork();
    if (child == 0) {
        const auto journal = open();
        append(*journal, "written just before");
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(take(*open()), "written just before");
}

TEST_F(JournalTest, a_file_of_another_size_is_begun_anew) {
    append(*open(), "old");
    EXPECT_EQ(open(2 * kCapacity)->next(), "");
}

/// Bytes of the file, and some of them as they were at another time: a machine that went down between two writes.
class TornJournalTest : public JournalTest {
  protected:
    static constexpr std::size_t kData = 4096;  // where the ring begins in the file
    std::string bytes() const {
        std::ifstream file(directory_.path() / "journal", std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void write(const std::string& bytes) const {
        std::ofstream(directory_.path() / "journal", std::ios::binary) << bytes;
    }
    static std::vector<std::string> rest(Journal& journal) {
        std::vector<std::string> found;
        for (std::string text; !(text = take(journal)).empty();) found.push_back(text);
        return found;
    }
};

TEST_F(TornJournalTest, what_was_not_on_the_disk_is_not_given_back_nor_anything_behind_it) {
    open();
    const std::string before = bytes();
    const std::vector<std::string> texts{std::string(100, 'a'), std::string(100, 'b'),
                                         std::string(100, 'c')};
    {
        const auto journal = open();
        for (const std::string& text : texts) append(*journal, text);
    }
    const std::string after = bytes();
    for (std::size_t at = kData; at < kData + 3 * 112; at += 8) {
        std::string torn = after;
        torn.replace(at, 8, before, at, 8);
        write(torn);
        const auto journal = open();
        const auto whole = static_cast<std::ptrdiff_t>((at - kData) / 112);
        EXPECT_EQ(rest(*journal), std::vector<std::string>(texts.begin(), texts.begin() + whole))
            << at;
        EXPECT_EQ(journal->dropped(), 1u) << at;
        append(*journal, "new");
        EXPECT_EQ(rest(*journal), std::vector<std::string>{"new"}) << at;
    }
}

TEST_F(TornJournalTest, an_entry_of_the_round_before_is_not_taken_for_one_of_this) {
    std::string round;
    {
        const auto journal = open();
        for (std::size_t used = 0; used < kCapacity; used += 512) {
            append(*journal, std::string(504, 'x'));
            take(*journal);
        }
        round = bytes();
        append(*journal, std::string(504, 'x'));
    }
    std::string torn = bytes();
    torn.replace(kData, kCapacity, round, kData, kCapacity);
    write(torn);
    EXPECT_TRUE(rest(*open()).empty());
}

TEST_F(TornJournalTest, entries_of_a_program_that_wrote_no_checksums_are_read) {
    {
        const auto journal = open();
        append(*journal, "one");
        append(*journal, "two");
    }
    std::string old = bytes();
    old[7] = '1';
    for (const std::size_t entry : {kData, kData + 16}) old.replace(entry + 4, 4, 4, '\0');
    write(old);
    const auto journal = open();
    append(*journal, "three");
    EXPECT_EQ(rest(*journal), (std::vector<std::string>{"one", "two", "three"}));
    EXPECT_EQ(journal->dropped(), 0u);
}

TEST_F(JournalTest, one_thread_writes_while_another_reads) {
    const auto journal = open();
    constexpr int kEntries = 20'000;
    std::thread writer([&] {
        for (int i = 0; i < kEntries; ++i) {
            while (!append(*journal, "entry " + std::to_string(i))) std::this_thread::yield();
        }
    });
    for (int i = 0; i < kEntries; ++i) {
        std::string text;
        while ((text = take(*journal)).empty()) std::this_thread::yield();
        ASSERT_EQ(text, "entry " + std::to_string(i));
    }
    writer.join();
}

}  // namespace
}  // namespace patchbay
