#include "engine/surface/bedrock/invoke_form.hpp"

#include <algorithm>
#include <array>

#include "contract/json/member_walker.hpp"

namespace patchbay::surface {

namespace {

constexpr std::array<std::string_view, 4> kOfConverse{"inferenceConfig", "toolConfig",
                                                      "schemaVersion", "system"};

// Converse's messages hold a list of blocks without a type, all others a string or typed parts.
bool has_typeless_content(std::string_view messages) {
    const auto content = messages.find("\"content\"");
    if (content == std::string_view::npos) return false;
    const auto value = messages.find_first_not_of(" \t\r\n:", content + 9);
    if (value == std::string_view::npos || messages[value] != '[') return false;
    const auto first = messages.find_first_not_of(" \t\r\n", value + 1);
    if (first == std::string_view::npos || messages[first] != '{') return false;
    MemberWalker walker(messages.substr(first));
    for (JsonMember member; walker.next(member);) {
        if (member.name == "type") return false;
    }
    return true;
}

}  // namespace

InvokeForm invoke_form(std::string_view body) {
    std::string_view messages;
    bool converse = false;
    MemberWalker walker(body);
    for (JsonMember member; walker.next(member);) {
        if (member.name == "anthropic_version") return InvokeForm::messages;
        if (member.name == "messages") messages = member.value;
        converse |=
            std::find(kOfConverse.begin(), kOfConverse.end(), member.name) != kOfConverse.end();
    }
    if (messages.empty()) return InvokeForm::other;
    return converse || has_typeless_content(messages) ? InvokeForm::converse : InvokeForm::chat;
}

}  // namespace patchbay::surface
