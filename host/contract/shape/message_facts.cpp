#include "contract/shape/message_facts.hpp"

#include <simdjson.h>

#include "contract/json/json_walk.hpp"

namespace patchbay {

namespace {

bool is_string_with_text(std::string_view value) {
    return value.size() > 2 && value[0] == '"';
}

// What an object below the top tells.
struct Inner {
    TextRange model{};
    TextRange usage{};
    std::string_view type;  ///< with its quotes
    bool words = false;     ///< generated: text, thought, arguments, a signature, a citation
    bool stopped = false;   ///< a stop reason
};

// Blocks that say something when they start: calls, results, thoughts that are hidden.
bool says_by_its_start(std::string_view type) {
    return type == R"("tool_use")" || type == R"("redacted_thinking")" ||
           type.ends_with(R"(_tool_use")") || type.ends_with(R"(_tool_result")");
}

class Walk {
  public:
    Walk(std::string_view event, std::string_view text)
        : event_(event), text_(text), reader_(text) {}

    MessageFacts scan() {
        const bool whole =
            walk_document(reader_, text_, [this](std::string_view name) { return member(name); });
        return whole ? facts() : MessageFacts{};
    }

  private:
    bool member(std::string_view name) {
        if (name == "message") return inner(message_, message_range_);
        if (name == "delta") return inner(delta_, delta_range_);
        if (name == "content_block") return inner(block_, block_range_);
        std::string_view value;
        if (!take_text(reader_, text_, value)) return false;
        if (name == "type") {
            type_ = value;
        } else if (name == "model") {
            model_ = range_if(text_, value, '"');
        } else if (name == "usage") {
            usage_ = range_if(text_, value, '{');
        } else if (name == "content") {
            content_ = range_if(text_, value, '[');
        } else if (name == "error") {
            error_ = says_something(value);
        }
        return true;
    }

    bool inner(Inner& told, TextRange& range) {
        told = {};
        range = {};
        if (reader_.peek() != '{') return reader_.take_value();
        const std::size_t from = reader_.at();
        const bool whole = walk_object(reader_, text_, [&](std::string_view name) {
            std::string_view value;
            if (!take_text(reader_, text_, value)) return false;
            inner_member(told, name, value);
            return true;
        });
        range = {from, reader_.at() - from};
        return whole;
    }

    void inner_member(Inner& told, std::string_view name, std::string_view value) const {
        if (name == "type") {
            told.type = value;
        } else if (name == "model") {
            told.model = range_if(text_, value, '"');
        } else if (name == "usage") {
            told.usage = range_if(text_, value, '{');
        } else if (name == "stop_reason") {
            told.stopped = is_string_with_text(value);
        } else if (name == "text" || name == "thinking" || name == "partial_json" ||
                   name == "signature" || name == "content") {
            told.words |= is_string_with_text(value);
        } else if (name == "citation") {
            told.words |= value[0] == '{';
        }
    }

    bool is(std::string_view type) const {
        if (!type_.empty())
            return type_.size() == type.size() + 2 && type_.substr(1).starts_with(type);
        return event_ == type;
    }

    MessageFacts facts() const {
        MessageFacts facts;
        facts.object = true;
        if (is("message_stop")) {
            facts.seen = facts.finished = bay::choice_bit(0);
        } else if (is("message_start")) {
            facts.seen = bay::choice_bit(0);
            facts.model = message_.model;
            facts.usage = message_.usage;
        } else if (is("message_delta")) {
            facts.usage = usage_;
            facts.meaningful = delta_.stopped;
        } else if (is("content_block_delta")) {
            facts.meaningful = delta_.words;
            if (delta_.words) facts.text = delta_range_;
        } else if (is("content_block_start")) {
            facts.meaningful = block_.words || says_by_its_start(block_.type);
            if (block_.words) facts.text = block_range_;
        } else if (is("message") || (type_.empty() && event_.empty() && content_)) {
            facts.model = model_;
            facts.usage = usage_;
            facts.text = content_;
            facts.answer = facts.meaningful = static_cast<bool>(content_);
        }
        facts.error = is("error") || (error_ && !facts.answer);
        return facts;
    }

    std::string_view event_;
    std::string_view text_;
    JsonReader reader_;

    std::string_view type_;  ///< of the top, with its quotes
    TextRange model_;
    TextRange usage_;
    TextRange content_;
    bool error_ = false;
    Inner message_;
    Inner delta_;
    Inner block_;
    TextRange message_range_;
    TextRange delta_range_;
    TextRange block_range_;
};

}  // namespace

MessageFacts scan_message(std::string_view event, std::string_view json) {
    const auto facts = Walk(event, json).scan();
    if (!facts.object || !simdjson::validate_utf8(json.data(), json.size())) return {};
    return facts;
}

const Shape kMessageShape{
    .name = "message",
    .named_events = true,
    .scan = [](std::string_view event, std::string_view json) -> AnswerFacts {
        return scan_message(event, json);
    },
    .read_usage = read_message_usage,
    .meaningful = [](std::string_view event,
                     std::string_view json) { return scan_message(event, json).meaningful; },
};

}  // namespace patchbay
