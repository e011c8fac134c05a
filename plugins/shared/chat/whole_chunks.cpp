#include "whole_chunks.hpp"

#include <patchbay/json_tree.hpp>
#include <utility>

#include <boost/json.hpp>

namespace patchbay::shared {

namespace json = boost::json;

namespace {

json::value taken(json::object& object, std::string_view name) {
    json::value* found = object.if_contains(name);
    json::value value = found != nullptr ? std::move(*found) : json::value(nullptr);
    object.erase(name);
    return value;
}

/// Tool calls of a delta say which one they are a piece of.
void number_tool_calls(json::object& delta) {
    json::value* calls = delta.if_contains("tool_calls");
    if (calls == nullptr || !calls->is_array()) return;
    std::uint64_t index = 0;
    for (json::value& call : calls->get_array()) {
        if (json::object* object = call.if_object()) object->emplace("index", index);
        ++index;
    }
}

}  // namespace

std::vector<json::object> whole_as_chunks(json::object answer) {
    json::value usage = taken(answer, "usage");
    json::value choices = taken(answer, "choices");
    answer["object"] = "chat.completion.chunk";
    json::array deltas;
    json::array ends;
    if (json::array* list = choices.if_array()) {
        for (json::value& one : *list) {
            json::object* choice = json_tree::is_number(one) ? nullptr : one.if_object();
            if (choice == nullptr) continue;
            json::value reason = taken(*choice, "finish_reason");
            json::value message = taken(*choice, "message");
            if (json_tree::is_number(message)) message = nullptr;
            if (message.is_object()) number_tool_calls(message.get_object());
            json::object end;
            if (const json::value* index = choice->if_contains("index")) end["index"] = *index;
            end["delta"] = json::object();
            end["finish_reason"] = std::move(reason);
            ends.push_back(std::move(end));
            (*choice)["delta"] = message.is_object() ? std::move(message) : json::object();
            (*choice)["finish_reason"] = nullptr;
            deltas.push_back(std::move(*choice));
        }
    }
    std::vector<json::object> chunks;
    const auto add = [&](json::array list) {
        chunks.push_back(answer);
        chunks.back()["choices"] = std::move(list);
    };
    add(std::move(deltas));
    add(std::move(ends));
    if (usage.is_object()) {
        add({});
        chunks.back()["usage"] = std::move(usage);
    }
    return chunks;
}

}  // namespace patchbay::shared
