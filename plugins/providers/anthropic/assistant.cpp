// SPDX-License-Identifier: Apache-2.0
#include "assistant.hpp"

#include <algorithm>
#include <utility>

#include "content.hpp"

namespace patchbay::anthropic {

namespace {

bool is_thinking(const json::value& block) {
    const auto* object = block.if_object();
    const auto type = object ? text(*object, "type") : std::string_view();
    return type == "thinking" || type == "redacted_thinking";
}

// Only what Anthropic knows: replayed blocks may carry members that clients or streams added.
json::array replayable_thinking(const json::array& blocks) {
    json::array kept;
    for (const auto& value : blocks) {
        const auto* block = value.if_object();
        if (!block) continue;
        const auto signature = text(*block, "signature");
        const auto data = text(*block, "data");
        if (text(*block, "type") == "thinking" && !signature.empty()) {
            kept.emplace_back(json::object{{"type", "thinking"},
                                           {"thinking", text(*block, "thinking")},
                                           {"signature", signature}});
        } else if (text(*block, "type") == "redacted_thinking" && !data.empty()) {
            kept.emplace_back(json::object{{"type", "redacted_thinking"}, {"data", data}});
        }
    }
    return kept;
}

// Arguments are JSON text; "" stands for no arguments.
Result<json::value> tool_input(const json::object& function, const std::string& place) {
    const auto* arguments = find(function, "arguments");
    if (!arguments) return json::object();
    if (arguments->is_object()) return *arguments;
    const auto* written = arguments->if_string();
    if (!written) return bad_request(place + ".arguments", "must be a string");
    if (is_blank(*written)) return json::object();
    auto input = parse_json(*written);
    if (!input || !input->is_object()) {
        return bad_request(place + ".arguments", "must be the JSON text of an object");
    }
    return std::move(*input);
}

Result<json::object> tool_use(const json::object* function, std::string id,
                              const std::string& place) {
    if (!function) return bad_request(place, "must be an object");
    const auto name = text(*function, "name");
    if (name.empty()) return bad_request(place + ".name", "must be a string that is not empty");
    auto input = tool_input(*function, place);
    if (!input) return input.error();
    return json::object{
        {"type", "tool_use"}, {"id", id}, {"name", name}, {"input", std::move(*input)}};
}

Result<void> append_tool_calls(const json::object& message, std::size_t index,
                               json::array& blocks) {
    const auto* member = find(message, "tool_calls");
    if (!member) return {};
    const auto place = Place{index, {}}.text(".tool_calls");
    const auto* calls = member->if_array();
    if (!calls) return bad_request(place, "must be an array");
    for (std::size_t i = 0; i < calls->size(); ++i) {
        const auto at = place + "[" + std::to_string(i) + "]";
        const auto* call = (*calls)[i].if_object();
        if (!call) return bad_request(at, "must be an object");
        const auto id = text(*call, "id");
        if (id.empty()) return bad_request(at + ".id", "must be a string that is not empty");
        auto block = tool_use(find_object(*call, "function"), tool_use_id(id), at + ".function");
        if (!block) return block.error();
        if (const auto* cache = find(*call, "cache_control")) (*block)["cache_control"] = *cache;
        blocks.emplace_back(std::move(*block));
    }
    return {};
}

}  // namespace

std::string tool_use_id(std::string_view id) {
    std::string safe(id);
    std::replace_if(
        safe.begin(), safe.end(),
        [](char c) {
            return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '_' || c == '-');
        },
        '_');
    return safe;
}

std::string function_call_id(std::size_t number) {
    return "function_call_" + std::to_string(number);
}

Result<json::array> translate_assistant(json::object& message, std::size_t index,
                                        std::size_t& function_calls, Betas& betas) {
    json::array blocks;
    if (const auto* thinking = find_array(message, "thinking_blocks")) {
        blocks = replayable_thinking(*thinking);
    }
    auto said = translate_content(find(message, "content"), index, betas);
    if (!said) return said.error();
    const bool thought = !blocks.empty();
    for (auto& block : *said) {
        if (!(thought && is_thinking(block))) blocks.push_back(std::move(block));
    }
    if (auto appended = append_tool_calls(message, index, blocks); !appended) {
        return appended.error();
    }
    if (find(message, "function_call")) {
        auto block =
            tool_use(find_object(message, "function_call"), function_call_id(++function_calls),
                     Place{index, {}}.text(".function_call"));
        if (!block) return block.error();
        blocks.emplace_back(std::move(*block));
    }
    return blocks;
}

}  // namespace patchbay::anthropic
