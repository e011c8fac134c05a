#include "engine/surface/openai/responses_items.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <string>
#include <utility>

#include "engine/surface/hub/call_names.hpp"
#include "engine/surface/hub/envelope.hpp"
#include "engine/surface/hub/tool_result.hpp"
#include "engine/surface/openai/responses_parts.hpp"

namespace patchbay::surface {

namespace {

// A turn of the model while its items come.
struct AssistantTurn {
    json::array parts;
    std::string reasoning;
    json::array thinking;
    json::array calls;

    bool said() const { return !parts.empty() || !calls.empty(); }
    // A thought that led to nothing says nothing; by itself it is no message.
    void append_to(json::array& messages) {
        if (said()) {
            json::object message{{"role", "assistant"},
                                 {"content", content_of_parts(std::move(parts))}};
            if (!reasoning.empty()) message["reasoning_content"] = reasoning;
            if (!thinking.empty()) message["thinking_blocks"] = std::move(thinking);
            if (!calls.empty()) message["tool_calls"] = std::move(calls);
            messages.emplace_back(std::move(message));
        }
        *this = {};
    }
};

class Items {
  public:
    Items(Reading& reading, ResponseTools& tools, json::array& messages)
        : reading_(reading), tools_(tools), messages_(messages) {}

    Result<void> add(const json::value& value, const Place& place);
    void finish() {
        turn_.append_to(messages_);
        show_results();
    }

  private:
    Result<void> add_message(const json::object& item, const Place& place);
    Result<void> add_function_call(const json::object& item, const Place& place);
    Result<void> add_custom_call(const json::object& item, const Place& place);
    Result<void> add_output(const json::object& item, const Place& place);
    Result<void> add_reasoning(const json::object& item, const Place& place);
    Result<void> add_agent_message(const json::object& item, const Place& place);
    Result<void> add_tools(const json::object& item, const Place& place);
    Result<void> add_search_call(const json::object& item, const Place& place);
    Result<void> add_found_tools(const json::object& item, const Place& place);
    Result<void> add_call(const json::object& item, const Place& place, std::string_view name,
                          std::string arguments);
    // What the results of a turn showed and a tool message cannot hold.
    void show_results() {
        if (shown_.empty()) return;
        messages_.emplace_back(
            json::object{{"role", "user"}, {"content", std::exchange(shown_, {})}});
    }

    struct Reader {
        std::string_view type;
        Result<void> (Items::*add)(const json::object& item, const Place& place);
    };
    static const std::array<Reader, 10> kReaders;

