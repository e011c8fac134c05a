#include "count_tokens.hpp"

#include "json/access.hpp"
#include "json/is_among.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::shared {

std::optional<std::string> count_of(std::string_view answer, std::string_view name) {
    const auto parsed = parse_json(answer);
    const auto* count = find(parsed ? parsed->if_object() : nullptr, name);
    if (!count || !json_tree::is_number(*count)) return std::nullopt;
    return to_text(json::object{{"input_tokens", *count}});
}

std::string with_members(std::string_view request, std::span<const std::string_view> names) {
    const auto parsed = parse_json(request);
    const auto* given = parsed ? parsed->if_object() : nullptr;
    if (!given) return {};
    json::object kept;
    for (const auto& [name, value] : *given) {
        if (is_among(std::string_view(name), names)) kept[name] = value;
    }
    return to_text(kept);
}

}  // namespace patchbay::shared
