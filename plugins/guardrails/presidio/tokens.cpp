#include "tokens.hpp"

namespace patchbay::presidio {

std::string Tokens::token_for(std::string_view kind, std::string_view original) {
    const std::string key = std::string(kind) + '\n' + std::string(original);
    const auto known = tokens_.find(key);
    if (known != tokens_.end()) return known->second;
    const int number = ++counts_[std::string(kind)];
    std::string token = "<" + std::string(kind) + "_" + std::to_string(number) + ">";
    tokens_.emplace(key, token);
    originals_.emplace(token, original);
    return token;
}

std::string Tokens::restored(std::string_view text, bool more, std::size_t& held) const {
    std::string result;
    held = 0;
    std::size_t at = 0;
    for (;;) {
        const std::size_t open = text.find('<', at);
        result += text.substr(at, open - at);
        if (open == std::string_view::npos) return result;
        at = open;
        bool replaced = false;
        for (const auto& [token, original] : originals_) {
            if (text.substr(at, token.size()) == token) {
                result += original;
                at += token.size();
                replaced = true;
                break;
            }
            if (more && text.size() - at < token.size() && token.starts_with(text.substr(at))) {
                held = text.size() - at;
                return result;
            }
        }
        if (!replaced) result += text[at++];
    }
}

}  // namespace patchbay::presidio
