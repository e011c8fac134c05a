#include "engine/surface/hub/envelope.hpp"

#include <gtest/gtest.h>

namespace patchbay::surface {
namespace {

TEST(Envelope, brings_every_payload_back) {
    std::string payload;
    for (int size = 0; size < 300; ++size) {
        const auto text = sealed(kOfMessages, payload);
        EXPECT_EQ(text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789-_."),
                  std::string::npos)
            << text;
        EXPECT_EQ(opened(text, kOfMessages), payload);
        payload += static_cast<char>(size * 37);
    }
}

TEST(Envelope, is_opened_by_nobody_else) {
    EXPECT_FALSE(opened(sealed("gemini", "x"), kOfMessages));
    EXPECT_FALSE(opened(sealed(kOfMessages, "x"), "mess"));
}

TEST(Envelope, that_was_changed_is_none) {
    const auto text = sealed(kOfMessages, R"([{"type":"thinking"}])");
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string cut = text.substr(0, i);
        EXPECT_FALSE(opened(cut, kOfMessages)) << cut;
        std::string changed = text;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        const auto payload = opened(changed, kOfMessages);
        EXPECT_TRUE(!payload || *payload == R"([{"type":"thinking"}])") << changed;
    }
    for (const char* foreign : {"", "pb1", "pb1.messages", "pb1.messages.", "pb1.messages..",
                                "pb1.messages.AAAAA.0", "pb1.messages.A+==.0", "gAAAAABk"}) {
        EXPECT_FALSE(opened(foreign, kOfMessages)) << foreign;
    }
}

}  // namespace
}  // namespace patchbay::surface