    Reading& reading_;
    ResponseTools& tools_;
    json::array& messages_;
    AssistantTurn turn_;
    json::array shown_;
};

const std::array<Items::Reader, 10> Items::kReaders{{
    {"message", &Items::add_message},
    {"function_call", &Items::add_function_call},
    {"custom_tool_call", &Items::add_custom_call},
    {"function_call_output", &Items::add_output},
    {"custom_tool_call_output", &Items::add_output},
    {"reasoning", &Items::add_reasoning},
    {"agent_message", &Items::add_agent_message},
    {"additional_tools", &Items::add_tools},
    {"tool_search_call", &Items::add_search_call},
    {"tool_search_output", &Items::add_found_tools},
}};

// What OpenAI's own tools did, and what stands for older turns there: for OpenAI alone.
bool is_openais(std::string_view type) {
    return type.ends_with("_call") || type.ends_with("_call_output") || type.starts_with("mcp_") ||
           type == "compaction" || type == "context_compaction" || type == "program" ||
           type == "program_output";
}

Result<void> Items::add(const json::value& value, const Place& place) {
    const auto* item = as_object(&value);
    if (!item) return bad_shape(place, "must be an object");
    auto type = text(*item, "type");
    if (type.empty() && find(*item, "role")) type = "message";
    if (type.empty()) return bad_shape(Place("type", &place), "must be a string");
    const auto* reader = std::find_if(kReaders.begin(), kReaders.end(),
                                      [&](const Reader& row) { return row.type == type; });
    if (reader != kReaders.end()) return (this->*reader->add)(*item, place);
    if (is_openais(type)) {
        reading_.note(Place(type, &place));
    } else {
        reading_.refuse(place);
    }
    return {};
}

Result<void> Items::add_message(const json::object& item, const Place& place) {
    static constexpr std::array<std::string_view, 4> kRoles{"user", "system", "developer",
                                                            "assistant"};
    const auto role = text(item, "role");
    if (std::find(kRoles.begin(), kRoles.end(), role) == kRoles.end()) {
        return bad_shape(Place("role", &place), "must be user, system, developer or assistant");
    }
    const Place at("content", &place);
    const auto* content = find(item, "content");
    if (!content) return bad_shape(at, "must be a string or an array");
    auto parts = chat_parts(*content, at, reading_);
    if (!parts) return parts.error();
    if (role == "assistant") {
        show_results();
        if (!turn_.calls.empty()) reading_.note("order of items");
        if (!turn_.parts.empty()) turn_.append_to(messages_);
        turn_.parts = std::move(*parts);
        return {};
    }
    finish();
    if (!parts->empty()) {
        messages_.emplace_back(
            json::object{{"role", role}, {"content", content_of_parts(std::move(*parts))}});
    }
    return {};
}

// What another of the client's agents has said to this one; what OpenAI has sealed of it stays there.
Result<void> Items::add_agent_message(const json::object& item, const Place& place) {
    const Place at("content", &place);
    const auto* content = find_array(item, "content");
    if (!content) return bad_shape(at, "must be an array");
    json::array open;
    for (const auto& value : *content) {
        const auto* part = as_object(&value);
        if (part && text(*part, "type") == "encrypted_content") {
            reading_.note(Place("encrypted_content", &at));
        } else {
            open.push_back(value);
        }
    }
    auto parts = chat_parts(open, at, reading_);
    if (!parts) return parts.error();
    if (parts->empty()) return {};
    finish();
    std::string whose = "[Message of the agent ";
    whose.append(text(item, "author")).append(":]");
    parts->insert(parts->begin(), plain_text_part(whose));
    messages_.emplace_back(
        json::object{{"role", "user"}, {"content", content_of_parts(std::move(*parts))}});
    return {};
}

Result<void> Items::add_tools(const json::object& item, const Place& place) {
    const Place list("tools", &place);
    const auto* tools = find(item, "tools");
    return tools ? tools_.add(*tools, list) : bad_shape(list, "must be an array");
}

// OpenAI's own search needs nothing of the client's, and all tools are told at once.
bool is_clients_search(const json::object& item) {
    return text(item, "execution") == "client" && !text(item, "call_id").empty();
}

Result<void> Items::add_search_call(const json::object& item, const Place& place) {
    if (!is_clients_search(item)) {
        reading_.note(Place("tool_search_call", &place));
        return {};
    }
    const auto* arguments = find(item, "arguments");
    const bool words = !arguments || arguments->is_string();
    return add_call(item, place, kToolSearch,
                    words ? std::string(text(item, "arguments")) : json_tree::write(*arguments));
}

// The model reads the names in the result; the tools themselves are told with the others.
Result<void> Items::add_found_tools(const json::object& item, const Place& place) {
    if (!is_clients_search(item)) {
        reading_.note(Place("tool_search_output", &place));
        return {};
    }
    turn_.append_to(messages_);
    const Place list("tools", &place);
    if (auto added = add_tools(item, place); !added) return added;
    json::object found;
    found["tools"] = tools_.named();
    ToolResult result{.call_id = text(item, "call_id")};
    result.parts.push_back(plain_text_part(json_tree::write(found)));
    messages_.emplace_back(tool_message(std::move(result), shown_, reading_, list));
    return {};
}

Result<void> Items::add_call(const json::object& item, const Place& place, std::string_view name,
                             std::string arguments) {
    const auto id = text(item, "call_id");
    if (id.empty()) {
        return bad_shape(Place("call_id", &place), "must be a string that is not empty");
    }
    if (name.empty()) return bad_shape(Place("name", &place), "must be a string that is not empty");
    show_results();
    turn_.calls.emplace_back(
        json::object{{"id", chat_call_id(id)},
                     {"type", "function"},
                     {"function",
                      {{"name", reading_.names.shorten(name, text(item, "namespace"))},
                       {"arguments", arguments.empty() ? "{}" : arguments}}}});
    return {};
}

Result<void> Items::add_function_call(const json::object& item, const Place& place) {
    const auto* arguments = find(item, "arguments");
    if (arguments && !arguments->is_string()) {
        return bad_shape(Place("arguments", &place), "must be a string");
    }
    const auto words = arguments ? view(arguments->get_string()) : std::string_view();
    return add_call(item, place, text(item, "name"), std::string(words));
}

Result<void> Items::add_custom_call(const json::object& item, const Place& place) {
    const auto* input = item.if_contains("input");
    if (!input || !input->is_string()) return bad_shape(Place("input", &place), "must be a string");
    return add_call(item, place, text(item, "name"),
                    json_tree::write(json::object{{"input", *input}}));
}

Result<void> Items::add_output(const json::object& item, const Place& place) {
    const auto id = text(item, "call_id");
    if (id.empty()) {
        return bad_shape(Place("call_id", &place), "must be a string that is not empty");
    }
    turn_.append_to(messages_);
    const Place at("output", &place);
    ToolResult result{.call_id = id};
    if (const auto* output = find(item, "output")) {
        auto parts = chat_parts(*output, at, reading_);
        if (!parts) return parts.error();
        result.parts = std::move(*parts);
    }
    messages_.emplace_back(tool_message(std::move(result), shown_, reading_, at));
    return {};
}

// The blocks of Anthropic's that an item carries: as they were sealed, or as LiteLLM writes them.
json::array thinking_in(std::string_view encrypted) {
    const auto payload = opened(encrypted, kOfMessages);
    const auto tree = json_tree::read(payload ? std::string_view(*payload) : encrypted);
    const auto* blocks = tree ? tree.value.if_array() : nullptr;
    if (!blocks) return {};
    json::array thinking;
    for (const auto& value : *blocks) {
        const auto* block = as_object(&value);
        if (!block) return {};
        const auto type = text(*block, "type");
        const bool whole =
            type == "thinking" ? !text(*block, "signature").empty() : type == "redacted_thinking";
        if (whole) thinking.push_back(value);
    }
    return thinking;
}

Result<void> Items::add_reasoning(const json::object& item, const Place& place) {
    show_results();
    // Calls of one turn stay in one message, for their results follow it.
    if (turn_.calls.empty() && turn_.said()) turn_.append_to(messages_);
    for (const std::string_view name : {"content", "summary"}) {
        const auto* given = find(item, name);
        if (!given) continue;
        auto parts = chat_parts(*given, Place(name, &place), reading_);
        if (!parts) return parts.error();
        for (const auto& part : *parts) {
            if (is_text(part)) json_tree::join(turn_.reasoning, text(part.get_object(), "text"));
        }
        if (!parts->empty()) break;  // the summary repeats what the content says in full
    }
    const auto encrypted = text(item, "encrypted_content");
    if (encrypted.empty()) return {};
    auto thinking = thinking_in(encrypted);
    if (thinking.empty()) reading_.note(Place("encrypted_content", &place));
    for (auto& block : thinking) turn_.thinking.push_back(std::move(block));
    return {};
}

Error lost_item(std::string_view id, const ClientResponses& kept, const Place& place) {
    if (!kept.keeps()) {
        return bad_shape(place,
                         "refers to an item of an earlier response, which is not kept here; send "
                         "the item itself");
    }
    Error error = bad_shape(place, {});
    error.cls = ErrorClass::not_found;
    error.message =
        "Item with id '" + std::string(id) +
        "' not found. Items are kept for a while, and not if `store` is false: send the "
        "item itself.";
    return error;
}

}  // namespace

Result<json::array> input_items(const json::value& input, const ClientResponses& kept) {
    const Place list("input");
    if (const auto* words = input.if_string()) {
        return json::array{
            json::object{{"type", "message"}, {"role", "user"}, {"content", *words}}};
    }
    const auto* given = input.if_array();
    if (!given) return bad_shape(list, "must be a string or an array");
    json::array items;
    items.reserve(given->size());
    for (std::size_t i = 0; i < given->size(); ++i) {
        const auto* item = as_object(&(*given)[i]);
        if (!item || text(*item, "type") != "item_reference") {
            items.push_back((*given)[i]);
            continue;
        }
        const auto id = text(*item, "id");
        auto found = kept.item(id);
        if (!found) return lost_item(id, kept, Place(i, &list));
        items.push_back(std::move(*found));
    }
    return items;
}

Result<void> append_items(std::span<const json::value> earlier, const json::array& items,
                          Reading& reading, ResponseTools& tools, json::array& messages) {
    const Place before("previous_response_id");
    const Place list("input");
    Items all(reading, tools, messages);
    for (std::size_t i = 0; i < earlier.size(); ++i) {
        if (auto added = all.add(earlier[i], Place(i, &before)); !added) return added.error();
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (auto added = all.add(items[i], Place(i, &list)); !added) return added.error();
    }
    all.finish();
    return {};
}

}  // namespace patchbay::surface
