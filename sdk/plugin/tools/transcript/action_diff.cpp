#include "action_diff.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include <boost/json.hpp>

#include "action_fields.hpp"
#include "base64.hpp"
#include "form.hpp"
#include "json_diff.hpp"
#include "patchbay/exchange.h"
#include "patchbay/json_tree.hpp"
#include "section.hpp"

namespace patchbay::transcript {
namespace {

namespace json = boost::json;

bool blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == text.npos;
}

bool has(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
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
    std::vector<std::string> out;
    if (e.words[0] != a.method)
        out.push_back("expected method " + e.words[0] + ", got " + a.method);
    if (e.words[1] != a.url) {
        out.push_back("url:\n      expected " + e.words[1] + "\n      got      " + a.url);
    }
    const bool detached = has(e.words, "detached");
    if (detached != ((a.flags & BAY_HTTP_DETACHED) != 0)) {
        out.push_back(detached ? "expected a detached call" : "a detached call was not expected");
    }
    for (std::size_t i = 2; i < e.words.size(); ++i) {
        const char* name = decode_name(a.decode);
        const std::string got(name ? name : "other");
        if (e.words[i] != "detached" && e.words[i] != got) {
            out.push_back("expected decoding " + e.words[i] + ", got " + got);
        }
    }
    for (std::string& line : diff_headers(e.text, a.headers)) out.push_back(std::move(line));
    if (e.as == Expectation::As::bytes && e.body != a.text) {
        out.push_back("body:\n      expected " + shown(e.body) + "\n      got      " +
                      shown(a.text));
    } else if (e.as == Expectation::As::json) {
        for (std::string& line : diff_text(e.body, a.text, false)) {
            out.push_back("body " + std::move(line));
        }
    } else if (e.as == Expectation::As::form) {
        for (std::string& line : diff_form(e.body, a.headers, a.text)) {
            out.push_back(std::move(line));
        }
    }
    return out;
}

std::vector<std::string> diff_head(const Expectation& e, const Action& a) {
    std::vector<std::string> out = diff_headers(e.text, a.headers);
    if (const std::string status = std::to_string(a.number); e.words[0] != status) {
        out.insert(out.begin(), "expected status " + e.words[0] + ", got " + status);
    }
    return out;
}

std::vector<std::string> diff_ws_open(const Expectation& e, const Action& a) {
    std::vector<std::string> out = diff_headers(e.text, a.headers);
    if (e.words[0] != a.url) {
        out.insert(out.begin(), "url:\n      expected " + e.words[0] + "\n      got      " + a.url);
    }
    return out;
}

// What goes to a socket. A message that is JSON is compared as such.
std::vector<std::string> diff_socket(const Expectation& e, const Action& a) {
    std::vector<std::string> out;
    if (e.words[0] != a.key) out.push_back("expected one for the " + e.words[0]);
    for (std::size_t i = 1; i < e.words.size(); ++i) {
        std::string call;
        if (option(e.words[i], "call", call)) {
            if (call != std::to_string(a.number)) out.push_back("expected call " + call);
        } else if (a.kind == "ws_close" && e.words[i] != std::to_string(a.flags)) {
            out.push_back("expected code " + e.words[i] + ", got " + std::to_string(a.flags));
        }
    }
    const bool binary = a.kind == "ws_send" && a.flags == BAY_WS_BINARY;
    if (a.kind == "ws_send" && has(e.words, "binary") != binary) {
        out.push_back(binary ? "a binary message was not expected" : "expected a binary message");
    }
    const bool any = a.kind == "ws_close" && e.text.empty();
    if (!out.empty()) {
        out.push_back("got " + describe(a));
    } else if (any) {
        return out;
    } else if (!binary && is_json(e.text) && is_json(a.text)) {
        out = diff_text(e.text, a.text, false);
    } else if (e.text != a.text) {
        out.push_back("text:\n      expected " + shown(e.text) + "\n      got      " +
                      shown(a.text));
    }
    return out;
}

// Of each edit and of the error only the given members are compared.
std::vector<std::string> diff_verdict(const Expectation& e, const Action& a) {
    if (e.words[0] != a.key) {
        return {"expected " + e.words[0] + ", got " + describe(a)};
    }
    if (blank(e.text)) return {};
    const json::value wanted = json_tree::read(e.text).value;
    const auto* expected = wanted.if_object();
    if (!expected) return {"the expected verdict is not a JSON object"};
    std::vector<std::string> out;
    for (const auto& [name, value] : *expected) {
        const json::value* got = a.fields.if_contains(name);
        const auto add = [&](const std::string& at, std::vector<std::string> lines) {
            for (std::string& line : lines) out.push_back("in /" + at + " " + std::move(line));
        };
        if (!got) {
            out.push_back(std::string(name) + ": missing, expected " + json_tree::write(value));
        } else if (name == "edits" && value.is_array() &&
                   value.get_array().size() == got->as_array().size()) {
            for (std::size_t i = 0; i < value.get_array().size(); ++i) {
                add("edits/" + std::to_string(i),
                    diff_json(value.get_array()[i], got->as_array()[i], true));
            }
        } else {
            add(std::string(name), diff_json(value, *got, name == "error"));
        }
    }
    return out;
}

// What is released before a stream is ended early depends on the cuts: at most what is expected.
std::vector<std::string> diff_released(const Expectation& e, const Action& a) {
    std::vector<std::string> out;
    if (!e.words.empty() && e.words[0] != a.key) {
        out.push_back("expected '" + e.words[0] + "', got '" + a.key + "'");
    }
    const bool fits =
        a.number != 0 ? e.text.compare(0, a.text.size(), a.text) == 0 : e.text == a.text;
    if (!fits) {
        out.push_back(std::string("text:\n      expected ") + (a.number ? "at most " : "") +
                      e.text + "\n      got      " + a.text);
    }
    return out;
}

}  // namespace

