#include "contract/shape/converse_facts.hpp"

#include <simdjson.h>

#include "contract/json/json_walk.hpp"
#include "contract/shape/count_table.hpp"

namespace patchbay {

namespace {

/// One pass over a document, which notes the values of the members that say what it is.
class Walk {
  public:
    Walk(std::string_view event, std::string_view text)
        : event_(event), text_(text), reader_(text) {}

    ConverseFacts scan() {
        const bool whole =
            walk_document(reader_, text_, [this](std::string_view name) { return member(name); });
        return whole ? facts() : ConverseFacts{};
    }

  private:
    bool member(std::string_view name) {
        std::string_view value;
        if (!take_text(reader_, text_, value)) return false;
        if (name == "output") {
            output_ = range_if(text_, value, '{');
        } else if (name == "usage") {
            usage_ = range_if(text_, value, '{');
        } else if (name == "delta" || name == "start") {
            piece_ = range_if(text_, value, '{');
            says_ = says_something(value);
        } else if (name == "message") {
            message_ = value.size() > 2 && value[0] == '"';
        }
        return true;
    }

    bool is(std::string_view name) const { return event_ == name; }

    ConverseFacts facts() const {
        ConverseFacts facts;
        facts.object = true;
        if (is("contentBlockDelta")) {
            facts.seen = bay::choice_bit(0);
            facts.meaningful = says_;
            if (says_) facts.text = piece_;
        } else if (is("contentBlockStart")) {
            facts.seen = bay::choice_bit(0);
            facts.meaningful = says_;
        } else if (is("messageStart") || is("contentBlockStop")) {
            facts.seen = bay::choice_bit(0);
        } else if (is("messageStop")) {
            facts.seen = facts.finished = bay::choice_bit(0);
            facts.meaningful = true;
        } else if (is("metadata")) {
            facts.usage = usage_;
        } else if (event_.empty()) {
            facts.usage = usage_;
            facts.text = output_;
            facts.answer = facts.meaningful = static_cast<bool>(output_);
            facts.error = message_ && !facts.answer;
        } else {
            facts.error = event_.ends_with("Exception");
        }
        return facts;
    }

    std::string_view event_;
    std::string_view text_;
    JsonReader reader_;

    TextRange output_;
    TextRange usage_;
    TextRange piece_;
    bool says_ = false;
    bool message_ = false;
};

constexpr CountRow kCounts[] = {
    {"inputTokens", &Usage::prompt},
    {"cacheReadInputTokens", &Usage::prompt},
    {"cacheWriteInputTokens", &Usage::prompt},
    {"cacheReadInputTokens", &Usage::cached},
    {"cacheWriteInputTokens", &Usage::cache_creation},
    {"outputTokens", &Usage::completion},
    {"totalTokens", &Usage::total},
};

}  // namespace

ConverseFacts scan_converse(std::string_view event, std::string_view json) {
    const auto facts = Walk(event, json).scan();
    if (!facts.object || !simdjson::validate_utf8(json.data(), json.size())) return {};
    return facts;
}

bool read_converse_usage(std::string_view usage_json, Usage& usage) {
    return read_counts(usage_json, kCounts, usage);
}

const Shape kConverseShape{
    .name = "converse",
    .named_events = true,
    .scan = [](std::string_view event, std::string_view json) -> AnswerFacts {
        return scan_converse(event, json);
    },
    .read_usage = read_converse_usage,
    .meaningful = [](std::string_view event,
                     std::string_view json) { return scan_converse(event, json).meaningful; },
};

}  // namespace patchbay
