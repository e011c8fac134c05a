#include "transcript.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string_view>

#include <boost/json.hpp>

#include "patchbay/provider.h"

namespace patchbay::transcript {
namespace {

struct Section {
    std::size_t line = 0;
    std::string name;
    std::vector<std::string> words;
    std::string text;  // with its last newline
};

std::string without_last_newline(std::string text) {
    if (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

class Parser {
  public:
    explicit Parser(std::string file) { result_.file = std::move(file); }

    Transcript parse(const std::string& text) {
        for (const Section& section : cut(text)) take(section);
        if (!started_) fail(1, "no '== request' section");
        return std::move(result_);
    }

  private:
    [[noreturn]] void fail(std::size_t line, const std::string& what) const {
        throw FileError(result_.file + ":" + std::to_string(line) + ": " + what);
    }

    std::vector<Section> cut(const std::string& text) const {
        std::vector<Section> sections;
        std::size_t number = 0;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
            const std::string_view line(text.data() + at, end - at);
            at = end;
            ++number;
            if (line.substr(0, 3) == "== ") {
                Section& section = sections.emplace_back();
                section.line = number;
                std::istringstream words{std::string(line.substr(3))};
                words >> section.name;
                section.words.assign(std::istream_iterator<std::string>(words), {});
            } else if (!sections.empty()) {
                sections.back().text += line;
            } else if (line[0] != '#' && line.find_first_not_of(" \t\r\n") != line.npos) {
                fail(number, "before the first section only lines with '#' may stand");
            }
        }
        return sections;
    }

    void take(const Section& section) {
        const std::string text = without_last_newline(section.text);
        if (section.name == "config") {
            check_json(section, text);
            result_.config = text;
            for (const std::string& word : section.words) {
                if (!option(word, "component", result_.component)) unknown(section, word);
            }
        } else if (section.name == "target") {
            take_target(section, text);
        } else if (section.name == "request") {
            take_request(section, text);
        } else if (section.name == "refresh") {
            start(section);
            if (section.words.size() != 1) fail(section.line, "'== refresh KEY' needs one key");
            result_.refresh = true;
            result_.refresh_key = section.words[0];
            result_.request = text;
        } else if (section.name == "expect") {
            take_expectation(section, text);
        } else if (section.name == "upstream") {
            take_upstream(section);
        } else if (section.name == "upstream-end") {
            take_end(section);
        } else if (section.name == "shared") {
            take_shared(section, text);
        } else {
            fail(section.line, "unknown section '" + section.name + "'");
        }
    }

    void start(const Section& section) {
        if (started_) fail(section.line, "a transcript has one request");
        started_ = true;
    }

    [[noreturn]] void unknown(const Section& section, const std::string& word) const {
        fail(section.line, "unknown word '" + word + "' in '== " + section.name + "'");
    }

    void check_json(const Section& section, const std::string& text) const {
        boost::system::error_code error;
        boost::json::parser parser({}, {.max_depth = 256});
        const std::size_t good = parser.write_some(text, error);
        if (!error && text.find_first_not_of(" \t\r\n", good) == text.npos) return;
        const auto lines =
            std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(good), '\n');
        fail(section.line + 1 + static_cast<std::size_t>(lines),
             "not JSON: " + (error ? error.message() : std::string("text after the value")));
    }

    static bool option(std::string_view word, std::string_view name, std::string& value) {
        if (word.substr(0, name.size()) != name || word.size() == name.size() ||
            word[name.size()] != '=') {
            return false;
        }
        value = word.substr(name.size() + 1);
        return true;
    }

    std::uint32_t number(const Section& section, const std::string& text) const {
        std::uint32_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size()) {
            fail(section.line, "'" + text + "' is not a number");
        }
        return value;
    }

    void take_target(const Section& section, const std::string& text) {
        check_json(section, text);
        const boost::json::value value = boost::json::parse(text);
        if (!value.is_object()) fail(section.line, "the target must be a JSON object");
        for (const auto& [name, member] : value.get_object()) {
            if (member.is_null()) continue;
            if (name == "params" && member.is_object()) {
                result_.target.params = boost::json::serialize(member);
                continue;
            }
            std::string* field = name == "model"      ? &result_.target.model
                                 : name == "base_url" ? &result_.target.base_url
                                 : name == "api_key"  ? &result_.target.api_key
                                                      : nullptr;
            if (!field || !member.is_string()) {
                fail(section.line,
                     "target: '" + std::string(name) + "' is unknown or of a wrong type");
            }
            *field = std::string(member.get_string());
        }
    }

    void take_request(const Section& section, const std::string& text) {
        start(section);
        for (const std::string& word : section.words) {
            std::string value;
            if (word == "stream") {
                result_.flags |= BAY_REQ_STREAM;
            } else if (word == "drop_params") {
                result_.flags |= BAY_REQ_DROP_PARAMS;
            } else if (word == "want_usage") {
                result_.flags |= BAY_REQ_WANT_USAGE;
            } else if (option(word, "attempt", value)) {
                result_.attempt = number(section, value);
            } else if (!option(word, "operation", result_.operation) &&
                       !option(word, "allowed", result_.allowed)) {
                unknown(section, word);
            }
        }
        result_.request = text;
    }

