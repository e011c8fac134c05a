#include "joined.hpp"

#include <map>

#include <boost/json.hpp>

#include "contract/framing/sse_decoder.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::agreement {

namespace json = boost::json;

namespace {

/// Adds `piece` to what was there, as OpenAI's clients accumulate deltas.
void accumulate(json::object& whole, const json::object& delta);

void accumulate_list(json::array& whole, const json::array& pieces) {
    for (const json::value& piece : pieces) {
        const json::object* object = piece.if_object();
        const json::value* index = object != nullptr ? object->if_contains("index") : nullptr;
        if (index == nullptr) {
            whole.push_back(piece);
            continue;
        }
        json::object* found = nullptr;
        for (json::value& one : whole) {
            if (one.is_object() && one.get_object().if_contains("index") != nullptr &&
                one.get_object().at("index") == *index) {
                found = &one.get_object();
            }
        }
        if (found == nullptr) {
            whole.push_back(*object);
        } else {
            json::object rest = *object;
            rest.erase("index");
            accumulate(*found, rest);
        }
    }
}

void accumulate(json::object& whole, const json::object& delta) {
    for (const auto& [name, piece] : delta) {
        json::value* old = whole.if_contains(name);
        if (old == nullptr || old->is_null()) {
            if (piece.is_array()) {
                json::array list;
                accumulate_list(list, piece.get_array());
                whole[name] = std::move(list);
            } else {
                whole[name] = piece;
            }
        } else if (piece.is_null()) {
            continue;
        } else if (name == "index" || name == "type" || name == "role") {
            *old = piece;
        } else if (old->is_string() && piece.is_string()) {
            old->get_string() += piece.get_string();
        } else if (old->is_object() && piece.is_object()) {
            accumulate(old->get_object(), piece.get_object());
        } else if (old->is_array() && piece.is_array()) {
            accumulate_list(old->get_array(), piece.get_array());
        } else {
            *old = piece;
        }
    }
}

bool says_nothing(const json::value& value) {
    return value.is_null() || (value.is_string() && value.get_string().empty()) ||
           (value.is_array() && value.get_array().empty());
}

void keep(const json::object& from, std::string_view name, json::object& to) {
    const json::value* value = from.if_contains(name);
    if (value != nullptr && !says_nothing(*value)) to[name] = *value;
}

json::array essential_calls(const json::array& calls) {
    json::array out;
    for (const json::value& call : calls) {
        json::object one;
        keep(call.as_object(), "id", one);
        const json::object& function = call.at("function").as_object();
        keep(function, "name", one);
        const json::value* arguments = function.if_contains("arguments");
        if (arguments != nullptr && arguments->is_string()) {
            const json_tree::Tree tree = json_tree::read(arguments->get_string());
            const json::value& parsed = tree.value;
            const bool failed = !tree;
            one["arguments"] = failed ? *arguments : parsed;
        }
        out.push_back(std::move(one));
    }
    return out;
}

/// A thought that came in pieces is one: pieces are joined until one has a signature.
json::array essential_thoughts(const json::array& blocks) {
    json::array out;
    bool open = false;
    for (const json::value& block : blocks) {
        const json::object& piece = block.as_object();
        const bool thought = piece.if_contains("type") != nullptr && piece.at("type") == "thinking";
        const json::value* signature = piece.if_contains("signature");
        const bool ends = signature != nullptr && !says_nothing(*signature);
        if (thought && open) {
            accumulate(out.back().as_object(), piece);
        } else {
            out.push_back(piece);
            out.back().as_object().erase("index");  // a stream's count of the blocks
        }
        open = thought && !ends;
    }
    return out;
}

}  // namespace

std::vector<std::string> events_of(const std::string& body) {
    http::SseDecoder decoder;
    std::vector<http::Frame> frames;
    decoder.push(body, frames);
    std::vector<std::string> events;
    const auto take = [&] {
        for (const http::Frame& frame : frames) {
            if (frame.data != "[DONE]") events.emplace_back(frame.data);
        }
        frames.clear();
    };
    take();
    decoder.finish(frames);
    take();
    return events;
}

json::object join_chunks(const std::vector<std::string>& chunks) {
    json::object completion{{"object", "chat.completion"}};
    std::map<std::int64_t, json::object> choices;
    for (const std::string& text : chunks) {
        const json::value chunk = json_tree::read(text).value;
        for (const auto& [name, value] : chunk.as_object()) {
            if (name != "choices" && name != "object") completion[name] = value;
        }
        const json::value* list = chunk.as_object().if_contains("choices");
        if (list == nullptr || !list->is_array()) continue;
        for (const json::value& one : list->get_array()) {
            json::object piece = one.as_object();
            const json::value* index = piece.if_contains("index");
            json::object& choice = choices[index != nullptr ? index->to_number<std::int64_t>() : 0];
            if (const json::value* delta = piece.if_contains("delta")) {
                json::object message = delta->as_object();
                piece.erase("delta");
                piece["message"] = std::move(message);
            }
            if (choice.empty()) choice["message"] = json::object();
            accumulate(choice, piece);
        }
    }
    json::array list;
    for (auto& [index, choice] : choices) {
        choice["index"] = index;
        list.push_back(std::move(choice));
    }
    completion["choices"] = std::move(list);
    return completion;
}

json::object essence(const json::object& completion) {
    json::object out;
    json::array choices;
    for (const json::value& one : completion.at("choices").as_array()) {
        json::object choice;
        keep(one.as_object(), "index", choice);
        keep(one.as_object(), "finish_reason", choice);
        const json::object& message = one.at("message").as_object();
        for (const char* name :
             {"role", "content", "refusal", "reasoning_content", "annotations"}) {
            keep(message, name, choice);
        }
        const json::value* calls = message.if_contains("tool_calls");
        if (calls != nullptr && calls->is_array()) {
            choice["tool_calls"] = essential_calls(calls->get_array());
        }
        const json::value* thoughts = message.if_contains("thinking_blocks");
        if (thoughts != nullptr && thoughts->is_array() && !thoughts->get_array().empty()) {
            choice["thinking_blocks"] = essential_thoughts(thoughts->get_array());
        }
        choices.push_back(std::move(choice));
    }
    out["choices"] = std::move(choices);
    keep(completion, "usage", out);
    return out;
}

}  // namespace patchbay::agreement
