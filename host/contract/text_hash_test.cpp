#include "contract/text_hash.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

// Rings on disk have sums of it (engine/records/journal.cpp), and the next program reads them.
TEST(TextHash, is_the_same_in_every_program) {
    constexpr std::string_view kText = "what stands in a ring is read by the next program";
    struct Row {
        std::size_t size;
        std::uint64_t hash;
    };
    for (const Row& row : {
             Row{0, 0x795201189f405820},
             Row{1, 0x30c7ccfb3971d3dd},
             Row{8, 0x88a8307e52f210a3},
             Row{15, 0xd9b6a9a3542ba30b},
             Row{16, 0xa8d46f131bbba505},
             Row{17, 0x67abe541cd30effb},
             Row{32, 0x1c957db4f644d3aa},
             Row{49, 0xba6c9de2011da13d},
         }) {
        EXPECT_EQ(hash_text(kText.substr(0, row.size), 7), row.hash) << row.size;
    }
    EXPECT_NE(hash_text("a"), hash_text(std::string_view("a\0", 2)));
}

}  // namespace
}  // namespace patchbay
