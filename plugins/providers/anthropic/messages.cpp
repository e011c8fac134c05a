// SPDX-License-Identifier: Apache-2.0
#include "messages.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "assistant.hpp"
#include "content.hpp"
#include "tool_turns.hpp"

namespace patchbay::anthropic {

namespace {

// Anthropic takes no message without words. These are LiteLLM's.
constexpr std::string_view kNoWords =
    "[System: Empty message content sanitised to satisfy protocol]";
constexpr std::string_view kGoOn = "Continue.";
constexpr std::string_view kOperator =
    "Operator note (not from the user): the following was originally a mid-conversation "
    "system-role reminder.";

bool has_type(const json::value& block, std::string_view type) {
    const auto* object = block.if_object();
    return object && text(*object, "type") == type;
}

std::string_view role_of(const json::value& message) {
    return text(message.get_object(), "role");
}

// A message's own cache_control marks its last block; thinking cannot be marked.
void mark_cache(const json::object& message, json::array& blocks) {
    const auto* cache_control = find(message, "cache_control");
    if (!cache_control || blocks.empty()) return;
    auto* last = blocks.back().if_object();
    if (last && !text(*last, "type").ends_with("thinking")) {
        (*last)["cache_control"] = *cache_control;
    }
}

Result<json::array> tool_result(json::object& message, std::size_t index, std::string_view id,
                                Betas& betas) {
    json::object result{{"type", "tool_result"}, {"tool_use_id", id}};
    auto* content = find(message, "content");
    if (content && content->is_object()) {
        return bad_request(Place{index, {}}.text(".content"), "must be a string or an array");
    }
    if (content && content->is_string()) {
        result["content"] = std::move(*content);
    } else {
        auto blocks = translate_content(content, index, betas);
        if (!blocks) return blocks.error();
        // Inside of a result nothing can be marked: the mark belongs to the result.
        for (auto& block : *blocks) {
            if (const auto* mark = find(block.get_object(), "cache_control")) {
                result["cache_control"] = *mark;
                block.get_object().erase("cache_control");
            }
        }
        if (!blocks->empty()) result["content"] = std::move(*blocks);
    }
    if (const auto* error = find(message, "is_error")) result["is_error"] = *error;
    return json::array{std::move(result)};
}

class Translator {
  public:
    Translator(bool prefill, Betas& betas) : prefill_(prefill), betas_(betas) {}

    Result<void> add(json::value& value, std::size_t index) {
        auto* message = value.if_object();
        const Place place{index, {}};
        if (!message) return bad_request(place.text(), "must be an object");
        const auto role = text(*message, "role", message->contains("role") ? "" : "assistant");
        if (role == "system" || role == "developer") {
            auto words = translate_content(find(*message, "content"), index, betas_);
            if (turns_.empty()) return append_system(*message, std::move(words));
            if (!words) return words.error();
            if (words->empty()) return {};
            words->insert(words->begin(), text_block(kOperator));
            return append(turn("user"), *message, std::move(words));
        }
        if (role == "user") {
            return append(turn("user"), *message,
                          translate_content(find(*message, "content"), index, betas_));
        }
        if (role == "assistant") {
            return append(turn("assistant"), *message,
                          translate_assistant(*message, index, function_calls_, betas_));
        }
        if (role == "tool") {
            const auto id = text(*message, "tool_call_id");
            if (id.empty()) {
                return bad_request(place.text(".tool_call_id"),
                                   "must be a string that is not empty");
            }
            return append(turn("user"), *message, tool_result(*message, index, id, betas_));
        }
        if (role == "function") {
            return append(turn("user"), *message,
                          tool_result(*message, index, function_call_id(function_calls_), betas_));
        }
        return bad_request(place.text(".role"),
                           "must be system, developer, user, assistant, tool or function");
    }

    Conversation finish() {
        Conversation done;
        pair_tool_results(turns_);
        if (!beside_system_.empty()) {
            if (turns_.empty() || turns_[0].role != "user")
                turns_.insert(turns_.begin(), Turn{"user", {}});
            auto& first = turns_[0].blocks;
            first.insert(first.begin(), beside_system_.begin(), beside_system_.end());
        }
        for (auto& [role, blocks] : turns_) {
            if (blocks.empty() && role == "user") blocks.emplace_back(text_block(kNoWords));
            if (blocks.empty()) continue;
            done.has_tool_blocks |=
                std::any_of(blocks.begin(), blocks.end(), [](const json::value& block) {
                    return has_type(block, "tool_use") || has_type(block, "tool_result");
                });
            // Turns of blank messages are gone by now, so neighbours may be of one role.
            if (!done.messages.empty() && role_of(done.messages.back()) == role) {
                auto& before = done.messages.back().at("content").as_array();
                std::move(blocks.begin(), blocks.end(), std::back_inserter(before));
            } else {
                done.messages.emplace_back(
                    json::object{{"role", role}, {"content", std::move(blocks)}});
            }
        }
        end_turns(done.messages);
        done.system = std::move(system_);
        return done;
    }

  private:
    json::array& turn(std::string_view role) {
        if (turns_.empty() || turns_.back().role != role) turns_.push_back({role, {}});
        return turns_.back().blocks;
    }

    // The system is text; what else stands there begins the conversation.
    Result<void> append_system(const json::object& message, Result<json::array> blocks) {
        if (!blocks) return blocks.error();
        mark_cache(message, *blocks);
        for (auto& block : *blocks) {
            (has_type(block, "text") ? system_ : beside_system_).push_back(std::move(block));
        }
        return {};
    }

    static Result<void> append(json::array& to, const json::object& message,
                               Result<json::array> blocks) {
        if (!blocks) return blocks.error();
        mark_cache(message, *blocks);
        std::move(blocks->begin(), blocks->end(), std::back_inserter(to));
        return {};
    }

    void end_turns(json::array& messages) const {
        if (messages.empty() || role_of(messages.back()) != "assistant") return;
        if (!prefill_) {
            messages.emplace_back(
                json::object{{"role", "user"}, {"content", json::array{text_block(kGoOn)}}});
            return;
        }
        auto& last = messages.back().at("content").as_array().back();
        if (!has_type(last, "text")) return;
        auto& words = last.get_object()["text"].as_string();
        const auto end = std::string_view(words).find_last_not_of(" \t\r\n\v\f");
        words.resize(end + 1);
    }

    bool prefill_;
    Betas& betas_;
    json::array system_;
    json::array beside_system_;
    std::vector<Turn> turns_;  ///< neighbours are of different roles
    std::size_t function_calls_ = 0;
};

}  // namespace

Result<Conversation> translate_messages(json::value* messages, bool prefill, Betas& betas) {
    auto* list = messages ? messages->if_array() : nullptr;
    if (!list) return bad_request("messages", "must be an array");
    std::string prefix;
    if (const auto* last = list->empty() ? nullptr : list->back().if_object()) {
        const auto* mark = find(*last, "prefix");
        if (text(*last, "role") == "assistant" && mark && *mark == json::value(true)) {
            prefix = text(*last, "content");
        }
    }
    Translator translator(prefill, betas);
    for (std::size_t i = 0; i < list->size(); ++i) {
        if (auto added = translator.add((*list)[i], i); !added) return added.error();
    }
    auto conversation = translator.finish();
    if (conversation.messages.empty()) {
        return bad_request("messages", "Anthropic needs a user message that is not empty");
    }
    conversation.prefix = std::move(prefix);
    return conversation;
}

}  // namespace patchbay::anthropic
