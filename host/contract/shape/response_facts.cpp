#include "contract/shape/response_facts.hpp"

#include <algorithm>
#include <array>

#include <simdjson.h>

#include "contract/json/json_walk.hpp"
#include "contract/json/member_walker.hpp"

namespace patchbay {

namespace {

bool is_string_with_text(std::string_view value) {
    return value.size() > 2 && value[0] == '"';
}

// Events whose delta is generated words.
constexpr auto kWords = std::to_array<std::string_view>(
    {"response.output_text.delta", "response.refusal.delta", "response.reasoning_text.delta",
     "response.reasoning_summary_text.delta", "response.function_call_arguments.delta",
     "response.custom_tool_call_input.delta", "response.code_interpreter_call_code.delta",
     "response.mcp_call_arguments.delta"});

// Items that say nothing by being there: what they hold follows.
constexpr auto kSilentItems = std::to_array<std::string_view>({"\"message\"", "\"reasoning\""});

constexpr auto kEnds = std::to_array<std::string_view>(
    {"response.completed", "response.incomplete", "response.failed"});

// The events that tell how the response stands before it ends.
constexpr auto kBegins = std::to_array<std::string_view>(
    {"response.created", "response.queued", "response.in_progress"});

template <std::size_t N>
bool among(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// What an object below the top tells.
struct Inner {
    TextRange id{};
    TextRange previous{};
    TextRange model{};
    TextRange usage{};
    TextRange tier{};
    std::string_view type;  ///< with its quotes
};

class Walk {
  public:
    Walk(std::string_view event, std::string_view text)
        : event_(event), text_(text), reader_(text) {}

    ResponseFacts scan() {
        const bool whole =
            walk_document(reader_, text_, [this](std::string_view name) { return member(name); });
        return whole ? facts() : ResponseFacts{};
    }

  private:
    bool member(std::string_view name) {
        if (name == "response") return inner(response_);
        if (name == "item") return inner(item_);
        std::string_view value;
        if (!take_text(reader_, text_, value)) return false;
        if (name == "type") {
            type_ = value;
        } else if (name == "object") {
            object_ = value;
        } else if (name == "id") {
            top_.id = range_if(text_, value, '"');
        } else if (name == "previous_response_id") {
            top_.previous = range_if(text_, value, '"');
        } else if (name == "model") {
            top_.model = range_if(text_, value, '"');
        } else if (name == "usage") {
            top_.usage = range_if(text_, value, '{');
        } else if (name == "service_tier") {
            top_.tier = range_if(text_, value, '"');
        } else if (name == "output") {
            output_ = range_if(text_, value, '[');
        } else if (name == "delta") {
            delta_ = is_string_with_text(value) ? member_range(name, value) : TextRange{};
            delta_says_ = says_something(value);
        } else if (name == "error") {
            error_ = says_something(value);
        }
        return true;
    }

    bool inner(Inner& told) {
        told = {};
        if (reader_.peek() != '{') return reader_.take_value();
        return walk_object(reader_, text_, [&](std::string_view name) {
            std::string_view value;
            if (!take_text(reader_, text_, value)) return false;
            if (name == "type") {
                told.type = value;
            } else if (name == "id") {
                told.id = range_if(text_, value, '"');
            } else if (name == "previous_response_id") {
                told.previous = range_if(text_, value, '"');
            } else if (name == "model") {
                told.model = range_if(text_, value, '"');
            } else if (name == "usage") {
                told.usage = range_if(text_, value, '{');
            } else if (name == "service_tier") {
                told.tier = range_if(text_, value, '"');
            }
            return true;
        });
    }

    /// A member with its name, by which text_size() knows words.
    TextRange member_range(std::string_view name, std::string_view value) const {
        const auto from = static_cast<std::size_t>(name.data() - text_.data()) - 1;
        return {from, static_cast<std::size_t>(value.data() - text_.data()) + value.size() - from};
    }

    /// The event's name, without quotes.
    std::string_view type() const {
        if (type_.size() < 2 || type_[0] != '"') return event_;
        return type_.substr(1, type_.size() - 2);
    }

    ResponseFacts facts() const {
        ResponseFacts facts;
        facts.object = true;
        const std::string_view name = type();
        if (among(kEnds, name)) {
            facts.seen = facts.finished = bay::choice_bit(0);
            facts.meaningful = true;
            tell(facts, response_);
        } else if (among(kBegins, name)) {
            facts.seen = bay::choice_bit(0);
            tell(facts, response_);
        } else if (name == "response.output_item.added") {
            facts.meaningful = !item_.type.empty() && !among(kSilentItems, item_.type);
        } else if (name == "response.output_item.done") {
            facts.meaningful = true;
        } else if (name.ends_with(".delta")) {
            facts.meaningful = delta_says_;
            if (among(kWords, name)) facts.text = delta_;
        } else if (object_ == "\"response\"" || (name.empty() && output_)) {
            tell(facts, top_);
            facts.text = output_;
            facts.answer = facts.meaningful = static_cast<bool>(output_);
        }
        facts.error = name == "error" || (name.empty() && error_ && !facts.answer);
        return facts;
    }

    static void tell(ResponseFacts& facts, const Inner& response) {
        facts.id = response.id;
        facts.previous = response.previous;
        facts.model = response.model;
        facts.usage = response.usage;
        facts.tier = response.tier;
    }

    std::string_view event_;
    std::string_view text_;
    JsonReader reader_;

    std::string_view type_;    ///< of the top, with its quotes
    std::string_view object_;  ///< likewise
    Inner top_;
    TextRange output_;
    TextRange delta_;
    bool delta_says_ = false;
    bool error_ = false;
    Inner response_;
    Inner item_;
};

}  // namespace

ResponseFacts scan_response(std::string_view event, std::string_view json) {
    const auto facts = Walk(event, json).scan();
    if (!facts.object || !simdjson::validate_utf8(json.data(), json.size())) return {};
    return facts;
}

namespace {

constexpr std::string_view kSearchCall = R"("web_search_call")";

bool is_search(std::string_view item) {
    if (member_of(item, "type") != kSearchCall) return false;
    const auto action = member_of(member_of(item, "action"), "type");
    return action.empty() || action == R"("search")";
}

}  // namespace

std::uint64_t response_searches(std::string_view json) {
    if (json.find(kSearchCall) == std::string_view::npos) return 0;
    const auto inner = member_of(json, "response");
    const auto output = member_of(inner.empty() ? json : inner, "output");
    std::uint64_t searches = 0;
    JsonReader reader(output);
    if (reader.peek() != '[') return 0;
    walk_array(reader, [&] {
        std::string_view item;
        if (!take_text(reader, output, item)) return false;
        searches += is_search(item) ? 1 : 0;
        return true;
    });
    return searches;
}

const Shape kResponseShape{
    .name = "response",
    .named_events = true,
    .scan = [](std::string_view event, std::string_view json) -> AnswerFacts {
        return scan_response(event, json);
    },
    .read_usage = read_usage,
    .meaningful = [](std::string_view event,
                     std::string_view json) { return scan_response(event, json).meaningful; },
};

const Shape kKeptResponseShape{
    .name = "kept response",
    .named_events = true,
    .scan = [](std::string_view event, std::string_view json) -> AnswerFacts {
        AnswerFacts facts = scan_response(event, json);
        facts.answer = facts.object && !facts.error;
        facts.usage = facts.text = {};
        return facts;
    },
    .read_usage = [](std::string_view, Usage&) { return false; },
    .meaningful = [](std::string_view, std::string_view) { return true; },
};

}  // namespace patchbay
