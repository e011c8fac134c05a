// Requests of Bedrock's API for tests, and what became of them.
#pragma once

#include <patchbay/json_tree.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/surface/bedrock/converse_request.hpp"
#include "engine/surface/hub/test_support.hpp"

namespace patchbay::surface::test::converse {

using Dropped = std::vector<std::string>;

inline std::string with_turns(std::string_view turns) {
    return R"({"messages":[)" + std::string(turns) + "]}";
}

inline std::string with_blocks(std::string_view blocks) {
    return with_turns(R"({"role":"user","content":[)" + std::string(blocks) + "]}");
}

inline std::string with_said(std::string_view blocks) {
    return with_turns(R"({"role":"assistant","content":[)" + std::string(blocks) +
                      R"(]},{"role":"user","content":[{"text":"go on"}]})");
}

inline std::string with_members(std::string_view members) {
    return R"({"messages":[{"role":"user","content":[{"text":"hi"}]}],)" + std::string(members) +
           "}";
}

inline Result<ConverseRequest> chat_of(std::string_view body, bool drop_params = false,
                                       bool stream = false) {
    return chat_of_converse(body, {"m", stream}, drop_params);
}

/// The member of the chat request, as text; empty if it is not there.
inline std::string chat_member(const ConverseRequest& chat, std::string_view name) {
    const auto tree = tree_of(chat.json);
    const auto* value = tree.get_object().if_contains(name);
    return value ? json_tree::write(*value) : std::string();
}

/// A body, a member of the chat request that is made of it, and what was lost.
struct ConverseCase {
    const char* what;
    std::string body;
    const char* name;
    const char* expected;  ///< empty: the member is not there
    Dropped dropped{};
};

inline void expect_chat(const ConverseCase& c) {
    SCOPED_TRACE(c.what);
    const auto chat = chat_of(c.body);
    ASSERT_TRUE(chat) << chat.error().message;
    EXPECT_EQ(chat_member(*chat, c.name), *c.expected ? tidy(c.expected) : "");
    EXPECT_EQ(chat->dropped, c.dropped);
}

/// A body that is refused, and the place that the refusal names.
struct RefusedCase {
    const char* what;
    std::string body;
    const char* param;
};

}  // namespace patchbay::surface::test::converse
