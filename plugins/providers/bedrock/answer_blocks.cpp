// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "answer.hpp"
#include "anthropic/response.hpp"

namespace patchbay::bedrock {

namespace {

using anthropic::JsonMode;

constexpr std::uint64_t kMaxBlocks = 4096;
constexpr std::size_t kMaxHeld = 16u << 20;

struct StopReason {
    std::string_view native;
    std::string_view finish;
};
constexpr std::array kStopReasons{
    StopReason{"max_tokens", "length"},
    StopReason{"model_context_window_exceeded", "length"},
    StopReason{"content_filtered", "content_filter"},
    StopReason{"guardrail_intervened", "content_filter"},
};
constexpr std::array<std::string_view, 2> kMalformed{"malformed_model_output",
                                                     "malformed_tool_use"};
constexpr std::array<std::string_view, 3> kTelling{"content_filtered", "guardrail_intervened",
                                                   "model_context_window_exceeded"};

json::object call_delta(std::uint64_t index, json::object rest) {
    rest["index"] = index;
    return one("tool_calls", json::array{std::move(rest)});
}

json::object arguments_delta(std::uint64_t index, std::string_view piece) {
    return call_delta(index, {{"function", {{"arguments", piece}}}});
}

void annotate(const json::array& citations, std::uint64_t begin, std::uint64_t end,
              json::array& annotations) {
    for (const auto& value : citations) {
        const auto* location = find_object(value.if_object(), "location");
        const auto* web = location ? find_object(*location, "web") : nullptr;
        const auto url = text(web, "url");
        if (url.empty()) continue;
        annotations.emplace_back(json::object{{"type", "url_citation"},
                                              {"url_citation",
                                               {{"url", url},
                                                {"title", text(value.if_object(), "title")},
                                                {"start_index", begin},
                                                {"end_index", end}}}});
    }
}

}  // namespace

Result<void> Blocks::start(const json::object& event, Deltas& deltas) {
    auto block = block_at(event);
    if (!block) return block.error();
    const auto* begun = find_object(event, "start");
    if (!begun) return {};
    if (const auto* call = find_object(*begun, "toolUse"))
        return begin_call(*call, **block, deltas);
    if (const auto* image = find_object(*begun, "image")) {
        image_formats_[count(event, "contentBlockIndex")] = text(*image, "format", "png");
    }
    return {};
}

Result<void> Blocks::add(const json::object& event, Deltas& deltas) {
    auto found = block_at(event);
    if (!found) return found.error();
    auto& block = **found;
    const auto* delta = find_object(event, "delta");
    if (!delta) return unreadable("contentBlockDelta has no delta");
    if (find(*delta, "text")) return add_text(text(*delta, "text"), block, deltas);
    if (const auto* call = find_object(*delta, "toolUse")) {
        return add_input(text(*call, "input"), block, deltas);
    }
    if (const auto* thought = find_object(*delta, "reasoningContent")) {
        auto added = add_thought(*thought, block, deltas);
        if (deltas.empty()) deltas.emplace_back();
        deltas.back()["provider_specific_fields"] = one("reasoningContent", json::value(*thought));
        return added;
    }
    if (const auto* citation = find(*delta, "citation")) block.citations.push_back(*citation);
    if (const auto* image = find_object(*delta, "image")) {
        json::object whole(*image);
        whole.insert({{"format", image_formats_[count(event, "contentBlockIndex")]}});
        add_image(whole, deltas);
    }
    return {};
}

Result<void> Blocks::stop(const json::object& event, Deltas& deltas) {
    auto block = block_at(event);
    if (!block) return block.error();
    close(**block, deltas);
    blocks_.erase(count(event, "contentBlockIndex"));
    return {};
}

Result<void> Blocks::whole(const json::object& block, Deltas& deltas) {
    Block made;
    Result<void> added;
    if (find(block, "text")) added = add_text(text(block, "text"), made, deltas);
    if (const auto* call = find_object(block, "toolUse")) {
        added = begin_call(*call, made, deltas);
        const auto* input = find(*call, "input");
        if (added) added = add_input(input ? to_text(*input) : std::string("{}"), made, deltas);
    }
    if (const auto* thought = find_object(block, "reasoningContent")) {
        const auto* words = find_object(*thought, "reasoningText");
        added = add_thought(words ? *words : *thought, made, deltas);
    }
    if (const auto* cited = find_object(block, "citationsContent")) {
        const auto* parts = find_array(*cited, "content");
        for (const auto& part : parts ? *parts : json::array()) {
            if (added) added = add_text(text(part.if_object(), "text"), made, deltas);
        }
        if (const auto* citations = find_array(*cited, "citations")) made.citations = *citations;
    }
    if (const auto* image = find_object(block, "image")) add_image(*image, deltas);
    if (added) close(made, deltas);
    return added;
}

void Blocks::end(Deltas& deltas) {
    for (auto& [index, block] : blocks_) close(block, deltas);
    blocks_.clear();
    if (!held_.empty() && !answered_in_json_) deltas.push_back(one("content", json::value(held_)));
    held_.clear();
}

std::string_view Blocks::finish_reason(std::string_view stop_reason) const {
    const auto* known =
        std::find_if(kStopReasons.begin(), kStopReasons.end(),
                     [&](const StopReason& row) { return row.native == stop_reason; });
    if (known != kStopReasons.end()) return known->finish;
    return calls_ > 0 ? "tool_calls" : "stop";
}

bool Blocks::is_broken(std::string_view stop_reason) const {
    return !said_ &&
           std::find(kMalformed.begin(), kMalformed.end(), stop_reason) != kMalformed.end();
}

Result<Blocks::Block*> Blocks::block_at(const json::object& event) {
    const auto index = count(event, "contentBlockIndex");
    if (index >= kMaxBlocks) return unreadable("too many content blocks");
    return &blocks_[index];
}

Result<void> Blocks::begin_call(const json::object& call, Block& block, Deltas& deltas) {
    if (text(call, "type") == "server_tool_use") return {};  // AWS made it itself
    const auto name = text(call, "name");
    if (name.empty()) return unreadable("a toolUse block has no name");
    said_ = true;
    if (context_.json_mode != JsonMode::off && name == anthropic::kJsonToolName) {
        block.kind = Kind::json;
        answered_in_json_ = true;
        held_.clear();
        return {};
    }
    block.kind = Kind::call;
    block.call = calls_++;
    auto begun = shared::tool_call(text(call, "toolUseId"), context_.tool_names.original(name), "");
    deltas.push_back(call_delta(block.call, std::move(begun)));
    return {};
}

Result<void> Blocks::add_input(std::string_view piece, Block& block, Deltas& deltas) {
    if (piece.empty()) return {};
    block.had_input = true;
    if (block.kind == Kind::call) deltas.push_back(arguments_delta(block.call, piece));
    if (block.kind != Kind::json) return {};
    if (context_.json_mode == JsonMode::wrapped) return hold(held_, piece);
    deltas.push_back(one("content", json::value(piece)));
    return {};
}

Result<void> Blocks::add_text(std::string_view words, Block& block, Deltas& deltas) {
    if (words.empty() || answered_in_json_) return {};
    if (block.kind == Kind::other) block.begin = characters_;
    block.kind = Kind::text;
    said_ = true;
    if (anthropic::holds_text(context_.json_mode)) return hold(held_, words);
    std::string told;
    if (!std::exchange(prefixed_, true)) told = context_.prefix;
    json_tree::join(told, words);
    characters_ += anthropic::characters(told);
    deltas.push_back(one("content", json::value(told)));
    return {};
}

Result<void> Blocks::add_thought(const json::object& piece, Block& block, Deltas& deltas) {
    block.kind = Kind::thought;
    said_ = true;
    thought_ = true;
    if (const auto data = text(piece, "redactedContent"); !data.empty()) {
        json::object redacted{{"type", "redacted_thinking"}, {"data", data}};
        deltas.push_back(one("thinking_blocks", json::array{std::move(redacted)}));
        return {};
    }
    const auto words = text(piece, "text");
    if (!words.empty()) deltas.push_back(one("reasoning_content", json::value(words)));
    if (auto held = hold(block.text, words); !held) return held;
    return hold(block.signature, text(piece, "signature"));
}

void Blocks::add_image(const json::object& image, Deltas& deltas) {
    const auto data = text(find_object(image, "source"), "bytes");
    if (data.empty()) return;
    said_ = true;
    std::string url("data:image/");
    url.append(text(image, "format", "png")).append(";base64,").append(data);
    json::object made{{"type", "image_url"}, {"index", images_++}};
    made["image_url"] = json::object{{"url", url}};
    deltas.push_back(one("images", json::array{std::move(made)}));
}

void Blocks::close(Block& block, Deltas& deltas) {
    if (block.kind == Kind::thought && !block.text.empty()) {
        json::object thought{{"type", "thinking"}, {"thinking", block.text}};
        if (!block.signature.empty()) thought["signature"] = block.signature;
        deltas.push_back(one("thinking_blocks", json::array{std::move(thought)}));
    }
    if (block.kind == Kind::call && !block.had_input) {
        deltas.push_back(arguments_delta(block.call, "{}"));
    }
    if (block.kind == Kind::json && context_.json_mode == JsonMode::wrapped) {
        const auto input = parse_json(held_.empty() ? std::string_view("{}") : held_);
        // What is no JSON (cut by max_tokens) is still all there is to give.
        deltas.push_back(
            one("content",
                json::value(input ? anthropic::json_content(*input, JsonMode::wrapped) : held_)));
        held_.clear();
    } else if (block.kind == Kind::json && !block.had_input) {
        deltas.push_back(one("content", "{}"));
    }
    json::array annotations;
    annotate(block.citations, block.begin, characters_, annotations);
    if (!annotations.empty()) deltas.push_back(one("annotations", std::move(annotations)));
    if (!block.citations.empty()) {
        deltas.push_back(one("provider_specific_fields",
                             one("citations", json::array{std::move(block.citations)})));
    }
    block = {};
}

Result<void> Blocks::hold(std::string& held, std::string_view words) const {
    if (held.size() + words.size() > kMaxHeld) return unreadable("a content block is too long");
    json_tree::join(held, words);
    return {};
}

std::string_view telling_reason(std::string_view stop_reason) {
    const auto is = [&](std::string_view word) { return word == stop_reason; };
    const bool telling = std::any_of(kTelling.begin(), kTelling.end(), is) ||
                         std::any_of(kMalformed.begin(), kMalformed.end(), is);
    return telling ? stop_reason : std::string_view();
}

}  // namespace patchbay::bedrock
