// Any bytes are safe as a request, an answer, a chunk or an event of the Messages API; what is
// written is JSON, a refused request names why, and events come in Anthropic's order.
#include "contract/json/json_oracle.hpp"
#include "contract/shape/message_facts.hpp"
#include "engine/surface/anthropic/messages_answer.hpp"
#include "engine/surface/anthropic/messages_request.hpp"
#include "engine/surface/anthropic/messages_stream.hpp"
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

/// Blocks open and close one by one, between the start and the end of one message.
class Order {
  public:
    void event(std::string_view name, std::string_view text) {
        const auto event = object_of(text);
        require(surface::text(event, "type") == name, "an event has its name as type");
        const bool block = name.starts_with("content_block_");
        require((name == "message_start") == !std::exchange(started_, true), "a start, once");
        require(!stopped_ && (!ended_ || name == "message_stop"), "nothing behind the end");
        if (block) {
            const auto index = surface::count(event, "index");
            if (name == "content_block_start") require(!std::exchange(open_, true), "one block");
            require(open_ && index == blocks_, "the open block");
            if (name == "content_block_stop") open_ = false, ++blocks_;
        }
        if (name == "message_delta") ended_ = true;
        if (name == "message_stop") stopped_ = true;
        require(!ended_ || !open_, "all blocks are closed");
    }
    void finish() const { require(stopped_ && ended_, "a whole message"); }

  private:
    bool started_ = false;
    bool open_ = false;
    bool ended_ = false;
    bool stopped_ = false;
    std::uint64_t blocks_ = 0;
};

void translate(std::string_view text) {
    const auto strict = surface::chat_of_messages(text);
    if (strict) {
        require(surface::find_array(object_of(strict->json), "messages"), "messages are a list");
    } else {
        require(!strict.error().message.empty() && strict.error().status() == 400, "a refusal");
    }
    const auto lax = surface::chat_of_messages(text, true);
    require(!strict || (lax && lax->json == strict->json), "nothing to drop, nothing dropped");
    require(lax || !strict, "what is dropped was refused");
    const auto message = object_of(surface::message_of_chat(text, "m"));
    require(surface::find_array(message, "content"), "a message has content");
}

void stream(std::string_view text) {
    surface::MessagesStream stream("m");
    Order order;
    const surface::Emit emit = [&](std::string_view name, std::string_view json) {
        order.event(name, json);
    };
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (!stream.chunk(line, emit)) return;
    }
    stream.end(emit);
    order.finish();
}

void scan(std::string_view text) {
    const auto facts = scan_message("error", text);
    for (const TextRange& range : {facts.model, facts.usage, facts.text}) {
        require(range.off <= text.size() && range.len <= text.size() - range.off, "in the text");
    }
    const auto first = text.find_first_not_of(" \t\r\n");
    const bool object = first != std::string_view::npos && text[first] == '{';
    require(facts.object == (object && reader_accepts(text)), "an object is one");
    Usage usage;
    read_message_usage(text, usage);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    translate(text);
    stream(text);
    scan(text);
    return 0;
}
