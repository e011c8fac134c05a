#include "engine/surface/gemini/thought_signature.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>

#include "engine/surface/hub/base64.hpp"
#include "engine/surface/hub/envelope.hpp"

namespace patchbay::surface {

namespace {

// Google documents these for turns that no Gemini model made; clients add them by themselves.
constexpr std::array<std::string_view, 2> kPlaceholders{"skip_thought_signature_validator",
                                                        "context_engineering_is_the_way_to_go"};

bool is_placeholder(std::string_view text) {
    return std::find(kPlaceholders.begin(), kPlaceholders.end(), text) != kPlaceholders.end();
}

}  // namespace

std::string signature_of_blocks(const json::array& blocks) {
    return base64_of(sealed(kOfMessages, json_tree::write(blocks)));
}

ThoughtSignature read_signature(std::string_view signature) {
    ThoughtSignature read;
    if (signature.empty() || is_placeholder(signature)) return read;
    const auto bytes = bytes_of_base64(signature);
    if (bytes && is_placeholder(*bytes)) return read;
    const auto payload = bytes ? opened(*bytes, kOfMessages) : std::nullopt;
    const auto tree = json_tree::read(payload.value_or("null"));
    const auto* blocks = tree ? tree.value.if_array() : nullptr;
    read.foreign = !blocks;
    if (!blocks) return read;
    for (const auto& value : *blocks) {
        const auto* block = as_object(&value);
        auto kept = block ? replayed_block(*block) : json::value();
        if (!kept.is_null()) read.blocks.push_back(std::move(kept));
    }
    return read;
}

json::value replayed_block(const json::object& block) {
    const auto type = text(block, "type");
    if (type == "redacted_thinking") {
        const auto data = text(block, "data");
        if (data.empty()) return nullptr;
        return {{"type", type}, {"data", data}};
    }
    const auto signature = text(block, "signature");
    if (signature.empty()) return nullptr;
    return {{"type", "thinking"}, {"thinking", text(block, "thinking")}, {"signature", signature}};
}

}  // namespace patchbay::surface
