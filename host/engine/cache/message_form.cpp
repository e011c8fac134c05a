// Anthropic's messages as a whole and as events. Tested by forms_test.cpp.
#include <array>

#include <boost/json.hpp>

#include "engine/cache/event_lines.hpp"
#include "engine/cache/forms.hpp"
#include "engine/records/rebuilding.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

/// What of a block comes in a delta, and what stands in the block's start instead.
struct DeltaRow {
    std::string_view member;  ///< of the block
    std::string_view type;    ///< of the delta
};
constexpr auto kDeltas = std::to_array<DeltaRow>(
    {{"text", "text_delta"}, {"thinking", "thinking_delta"}, {"signature", "signature_delta"}});

void append(KeptEvents& events, std::string_view type, json::object event) {
    event["type"] = type;
    events.append(type, json_tree::write(event));
}

void append_delta(KeptEvents& events, std::uint64_t index, json::object delta) {
    append(events, "content_block_delta", {{"index", index}, {"delta", std::move(delta)}});
}

// The events of one block, whatever its kind: what has no deltas stands in its start.
void append_block(KeptEvents& events, std::uint64_t index, const json::object& block) {
    json::object start = block;
    std::vector<json::object> deltas;
    if (auto* list = start.if_contains("citations"); list && list->is_array()) {
        for (const json::value& citation : list->get_array()) {
            deltas.push_back({{"type", "citations_delta"}, {"citation", citation}});
        }
        start["citations"] = json::array();
    }
    for (const DeltaRow& row : kDeltas) {
        auto* words = start.if_contains(row.member);
        if (!words || !words->is_string()) continue;
        deltas.push_back({{"type", row.type}, {row.member, *words}});
        *words = "";
    }
    const auto* type = block.if_contains("type");
    const bool called = type && (*type == "tool_use" || *type == "server_tool_use");
    if (auto* input = start.if_contains("input"); called && input) {
        deltas.push_back(
            {{"type", "input_json_delta"}, {"partial_json", json_tree::write(*input)}});
        *input = json::object();
    }
    append(events, "content_block_start", {{"index", index}, {"content_block", std::move(start)}});
    for (json::object& delta : deltas) append_delta(events, index, std::move(delta));
    append(events, "content_block_stop", {{"index", index}});
}

}  // namespace

std::optional<std::string> folded_message(const KeptEvents& events) {
    Unread unread;
    json::object message = rebuilt_message(event_lines(events), unread);
    if (!unread.empty() || !message.contains("id")) return std::nullopt;
    return json_tree::write(message);
}

std::optional<KeptEvents> unfolded_message(std::string_view whole) {
    json_tree::Tree tree = json_tree::read(whole);
    const auto* message = tree ? tree.value.if_object() : nullptr;
    const auto* content = message ? message->if_contains("content") : nullptr;
    if (!content || !content->is_array()) return std::nullopt;
    json::object begun = *message;
    json::object end;
    begun["content"] = json::array();
    for (const auto& member : *message) {
        const bool at_end = member.key() == "stop_reason" || member.key() == "stop_sequence" ||
                            member.key() == "stop_details" || member.key() == "container";
        if (!at_end) continue;
        end[member.key()] = member.value();
        begun[member.key()] = nullptr;
    }
    KeptEvents events;
    append(events, "message_start", {{"message", std::move(begun)}});
    std::uint64_t index = 0;
    for (const json::value& block : content->get_array()) {
        if (!block.is_object()) return std::nullopt;
        append_block(events, index++, block.get_object());
    }
    json::object last{{"delta", std::move(end)}};
    if (const auto* usage = message->if_contains("usage")) last["usage"] = *usage;
    append(events, "message_delta", std::move(last));
    append(events, "message_stop", {});
    return events;
}

}  // namespace patchbay