    void take_expectation(const Section& section, const std::string& text) {
        static constexpr std::string_view kKinds[] = {
            "http", "pass_through", "chunk", "result",     "usage",      "fail",      "done",
            "body", "timer",        "fault", "shared_get", "shared_put", "http_abort"};
        if (section.words.empty() ||
            std::find(std::begin(kKinds), std::end(kKinds), section.words[0]) == std::end(kKinds)) {
            fail(section.line,
                 "'== expect' needs one of http, pass_through, chunk, result, body, usage, "
                 "fail, done, timer, shared_get, shared_put, http_abort, fault");
        }
        Expectation expectation{section.line, section.words[0], section.words, text};
        expectation.words.erase(expectation.words.begin());
        if (expectation.kind == "http" && expectation.words.size() < 2) {
            fail(section.line, "'== expect http METHOD URL' needs both");
        }
        const bool json = expectation.kind != "http" && expectation.kind != "body";
        if (json && text.find_first_not_of(" \t\r\n") != text.npos) check_json(section, text);
        result_.steps.emplace_back(std::move(expectation));
    }

    void take_upstream(const Section& section) {
        if (section.words.size() != 1) fail(section.line, "'== upstream STATUS' needs one status");
        Upstream upstream;
        upstream.line = section.line;
        upstream.status = static_cast<std::int32_t>(number(section, section.words[0]));
        if (upstream.status == 0) upstream.failure = BAY_FAIL_CONNECT;
        std::size_t at = 0;
        bool events = false;
        std::size_t line_number = section.line;
        while (at < section.text.size()) {
            const std::size_t end = std::min(section.text.find('\n', at), section.text.size());
            const std::string line = section.text.substr(at, end - at);
            at = end + 1;
            ++line_number;
            if (line.empty()) break;
            const std::size_t colon = line.find(':');
            if (colon == 0 || colon == line.npos) {
                fail(line_number,
                     "a header line 'name: value' or the blank line before the body is needed");
            }
            std::string name = line.substr(0, colon);
            std::transform(name.begin(), name.end(), name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            const std::size_t value = std::min(line.find_first_not_of(' ', colon + 1), line.size());
            upstream.headers.emplace_back(name, line.substr(value));
            events |= name == "content-type" && line.find("text/event-stream") != line.npos;
        }
        upstream.body = section.text.substr(std::min(at, section.text.size()));
        // The blank line that ends the last event stands for itself.
        if (!events) upstream.body = without_last_newline(std::move(upstream.body));
        result_.steps.emplace_back(std::move(upstream));
    }

    void take_end(const Section& section) {
        static const std::map<std::string, std::uint32_t> failures = {
            {"ok", BAY_FAIL_NONE},         {"connect", BAY_FAIL_CONNECT},
            {"timeout", BAY_FAIL_TIMEOUT}, {"reset", BAY_FAIL_RESET},
            {"framing", BAY_FAIL_FRAMING}, {"limit", BAY_FAIL_LIMIT},
            {"denied", BAY_FAIL_DENIED},
        };
        const auto found =
            section.words.size() == 1 ? failures.find(section.words[0]) : failures.end();
        if (found == failures.end()) {
            fail(section.line,
                 "'== upstream-end' needs ok, reset, timeout, connect, framing, limit or "
                 "denied");
        }
        for (auto step = result_.steps.rbegin(); step != result_.steps.rend(); ++step) {
            if (auto* upstream = std::get_if<Upstream>(&*step)) {
                if (upstream->status == 0 && found->second == BAY_FAIL_NONE) {
                    fail(section.line, "a call without a response cannot end ok");
                }
                upstream->failure = found->second;
                return;
            }
        }
        fail(section.line, "no '== upstream' section before this one");
    }

    void take_shared(const Section& section, const std::string& text) {
        if (section.words.empty()) fail(section.line, "'== shared KEY' needs a key");
        Shared shared;
        shared.line = section.line;
        shared.key = section.words[0];
        shared.value = text;
        for (std::size_t i = 1; i < section.words.size(); ++i) {
            std::string value;
            if (!option(section.words[i], "ttl_ms", value)) unknown(section, section.words[i]);
            shared.ttl_ms = number(section, value);
        }
        result_.steps.emplace_back(std::move(shared));
    }

    Transcript result_;
    bool started_ = false;
};

}  // namespace

Transcript parse_transcript(const std::string& text, const std::string& file) {
    return Parser(file).parse(text);
}

Transcript read_transcript(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (!stream) throw FileError(file + ":0: cannot be read");
    return parse_transcript(text, file);
}

}  // namespace patchbay::transcript
