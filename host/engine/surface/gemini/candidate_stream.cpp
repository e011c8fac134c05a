#include "engine/surface/gemini/candidate_stream.hpp"

#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/gemini/thought_signature.hpp"

namespace patchbay::surface {

namespace {

constexpr std::size_t kHalf = 3;  // bytes of half a pair in a tree's text

// `piece` behind `half`, without a half at its end, which waits there for the other one: clients
// cannot join the two.
std::string whole_characters(std::string& half, std::string_view piece) {
    std::string words = std::exchange(half, {});
    json_tree::join(words, piece);
    if (words.size() < kHalf) return words;
    const auto last = std::string_view(words).substr(words.size() - kHalf);
    if (!json_tree::has_half(last)) return words;
    half = last;
    words.resize(words.size() - kHalf);
    return words;
}

}  // namespace

json::object CandidateStream::told(json::array parts) const {
    return {{"content", {{"parts", std::move(parts)}, {"role", "model"}}}, {"index", index_}};
}

json::object CandidateStream::take(const json::object& choice, const Answering& answering) {
    const auto* delta = find_object(choice, "delta");
    finish_.read(choice, delta);
    logprobs_.add(choice);
    json::array parts;
    if (delta) {
        std::string thought;
        read_thoughts(*delta, thought);
        thought = whole_characters(half_thought_, thought);
        if (answering.thoughts && !thought.empty()) parts.emplace_back(thought_part(thought));
        auto words = content_text(*delta);
        json_tree::join(words, text(*delta, "refusal"));
        grounding_.add_text(words);
        grounding_.add(*delta);
        if (!words.empty()) add_text(whole_characters(half_text_, words), parts);
        if (const auto* images = find_array(*delta, "images")) {
            for (const auto& value : *images) {
                const auto* image = as_object(&value);
                add_part(image ? image_part_of(*image) : json::object(), parts);
            }
        }
        read_calls(*delta);
    }
    auto logprobs = logprobs_result(choice);
    if (parts.empty() && logprobs.empty()) return {};
    if (parts.empty()) parts.emplace_back(text_part_of({}));
    auto candidate = told(std::move(parts));
    if (!logprobs.empty()) candidate["logprobsResult"] = std::move(logprobs);
    return candidate;
}

json::object CandidateStream::end(std::string_view chat_id, const Answering& answering) {
    json::array parts;
    if (answering.thoughts && !half_thought_.empty()) {
        parts.emplace_back(thought_part(half_thought_));
    }
    add_text(std::exchange(half_text_, {}), parts);
    for (const auto& call : calls_) {
        if (!call.name.empty()) add_part(call_part(call, chat_id, answering.names), parts);
    }
    if (!blocks_.empty() || parts.empty()) add_part(text_part_of({}), parts);
    auto candidate = told(std::move(parts));
    candidate["finishReason"] = finish_.word();
    if (auto metadata = grounding_.metadata(0); !metadata.empty()) {
        candidate["groundingMetadata"] = std::move(metadata);
    }
    if (logprobs_.tokens > 0) {
        candidate["avgLogprobs"] = logprobs_.sum / static_cast<double>(logprobs_.tokens);
    }
    return candidate;
}

// Pieces of a block come beside the same words in reasoning_content; a block that is told when it
// is whole repeats the words that came before it.
void CandidateStream::read_thoughts(const json::object& delta, std::string& words) {
    const auto told = reasoning_text(delta);
    add_thought(told, words);
    const auto* blocks = find_array(delta, "thinking_blocks");
    if (!blocks) return;
    for (const auto& value : *blocks) {
        if (const auto* block = as_object(&value)) read_block(*block, !told.empty(), words);
    }
}

void CandidateStream::read_block(const json::object& block, bool told_as_text, std::string& words) {
    auto kept = replayed_block(block);
    const auto piece = text(block, "thinking");
    if (kept.is_null()) {
        if (!told_as_text) add_thought(piece, words);
        return;
    }
    if (text(block, "type") != "redacted_thinking") {
        if (thought_.empty() && !piece.empty() && piece == last_thought_) return;
        if (piece.starts_with(thought_)) {
            add_thought(std::string(piece.substr(thought_.size())), words);
        } else if (!told_as_text) {
            add_thought(piece, words);
        }
        kept.get_object()["thinking"] = thought_;
        last_thought_ = std::exchange(thought_, {});
        held_ += last_thought_.size();
    }
    blocks_.push_back(std::move(kept));
}

void CandidateStream::add_thought(std::string_view piece, std::string& words) {
    json_tree::join(thought_, piece);
    json_tree::join(words, piece);
    held_ += piece.size();
}

void CandidateStream::read_calls(const json::object& delta) {
    if (const auto* calls = find_array(delta, "tool_calls")) {
        for (const auto& value : *calls) {
            if (const auto* call = as_object(&value)) read_call(*call);
        }
    } else if (const auto* function = find_object(delta, "function_call")) {
        read_call({{"index", 0}, {"function", *function}});
    }
}

void CandidateStream::read_call(const json::object& piece) {
    const auto place = pieces_.place(piece);
    if (place.begins) {
        auto& begun = calls_.emplace_back();
        begun.number = place.number;
        begun.id = text(piece, "id");
    }
    auto& call = calls_[place.number];
    if (const auto signature = own_signature(piece); !signature.empty()) call.signature = signature;
    const auto* function = find_object(piece, "function");
    if (!function) return;
    if (call.name.empty()) call.name = text(*function, "name");
    const auto words = arguments_text(*function);
    json_tree::join(call.arguments, words);
    held_ += words.size();
}

// The first part behind a thought carries what must come back with it.
void CandidateStream::add_part(json::object part, json::array& parts) {
    if (part.empty()) return;
    if (!blocks_.empty()) {
        part["thoughtSignature"] = signature_of_blocks(blocks_);
        blocks_.clear();
    }
    thought_.clear();  // it was not signed
    parts.push_back(std::move(part));
}

void CandidateStream::add_text(std::string_view words, json::array& parts) {
    if (!words.empty()) add_part(text_part_of(words), parts);
}

}  // namespace patchbay::surface
