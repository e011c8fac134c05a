#include "engine/surface/gemini/count_tokens.hpp"

#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/gemini/fields.hpp"
#include "engine/surface/gemini/generate_request.hpp"
#include "engine/surface/hub/call_names.hpp"
#include "engine/surface/hub/chat_parts.hpp"

namespace patchbay::surface {

namespace {

Error cannot_count(std::string_view what) {
    Error error = bad_request(
        "The model behind this name cannot count the tokens of " + std::string(what) + ".",
        "contents");
    error.cls = ErrorClass::unsupported;
    return error;
}

json::object source_of(std::string_view url) {
    constexpr std::string_view kBegin = "data:";
    constexpr std::string_view kBase64 = ";base64,";
    const auto middle = url.find(kBase64);
    if (!url.starts_with(kBegin) || middle == std::string_view::npos) {
        return {{"type", "url"}, {"url", url}};
    }
    return {{"type", "base64"},
            {"media_type", url.substr(kBegin.size(), middle - kBegin.size())},
            {"data", url.substr(middle + kBase64.size())}};
}

Result<json::object> block_of(const json::object& part) {
    const auto type = text(part, "type");
    if (type == "text") return part;
    if (const auto* image = find_object(part, "image_url")) {
        return json::object{{"type", "image"}, {"source", source_of(text(*image, "url"))}};
    }
    if (const auto* file = find_object(part, "file")) {
        const auto data = text(*file, "file_data");
        const auto link = data.empty() ? text(*file, "file_id") : data;
        return json::object{{"type", "document"}, {"source", source_of(link)}};
    }
    return cannot_count("sound");
}

Result<json::array> blocks_of(const json::object& message) {
    json::array blocks;
    if (const auto words = text(message, "content"); !words.empty()) {
        blocks.emplace_back(json::object{{"type", "text"}, {"text", words}});
    }
    const auto* parts = find_array(message, "content");
    for (std::size_t i = 0; parts && i < parts->size(); ++i) {
        auto block = block_of((*parts)[i].get_object());
        if (!block) return block.error();
        blocks.push_back(std::move(*block));
    }
    return blocks;
}

void append_uses(const json::object& message, json::array& blocks) {
    const auto* calls = find_array(message, "tool_calls");
    for (std::size_t i = 0; calls && i < calls->size(); ++i) {
        const auto& call = (*calls)[i].get_object();
        const auto& function = call.at("function").get_object();
        blocks.emplace_back(json::object{{"type", "tool_use"},
                                         {"id", messages_call_id(text(call, "id"))},
                                         {"name", text(function, "name")},
                                         {"input", tool_input(text(function, "arguments"))}});
    }
}

/// Appends to the last turn if it is of this role; Anthropic's turns alternate.
void add_turn(std::string_view role, json::array blocks, json::array& turns) {
    if (blocks.empty()) return;
    if (!turns.empty() && text(turns.back().get_object(), "role") == role) {
        auto& content = turns.back().get_object()["content"].get_array();
        for (auto& block : blocks) content.push_back(std::move(block));
        return;
    }
    turns.emplace_back(json::object{{"role", role}, {"content", std::move(blocks)}});
}

Result<void> add_message(const json::object& message, json::object& request, json::array& turns) {
    const auto role = text(message, "role");
    auto blocks = blocks_of(message);
    if (!blocks) return blocks.error();
    if (role == "system") {
        request["system"] = std::move(*blocks);
    } else if (role == "tool") {
        json::object result{{"type", "tool_result"},
                            {"tool_use_id", messages_call_id(text(message, "tool_call_id"))}};
        if (!blocks->empty()) result["content"] = std::move(*blocks);
        add_turn("user", {std::move(result)}, turns);
    } else {
        if (role == "assistant") append_uses(message, *blocks);
        add_turn(role, std::move(*blocks), turns);
    }
    return {};
}

void add_tools(const json::object& chat, json::object& request) {
    const auto* given = find_array(chat, "tools");
    if (!given) return;
    json::array tools;
    for (const auto& value : *given) {
        const auto& function = value.get_object().at("function").get_object();
        json::object tool{{"name", text(function, "name")},
                          {"input_schema", function.at("parameters")}};
        if (const auto words = text(function, "description"); !words.empty()) {
            tool["description"] = words;
        }
        tools.push_back(std::move(tool));
    }
    request["tools"] = std::move(tools);
}

}  // namespace

Result<CountRequest> count_of_generate(std::string_view body, std::string_view model,
                                       bool drop_params) {
    const auto tree = json_tree::read(body);
    const auto* given = tree ? as_object(&tree.value) : nullptr;
    if (!given) return bad_request("the body must be a JSON object");
    const auto* inner = object_field(*given, "generateContentRequest");
    const auto asked = chat_of_generate(inner ? json_tree::write(*inner) : std::string(body),
                                        {model, false}, drop_params);
    if (!asked) return asked.error();
    const auto written = json_tree::read(asked->json);
    const auto& chat = written.value.get_object();
    json::object request{{"model", model}, {"messages", json::array()}};
    json::array turns;
    for (const auto& message : chat.at("messages").get_array()) {
        auto added = add_message(message.get_object(), request, turns);
        if (!added) return added.error();
    }
    request["messages"] = std::move(turns);
    add_tools(chat, request);
    return CountRequest{json_tree::write(request), asked->dropped};
}

std::string total_of_count(std::string_view counted) {
    const auto tree = json_tree::read(counted);
    const auto* answer = tree ? as_object(&tree.value) : nullptr;
    json::object written;
    const auto* tokens = answer ? find(*answer, "input_tokens") : nullptr;
    if (tokens && tokens->is_number()) written["totalTokens"] = *tokens;
    return json_tree::write(written);
}

}  // namespace patchbay::surface
