#include "envelope.hpp"

#include <gtest/gtest.h>

namespace patchbay::shared {
namespace {

TEST(Envelope, gives_back_every_payload_to_its_origin_and_to_no_other) {
    std::string payload;
    for (int i = 0; i < 300; ++i) {
        const std::string text = sealed(kOfResponses, payload);
        EXPECT_EQ(opened(text, kOfResponses), payload);
        EXPECT_EQ(opened(text, "messages"), std::nullopt);
        EXPECT_TRUE(is_envelope(text));
        payload += static_cast<char>(i * 37);
    }
}

// The gateway's own client APIs read and write it, too.
TEST(Envelope, has_the_form_that_is_documented) {
    EXPECT_EQ(sealed("responses", "gAAAAAB=?>"), "pb1.responses.Z0FBQUFBQj0_Pg.3b95a557");
    EXPECT_EQ(sealed("messages", ""), "pb1.messages..0");
}

TEST(Envelope, that_is_not_whole_stays_shut) {
    for (const std::string_view text :
         {"", "pb1.", "pb1.responses", "pb1.responses.", "pb1.responses.Zm9v",
          "pb1.responses.Zm9v.", "pb1.responses.Zm9v.8c736522", "pb1.responses.Zm9vY.8c736521",
          "pb1.responses.Zm9v.8c736521 ", "pb1.responses.Zm9v=.8c736521",
          "pb2.responses.Zm9v.8c736521", "gAAAA"}) {
        EXPECT_EQ(opened(text, kOfResponses), std::nullopt) << text;
    }
    EXPECT_EQ(opened("pb1.responses.Zm9v.8c736521", kOfResponses), "foo");
    EXPECT_FALSE(is_envelope("gAAAA"));
    EXPECT_TRUE(is_envelope("pb1.gemini.x"));
}

}  // namespace
}  // namespace patchbay::shared
