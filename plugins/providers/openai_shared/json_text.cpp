#include "json_text.hpp"

#include <cstring>

#include <boost/json/parse.hpp>

namespace patchbay::openai {

bool mentions(std::string_view text, std::string_view needle) {
    // memmem skips ahead; std::string_view::find stops at every quote of a JSON document.
    return ::memmem(text.data(), text.size(), needle.data(), needle.size()) != nullptr;
}

std::optional<boost::json::value> parse_text(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = 200;
    boost::system::error_code error;
    boost::json::value value = boost::json::parse(text, error, {}, options);
    if (error) return std::nullopt;
    return value;
}

}  // namespace patchbay::openai
