#include "contract/shape/generate_facts.hpp"

#include <charconv>

#include <simdjson.h>

#include "contract/json/json_walk.hpp"
#include "contract/json/member_walker.hpp"

namespace patchbay {

namespace {

class Walk {
  public:
    explicit Walk(std::string_view text) : text_(text), reader_(text) {}

    GenerateFacts scan() {
        const bool whole =
            walk_document(reader_, text_, [this](std::string_view name) { return member(name); });
        return whole ? facts() : GenerateFacts{};
    }

  private:
    bool member(std::string_view name) {
        if (name == "candidates") return candidates();
        std::string_view value;
        if (!take_text(reader_, text_, value)) return false;
        if (name == "modelVersion") {
            model_ = range_if(text_, value, '"');
        } else if (name == "usageMetadata") {
            usage_ = range_if(text_, value, '{');
        } else if (name == "promptFeedback") {
            blocked_ = value.find("\"blockReason\"") != std::string_view::npos;
        } else if (name == "error") {
            error_ = says_something(value);
        }
        return true;
    }

    bool candidates() {
        list_ = {};
        seen_ = finished_ = 0;
        meaningful_ = searched_ = false;
        if (reader_.peek() != '[') return reader_.take_value();
        const std::size_t from = reader_.at();
        std::uint64_t place = 0;
        if (!walk_array(reader_, [&] { return candidate(place++); })) return false;
        list_ = {from, reader_.at() - from};
        return true;
    }

    bool candidate(std::uint64_t place) {
        if (reader_.peek() != '{') return reader_.take_value();
        std::uint64_t index = place;
        bool ends = false;
        const bool whole = walk_object(reader_, text_, [&](std::string_view name) {
            std::string_view value;
            if (!take_text(reader_, text_, value)) return false;
            if (name == "index") {
                std::from_chars(value.data(), value.data() + value.size(), index);
            } else if (name == "finishReason") {
                ends = value.size() > 2 && value[0] == '"';
            } else if (name == "content") {
                content(value);
            } else if (name == "groundingMetadata") {
                searched_ |= value.find("\"webSearchQueries\"") != std::string_view::npos;
            }
            return true;
        });
        seen_ |= bay::choice_bit(index);
        if (ends) finished_ |= bay::choice_bit(index);
        meaningful_ |= ends;
        return whole;
    }

    // The role says nothing, nor do parts that are empty texts.
    void content(std::string_view value) {
        MemberWalker walker(value);
        for (JsonMember m; walker.next(m);) {
            if (m.name == "parts") parts(m.value);
        }
    }

    void parts(std::string_view list) {
        JsonReader reader(list);
        if (reader.peek() != '[') return;
        walk_array(reader, [&] {
            std::string_view part;
            if (!take_text(reader, list, part)) return false;
            meaningful_ |= says_something(part);
            return true;
        });
    }

    GenerateFacts facts() const {
        GenerateFacts facts;
        facts.object = true;
        facts.model = model_;
        // What was searched for stands among the candidates.
        facts.usage = searched_ ? TextRange{0, text_.size()} : usage_;
        facts.text = list_;
        facts.seen = seen_;
        facts.finished = finished_;
        const bool holds = seen_ != 0;
        if (!holds && blocked_) facts.seen = facts.finished = bay::choice_bit(0);
        facts.answer = holds || blocked_;
        facts.meaningful = meaningful_ || blocked_;
        facts.usage_only = !facts.answer && usage_ && !error_;
        facts.error = error_ && !facts.answer;
        return facts;
    }

    std::string_view text_;
    JsonReader reader_;

    TextRange model_;
    TextRange usage_;
    TextRange list_;
    bay::Choices seen_ = 0;
    bay::Choices finished_ = 0;
    bool meaningful_ = false;
    bool searched_ = false;
    bool blocked_ = false;
    bool error_ = false;
};

}  // namespace

GenerateFacts scan_generate(std::string_view json) {
    const auto facts = Walk(json).scan();
    if (!facts.object || !simdjson::validate_utf8(json.data(), json.size())) return {};
    return facts;
}

const Shape kGenerateShape{
    .name = "generate",
    .scan = [](std::string_view, std::string_view json) -> AnswerFacts {
        return scan_generate(json);
    },
    .read_usage = read_generate_usage,
    .meaningful = [](std::string_view,
                     std::string_view json) { return scan_generate(json).meaningful; },
};

}  // namespace patchbay
