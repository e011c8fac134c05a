// Any bytes are safe as a request, an answer or a chunk on the way of OpenAI's text completions; what is
// written is JSON, a refused request names why, and a choice's echo is said once, before its first text.
#include <set>

#include "engine/surface/hub/tree.hpp"
#include "engine/surface/openai/completions_answer.hpp"
#include "engine/surface/openai/completions_request.hpp"
#include "fuzz.hpp"
#include "patchbay/json_tree.hpp"

using namespace patchbay;
using fuzz::require;

namespace {

const surface::CompletionRequest kRequest{.model = "m", .echo = "echo", .include_usage = true};

surface::json::object object_of(std::string_view text) {
    auto tree = json_tree::read(text);
    require(tree && surface::as_object(&tree.value), "an object is written");
    return std::move(tree.value.get_object());
}

void translate(std::string_view text) {
    const auto strict = surface::chat_of_completion(text);
    if (strict) {
        require(surface::find_array(object_of(strict->json), "messages"), "messages are a list");
    } else {
        require(!strict.error().message.empty() && strict.error().status() == 400, "a refusal");
    }
    const auto lax = surface::chat_of_completion(text, true);
    require(!strict || (lax && lax->json == strict->json), "nothing to drop, nothing dropped");
}

/// Checks one written completion; `visit` gets the index and the text of each of its choices.
template <class Visit>
void check(std::string_view written, Visit visit) {
    const auto completion = object_of(written);
    require(surface::text(completion, "object") == "text_completion", "a completion");
    const auto* choices = surface::find_array(completion, "choices");
    require(choices, "choices are a list");
    for (const auto& value : *choices) {
        const auto* choice = surface::as_object(&value);
        require(choice && choice->contains("text") && choice->contains("finish_reason"),
                "a choice has its members");
        visit(surface::count(*choice, "index"), surface::text(*choice, "text"));
    }
}

void answer(std::string_view text) {
    check(surface::completion_of_chat(text, kRequest),
          [](auto, auto words) { require(words.starts_with("echo"), "each choice has the echo"); });
}

void stream(std::string_view text) {
    surface::CompletionStream stream(kRequest);
    std::set<std::uint64_t> begun;
    const EmitEvent emit = [&](std::string_view, std::string_view json) {
        check(json, [&](auto index, auto words) {
            require(!begun.insert(index).second || words.starts_with("echo"),
                    "a choice begins with the echo");
        });
    };
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (!stream.chunk(line, emit)) return;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    translate(text);
    answer(text);
    stream(text);
    return 0;
}
