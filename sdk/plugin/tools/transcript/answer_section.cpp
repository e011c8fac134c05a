#include "answer_section.hpp"

#include <algorithm>
#include <map>

#include "base64.hpp"
#include "header_lines.hpp"
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
    const std::size_t head = read_headers(reader, section.line + 1, section.text, upstream.headers);
    const bool events =
        std::any_of(upstream.headers.begin(), upstream.headers.end(), [](const auto& header) {
            return header.first == "content-type" &&
                   header.second.find("text/event-stream") != std::string::npos;
        });
    upstream.body = section.text.substr(head);
    if (base64) {
        const auto lines = static_cast<std::size_t>(std::count(
            section.text.begin(), section.text.begin() + static_cast<std::ptrdiff_t>(head), '\n'));
        upstream.body = read_base64(reader, section.line + 1 + lines, upstream.body);
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
