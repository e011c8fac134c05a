#include "answer_section.hpp"

#include <algorithm>
#include <cctype>
#include <map>

#include "base64.hpp"
#include "patchbay/exchange.h"

namespace patchbay::transcript {

Upstream read_upstream(const SectionReader& reader, const Section& section, bool in_stream) {
    if (section.words.empty()) reader.fail(section.line, "'== upstream STATUS' needs one status");
    Upstream upstream;
    upstream.line = section.line;
    upstream.status = static_cast<std::int32_t>(reader.number(section, section.words[0]));
    bool base64 = false;
    for (std::size_t i = 1; i < section.words.size(); ++i) {
        if (section.words[i] == "base64") {
            base64 = true;
        } else if (!in_stream || !option(section.words[i], "for", upstream.for_text)) {
            reader.unknown(section, section.words[i]);
        }
    }
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
            reader.fail(line_number,
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
    if (base64) {
        upstream.body = read_base64(reader, line_number + 1, upstream.body);
        return upstream;
    }
    // The blank line that ends the last event stands for itself.
    if (!events) upstream.body = without_last_newline(std::move(upstream.body));
    return upstream;
}

std::uint32_t read_failure(const SectionReader& reader, const Section& section,
                           const std::string& word) {
    static const std::map<std::string, std::uint32_t> failures = {
        {"ok", BAY_FAIL_NONE},       {"connect", BAY_FAIL_CONNECT}, {"timeout", BAY_FAIL_TIMEOUT},
        {"reset", BAY_FAIL_RESET},   {"framing", BAY_FAIL_FRAMING}, {"limit", BAY_FAIL_LIMIT},
        {"denied", BAY_FAIL_DENIED},
    };
    const auto found = failures.find(word);
    if (found == failures.end()) {
        reader.fail(section.line,
                    "'== " + section.name +
                        "' needs ok, reset, timeout, connect, framing, limit or denied");
    }
    return found->second;
}

std::uint32_t read_upstream_end(const SectionReader& reader, const Section& section) {
    return read_failure(reader, section,
                        section.words.size() == 1 ? section.words[0] : std::string());
}

}  // namespace patchbay::transcript
