#include "json_text.hpp"

#include <cstring>
#include <utility>

#include "patchbay/json_tree.hpp"

namespace patchbay::openai {

bool mentions(std::string_view text, std::string_view needle) {
    // memmem skips ahead; std::string_view::find stops at every quote of a JSON document.
    return ::memmem(text.data(), text.size(), needle.data(), needle.size()) != nullptr;
}

std::optional<boost::json::value> parse_text(std::string_view text) {
    json_tree::Tree tree = json_tree::read(text);
    if (!tree) return std::nullopt;
    return std::move(tree.value);
}

}  // namespace patchbay::openai
