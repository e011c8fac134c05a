#include "engine/surface/openai/response_id.hpp"

#include <cstring>

namespace patchbay {

namespace {

constexpr std::string_view kPrefix = "\"resp_";
constexpr char kBetween = '\n';  // in neither of the two ids; the owner stands behind them

bool is_plain(std::string_view quoted) {
    return quoted.size() > 2 && quoted.find('\\') == std::string_view::npos;
}

}  // namespace

std::string seal_response_id(const SealKey& key, std::string_view deployment,
                             std::string_view quoted, const std::optional<ResponseOwner>& owner) {
    if (!is_plain(quoted)) return std::string(quoted);
    std::string text(deployment);
    text += kBetween;
    text += quoted.substr(1, quoted.size() - 2);
    if (owner) {
        text += kBetween;
        text.append(reinterpret_cast<const char*>(owner->data()), owner->size());
    }
    const std::string sealed = key.seal(text);
    if (sealed.empty()) return std::string(quoted);
    return std::string(kPrefix) + sealed + '"';
}

std::optional<EarlierAnswer> open_response_id(const SealKey& key, std::string_view quoted) {
    if (!is_plain(quoted) || !quoted.starts_with(kPrefix)) return std::nullopt;
    const auto text = key.open(quoted.substr(kPrefix.size(), quoted.size() - kPrefix.size() - 1));
    const auto between = text ? text->find(kBetween) : std::string::npos;
    if (between == std::string::npos) return std::nullopt;
    EarlierAnswer answer{text->substr(0, between), text->substr(between + 1), std::string(quoted)};
    const auto behind = answer.id.find(kBetween);
    if (behind == std::string::npos) return answer;
    ResponseOwner& owner = answer.owner.emplace();
    if (answer.id.size() - behind - 1 != owner.size()) return std::nullopt;
    std::memcpy(owner.data(), answer.id.data() + behind + 1, owner.size());
    answer.id.resize(behind);
    return answer;
}

}  // namespace patchbay
