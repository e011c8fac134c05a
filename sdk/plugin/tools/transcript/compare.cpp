#include "compare.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <variant>

#include <boost/json.hpp>

namespace patchbay::transcript {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDifferences = 12;

bool blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == text.npos;
}

void diff(const json::value& expected, const json::value& got, bool subset, const std::string& at,
          std::vector<std::string>& out) {
    if (out.size() >= kMaxDifferences) return;
    if (expected.is_string() && expected.get_string() == "*") return;
    if (expected.is_object() && got.is_object()) {
        for (const auto& [name, value] : expected.get_object()) {
            const std::string below = at + "/" + std::string(name);
            if (const json::value* other = got.get_object().if_contains(name)) {
                diff(value, *other, false, below, out);
            } else {
                out.push_back("at " + below + ": missing, expected " + json::serialize(value));
            }
        }
        for (const auto& [name, value] : got.get_object()) {
            if (subset || expected.get_object().contains(name)) continue;
            out.push_back("at " + at + "/" + std::string(name) + ": not expected, got " +
                          json::serialize(value));
        }
        return;
    }
    if (expected.is_array() && got.is_array()) {
        const json::array &a = expected.get_array(), &b = got.get_array();
        for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
            diff(a[i], b[i], false, at + "/" + std::to_string(i), out);
        }
        if (a.size() != b.size()) {
            out.push_back("at " + (at.empty() ? "/" : at) + ": expected " +
                          std::to_string(a.size()) + " elements, got " + std::to_string(b.size()));
        }
        return;
    }
    const bool numbers = expected.is_number() && got.is_number();
    if (numbers ? expected.to_number<double>() == got.to_number<double>() : expected == got) return;
    out.push_back("at " + (at.empty() ? "/" : at) + ":\n      expected " +
                  json::serialize(expected) + "\n      got      " + json::serialize(got));
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// Compares JSON text that the plugin gave with what the transcript has.
std::vector<std::string> diff_text(const std::string& expected, const std::string& got,
                                   bool subset) {
    boost::system::error_code error;
    const json::parse_options deep{.max_depth = 256};
    const json::value want = json::parse(expected, error, {}, deep);
    if (error) return {"the expected JSON is not JSON: " + error.message()};
    const json::value have = json::parse(got, error, {}, deep);
    if (error) return {"not JSON (" + error.message() + "): " + got};
    return diff_json(want, have, subset);
}

std::vector<std::string> diff_headers(const std::string& lines, const Headers& headers) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t end = std::min(lines.find('\n', at), lines.size());
        const std::string line = lines.substr(at, end - at);
        at = end + 1;
        const bool absent = line[0] == '!';
        const std::size_t colon = line.find(':');
        const std::string name = lower(absent ? line.substr(1) : line.substr(0, colon));
        const auto found = std::find_if(headers.begin(), headers.end(),
                                        [&](const auto& h) { return lower(h.first) == name; });
        if (absent) {
            if (found != headers.end()) out.push_back("header " + name + " must not be there");
            continue;
        }
        if (colon == line.npos) {
            out.push_back("'" + line + "' is no header line (a blank line goes before the body)");
            continue;
        }
        const std::string value =
            line.substr(std::min(line.find_first_not_of(' ', colon + 1), line.size()));
        if (found == headers.end()) {
            out.push_back("header " + name + " is missing");
        } else if (value != "*" && found->second != value) {
            out.push_back("header " + name + ": expected '" + value + "', got '" + found->second +
                          "'");
        }
    }
    return out;
}

std::vector<std::string> diff_http(const Expectation& e, const Action& a) {
    static constexpr std::string_view kDecodes[] = {"buffer", "raw", "sse", "ndjson"};
    std::vector<std::string> out;
    if (e.words[0] != a.method)
        out.push_back("expected method " + e.words[0] + ", got " + a.method);
    if (e.words[1] != a.url) {
        out.push_back("url:\n      expected " + e.words[1] + "\n      got      " + a.url);
    }
    if (e.words.size() > 2) {
        const std::string got(a.decode < std::size(kDecodes) ? kDecodes[a.decode] : "other");
        if (e.words[2] != got) out.push_back("expected decoding " + e.words[2] + ", got " + got);
    }
    // Headers up to the blank line; the body may follow at once if it is JSON.
    std::size_t head =
        e.text.empty() || e.text[0] == '\n' || e.text[0] == '{' ? 0 : e.text.find("\n\n");
    head = std::min(head, e.text.size());
    std::string headers = e.text.substr(0, head);
    std::size_t body_at = e.text.find_first_not_of('\n', head);
    if (const std::size_t brace = headers.find("\n{"); brace != headers.npos) {
        headers.resize(brace);
        body_at = brace + 1;
    }
    for (std::string& line : diff_headers(headers, a.headers)) out.push_back(std::move(line));
    const std::string body = body_at == e.text.npos ? std::string() : e.text.substr(body_at);
    if (blank(body)) return out;
    if (body.substr(0, 7) == "bytes:\n") {
        if (body.substr(7) != a.text) {
            out.push_back("body:\n      expected " + body.substr(7) + "\n      got      " + a.text);
        }
        return out;
    }
    for (std::string& line : diff_text(body, a.text, false))
        out.push_back("body " + std::move(line));
    return out;
}

std::vector<std::string> diff_action(const Expectation& e, const Action& a) {
    if (e.kind == "http") return diff_http(e, a);
    std::vector<std::string> out;
    const bool keyed = e.kind == "chunk" || e.kind == "body" || e.kind == "shared_get";
    if (keyed && !e.words.empty() && e.words[0] != a.key) {
        out.push_back("expected '" + e.words[0] + "', got '" + a.key + "'");
    }
    if (e.kind == "body") {
        if (e.text != a.text) {
            out.push_back("bytes:\n      expected " + e.text + "\n      got      " + a.text);
        }
        return out;
    }
    if (blank(e.text)) return out;
    if (e.kind == "chunk" || e.kind == "result") return diff_text(e.text, a.text, false);
    json::object got = a.fields;
    if (e.kind == "timer") got = {{"timer", a.number}, {"after_ms", a.after_ms}};
    if (e.kind == "http_abort" || e.kind == "pass_through") got = {{"call", a.number}};
    if (e.kind == "shared_put") got = {{"value", a.text}, {"ttl_ms", a.after_ms}};
    return diff_json(json::parse(e.text), got, true);
}

class Comparison {
  public:
    Comparison(const Transcript& transcript, const Run& run) : transcript_(transcript) {
        for (const Action& action : run.actions) {
            if (action.kind == "usage") {
                usages_.push_back(&action);
            } else if (action.kind != "note" && action.kind != "want" &&
                       action.kind != "shared_drop") {
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

    bool take_answer(std::size_t line, const std::string& kind) {
        if (at_ < actions_.size() && actions_[at_]->kind == kind) {
            ++at_;
            return true;
        }
        report(line, at_ == actions_.size()
                         ? "nothing asked for this answer"
                         : "before this answer came: " + describe(*actions_[at_]));
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

std::vector<std::string> diff_json(const json::value& expected, const json::value& got,
                                   bool subset) {
    std::vector<std::string> out;
    diff(expected, got, subset, "", out);
    return out;
}

std::vector<std::string> compare(const Transcript& transcript, const Run& run) {
    return Comparison(transcript, run).result();
}

}  // namespace patchbay::transcript
