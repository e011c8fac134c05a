#include "engine/surface/gemini/thought_signature.hpp"

#include "engine/surface/gemini/test_support.hpp"
#include "engine/surface/hub/base64.hpp"
#include "engine/surface/hub/envelope.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

json::array blocks() {
    return tree_of(R"([{"type":"thinking","thinking":"Hm \ud83d\ude00?","signature":"a+/="},
        {"type":"redacted_thinking","data":"RA=="}])")
        .get_array();
}

TEST(ThoughtSignature, ComesBackInEitherAlphabet) {
    std::string signature = signature_of_blocks(blocks());
    EXPECT_EQ(signature_of_blocks(blocks()), signature);
    EXPECT_EQ(read_signature(signature).blocks, blocks());
    // As Python's SDK writes bytes.
    for (char& c : signature) c = c == '+' ? '-' : c == '/' ? '_' : c;
    EXPECT_EQ(read_signature(signature).blocks, blocks());
    while (signature.ends_with('=')) signature.pop_back();
    EXPECT_EQ(read_signature(signature).blocks, blocks());
}

TEST(ThoughtSignature, OfOthersIsForeign) {
    const auto own = signature_of_blocks(blocks());
    for (const std::string& signature :
         {std::string("AQIDBA=="), std::string("no base64!"), own.substr(0, own.size() / 2 / 4 * 4),
          base64_of(sealed("responses", "[]")), base64_of(sealed(kOfMessages, "{}")),
          base64_of(sealed(kOfMessages, "no JSON"))}) {
        const auto read = read_signature(signature);
        EXPECT_TRUE(read.foreign) << signature;
        EXPECT_TRUE(read.blocks.empty());
    }
}

TEST(ThoughtSignature, PlaceholdersSayNothing) {
    for (const std::string& signature :
         {std::string(), std::string("skip_thought_signature_validator"),
          base64_of("context_engineering_is_the_way_to_go")}) {
        EXPECT_FALSE(read_signature(signature).foreign) << signature;
    }
}

TEST(ThoughtSignature, KeepsOnlyWhatCanBeChecked) {
    const auto mixed = tree_of(R"([{"type":"thinking","thinking":"a","signature":""},7,
        {"type":"redacted_thinking"},{"type":"thinking","signature":"s","extra":1}])")
                           .get_array();
    const auto read = read_signature(signature_of_blocks(mixed));
    EXPECT_EQ(json_tree::write(read.blocks),
              R"([{"type":"thinking","thinking":"","signature":"s"}])");
}

}  // namespace

}  // namespace patchbay::surface
