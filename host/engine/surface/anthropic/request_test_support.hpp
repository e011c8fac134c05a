// Requests of the Messages API for tests, and what became of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/surface/anthropic/messages_request.hpp"
#include "engine/surface/hub/test_support.hpp"

namespace patchbay::surface::test {

using Names = std::vector<std::string>;

inline std::string with_turns(std::string_view turns) {
    return R"({"model":"m","max_tokens":9,"messages":[)" + std::string(turns) + "]}";
}

inline std::string with_blocks(std::string_view blocks) {
    return with_turns(R"({"role":"user","content":[)" + std::string(blocks) + "]}");
}

inline std::string with_members(std::string_view members) {
    return R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}],)" +
           std::string(members) + "}";
}

/// The member of the chat request, as text; empty if it is not there.
inline std::string member(const ChatRequest& chat, std::string_view name) {
    const auto tree = tree_of(chat.json);
    const auto* value = tree.get_object().if_contains(name);
    return value ? json_tree::write(*value) : std::string();
}

struct Case {
    const char* what;
    std::string body;
    const char* expected;
    Names dropped{};
};

struct MemberCase {
    const char* what;
    const char* members;
    const char* name;
    const char* expected;  ///< empty: the member is not there
    Names dropped{};
};

}  // namespace patchbay::surface::test
