#include "engine/surface/gemini/generate_stream.hpp"

#include <algorithm>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/hub/chat_parts.hpp"
#include "engine/surface/hub/stream_fault.hpp"
#include "engine/surface/hub/usage.hpp"

namespace patchbay::surface {

GenerateStream::GenerateStream(Answering answering) : answering_(std::move(answering)) {}

Result<void> GenerateStream::chunk(std::string_view chunk_json, const Emit& emit) {
    unsigned char first_memory[4096];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto tree = json_tree::read(chunk_json, &memory);
    const auto* chunk = tree ? as_object(&tree.value) : nullptr;
    if (!chunk) return stream_fault("a chunk is no JSON object");
    if (chat_id_.empty()) chat_id_ = answer_id(*chunk);
    const auto* usage = find_object(*chunk, "usage");
    if (usage && (!usage_told_ || counts_tokens(*usage))) {
        usage_ = json::object(*usage, json::storage_ptr());
        usage_told_ = true;
    }
    const auto* choices = find_array(*chunk, "choices");
    if (!choices) return {};
    json::array told;
    for (const auto& value : *choices) {
        const auto* choice = as_object(&value);
        auto* taker = choice ? candidate(count(*choice, "index")) : nullptr;
        if (!taker) continue;
        auto candidate = taker->take(*choice, answering_);
        if (!candidate.empty()) told.push_back(std::move(candidate));
    }
    if (!told.empty()) emit({}, response(std::move(told), nullptr));
    std::size_t held = 0;
    for (const auto& candidate : candidates_) held += candidate.held();
    if (held > kMaxHeld) return stream_fault("too much of it would have to be held");
    return {};
}

CandidateStream* GenerateStream::candidate(std::uint64_t index) {
    const auto known = std::find_if(candidates_.begin(), candidates_.end(),
                                    [&](const auto& one) { return one.index() == index; });
    if (known != candidates_.end()) return &*known;
    if (candidates_.size() >= kMaxCandidates) return nullptr;
    return &candidates_.emplace_back(index);
}

void GenerateStream::end(const Emit& emit) {
    json::array told;
    for (auto& candidate : candidates_) told.push_back(candidate.end(chat_id_, answering_));
    emit({}, response(std::move(told), usage_told_ ? &usage_ : nullptr));
}

std::string GenerateStream::response(json::array candidates, const json::object* usage) const {
    json::object written{{"candidates", std::move(candidates)}};
    if (auto counts = usage_metadata(usage); !counts.empty()) {
        written["usageMetadata"] = std::move(counts);
    }
    written["modelVersion"] = answering_.model;
    if (!chat_id_.empty()) written["responseId"] = chat_id_;
    return json_tree::write(written);
}

}  // namespace patchbay::surface
