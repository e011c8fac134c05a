// Any bytes are safe as a request, an answer, a chunk or an event of the Responses API; what is
// written is JSON, a refused request names why, and events come in OpenAI's order.
#include <set>

#include "contract/json/json_oracle.hpp"
#include "contract/shape/response_facts.hpp"
#include "engine/surface/hub/tree.hpp"
#include "engine/surface/openai/response_answer.hpp"
#include "engine/surface/openai/response_stream.hpp"
#include "engine/surface/openai/responses_request.hpp"
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

const surface::ResponseRequest kRequest{
    .model = "m", .echo = surface::echo_of({}), .names = {}, .custom = {"patch"}};

/// Numbers without gaps; items are added in their order, and each is done once before the end.
class Order {
  public:
    void event(std::string_view name, std::string_view text) {
        const auto event = object_of(text);
        require(surface::text(event, "type") == name, "an event has its name as type");
        require(surface::count(event, "sequence_number") == number_++, "numbers without gaps");
        require(!ended_, "nothing behind the end");
        const auto index = surface::count(event, "output_index");
        if (name == "response.output_item.added") {
            require(index == added_++, "items in their order");
            open_.insert(index);
        } else if (name == "response.output_item.done") {
            require(open_.erase(index) == 1, "an open item");
        } else if (event.contains("item_id")) {
            require(open_.count(index) == 1, "words of an open item");
        } else if (number_ > 2) {
            ended_ = true;
            require(open_.empty(), "all items are done");
            const auto* response = surface::find_object(event, "response");
            require(response && surface::find_array(*response, "output"), "a whole response");
            require(surface::find_array(*response, "output")->size() == added_, "all items");
        }
    }
    void finish() const { require(ended_, "a whole response"); }

  private:
    std::uint64_t number_ = 0;
    std::uint64_t added_ = 0;
    std::set<std::uint64_t> open_;
    bool ended_ = false;
};

void translate(std::string_view text) {
    const auto strict = surface::chat_of_responses(text);
    if (strict) {
        require(surface::find_array(object_of(strict->json), "messages"), "messages are a list");
    } else {
        require(!strict.error().message.empty() && strict.error().status() == 400, "a refusal");
    }
    const auto lax = surface::chat_of_responses(text, true);
    require(!strict || (lax && lax->json == strict->json), "nothing to drop, nothing dropped");
    const auto response = object_of(surface::response_of_chat(text, kRequest, 1));
    require(surface::find_array(response, "output"), "a response has output");
}

void stream(std::string_view text) {
    surface::ResponseStream stream(kRequest, 1);
    Order order;
    const EmitEvent emit = [&](std::string_view name, std::string_view json) {
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
    const auto facts = scan_response("error", text);
    for (const TextRange& range : {facts.model, facts.usage, facts.text}) {
        require(range.off <= text.size() && range.len <= text.size() - range.off, "in the text");
    }
    const auto first = text.find_first_not_of(" \t\r\n");
    const bool object = first != std::string_view::npos && text[first] == '{';
    require(facts.object == (object && reader_accepts(text)), "an object is one");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    translate(text);
    stream(text);
    scan(text);
    return 0;
}
