// SPDX-License-Identifier: Apache-2.0
#include "unsigned_thoughts.hpp"

#include <algorithm>

namespace patchbay::anthropic {

namespace {

bool is_unsigned(const json::value& value) {
    const auto* block = value.if_object();
    return block && text(*block, "type") == "thinking" && text(*block, "signature").empty();
}

bool answers_calls(const json::value& value) {
    const auto* turn = value.if_object();
    const auto* blocks = turn ? find_array(*turn, "content") : nullptr;
    return blocks && std::any_of(blocks->begin(), blocks->end(), [](const json::value& block) {
               return text(block.if_object(), "type") == "tool_result";
           });
}

}  // namespace

bool may_have_unsigned(std::string_view request) {
    return shared::mentions(request, R"("signature":"")") ||
           shared::mentions(request, R"("signature": "")");
}

bool take_unsigned(json::value& messages) {
    auto* turns = messages.if_array();
    if (!turns) return false;
    const bool calls = !turns->empty() && answers_calls(turns->back());
    bool open = false;
    json::array kept;
    for (std::size_t i = 0; i < turns->size(); ++i) {
        auto* turn = (*turns)[i].if_object();
        auto* content = turn ? turn->if_contains("content") : nullptr;
        auto* blocks = content ? content->if_array() : nullptr;
        if (blocks && text(*turn, "role") == "assistant") {
            const auto last = std::remove_if(blocks->begin(), blocks->end(), is_unsigned);
            const bool found = last != blocks->end();
            blocks->erase(last, blocks->end());
            open = open || (found && calls && i + 2 == turns->size());
            if (found && blocks->empty()) continue;
        }
        kept.push_back(std::move((*turns)[i]));
    }
    *turns = std::move(kept);
    return open;
}

bool thinks_by_budget(std::string_view thinking) {
    const auto value = thinking.empty() ? std::nullopt : parse_json(thinking);
    return value && text(value->if_object(), "type") == "enabled";
}

void leave_out_unsigned(std::string_view request, bay::Splice& body) {
    if (!may_have_unsigned(request)) return;
    auto messages = parse_json(body.value("messages"));
    if (!messages) return;
    if (take_unsigned(*messages) && thinks_by_budget(body.value("thinking"))) {
        body.drop("thinking");
    }
    body.replace("messages", to_text(*messages));
}

}  // namespace patchbay::anthropic
