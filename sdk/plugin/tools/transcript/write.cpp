#include "write.hpp"

#include <deque>
#include <set>
#include <sstream>
#include <stdexcept>

#include <boost/json.hpp>

#include "action_fields.hpp"
#include "base64.hpp"
#include "form.hpp"
#include "patchbay/exchange.h"
#include "patchbay/json_tree.hpp"
#include "socket_section.hpp"

namespace patchbay::transcript {
namespace {

namespace json = boost::json;

std::string header_lines(const Action& a) {
    std::string text;
    for (const auto& [name, value] : a.headers) text += name + ": " + value + "\n";
    return text;
}

std::string http(const Action& a) {
    const char* decode = decode_name(a.decode);
    if (!decode) {
        throw std::runtime_error("a call is decoded in a way that transcripts cannot tell");
    }
    std::string text = "http " + a.method + " " + a.url + " " + decode;
    text += a.flags & BAY_HTTP_DETACHED ? " detached\n" : "\n";
    text += header_lines(a);
    if (a.text.empty()) return text;
    if (const std::string parts = form_sections(a.headers, a.text); !parts.empty()) {
        return text + parts;
    }
    if (!is_plain(a.text)) return text + "\nbase64:\n" + base64_lines(a.text) + "\n";
    return text + (is_json(a.text) ? "\n" : "\nbytes:\n") + a.text + "\n";
}

// Members of an error that say nothing are left out.
std::string verdict(const Action& a) {
    json::object fields = a.fields;
    if (auto* error = fields.if_contains("error")) {
        json::object told;
        for (const auto& [name, value] : error->as_object()) {
            const bool nothing = value == json::value(0) || value == json::value("");
            if (!nothing) told[name] = value;
        }
        *error = std::move(told);
    }
    const std::string text = "verdict " + a.key + "\n";
    return fields.empty() ? text : text + json_tree::write(fields) + "\n";
}

// What stands behind "== expect ".
std::string expectation(const Action& a) {
    if (a.kind == "fault" || a.kind == "refused") throw std::runtime_error(describe(a));
    if (a.kind == "http") return http(a);
    if (a.kind == "head") return "head " + std::to_string(a.number) + "\n" + header_lines(a);
    std::string words = a.kind;
    if (!a.key.empty()) words += " " + a.key;
    if (a.kind == "ws_open") return "ws_open " + a.url + "\n" + header_lines(a);
    if (a.kind == "ws_close") words += " " + std::to_string(a.flags);
    if (a.kind == "ws_send" && a.flags == BAY_WS_BINARY) words += " binary";
    if (a.kind == "timer") {
        return words + "\n" +
               json_tree::write(json::object{{"timer", a.number}, {"after_ms", a.after_ms}}) + "\n";
    }
    if (a.kind == "http_abort") {
        return words + "\n" + json_tree::write(json::object{{"call", a.number}}) + "\n";
    }
    if (a.kind == "shared_put") {
        return words + "\n" +
               json_tree::write(json::object{{"value", a.text}, {"ttl_ms", a.after_ms}}) + "\n";
    }
    if (a.kind == "verdict") return verdict(a);
    const bool bytes = a.kind == "body" || a.kind == "forwarded" || a.kind == "ws_send";
    if (bytes && !is_plain(a.text)) {
        return words + " base64\n" + base64_lines(a.text) + "\n";
    }
    if (a.kind == "released") return words + "\n" + a.text + "\n";
    if (!a.fields.empty()) return words + "\n" + json_tree::write(a.fields) + "\n";
    return a.text.empty() ? words + "\n" : words + "\n" + a.text + "\n";
}

bool begins(const std::string& text, const std::string& with) {
    return text.compare(0, with.size(), with) == 0;
}

// "note" of "== expect note KEY".
std::string second_word(const std::string& line) {
    std::istringstream words(line.substr(3));
    std::string word;
    words >> word >> word;
    return word;
}

// A file taken apart: what is not an answer or a question, and those in their order.
struct Parts {
    std::string head;
    std::deque<std::string> upstreams, shareds, questions, messages;
    std::set<std::string> expected;  ///< kinds
};

Parts parts_of(const std::string& text) {
    Parts parts;
    std::string dropped;
    std::string* section = &parts.head;
    std::string before;  // name of the section before
    bool asked = true;   // the last of the questions is whole
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t newline = text.find('\n', at);
        const std::string line =
            text.substr(at, newline == text.npos ? text.npos : newline + 1 - at);
        at += line.size();
        if (!begins(line, "== ")) {
            *section += line;
            continue;
        }
        const std::string name = line.substr(3, line.find_first_of(" \n", 3) - 3);
        const bool in_stream = before == "stream-text" && !parts.questions.empty();
        if (name == "expect") {
            parts.expected.insert(second_word(line));
            section = &dropped;
        } else if (name == "part") {
            *section += line;  // of the request or the call before
            continue;
        } else if (in_stream && (begins(name, "upstream") || name == "stream-text")) {
            *section += line;
            continue;  // the stream goes on
        } else if (name == "upstream-end") {
            if (parts.upstreams.empty())
                throw std::runtime_error("upstream-end before any upstream");
            section = &parts.upstreams.back();
        } else if (name == "upstream") {
            section = &parts.upstreams.emplace_back();
        } else if (name == "shared") {
            section = &parts.shareds.emplace_back();
        } else if (is_socket_section(name)) {
            section = &parts.messages.emplace_back();
        } else if (name == "params" || name == "metadata" || name == "inspect" ||
                   name == "stream-text" || name == "cancel") {
            if (asked) parts.questions.emplace_back();
            asked = name != "params" && name != "metadata";
            section = &parts.questions.back();
        } else {
            section = &parts.head;
        }
        before = name;
        *section += line;
    }
    return parts;
}

}  // namespace

std::string with_expectations(const std::string& text, const Run& run) {
    Parts parts = parts_of(text);
    std::string result = parts.head;
    const auto take = [&](std::deque<std::string>& from) {
        if (from.empty()) throw std::runtime_error("an answer was used that is not there");
        result += from.front();
        from.pop_front();
    };
    for (const Action& action : run.actions) {
        const bool told = !is_optional(action.kind) || parts.expected.count(action.kind) != 0;
        if (is_remark(action) || !told) continue;
        if (action.kind == "upstream") {
            take(parts.upstreams);
        } else if (action.kind == "shared") {
            take(parts.shareds);
        } else if (is_socket_section(action.kind)) {
            take(parts.messages);
        } else if (action.kind == "inspect" || action.kind == "stream-text" ||
                   action.kind == "cancel") {
            take(parts.questions);
        } else {
            result += "== expect " + expectation(action);
        }
    }
    if (!parts.upstreams.empty() || !parts.shareds.empty() || !parts.questions.empty() ||
        !parts.messages.empty()) {
        throw std::runtime_error("the exchange ended before every answer and question was used");
    }
    return result;
}

}  // namespace patchbay::transcript
