#include "engine/surface/openai/response_id.hpp"

#include <gtest/gtest.h>

namespace patchbay {

namespace {

const SealKey kKey("secret", "ids");

TEST(ResponseId, goes_out_sealed_and_comes_back) {
    const std::string sealed = seal_response_id(kKey, "deployment-1", R"("resp_abc")");
    EXPECT_TRUE(sealed.starts_with("\"resp_"));
    EXPECT_EQ(sealed.find("abc"), std::string::npos);
    const auto opened = open_response_id(kKey, sealed);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->deployment, "deployment-1");
    EXPECT_EQ(opened->id, "resp_abc");
    EXPECT_EQ(opened->quoted, sealed);
}

TEST(ResponseId, of_a_provider_s_own_nothing_is_known) {
    for (const std::string_view quoted :
         {R"("resp_abc")", R"("resp_68a1c0f0c4d88190a3e2b7f5d1c09e8f68a1c0f0c4d88190")", R"("")",
          R"("x")", "null", R"("resp_\u0061")", ""}) {
        EXPECT_FALSE(open_response_id(kKey, quoted)) << quoted;
    }
    EXPECT_EQ(seal_response_id(kKey, "d", R"("resp_\n")"), R"("resp_\n")");
}

}  // namespace

}  // namespace patchbay
