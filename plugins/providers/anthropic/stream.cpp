// SPDX-License-Identifier: Apache-2.0
#include "stream.hpp"

#include <patchbay/json_tree.hpp>

#include "errors.hpp"
#include "server_calls.hpp"

namespace patchbay::anthropic {

namespace {

json::object extra_delta(std::string_view name, json::value value) {
    json::object extra;
    extra[name] = std::move(value);
    return {{"provider_specific_fields", std::move(extra)}};
}

}  // namespace

StreamTranslator::StreamTranslator(AnswerContext context, bool want_usage)
    : context_(std::move(context)),
      want_usage_(want_usage),
      id_(completion_id({}, context_)),
      model_(context_.model) {}

Result<void> StreamTranslator::feed(std::string_view data, std::vector<std::string>& chunks) {
    unsigned char first_memory[4096];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto parsed = parse_json(data, &memory);
    const auto* event = parsed ? parsed->if_object() : nullptr;
    if (!event) return unreadable("a stream event is no JSON object");
    if (finished_) return {};
    const auto type = text(*event, "type");
    if (type == "content_block_delta") return delta(*event, chunks);
    if (type == "content_block_start") return start_block(*event, chunks);
    if (type == "error") return failure_of_event(data);
    if (type == "message_start") {
        start_message(*event);
    } else if (type == "content_block_stop") {
        stop_block(chunks);
    } else if (type == "message_delta") {
        if (const auto* change = find_object(*event, "delta")) {
            stop_reason_ = text(*change, "stop_reason", stop_reason_);
            if (const auto* details = find(*change, "stop_details")) stop_details_ = *details;
        }
        merge_usage(*event);
    } else if (type == "message_stop") {
        finish(chunks);
    } else if (type.empty() && find_object(*event, "error") != nullptr) {
        return failure_of_event(data);
    }
    return {};
}

void StreamTranslator::start_message(const json::object& event) {
    const auto* message = find_object(event, "message");
    if (!message) return;
    id_ = completion_id(text(*message, "id"), context_);
    if (const auto model = text(*message, "model"); !model.empty()) model_ = model;
    merge_usage(*message);
}

void StreamTranslator::merge_usage(const json::object& from) {
    const auto* usage = find_object(from, "usage");
    if (!usage) return;
    usage_.merge(*usage);
    usage_news_ = true;
}

Result<void> StreamTranslator::start_block(const json::object& event,
                                           std::vector<std::string>& chunks) {
    const auto* block = find_object(event, "content_block");
    if (!block) return unreadable("content_block_start has no content_block");
    const auto type = text(*block, "type");
    block_ = Block::other;
    block_had_input_ = false;
    citations_.clear();
    block_start_ = characters_;
    block_index_ = count(event, "index");
    if (type == "text") {
        block_ = Block::text;
        return add_text(text(*block, "text"), chunks);
    }
    if (type == "thinking") {
        block_ = Block::thinking;
        usage_.saw_thought();
        thought_.clear();
        signature_ = text(*block, "signature");
        return add_thought(text(*block, "thinking"), chunks);
    }
    if (type == "tool_use") {
        const auto name = text(*block, "name");
        if (name.empty()) return unreadable("a tool_use block has no name");
        const auto* input = find(*block, "input");
        start_input_ = input ? to_text(*input) : "{}";
        const bool json = context_.json_mode != JsonMode::off && name == kJsonToolName;
        block_ = json ? Block::json : Block::tool;
        if (json) {
            held_.clear();
            answered_in_json_ = true;
            return {};
        }
        emit(
            {{"tool_calls", json::array{json::object{{"index", tool_calls_},
                                                     {"id", text(*block, "id")},
                                                     {"type", "function"},
                                                     {"function",
                                                      {{"name", context_.tool_names.original(name)},
                                                       {"arguments", ""}}}}}}},
            chunks);
        ++tool_calls_;
    } else if (type == "redacted_thinking") {
        usage_.saw_thought();
        emit_thinking_block({{"type", type}, {"data", text(*block, "data")}}, chunks);
    } else if (type == "compaction") {
        block_ = Block::compaction;
        compaction_ = json::object(*block, json::storage_ptr());
        summary_ = text(*block, "content");
        signature_ = text(*block, "signature");
    } else if (type == "server_tool_use") {
        block_ = Block::server;
        server_id_ = text(*block, "id");
        server_tool_ = text(*block, "name");
        server_input_.clear();
        const auto* input = find(*block, "input");
        start_input_ = input ? to_text(*input) : "{}";
        if (is_search(server_tool_) && searches_.size() < kMaxSearches) {
            searches_[server_id_] = search_call(server_id_, start_input_);
            emit_search(server_id_, {}, chunks);
        }
    } else if (type == "web_search_tool_result") {
        end_search(*block, chunks);
    } else if (type.ends_with("_tool_result")) {
        json::value result(*block);
        context_.tool_names.restore_references(result);
        emit(extra_delta("tool_results", json::array{std::move(result)}), chunks);
    }
    return {};
}

Result<void> StreamTranslator::delta(const json::object& event, std::vector<std::string>& chunks) {
    const auto* change = find_object(event, "delta");
    if (!change) return unreadable("content_block_delta has no delta");
    const auto type = text(*change, "type");
    if (type == "text_delta") return add_text(text(*change, "text"), chunks);
    if (type == "input_json_delta") return add_input(text(*change, "partial_json"), chunks);
    if (type == "thinking_delta") return add_thought(text(*change, "thinking"), chunks);
    if (type == "compaction_delta") return hold(summary_, text(*change, "content"));
    if (type == "signature_delta") {
        return hold(signature_, text(*change, "signature"));
    }
    if (type == "citations_delta") {
        const auto* citation = find(*change, "citation");
        if (!citation) return {};
        citations_.push_back(*citation);
        emit(extra_delta("citation", *citation), chunks);
    }
    return {};
}

void StreamTranslator::stop_block(std::vector<std::string>& chunks) {
    // Without a signature it could not be sent back.
    if (block_ == Block::thinking && !signature_.empty()) {
        emit_thinking_block(
            {{"type", "thinking"}, {"thinking", thought_}, {"signature", signature_}}, chunks);
    }
    if (block_ == Block::compaction) {
        if (!summary_.empty()) compaction_["content"] = summary_;
        if (!signature_.empty()) compaction_["signature"] = signature_;
        emit(extra_delta("compaction_blocks", json::array{std::move(compaction_)}), chunks);
    }
    if (block_ == Block::tool && !block_had_input_) emit_arguments(start_input_, chunks);
    if (block_ == Block::server) end_server_call(chunks);
    if (block_ == Block::json && context_.json_mode == JsonMode::wrapped) {
        const auto input = parse_json(held_.empty() ? std::string_view(start_input_) : held_);
        // What is no JSON (cut by max_tokens) is still all there is to give.
        emit({{"content", input ? json_content(*input, JsonMode::wrapped) : held_}}, chunks);
        held_.clear();
    } else if (block_ == Block::json && !block_had_input_) {
        emit({{"content", start_input_}}, chunks);
    }
    json::array annotations;
    annotate(citations_, block_start_, characters_, annotations);
    if (!annotations.empty()) emit({{"annotations", std::move(annotations)}}, chunks);
    citations_.clear();
    block_ = Block::other;
}

void StreamTranslator::finish(std::vector<std::string>& chunks) {
    finished_ = true;
    if (!held_.empty() && !answered_in_json_) emit({{"content", held_}}, chunks);
    auto reason = finish_reason(stop_reason_);
    if (reason == "stop" && tool_calls_ > 0) reason = "tool_calls";
    if (reason == "tool_calls" && answered_in_json_ && tool_calls_ == 0) reason = "stop";
    json::object last;
    if (!role_sent_) last = {{"role", "assistant"}, {"content", ""}};
    if (const auto telling = telling_stop_reason(stop_reason_); !telling.empty()) {
        last["provider_specific_fields"] = json::object{{"stop_reason", telling}};
    }
    json::object choice{{"index", 0}, {"delta", std::move(last)}, {"finish_reason", reason}};
    if (!stop_details_.is_null()) {
        choice["provider_specific_fields"] = json::object{{"stop_details", stop_details_}};
    }
    chunks.push_back(to_text(chunk(json::array{std::move(choice)})));
    if (!want_usage_) return;
    auto closing = chunk(json::array());
    auto usage = usage_.to_openai();
    if (const auto* tier = find(usage, "service_tier")) {
        closing["service_tier"] = *tier;
        usage.erase("service_tier");
    }
    closing["usage"] = std::move(usage);
    chunks.push_back(to_text(std::move(closing)));
}

Result<void> StreamTranslator::add_text(std::string_view words, std::vector<std::string>& chunks) {
    if (words.empty() || answered_in_json_) return {};
    if (holds_text(context_.json_mode)) return hold(held_, words);
    characters_ += characters(words);
    emit({{"content", words}}, chunks);
    return {};
}

Result<void> StreamTranslator::add_input(std::string_view fragment,
                                         std::vector<std::string>& chunks) {
    if (fragment.empty()) return {};
    block_had_input_ = true;
    if (block_ == Block::server) return hold(server_input_, fragment);
    if (block_ == Block::tool) emit_arguments(fragment, chunks);
    if (block_ != Block::json) return {};
    if (context_.json_mode == JsonMode::wrapped) return hold(held_, fragment);
    emit({{"content", fragment}}, chunks);
    return {};
}

Result<void> StreamTranslator::add_thought(std::string_view words,
                                           std::vector<std::string>& chunks) {
    if (words.empty() || block_ != Block::thinking) return {};
    emit({{"reasoning_content", words}}, chunks);
    return hold(thought_, words);
}

Result<void> StreamTranslator::hold(std::string& held, std::string_view words) {
    if (held.size() + words.size() > kMaxHeld) return unreadable("the answer is too long");
    json_tree::join(held, words);
    return {};
}

void StreamTranslator::emit_thinking_block(json::object block, std::vector<std::string>& chunks) {
    const json::array blocks{std::move(block)};
    emit({{"thinking_blocks", blocks}, {"provider_specific_fields", {{"thinking_blocks", blocks}}}},
         chunks);
}

void StreamTranslator::end_server_call(std::vector<std::string>& chunks) {
    const std::string& input = block_had_input_ ? server_input_ : start_input_;
    json::object fields;
    fields["server_tool_calls"] =
        json::array{server_call(server_id_, server_tool_, input, block_index_)};
    if (const auto search = searches_.find(server_id_); search != searches_.end()) {
        search->second = search_call(server_id_, input);
    }
    emit_search(server_id_, std::move(fields), chunks);
}

void StreamTranslator::end_search(const json::object& block, std::vector<std::string>& chunks) {
    json::object fields;
    fields["web_search_results"] = json::array{block};
    const std::string id(text(block, "tool_use_id"));
    if (const auto search = searches_.find(id); search != searches_.end()) {
        anthropic::end_search(block, search->second);
    }
    emit_search(id, std::move(fields), chunks);
}

void StreamTranslator::emit_search(const std::string& id, json::object fields,
                                   std::vector<std::string>& chunks) {
    if (const auto search = searches_.find(id); search != searches_.end()) {
        fields["web_search_calls"] = json::object{{id, search->second}};
    }
    emit({{"provider_specific_fields", std::move(fields)}}, chunks);
}

void StreamTranslator::emit(json::object delta, std::vector<std::string>& chunks) {
    if (!std::exchange(role_sent_, true)) delta["role"] = "assistant";
    json::object choice{{"index", 0}, {"delta", std::move(delta)}, {"finish_reason", nullptr}};
    chunks.push_back(to_text(chunk(json::array{std::move(choice)})));
}

void StreamTranslator::emit_arguments(std::string_view fragment, std::vector<std::string>& chunks) {
    emit({{"tool_calls", json::array{json::object{{"index", tool_calls_ - 1},
                                                  {"function", {{"arguments", fragment}}}}}}},
         chunks);
}

json::object StreamTranslator::chunk(json::array choices) const {
    return {{"id", id_},
            {"object", "chat.completion.chunk"},
            {"created", context_.created},
            {"model", model_},
            {"choices", std::move(choices)}};
}

}  // namespace patchbay::anthropic
