#include "filter.hpp"

#include <algorithm>

namespace patchbay::text_filter {

namespace {

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

std::size_t character_start(std::string_view text, std::size_t at) {
    while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
        --at;
    return at;
}

}  // namespace

// The match of `rule` that begins at `begin`, cut at its bound.
bool Filter::match_at(const Rule& rule, std::string_view subject, std::size_t begin, Match& match) {
    const std::size_t end = std::min(subject.size(), begin + rule.max_length);
    re2::StringPiece parts[2];
    const int wanted = rule.keep_prefix ? 2 : 1;
    if (!rule.regex->Match(piece(subject), begin, end, re2::RE2::ANCHOR_START, parts, wanted)) {
        return false;
    }
    if (parts[0].empty()) return false;
    if (rule.accept && !rule.accept({parts[0].data(), parts[0].size()})) return false;
    match = {begin, begin + parts[0].size(), rule.keep_prefix ? parts[1].size() : 0, &rule};
    return true;
}

// The first place at or after `from` where `rule` matches; subject.size() = nowhere.
std::size_t Filter::find(const Rule& rule, std::string_view subject, std::size_t from,
                         Match& match) {
    std::size_t at = from;
    while (at < subject.size()) {
        re2::StringPiece matched;
        if (!rule.regex->Match(piece(subject), at, subject.size(), re2::RE2::UNANCHORED, &matched,
                               1)) {
            break;
        }
        at = static_cast<std::size_t>(matched.data() - subject.data());
        if (match_at(rule, subject, at, match)) return at;
        // Too long, or not accepted; another may begin within it. To search on from each of its
        // bytes takes the square of its length, which is the client's choice; to look at each as a
        // beginning takes max_length for each.
        const std::size_t end = at + matched.size();
        for (++at; at < end; ++at) {
            if (match_at(rule, subject, at, match) &&
                rule.regex->Match(piece(subject), at, subject.size(), re2::RE2::ANCHOR_START,
                                  nullptr, 0)) {
                return at;
            }
        }
    }
    return subject.size();
}

// Everything that begins before is known; see the head of filter.hpp.
std::size_t Filter::decided_up_to(std::string_view subject) const {
    std::size_t decided = subject.size();
    for (const Rule& rule : rules_) {
        std::size_t run = subject.size();
        while (run > 0 && rule.alphabet.test(static_cast<unsigned char>(subject[run - 1]))) --run;
        const std::size_t reach = rule.max_length + 1;
        const std::size_t by_length = subject.size() > reach ? subject.size() - reach : 0;
        decided = std::min(decided, std::max(run, by_length));
    }
    return character_start(subject, decided);
}

// `ahead[i]`: where rule i matches next, or SIZE_MAX if that is not known.
bool Filter::next(std::string_view subject, std::size_t from, Match& found,
                  std::vector<std::size_t>& ahead) const {
    found.begin = subject.size();
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        Match match{};
        if (ahead[i] == SIZE_MAX || ahead[i] < from) {
            ahead[i] = find(rules_[i], subject, from, match);
        }
        if (ahead[i] >= found.begin) continue;
        if (match.rule == nullptr) match_at(rules_[i], subject, ahead[i], match);
        found = match;
    }
    return found.begin < subject.size();
}

Filtered Filter::run(std::string_view text, char before, bool more,
                     std::map<std::string, int>& counts) const {
    // The byte in front decides whether a word begins at the first one.
    std::string subject;
    const std::size_t skip = before != 0 ? 1 : 0;
    if (skip) subject += before;
    subject += text;

    Filtered result;
    const std::size_t decided = more ? std::max(decided_up_to(subject), skip) : subject.size();
    std::vector<std::size_t> ahead(rules_.size(), SIZE_MAX);
    std::size_t at = skip;
    Match match{};
    while (at < decided && next(subject, at, match, ahead) && match.begin < decided) {
        result.text.append(subject, at, match.begin - at + match.kept);
        if (match.rule->action == Action::block) {
            result.block = match.rule;
            return result;
        }
        result.text += match.rule->redaction;
        result.changed = true;
        ++counts[match.rule->name];
        at = match.end;
    }
    if (at < decided) {
        result.text.append(subject, at, decided - at);
        at = decided;
    }
    result.held = subject.size() - at;
    return result;
}

}  // namespace patchbay::text_filter
