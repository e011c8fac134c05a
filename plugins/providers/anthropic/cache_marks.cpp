// SPDX-License-Identifier: Apache-2.0
#include "cache_marks.hpp"

#include <optional>
#include <vector>

namespace patchbay::anthropic {

namespace {

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

// In a list of parts the last one is marked: the mark covers what stands before it.
void mark(json::object& message, const json::value& control) {
    auto* parts = message.contains("content") ? message["content"].if_array() : nullptr;
    auto* last = parts && !parts->empty() ? parts->back().if_object() : nullptr;
    (last ? *last : message).insert({{"cache_control", control}});
}

// The place that a point names; nothing if it names none.
std::optional<std::size_t> index_of(const json::object& point, std::size_t count) {
    const auto* index = find(point, "index");
    const auto* number = index ? index->if_int64() : nullptr;
    if (!number) return std::nullopt;
    const auto size = static_cast<std::int64_t>(count);
    const auto place = *number < 0 ? size + *number : *number;
    return place >= 0 && place < size ? std::optional(static_cast<std::size_t>(place))
                                      : std::optional(count);
}

}  // namespace

void inject_cache_marks(const json::array& points, json::object& client) {
    auto* messages = client.contains("messages") ? client["messages"].if_array() : nullptr;
    if (!messages) return;
    for (const auto& value : points) {
        const auto* point = value.if_object();
        if (!point || text(*point, "location") != "message") continue;
        const auto* given = find(*point, "control");
        const json::value control = given ? *given : json::object{{"type", "ephemeral"}};
        const auto index = index_of(*point, messages->size());
        const auto role = text(*point, "role");
        if (!index && role.empty()) continue;
        for (std::size_t i = 0; i < messages->size(); ++i) {
            auto* message = (*messages)[i].if_object();
            const bool meant = index ? i == *index : message && text(*message, "role") == role;
            if (message && meant) mark(*message, control);
        }
    }
}

std::size_t count_cache_marks(json::object& body) {
    std::vector<json::object*> marked;
    for (const std::string_view list : {"tools", "system", "messages"}) {
        collect(body.if_contains(list), marked);
    }
    return marked.size();
}

void limit_cache_marks(json::object& body) {
    std::vector<json::object*> fixed;
    collect(body.if_contains("tools"), fixed);
    collect(body.if_contains("system"), fixed);
    std::vector<json::object*> marked;
    collect(body.if_contains("messages"), marked);
    auto count = fixed.size() + marked.size();
    for (auto block = marked.begin(); count > kMostCacheMarks && block != marked.end(); ++block) {
        (*block)->erase("cache_control");
        --count;
    }
}

}  // namespace patchbay::anthropic
