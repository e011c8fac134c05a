// Any bytes are safe as a request, an answer or a chunk on the way of Bedrock's API; what is written is
// JSON, a refused request names why, and a stream is blocks one after the other, with metadata last.
#include <algorithm>
#include <utility>

#include "engine/surface/bedrock/converse_answer.hpp"
#include "engine/surface/bedrock/converse_request.hpp"
#include "engine/surface/bedrock/converse_stream.hpp"
#include "engine/surface/bedrock/invoke_form.hpp"
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
    const auto strict = surface::chat_of_converse(text, {"m", false});
    if (strict) {
        require(surface::find_array(object_of(strict->json), "messages"), "messages are a list");
    } else {
        require(!strict.error().message.empty() && strict.error().status() == 400, "a refusal");
    }
    const auto lax = surface::chat_of_converse(text, {"m", false}, true);
    require(!strict || (lax && lax->json == strict->json), "nothing to drop, nothing dropped");
    surface::invoke_form(text);
    surface::redacted_data(text);
}

void answer(std::string_view text) {
    const auto said = object_of(surface::converse_of_chat(text, {{}, true}, 1));
    require(said.at("output").at("message").at("content").is_array(), "content is a list");
    require(said.contains("stopReason") && said.contains("usage"), "an answer ends");
}

void stream(std::string_view text) {
    surface::ConverseStream stream({});
    bool begun = false;
    bool ended = false;
    std::size_t blocks = 0;
    const surface::ConverseStream::Emit emit = [&](std::string_view type, std::string_view json) {
        require(!ended, "nothing behind the end");
        require(std::exchange(begun, true) == (type != "messageStart"), "the start comes first");
        const auto event = object_of(json);
        if (type.starts_with("contentBlock")) {
            require(surface::count(event, "contentBlockIndex") == blocks, "one block at a time");
        }
        if (type == "contentBlockStop") ++blocks;
        ended = type == "metadata";
    };
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (!stream.chunk(line, emit)) return;
    }
    stream.end(1, emit);
    require(ended, "a good stream ends");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    translate(text);
    answer(text);
    stream(text);
    return 0;
}
