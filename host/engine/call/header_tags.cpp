#include "engine/call/header_tags.hpp"

#include "contract/json/utf8_text.hpp"

namespace patchbay {

std::vector<std::string> header_tags(const Caller& caller, const std::vector<std::string>& names) {
    std::vector<std::string> tags;
    for (const std::string& name : names) {
        const std::string_view value = caller.header(name);
        constexpr std::size_t kLongest = 3;  // what stands for a byte that is none
        if (!value.empty()) tags.push_back(name + ": " + as_utf8(value, kLongest * value.size()));
    }
    return tags;
}

}  // namespace patchbay
