// Any bytes are safe as a request, an answer or a chunk on the way of Gemini's API; what is written is
// JSON, a refused request names why, and the last response of a stream, and no other, says how it ended.
#include <utility>

#include "engine/surface/gemini/count_tokens.hpp"
#include "engine/surface/gemini/generate_answer.hpp"
#include "engine/surface/gemini/generate_request.hpp"
#include "engine/surface/gemini/generate_stream.hpp"
#include "engine/surface/gemini/thought_signature.hpp"
#include "engine/surface/hub/count_tokens.hpp"
#include "engine/surface/hub/tree.hpp"
#include "fuzz.hpp"
#include "patchbay/json_tree.hpp"

using namespace patchbay;
using fuzz::require;

namespace {

surface::json::object object_of(std::string_view text) {
    auto tree = json_tree::read(text);
    require(tree && surface::as_object(&tree.value), "an object is written");
    return std::move(tree.value.get_object());
}

void translate(std::string_view text) {
    const auto strict = surface::chat_of_generate(text, {"m", false});
    if (strict) {
        require(surface::find_array(object_of(strict->json), "messages"), "messages are a list");
    } else {
        require(!strict.error().message.empty() && strict.error().status() == 400, "a refusal");
    }
    const auto lax = surface::chat_of_generate(text, {"m", false}, true);
    require(!strict || (lax && lax->json == strict->json), "nothing to drop, nothing dropped");
    const auto counted = surface::chat_of_counted(text, "m", true);
    if (counted) require(surface::find_array(object_of(counted->json), "messages"), "a count");
    object_of(surface::told_count(text, {.tokens = "totalTokens", .object = {}}));
    surface::read_signature(text);
}

void answer(std::string_view text) {
    for (const bool thoughts : {false, true}) {
        const auto response = object_of(surface::generate_of_chat(text, {"m", {}, thoughts}));
        require(surface::find_array(response, "candidates"), "a response has candidates");
    }
}

void stream(std::string_view text) {
    surface::GenerateStream stream({"m", {}, true});
    bool ended = false;
    const surface::GenerateStream::Emit emit = [&](std::string_view, std::string_view json) {
        require(!ended, "nothing behind the end");
        const auto response = object_of(json);
        for (const auto& value : response.at("candidates").as_array()) {
            const auto& candidate = value.as_object();
            const auto& parts = candidate.at("content").as_object().at("parts").as_array();
            require(!parts.empty(), "a candidate has a part");
            ended |= candidate.contains("finishReason");
        }
    };
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (!stream.chunk(line, emit)) return;
    }
    stream.end(emit);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    translate(text);
    answer(text);
    stream(text);
    return 0;
}
