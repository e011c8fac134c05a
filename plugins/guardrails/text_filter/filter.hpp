// Finds what is to be blocked or masked in a text, whole or in windows of a stream.
//
// The problem: in a stream the end of the text is not the end. A match there may become longer,
// turn out to be none when the next character comes, or only have begun. So a match counts only
// from where nothing that may come can change it:
//
//   - no match is longer than `max_length` bytes (longer ones are cut there, in whole texts too,
//     so that both give the same), and what is decided by the byte behind it (\b) needs one more;
//   - a match that is not over yet consists, up to the end of the text, of bytes that its
//     expression can match at all: "see you at 10, call 555-" cannot hide an address that began
//     before the blank in front of "555-".
//
// Text is therefore decided up to the later of these two for every rule, and the rest is held. At
// each place the rule that comes first in the configuration wins, then the leftmost place.
// Tested by filter_test.cpp: every split of a text gives what the whole gives.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <re2/re2.h>

#include "alphabet.hpp"

namespace patchbay::text_filter {

enum class Action { block, mask };

struct Rule {
    std::string name;  ///< of the pattern, or the keyword
    bool keyword = false;
    std::string description;
    Action action = Action::block;
    std::string redaction;
    std::shared_ptr<const re2::RE2> regex;
    Alphabet alphabet;
    std::size_t max_length = 256;
    bool keep_prefix = false;  ///< what group 1 matches, at the head, is not masked
    /// Asked about each match, if there is one: false = it is none after all.
    bool (*accept)(std::string_view match) = nullptr;
};

/// What was made of one text or window.
struct Filtered {
    std::string text;             ///< the decided part, masked
    std::size_t held = 0;         ///< bytes at the end that are not decided
    const Rule* block = nullptr;  ///< a blocking rule matched; `text` ends there
    bool changed = false;
};

/// Immutable; read from any thread.
class Filter {
  public:
    explicit Filter(std::vector<Rule> rules) : rules_(std::move(rules)) {}

    /// `text` is what is not decided yet, `before` the byte in front of it (0 = none). With `more`,
    /// text may follow. Counts what is masked, by rule name, in `counts`.
    Filtered run(std::string_view text, char before, bool more,
                 std::map<std::string, int>& counts) const;

  private:
    struct Match {
        std::size_t begin;
        std::size_t end;
        std::size_t kept;  ///< bytes at its head that are not masked
        const Rule* rule;
    };
    static bool match_at(const Rule& rule, std::string_view subject, std::size_t begin,
                         Match& match);
    static std::size_t find(const Rule& rule, std::string_view subject, std::size_t from,
                            Match& match);
    std::size_t decided_up_to(std::string_view subject) const;
    bool next(std::string_view subject, std::size_t from, Match& found,
              std::vector<std::size_t>& ahead) const;

    std::vector<Rule> rules_;
};

}  // namespace patchbay::text_filter
