#include "write.hpp"

#include <deque>
#include <stdexcept>

#include <boost/json.hpp>

namespace patchbay::transcript {
namespace {

namespace json = boost::json;

constexpr const char* kDecodes[] = {"buffer", "raw", "sse", "ndjson"};

bool is_json(const std::string& text) {
    boost::system::error_code failed;
    json::parse(text, failed);
    return !failed;
}

std::string http(const Action& a) {
    if (a.decode >= std::size(kDecodes)) {
        throw std::runtime_error("a call is decoded in a way that transcripts cannot tell");
    }
    std::string text = "http " + a.method + " " + a.url + " " + kDecodes[a.decode] + "\n";
    for (const auto& [name, value] : a.headers) text += name + ": " + value + "\n";
    if (a.text.empty()) return text;
    return text + (is_json(a.text) ? "\n" : "\nbytes:\n") + a.text + "\n";
}

// What stands behind "== expect ".
std::string expectation(const Action& a) {
    if (a.kind == "fault" || a.kind == "refused") throw std::runtime_error(describe(a));
    if (a.kind == "http") return http(a);
    std::string words = a.kind;
    if (!a.key.empty()) words += " " + a.key;
    if (a.kind == "timer") {
        return words + "\n" +
               json::serialize(json::object{{"timer", a.number}, {"after_ms", a.after_ms}}) + "\n";
    }
    if (a.kind == "http_abort") {
        return words + "\n" + json::serialize(json::object{{"call", a.number}}) + "\n";
    }
    if (a.kind == "shared_put") {
        return words + "\n" +
               json::serialize(json::object{{"value", a.text}, {"ttl_ms", a.after_ms}}) + "\n";
    }
    if (!a.fields.empty()) return words + "\n" + json::serialize(a.fields) + "\n";
    return a.text.empty() ? words + "\n" : words + "\n" + a.text + "\n";
}

bool is_remark(const std::string& kind) {
    return kind == "note" || kind == "want" || kind == "shared_drop";
}

bool begins(const std::string& text, const std::string& with) {
    return text.compare(0, with.size(), with) == 0;
}

}  // namespace

std::string with_expectations(const std::string& text, const Run& run) {
    std::string result;
    std::deque<std::string> upstreams, shareds;
    std::string* section = &result;
    std::string dropped;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t newline = text.find('\n', at);
        const std::string line =
            text.substr(at, newline == text.npos ? text.npos : newline + 1 - at);
        at += line.size();
        if (begins(line, "== expect")) {
            section = &dropped;
        } else if (begins(line, "== upstream-end")) {
            if (upstreams.empty()) throw std::runtime_error("upstream-end before any upstream");
            section = &upstreams.back();
        } else if (begins(line, "== upstream")) {
            section = &upstreams.emplace_back();
        } else if (begins(line, "== shared")) {
            section = &shareds.emplace_back();
        } else if (begins(line, "== ")) {
            section = &result;
        }
        *section += line;
    }
    const auto answer = [&](std::deque<std::string>& answers) {
        if (answers.empty()) throw std::runtime_error("an answer was used that is not there");
        result += answers.front();
        answers.pop_front();
    };
    const std::string* last = nullptr;
    for (const Action& action : run.actions) {
        if (is_remark(action.kind)) continue;
        if (action.kind == "upstream" || action.kind == "shared") {
            answer(action.kind == "upstream" ? upstreams : shareds);
        } else if (action.kind == "body" && last && *last == "body") {
            // Pieces of a binary answer are one expectation; its own last newline goes.
            result.pop_back();
            result += action.text + "\n";
        } else {
            result += "== expect " + expectation(action);
        }
        last = &action.kind;
    }
    if (!upstreams.empty() || !shareds.empty()) {
        throw std::runtime_error("the plugin did not ask for every answer");
    }
    return result;
}

}  // namespace patchbay::transcript
