// SPDX-License-Identifier: Apache-2.0
#include "cache_marks.hpp"

#include <vector>

namespace patchbay::anthropic {

namespace {

constexpr std::size_t kMostMarks = 4;

// The blocks of `list` that are marked, those inside of tool results too, in order.
void collect(json::value* list, std::vector<json::object*>& marked) {
    auto* blocks = list ? list->if_array() : nullptr;
    if (!blocks) return;
    for (auto& block : *blocks) {
        auto* object = block.if_object();
        if (!object) continue;
        collect(object->if_contains("content"), marked);
        if (object->contains("cache_control")) marked.push_back(object);
    }
}

}  // namespace

void limit_cache_marks(json::object& body) {
    std::vector<json::object*> fixed;
    collect(body.if_contains("tools"), fixed);
    collect(body.if_contains("system"), fixed);
    std::vector<json::object*> marked;
    collect(body.if_contains("messages"), marked);
    auto count = fixed.size() + marked.size();
    for (auto block = marked.begin(); count > kMostMarks && block != marked.end(); ++block) {
        (*block)->erase("cache_control");
        --count;
    }
}

}  // namespace patchbay::anthropic
