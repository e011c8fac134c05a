#include "compare.hpp"

#include <algorithm>
#include <set>
#include <variant>

#include "action_diff.hpp"
#include "socket_section.hpp"

namespace patchbay::transcript {
namespace {

std::set<std::string> expected_kinds(const Transcript& transcript) {
    std::set<std::string> kinds;
    for (const Step& step : transcript.steps) {
        if (const auto* e = std::get_if<Expectation>(&step)) kinds.insert(e->kind);
    }
    return kinds;
}

class Comparison {
  public:
    Comparison(const Transcript& transcript, const Run& run) : transcript_(transcript) {
        const std::set<std::string> expected = expected_kinds(transcript);
        for (const Action& action : run.actions) {
            if (action.kind == "usage") {
                usages_.push_back(&action);
            } else if (!is_remark(action) &&
                       (!is_optional(action.kind) || expected.count(action.kind) != 0)) {
                actions_.push_back(&action);
            }
        }
    }

    std::vector<std::string> result() {
        compare_usage();
        for (const Step& step : transcript_.steps) {
            if (!std::visit([&](const auto& s) { return take(s); }, step)) return std::move(lines_);
        }
        if (at_ < actions_.size()) {
            lines_.push_back(transcript_.file + ": after the last section came, unexpected: " +
                             describe(*actions_[at_]));
        }
        return std::move(lines_);
    }

  private:
    void report(std::size_t line, const std::string& text) {
        lines_.push_back(transcript_.file + ":" + std::to_string(line) + ": " + text);
    }
    void report(const Expectation& e, const std::vector<std::string>& details) {
        if (details.empty()) return;
        std::string text = "expect " + e.kind + " does not fit:";
        for (const std::string& detail : details) text += "\n    " + detail;
        report(e.line, text);
    }

    // False ends the comparison: what follows would only repeat the first difference.
    bool take(const Expectation& e) {
        if (e.kind == "usage") return true;
        if (at_ == actions_.size()) {
            report(e.line, "expected " + e.kind + ", but nothing more came");
            return false;
        }
        const Action& action = *actions_[at_++];
        if (action.kind != e.kind) {
            report(e.line, "expected " + e.kind + ", got " + describe(action));
            return false;
        }
        report(e, diff_action(e, action));
        return true;
    }
    bool take(const Upstream& u) { return take_answer(u.line, "upstream"); }
    bool take(const Shared& s) { return take_answer(s.line, "shared"); }
    bool take(const Inspect& i) { return take_answer(i.line, "inspect"); }
    bool take(const StreamText& s) { return take_answer(s.line, "stream-text"); }
    bool take(const Cancel& c) { return take_answer(c.line, "cancel"); }
    bool take(const SocketEvent& e) { return take_answer(e.line, socket_section(e.type)); }

    bool take_answer(std::size_t line, const std::string& kind) {
        if (at_ < actions_.size() && actions_[at_]->kind == kind) {
            ++at_;
            return true;
        }
        report(line, at_ == actions_.size()
                         ? "the exchange ended without this section"
                         : "before this section came: " + describe(*actions_[at_]));
        return false;
    }

    // Usage is cumulative and may be told at any time: one expectation is about the last of it,
    // several are about all, in order.
    void compare_usage() {
        std::vector<const Expectation*> wanted;
        for (const Step& step : transcript_.steps) {
            const auto* e = std::get_if<Expectation>(&step);
            if (e && e->kind == "usage") wanted.push_back(e);
        }
        if (wanted.size() == 1 && !usages_.empty()) usages_ = {usages_.back()};
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (i < usages_.size()) {
                report(*wanted[i], diff_action(*wanted[i], *usages_[i]));
            } else {
                report(wanted[i]->line, "expected usage, but none was reported");
            }
        }
        if (wanted.size() > 1 && usages_.size() > wanted.size()) {
            report(wanted.back()->line,
                   "more usage followed: " + describe(*usages_[wanted.size()]));
        }
    }

    const Transcript& transcript_;
    std::vector<const Action*> actions_;
    std::vector<const Action*> usages_;
    std::size_t at_ = 0;
    std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> compare(const Transcript& transcript, const Run& run) {
    return Comparison(transcript, run).result();
}

std::string difference(const Run& expected, const Run& got, bool other_cuts) {
    const auto same = [&](const Action& a, const Action& b) {
        return other_cuts ? alike(a, b) : a == b;
    };
    const auto [a, b] = std::mismatch(expected.actions.begin(), expected.actions.end(),
                                      got.actions.begin(), got.actions.end(), same);
    if (a == expected.actions.end() && b == got.actions.end()) return {};
    const std::string want = a == expected.actions.end() ? std::string("nothing") : describe(*a);
    const std::string have = b == got.actions.end() ? std::string("nothing") : describe(*b);
    return "action " + std::to_string(a - expected.actions.begin() + 1) + ": expected " + want +
           "; got " + have;
}

}  // namespace patchbay::transcript