std::vector<std::string> diff_action(const Expectation& e, const Action& a) {
    if (e.kind == "http") return diff_http(e, a);
    if (e.kind == "head") return diff_head(e, a);
    if (e.kind == "ws_open") return diff_ws_open(e, a);
    if (e.kind == "ws_send" || e.kind == "ws_close") return diff_socket(e, a);
    if (e.kind == "verdict") return diff_verdict(e, a);
    if (e.kind == "released") return diff_released(e, a);
    std::vector<std::string> out;
    const bool keyed = e.kind == "chunk" || e.kind == "body" || e.kind == "shared_get" ||
                       e.kind == "note" || e.kind == "forwarded";
    const bool any = e.kind == "shared_get" && !e.words.empty() && e.words[0] == "*";
    if (keyed && !any && !e.words.empty() && e.words[0] != a.key) {
        out.push_back("expected '" + e.words[0] + "', got '" + a.key + "'");
    }
    if (e.kind == "body" || (e.kind == "forwarded" && a.number != 0)) {
        if (e.text != a.text) {
            out.push_back("bytes:\n      expected " + shown(e.text) + "\n      got      " +
                          shown(a.text));
        }
        return out;
    }
    if (blank(e.text)) return out;
    if (e.kind == "chunk" || e.kind == "forwarded" || e.kind == "result" || e.kind == "note" ||
        e.kind == "retry_records") {
        for (std::string& line : diff_text(e.text, a.text, false)) out.push_back(std::move(line));
        return out;
    }
    json::object got = a.fields;
    if (e.kind == "timer") got = {{"timer", a.number}, {"after_ms", a.after_ms}};
    if (e.kind == "http_abort" || e.kind == "pass_through") got = {{"call", a.number}};
    if (e.kind == "shared_put") got = {{"value", a.text}, {"ttl_ms", a.after_ms}};
    return diff_json(json_tree::read(e.text).value, got, true);
}

}  // namespace patchbay::transcript
