#include "engine/surface/bedrock/converse_turns.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/surface/bedrock/converse_assistant.hpp"
#include "engine/surface/bedrock/converse_parts.hpp"
#include "engine/surface/hub/tool_result.hpp"

namespace patchbay::surface {

namespace {

// What is one text is a string: not every server takes parts.
json::value content_of(json::array parts) {
    const bool plain =
        parts.size() == 1 && is_text(parts[0]) && !parts[0].get_object().contains("cache_control");
    if (plain) return std::move(parts[0].get_object()["text"]);
    return parts;
}

Result<json::array> read_list(const json::array& blocks, const Place& list, Reading& reading) {
    json::array parts;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Place at(i, &list);
        const auto* block = as_object(&blocks[i]);
        if (!block) return bad_shape(at, "must be an object");
        auto added = append_converse_part(*block, at, reading, parts);
        if (!added) return added.error();
    }
    return parts;
}

// A user turn on its way: results first, then the rest.
class UserTurn {
  public:
    UserTurn(Reading& reading, json::array& messages) : reading_(reading), messages_(messages) {}

    Result<void> add(const json::object& block, const Place& place) {
        if (const auto* result = find_object(block, "toolResult")) {
            return add_result(*result, Place("toolResult", &place));
        }
        const auto* point = find_object(block, "cachePoint");
        if (point && parts_.empty() && results_ > 0) {
            messages_.back().get_object()["cache_control"] = cache_mark(*point);
            return {};
        }
        return append_converse_part(block, place, reading_, parts_);
    }

    void finish() {
        for (auto& part : parts_) shown_.push_back(std::move(part));
        if (shown_.empty()) return;
        messages_.emplace_back(
            json::object{{"role", "user"}, {"content", content_of(std::move(shown_))}});
    }

  private:
    Result<void> add_result(const json::object& block, const Place& place) {
        const auto id = text(block, "toolUseId");
        if (id.empty()) {
            return bad_shape(Place("toolUseId", &place), "must be a string that is not empty");
        }
        ToolResult result{.call_id = id};
        const Place list("content", &place);
        if (const auto* content = find(block, "content")) {
            const auto* blocks = content->if_array();
            if (!blocks) return bad_shape(list, "must be an array");
            auto parts = read_list(*blocks, list, reading_);
            if (!parts) return parts.error();
            result.parts = std::move(*parts);
        }
        result.is_error = text(block, "status") == "error";
        messages_.emplace_back(tool_message(std::move(result), shown_, reading_, list));
        ++results_;
        return {};
    }

    Reading& reading_;
    json::array& messages_;
    std::size_t results_ = 0;
    json::array parts_;
    json::array shown_;  ///< what was moved out of results, and then all parts
};

Result<void> append_user(const json::array& blocks, const Place& list, Reading& reading,
                         json::array& messages) {
    UserTurn turn(reading, messages);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Place at(i, &list);
        const auto* block = as_object(&blocks[i]);
        if (!block) return bad_shape(at, "must be an object");
        if (auto added = turn.add(*block, at); !added) return added;
    }
    turn.finish();
    return {};
}

Result<void> append_instructions(const json::array& blocks, const Place& place, Reading& reading,
                                 json::array& messages) {
    auto parts = read_list(blocks, place, reading);
    if (!parts) return parts.error();
    json::array kept;
    for (auto& part : *parts) {
        if (is_text(part)) {
            kept.push_back(std::move(part));
        } else {
            reading.refuse(place);  // a system prompt is text
        }
    }
    if (kept.empty()) return {};
    messages.emplace_back(
        json::object{{"role", "system"}, {"content", content_of(std::move(kept))}});
    return {};
}

struct Role {
    std::string_view name;
    Result<void> (*append)(const json::array& blocks, const Place& place, Reading& reading,
                           json::array& messages);
};
constexpr std::array kRoles{
    Role{"user", append_user},
    Role{"assistant", append_converse_assistant},
    Role{"system", append_instructions},
};

}  // namespace

Result<void> append_converse_system(const json::value& system, Reading& reading,
                                    json::array& messages) {
    const Place place("system");
    const auto* blocks = system.if_array();
    if (!blocks) return bad_shape(place, "must be an array");
    return append_instructions(*blocks, place, reading, messages);
}

Result<void> append_converse_turns(const json::array& turns, Reading& reading,
                                   json::array& messages) {
    const Place list("messages");
    std::string_view role;
    for (std::size_t i = 0; i < turns.size(); ++i) {
        const Place place(i, &list);
        const auto* turn = as_object(&turns[i]);
        if (!turn) return bad_shape(place, "must be an object");
        role = text(*turn, "role");
        const Place inside("content", &place);
        const auto* blocks = find_array(*turn, "content");
        if (!blocks) return bad_shape(inside, "must be an array");
        const auto* known = std::find_if(kRoles.begin(), kRoles.end(),
                                         [&](const Role& row) { return row.name == role; });
        if (known == kRoles.end()) {
            return bad_shape(Place("role", &place), "must be user, assistant or system");
        }
        auto appended = known->append(*blocks, inside, reading, messages);
        if (!appended) return appended;
    }
    if (role == "assistant") reading.note("prefill");
    return {};
}

}  // namespace patchbay::surface
