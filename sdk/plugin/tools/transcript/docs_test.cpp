// The examples of docs/transcripts.md are played.
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "player_case.hpp"

namespace patchbay::transcript {
namespace {

constexpr const char* kPage = PATCHBAY_PAGE;

TEST(TranscriptsPage, every_example_of_a_plugin_is_as_it_says) {
    std::ifstream page(kPage);
    ASSERT_TRUE(page) << kPage;
    const std::string fence = "```transcript ";
    std::size_t played = 0;
    std::size_t number = 0;
    for (std::string line; std::getline(page, line);) {
        ++number;
        if (line.rfind(fence, 0) != 0) continue;
        const std::string place = std::string(kPage) + ":" + std::to_string(number);
        const std::string plugin = line.substr(fence.size());
        std::string text;
        for (; std::getline(page, line) && line != "```"; ++number) text += line + "\n";
        ++number;
        PluginFile file(std::string(PATCHBAY_PLUGIN_DIR) + "/" + plugin + ".so");
        EXPECT_EQ(first_problem(file, parse_transcript(text, plugin)), "") << place;
        ++played;
    }
    EXPECT_GT(played, 1u);
}

}  // namespace
}  // namespace patchbay::transcript
