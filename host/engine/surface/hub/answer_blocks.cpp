// Tested by the streams that tell blocks: anthropic/messages_stream_test.cpp and
// bedrock/converse_answer_test.cpp, and the agreement tests beside them.
#include "engine/surface/hub/answer_blocks.hpp"

#include <algorithm>
#include <patchbay/json_tree.hpp>
#include <utility>

namespace patchbay::surface {

namespace {

constexpr std::size_t kHalf = 3;  // bytes of half a pair in a tree's text

bool ends_in_half(std::string_view words) {
    return words.size() >= kHalf && json_tree::has_half(words.substr(words.size() - kHalf));
}

bool is_whole(const Block& block, bool followed) {
    if (block.whole) return true;
    return followed && (block.kind != Block::Kind::call || block.arguments.complete());
}

}  // namespace

std::string take_held(Block& block, bool last) {
    const bool waits = block.kind == Block::Kind::call && !block.arguments.is_object();
    if (block.held.empty() || waits) return {};
    std::string half;
    if (!last && ends_in_half(block.held)) {
        half = block.held.substr(block.held.size() - kHalf);
        block.held.resize(block.held.size() - kHalf);
    }
    return std::exchange(block.held, std::move(half));
}

void AnswerBlocks::read(const json::object& said, bool whole) {
    const auto* blocks = find_array(said, "thinking_blocks");
    // A whole answer says in its blocks what it says in words, too.
    const bool in_blocks = whole && blocks && !blocks->empty();
    const auto thought = in_blocks ? std::string_view() : reasoning_text(said);
    add(Block::Kind::thinking, thought);
    if (blocks) {
        for (const auto& value : *blocks) {
            if (const auto* block = as_object(&value)) read_thinking(*block, !thought.empty());
        }
    }
    add(Block::Kind::text, content_text(said));
    add(Block::Kind::text, text(said, "refusal"));
    read_citations(said);
    read_images(said);
    read_calls(said, whole);
}

// They belong to the text that came last; without one they say nothing.
void AnswerBlocks::read_citations(const json::object& said) {
    const auto* annotations = find_array(said, "annotations");
    if (!annotations) return;
    const auto last = std::find_if(blocks_.rbegin(), blocks_.rend(), [](const Block& block) {
        return block.kind == Block::Kind::text;
    });
    if (last == blocks_.rend()) return;
    for (const auto& value : *annotations) {
        const auto* annotation = as_object(&value);
        const auto* link = annotation ? find_object(*annotation, "url_citation") : nullptr;
        if (!link) continue;
        last->citations.emplace_back(json::object(*link, json::storage_ptr()));
        held_ += text(*link, "url").size();
    }
}

void AnswerBlocks::read_images(const json::object& said) {
    const auto* images = find_array(said, "images");
    if (!images) return;
    for (const auto& value : *images) {
        const auto* image = as_object(&value);
        const auto* link = image ? find_object(*image, "image_url") : nullptr;
        const auto url = link ? text(*link, "url") : std::string_view();
        if (images_ == Images::shown && url.starts_with("data:image/")) {
            add_whole(Block::Kind::image, url);
        } else {
            add(Block::Kind::text, kImageNote);
        }
    }
}

void AnswerBlocks::read_calls(const json::object& said, bool whole) {
    const auto* calls = find_array(said, "tool_calls");
    const auto* function = find_object(said, "function_call");
    if (calls && !(calls->empty() && function)) {
        for (std::size_t i = 0; i < calls->size(); ++i) {
            const auto* call = as_object(&(*calls)[i]);
            if (!call) continue;
            if (!whole) {
                read_call(*call);
                continue;
            }
            json::object counted = *call;  // whole calls have no index
            counted["index"] = i;
            read_call(counted);
        }
    } else if (function) {
        read_call({{"index", 0}, {"function", *function}});
    }
}

// Pieces of a block come beside the same words in reasoning_content; a block that is told when it
// is whole repeats the words that came before it.
void AnswerBlocks::read_thinking(const json::object& told, bool told_as_text) {
    if (text(told, "type") == "redacted_thinking") {
        add_whole(Block::Kind::redacted, text(told, "data"));
        return;
    }
    const auto words = text(told, "thinking");
    const auto signature = text(told, "signature");
    const bool open =
        !blocks_.empty() && blocks_.back().kind == Block::Kind::thinking && !blocks_.back().whole;
    if (signature.empty()) {
        if (!told_as_text) add(Block::Kind::thinking, words);
        return;
    }
    if (!open && !words.empty() && words == last_thought_) return;
    const std::string_view before = open ? std::string_view(blocks_.back().thought) : "";
    if (words.starts_with(before)) {
        add(Block::Kind::thinking, words.substr(before.size()));
    } else if (!told_as_text) {
        add(Block::Kind::thinking, words);
    }
    if (blocks_.empty() || blocks_.back().kind != Block::Kind::thinking || blocks_.back().whole) {
        blocks_.emplace_back().kind = Block::Kind::thinking;
    }
    blocks_.back().signature = signature;
    blocks_.back().whole = true;
}

void AnswerBlocks::add(Block::Kind kind, std::string_view words) {
    if (words.empty()) return;
    if (blocks_.empty() || blocks_.back().kind != kind || blocks_.back().whole) {
        blocks_.emplace_back().kind = kind;
    }
    auto& block = blocks_.back();
    json_tree::join(block.held, words);
    held_ += words.size();
    if (kind != Block::Kind::thinking) return;
    json_tree::join(block.thought, words);
    held_ += words.size();
}

void AnswerBlocks::add_whole(Block::Kind kind, std::string_view data) {
    auto& block = blocks_.emplace_back();
    block.kind = kind;
    block.held = data;
    block.whole = true;
    held_ += data.size();
}

void AnswerBlocks::read_call(const json::object& call) {
    const auto place = pieces_.place(call);
    const json::object nothing;
    const auto* told = find_object(call, "function");
    const auto& function = told ? *told : nothing;
    auto* block =
        place.begins ? &new_call(place.number, text(call, "id")) : open_call(place.number);
    if (!block) return;
    if (block->name.empty()) block->name = names_.original(text(function, "name"));
    const auto arguments = arguments_text(function);
    const auto taken = block->arguments.feed(arguments);
    json_tree::join(block->held, taken);
    held_ += taken.size();
}

Block& AnswerBlocks::new_call(std::size_t number, std::string_view id) {
    auto& block = blocks_.emplace_back();
    block.kind = Block::Kind::call;
    block.call = number;
    block.id = id;
    return block;
}

// nullptr if it is closed.
Block* AnswerBlocks::open_call(std::size_t number) {
    const auto block = std::find_if(blocks_.begin(), blocks_.end(), [&](const Block& open) {
        return open.kind == Block::Kind::call && open.call == number;
    });
    return block == blocks_.end() ? nullptr : &*block;
}

void AnswerBlocks::settle(BlockTeller& teller, bool last) {
    while (!blocks_.empty()) {
        auto& block = blocks_.front();
        const bool nameless = block.kind == Block::Kind::call && block.name.empty();
        if (nameless && !last) return;
        if (!nameless) {
            held_ -= block.held.size();
            if (!std::exchange(block.opened, true)) teller.open(block);
            teller.flush(block);
            held_ += block.held.size();
            if (!last && !is_whole(block, blocks_.size() > 1)) return;
            called_ |= block.kind == Block::Kind::call;
            held_ -= block.held.size() + block.thought.size();
            for (const auto& link : block.citations) held_ -= text(link.get_object(), "url").size();
            teller.close(block);
        }
        if (block.kind == Block::Kind::thinking) last_thought_ = std::move(block.thought);
        blocks_.pop_front();
    }
}

}  // namespace patchbay::surface
