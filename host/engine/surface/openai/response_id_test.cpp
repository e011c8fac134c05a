#include "engine/surface/openai/response_id.hpp"

#include <gtest/gtest.h>

namespace patchbay {

namespace {

const SealKey kKey("secret", "ids");

TEST(ResponseId, goes_out_sealed_and_comes_back) {
    const std::string sealed = seal_response_id(kKey, "deployment-1", R"("resp_abc")", {});
    EXPECT_TRUE(sealed.starts_with("\"resp_"));
    EXPECT_EQ(sealed.find("abc"), std::string::npos);
    const auto opened = open_response_id(kKey, sealed);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->deployment, "deployment-1");
    EXPECT_EQ(opened->id, "resp_abc");
    EXPECT_EQ(opened->quoted, sealed);
    EXPECT_FALSE(opened->owner);
}

TEST(ResponseId, bears_its_owner_whatever_bytes_that_has) {
    ResponseOwner owner;
    for (std::size_t i = 0; i < owner.size(); ++i) owner[i] = static_cast<std::uint8_t>(i * 5);
    ASSERT_EQ(owner[2], '\n');
    const std::string sealed = seal_response_id(kKey, "deployment-1", R"("resp_abc")", owner);
    const auto opened = open_response_id(kKey, sealed);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->deployment, "deployment-1");
    EXPECT_EQ(opened->id, "resp_abc");
    EXPECT_EQ(opened->owner, owner);
}

TEST(ResponseId, that_was_changed_or_cut_is_none) {
    const std::string sealed = seal_response_id(kKey, "d", R"("resp_a")", ResponseOwner{});
    constexpr std::size_t kBegin = 6;  // behind the quote and the prefix
    for (std::size_t i = kBegin; i + 1 < sealed.size(); ++i) {
        std::string other = sealed;
        other[i] = other[i] == 'A' ? 'B' : 'A';
        const auto opened = open_response_id(kKey, other);
        // Of the last letter of base64 not all bits count.
        EXPECT_TRUE(!opened || (i + 2 == sealed.size() && opened->owner == ResponseOwner{})) << i;
        EXPECT_FALSE(open_response_id(kKey, sealed.substr(0, i) + "\"")) << i;
    }
    const std::string odd = kKey.seal("d\nresp_a\nshort");
    EXPECT_FALSE(open_response_id(kKey, "\"resp_" + odd + "\"")) << "an owner of another size";
}

TEST(ResponseId, made_before_ids_named_their_owners_is_known) {
    const auto opened = open_response_id(kKey, "\"resp_" + kKey.seal("d\nresp_a") + "\"");
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->id, "resp_a");
    EXPECT_FALSE(opened->owner);
}

TEST(ResponseId, of_a_provider_s_own_nothing_is_known) {
    for (const std::string_view quoted :
         {R"("resp_abc")", R"("resp_68a1c0f0c4d88190a3e2b7f5d1c09e8f68a1c0f0c4d88190")", R"("")",
          R"("x")", "null", R"("resp_\u0061")", ""}) {
        EXPECT_FALSE(open_response_id(kKey, quoted)) << quoted;
    }
    EXPECT_EQ(seal_response_id(kKey, "d", R"("resp_\n")", {}), R"("resp_\n")");
}

}  // namespace

}  // namespace patchbay
