// Tested by rebuilt_message_test.cpp.
#include <map>

#include <boost/json.hpp>

#include "engine/records/rebuilding.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

/// A block of a message's content while its deltas come.
struct Block {
    json::object value;
    std::string input;  ///< JSON text of a tool's input, in pieces
};

void append_delta(Block& block, const json::object& delta) {
    for (const auto& member : delta) {
        if (member.key() == "type") continue;
        if (member.key() == "partial_json") {
            if (const auto* piece = member.value().if_string()) block.input += *piece;
        } else if (member.key() == "citation") {
            json::value& list = block.value["citations"];
            if (!list.is_array()) list.emplace_array();
            list.get_array().push_back(member.value());
        } else {
            append_text(block.value, member.key(), member.value());
        }
    }
}

json::object finished(Block block, Unread& unread) {
    if (!block.input.empty()) {
        json_tree::Tree input = json_tree::read(block.input);
        if (!input) unread.push_back("input of a tool: " + input.error());
        block.value["input"] = input ? std::move(input.value) : json::value(block.input);
    }
    return std::move(block.value);
}

const json::object* object_in(const json::object& event, std::string_view name) {
    const auto* value = event.if_contains(name);
    return value ? value->if_object() : nullptr;
}

void merge(json::object& into, const json::object* members) {
    if (!members) return;
    for (const auto& member : *members) into[member.key()] = member.value();
}

}  // namespace

json::object rebuilt_message(std::string_view events, Unread& unread) {
    json::object message;
    std::map<std::int64_t, Block> blocks;
    each_event(events, "event", unread, [&](const json::object& event) {
        const auto* place = event.if_contains("index");
        const std::int64_t index = place && place->is_int64() ? place->get_int64() : 0;
        if (const auto* start = object_in(event, "message")) {
            message = *start;
        } else if (const auto* block = object_in(event, "content_block")) {
            blocks[index].value = *block;
        } else if (event.contains("index")) {
            if (const auto* delta = object_in(event, "delta")) append_delta(blocks[index], *delta);
        } else {
            merge(message, object_in(event, "delta"));
            if (const auto* usage = object_in(event, "usage")) {
                json::value& all = message["usage"];
                if (!all.is_object()) all.emplace_object();
                merge(all.get_object(), usage);
            }
        }
    });
    json::array content;
    for (auto& [index, block] : blocks) content.push_back(finished(std::move(block), unread));
    message["content"] = std::move(content);
    json::value made = std::move(message);
    json_tree::make_utf8(made);
    return std::move(made.get_object());
}

}  // namespace patchbay
