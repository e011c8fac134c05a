// One pass over an answer: what lies in "choices" is looked at while it is checked.
//
// Tested by chat_answer_test.cpp.
#include <charconv>

#include "contract/json/json_walk.hpp"
#include "contract/json/member_walker.hpp"
#include "contract/shape/chat_answer.hpp"

namespace patchbay {

namespace {

/// A delta, or another member of a choice, that is more than a role or nothing.
bool is_content(std::string_view name, std::string_view value) {
    if (name == "role" || name == "index") return false;
    return says_something(value, 0);
}

bool choice_says_something(std::string_view choice) {
    MemberWalker walker(choice);
    for (JsonMember m; walker.next(m);) {
        if (m.name != "delta" && m.name != "message") {
            if (m.name != "logprobs" && is_content(m.name, m.value)) return true;
            continue;
        }
        MemberWalker delta(m.value);
        for (JsonMember d; delta.next(d);) {
            if (is_content(d.name, d.value)) return true;
        }
        if (!delta.complete()) return m.value != "null";
    }
    return !walker.complete();
}

class Walk {
  public:
    explicit Walk(std::string_view text) : text_(text), reader_(text) {}

    AnswerFacts scan() {
        const bool whole =
            walk_document(reader_, text_, [this](std::string_view name) { return member(name); });
        if (!whole) return {};
        scan_.object = true;
        scan_.error = error_ || error_object_;
        scan_.answer = scan_.text && (!scan_.error || !empty_);
        scan_.usage_only = scan_.usage && empty_;
        return scan_;
    }

  private:
    bool member(std::string_view name) {
        if (name == "choices") return choices();
        std::string_view value;
        if (!take_text(reader_, text_, value)) return false;
        if (name == "model") {
            scan_.model = range_if(text_, value, '"');
        } else if (name == "usage") {
            scan_.usage = range_if(text_, value, '{');
        } else if (name == "service_tier") {
            scan_.tier = range_if(text_, value, '"');
        } else if (name == "error") {
            error_ = says_something(value);
        } else if (name == "object") {
            error_object_ = value == "\"error\"";
        }
        return true;
    }

    bool choices() {
        scan_.seen = scan_.finished = 0;
        scan_.text = {};
        empty_ = reader_.peek() == 'n';  // null
        if (reader_.peek() != '[') return reader_.take_value();
        const std::size_t from = reader_.at();
        empty_ = true;
        const bool whole = walk_array(reader_, [this] {
            empty_ = false;
            return reader_.peek() == '{' ? choice() : reader_.take_value();
        });
        scan_.text = {from, reader_.at() - from};
        return whole;
    }

    bool choice() {
        std::uint64_t index = 0;
        bool finished = false;
        const bool whole = walk_object(reader_, text_, [&](std::string_view name) {
            std::string_view value;
            if (!take_text(reader_, text_, value)) return false;
            if (name == "index") {
                std::from_chars(value.data(), value.data() + value.size(), index);
            } else if (name == "finish_reason") {
                finished = value != "null" && value != "false" && value != "\"\"";
            }
            return true;
        });
        scan_.seen |= bay::choice_bit(index);
        if (finished) scan_.finished |= bay::choice_bit(index);
        return whole;
    }

    std::string_view text_;
    JsonReader reader_;
    AnswerFacts scan_;
    bool error_ = false;
    bool error_object_ = false;
    bool empty_ = true;  ///< "choices" is [] or null, or there are none
};

}  // namespace

AnswerFacts walk_chat_answer(std::string_view json) {
    return Walk(json).scan();
}

bool chat_says_something(std::string_view json) {
    std::string_view choices;
    MemberWalker walker(json);
    for (JsonMember m; walker.next(m);) {
        if (m.name == "choices") choices = m.value;
    }
    if (!walker.complete() || choices.empty() || choices[0] != '[') return true;
    JsonReader reader(choices);
    bool said = false;
    walk_array(reader, [&] {
        const std::size_t from = reader.at();
        if (!reader.take_value()) return false;
        said = choice_says_something(choices.substr(from, reader.at() - from));
        return !said;
    });
    return said;
}

}  // namespace patchbay
