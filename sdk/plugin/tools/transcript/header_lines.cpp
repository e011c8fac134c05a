#include "header_lines.hpp"

#include <algorithm>
#include <cctype>
#include <string>

#include "contract/http/header.hpp"

namespace patchbay::transcript {

std::size_t read_headers(const SectionReader& reader, std::size_t line, std::string_view text,
                         Headers& headers) {
    std::size_t at = 0;
    for (; at < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view header = text.substr(at, end - at);
        at = std::min(end + 1, text.size());
        if (header.empty()) break;
        const std::size_t colon = header.find(':');
        // A body whose blank line was forgotten may hold a colon, too.
        if (colon == header.npos || !http::is_field({header.substr(0, colon), {}})) {
            reader.fail(line,
                        "a header line 'name: value' or the blank line before the body is needed");
        }
        std::string name(header.substr(0, colon));
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const std::size_t value = std::min(header.find_first_not_of(' ', colon + 1), header.size());
        headers.emplace_back(std::move(name), header.substr(value));
    }
    return at;
}

}  // namespace patchbay::transcript
