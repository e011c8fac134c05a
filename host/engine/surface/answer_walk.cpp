// One pass over an answer: what lies in "choices" is looked at while it is checked.
//
// Tested by answer_scan_test.cpp.
#include <charconv>

#include "engine/surface/answer_scan.hpp"
#include "engine/surface/json_walk.hpp"

namespace patchbay {

namespace {

class Walk {
  public:
    explicit Walk(std::string_view text) : text_(text), reader_(text) {}

    AnswerScan scan() {
        reader_.skip_space();
        if (!walk_object(reader_, text_, [this](std::string_view name) { return member(name); })) {
            return {};
        }
        reader_.skip_space();
        if (!reader_.at_end()) return {};
        scan_.object = true;
        scan_.error = error_ || error_object_;
        return scan_;
    }

  private:
    bool member(std::string_view name) {
        if (name == "choices") return choices();
        std::string_view value;
        if (!take(value)) return false;
        if (name == "model") {
            scan_.model = range_if(value, '"');
        } else if (name == "usage") {
            scan_.usage = range_if(value, '{');
        } else if (name == "error") {
            error_ = says_something(value);
        } else if (name == "object") {
            error_object_ = value == "\"error\"";
        }
        return true;
    }

    bool choices() {
        scan_.seen = scan_.finished = 0;
        scan_.choices = {};
        if (reader_.peek() != '[') {
            scan_.choices_empty = false;
            return reader_.take_value();
        }
        const std::size_t from = reader_.at();
        scan_.choices_empty = true;
        const bool whole = walk_array(reader_, [this] {
            scan_.choices_empty = false;
            return reader_.peek() == '{' ? choice() : reader_.take_value();
        });
        scan_.choices = {from, reader_.at() - from};
        return whole;
    }

    bool choice() {
        std::uint64_t index = 0;
        bool finished = false;
        const bool whole = walk_object(reader_, text_, [&](std::string_view name) {
            std::string_view value;
            if (!take(value)) return false;
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

    bool take(std::string_view& value) {
        const std::size_t from = reader_.at();
        if (!reader_.take_value()) return false;
        value = text_.substr(from, reader_.at() - from);
        return true;
    }

    TextRange range_if(std::string_view value, char first) const {
        if (value[0] != first) return {};
        return {static_cast<std::size_t>(value.data() - text_.data()), value.size()};
    }

    std::string_view text_;
    JsonReader reader_;
    AnswerScan scan_;
    bool error_ = false;
    bool error_object_ = false;
};

}  // namespace

AnswerScan walk_chat_answer(std::string_view json) {
    return Walk(json).scan();
}

}  // namespace patchbay
