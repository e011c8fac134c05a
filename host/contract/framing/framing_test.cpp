#include "contract/framing/framing.hpp"

#include <gtest/gtest.h>

#include "patchbay/exchange.h"

namespace patchbay::http {
namespace {

bool kept_alive(std::string_view event, std::string_view data, bool whole = false) {
    return is_keep_alive(BAY_DECODE_SSE, {.event = event, .data = data, .whole = whole});
}

TEST(Framing, EventsThatSayNothingKeepTheConnectionOpen) {
    EXPECT_TRUE(kept_alive("ping", "2026-01-01 12:00:00.123"));
    EXPECT_TRUE(kept_alive("ping", R"({"type": "ping"})"));
    EXPECT_TRUE(kept_alive("keepalive", R"({"type":"keepalive","sequence_number":3})"));
    EXPECT_TRUE(kept_alive("", "null"));
    EXPECT_TRUE(kept_alive("", "{ }"));
    EXPECT_TRUE(kept_alive("", R"({"type": "ping"})"));
    EXPECT_TRUE(kept_alive("message", R"({"type": "heartbeat"})"));
}

TEST(Framing, OthersAreToBeRead) {
    EXPECT_FALSE(kept_alive("", R"({"type":"ping","choices":[]})"));
    EXPECT_FALSE(kept_alive("", R"({"choices":[]})"));
    EXPECT_FALSE(kept_alive("", "ping"));
    EXPECT_FALSE(kept_alive("", "[DONE]"));
    EXPECT_FALSE(kept_alive("error", "{}x"));
    EXPECT_FALSE(kept_alive("", "{}", true));
    EXPECT_FALSE(is_keep_alive(BAY_DECODE_NDJSON, {.event = {}, .data = "{}"}));
}

}  // namespace
}  // namespace patchbay::http
