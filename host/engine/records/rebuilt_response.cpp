// Tested by rebuilt_response_test.cpp.
#include <map>

#include <boost/json.hpp>

#include "engine/records/rebuilding.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

/// An item of the output while it comes.
struct Item {
    json::object value;
    std::string words;    ///< of its deltas
    std::string_view to;  ///< the member that they are said in
    bool done = false;    ///< `value` is all of it
};

// What the words of an item that was cut off are told as.
std::string_view member_of(std::string_view event_type) {
    if (event_type == "response.function_call_arguments.delta") return "arguments";
    if (event_type == "response.custom_tool_call_input.delta") return "input";
    if (event_type == "response.reasoning_summary_text.delta") return "summary";
    return "content";
}

json::object finished(Item item) {
    if (item.done || item.words.empty()) return std::move(item.value);
    if (item.to == "content" || item.to == "summary") {
        const auto kind = item.to == "summary" ? "summary_text" : "output_text";
        item.value[item.to] = json::array{json::object{{"type", kind}, {"text", item.words}}};
    } else {
        item.value[item.to] = item.words;
    }
    return std::move(item.value);
}

std::int64_t place_of(const json::object& event) {
    const auto* place = event.if_contains("output_index");
    return place && place->is_int64() ? place->get_int64() : 0;
}

}  // namespace

json::object rebuilt_response(std::string_view events, Unread& unread) {
    json::object response;
    std::map<std::int64_t, Item> items;
    bool ended = false;
    each_event(events, "event", unread, [&](const json::object& event) {
        const auto* name = event.if_contains("type");
        const std::string_view type =
            name && name->is_string() ? std::string_view(name->get_string()) : std::string_view();
        const auto* whole = event.if_contains("response");
        const auto* item = event.if_contains("item");
        const auto* delta = event.if_contains("delta");
        if (whole && whole->is_object()) {
            response = whole->get_object();
            ended = type == "response.completed" || type == "response.incomplete" ||
                    type == "response.failed";
        } else if (item && item->is_object()) {
            Item& told = items[place_of(event)];
            told.value = item->get_object();
            told.done = type == "response.output_item.done";
        } else if (delta && delta->is_string()) {
            Item& told = items[place_of(event)];
            told.words += delta->get_string();
            told.to = member_of(type);
        }
    });
    if (!ended) {
        json::array output;
        for (auto& [place, item] : items) output.push_back(finished(std::move(item)));
        response["output"] = std::move(output);
    }
    json::value made = std::move(response);
    json_tree::make_utf8(made);
    return std::move(made.get_object());
}

}  // namespace patchbay
