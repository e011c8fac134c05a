// SPDX-License-Identifier: Apache-2.0
#include "assistant.hpp"

#include <algorithm>
#include <patchbay/json_tree.hpp>
#include <unordered_set>
#include <utility>

#include "content.hpp"
#include "envelope/envelope.hpp"

namespace patchbay::anthropic {

namespace {

constexpr std::string_view kRawArguments = "arguments";

bool is_thinking(const json::value& block) {
    const auto* object = block.if_object();
    const auto type = object ? text(*object, "type") : std::string_view();
    return type == "thinking" || type == "redacted_thinking";
}

// Only what Anthropic knows: replayed blocks may carry members that clients or streams added. A
// signature belongs to the whole text of its block. Clients that collected the pieces of a stream
// one by one have a list of texts without a signature and then a signature without a text: together
// they are the block. What has no signature after all, and what another provider sealed, is refused
// by Anthropic, so it is left out.
json::array replayable_thinking(const json::array& blocks) {
    json::array kept;
    std::string pieces;
    for (const auto& value : blocks) {
        const auto* block = value.if_object();
        if (!block) continue;
        const auto signature = text(*block, "signature");
        const auto words = text(*block, "thinking");
        const auto data = text(*block, "data");
        if (shared::is_envelope(signature) || shared::is_envelope(data)) {
            pieces.clear();
            continue;
        }
        if (text(*block, "type") == "thinking" && signature.empty()) {
            json_tree::join(pieces, words);
            continue;
        }
        if (text(*block, "type") == "thinking") {
            kept.emplace_back(json::object{{"type", "thinking"},
                                           {"thinking", words.empty() ? pieces : words},
                                           {"signature", signature}});
        } else if (text(*block, "type") == "redacted_thinking" && !data.empty()) {
            kept.emplace_back(json::object{{"type", "redacted_thinking"}, {"data", data}});
        }
        pieces.clear();
    }
    return kept;
}

// Summaries of what was said before, which Anthropic reads in its place. They stand in front.
json::array compaction_of(const json::object& message) {
    const auto* extra = find_object(message, "provider_specific_fields");
    const auto* blocks = extra ? find_array(*extra, "compaction_blocks") : nullptr;
    json::array kept;
    for (std::size_t i = 0; blocks && i < blocks->size(); ++i) {
        const auto* block = (*blocks)[i].if_object();
        if (block && text(*block, "type") == "compaction") kept.push_back((*blocks)[i]);
    }
    return kept;
}

// The last deltas alone are what some clients keep: one signature, and the text as
// reasoning_content.
void take_text_from_reasoning(json::array& thinking, const json::object& message) {
    if (thinking.size() != 1) return;
    auto& block = thinking[0].get_object();
    if (text(block, "type") == "thinking" && text(block, "thinking").empty()) {
        block["thinking"] = text(message, "reasoning_content");
    }
}

// OpenAI says that a model may write arguments that are no JSON. They come back in every turn after
// that, and Anthropic wants an object: what is none is given to the model as the text it was.
json::object tool_input(const json::object& function) {
    const auto* arguments = find(function, "arguments");
    if (!arguments) return {};
    if (find_object(function, "arguments")) return arguments->get_object();
    const auto* written = arguments->if_string();
    if (!written) return {{kRawArguments, to_text(*arguments)}};
    if (is_blank(*written)) return {};
    const auto input = parse_json(*written);
    if (input && input->is_object() && !is_number(*input)) return input->get_object();
    const auto* inner = input ? input->if_string() : nullptr;
    if (input && (input->is_null() || (inner && is_blank(*inner)))) return {};
    return {{kRawArguments, *written}};
}

Result<json::object> tool_use(const json::object* function, std::string_view id,
                              const std::string& place) {
    if (!function) return bad_request(place, "must be an object");
    return json::object{{"type", "tool_use"},
                        {"id", id},
                        {"name", text(*function, "name")},  // tool_names.hpp makes it valid
                        {"input", tool_input(*function)}};
}

std::unordered_set<std::string> ids_of_calls(const json::array& blocks) {
    std::unordered_set<std::string> ids;
    for (const auto& block : blocks) {
        const auto* object = block.if_object();
        if (object && text(*object, "type") == "tool_use") ids.emplace(text(*object, "id"));
    }
    return ids;
}

Result<void> append_tool_calls(const json::object& message, std::size_t index,
                               json::array& blocks) {
    const auto* member = find(message, "tool_calls");
    if (!member) return {};
    const auto place = Place{index, {}}.text(".tool_calls");
    const auto* calls = member->if_array();
    if (!calls) return bad_request(place, "must be an array");
    const auto said = ids_of_calls(blocks);
    for (std::size_t i = 0; i < calls->size(); ++i) {
        const auto at = place + "[" + std::to_string(i) + "]";
        const auto* call = (*calls)[i].if_object();
        if (!call) return bad_request(at, "must be an object");
        const std::string id(text(*call, "id"));
        if (id.empty()) return bad_request(at + ".id", "must be a string that is not empty");
        // Some clients keep a call both in the content and here.
        if (said.count(id) > 0) continue;
        auto block = tool_use(find_object(*call, "function"), id, at + ".function");
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
        take_text_from_reasoning(blocks, message);
    }
    auto said = translate_content(find(message, "content"), index, betas);
    if (!said) return said.error();
    const bool thought = !blocks.empty();
    auto compaction = compaction_of(message);
    blocks.insert(blocks.begin(), compaction.begin(), compaction.end());
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
