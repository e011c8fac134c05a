#include "engine/models/abilities.hpp"

#include <algorithm>
#include <string>

#include "engine/models/catalogue.hpp"
#include "engine/models/embedded.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

constexpr std::string_view kSupports = "supports_";

bool parts(char c) {
    return c == ' ' || c == '\t' || c == '\n';
}

template <class Take>
void each_word(std::string_view words, Take take) {
    while (!words.empty()) {
        const std::size_t end = std::min(words.find(' '), words.size());
        if (end > 0) take(words.substr(0, end));
        words.remove_prefix(std::min(end + 1, words.size()));
    }
}

}  // namespace

std::string_view abilities_of(std::string_view name) {
    const std::string_view table = embedded_abilities();
    if (name.empty()) return {};
    for (std::size_t at = table.find(name); at != std::string_view::npos;
         at = table.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        const bool whole =
            at > 0 && parts(table[at - 1]) && end < table.size() && parts(table[end]);
        if (!whole) continue;
        const std::size_t line = table.rfind('\n', at);
        const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
        const std::size_t tab = table.find('\t', begin);
        if (tab < at) return table.substr(begin, tab - begin);  // else it is an ability's name
    }
    return {};
}

SchemaSupport schema_support(const json::object& configured, std::string_view provider,
                             std::string_view model) {
    const json::value* const given = configured.if_contains("supports_response_schema");
    if (given && given->is_bool()) {
        return given->get_bool() ? SchemaSupport::takes : SchemaSupport::refuses;
    }
    const auto row = row_of(configured, provider, model);
    const std::string_view words = row ? abilities_of(row->name) : std::string_view();
    bool takes = words.empty();
    each_word(words, [&](std::string_view word) { takes = takes || word == "response_schema"; });
    return takes ? SchemaSupport::takes : SchemaSupport::lacks;
}

json::object supported_by(const json::object& configured, std::string_view provider,
                          std::string_view model) {
    json::object supported;
    if (const auto row = row_of(configured, provider, model)) {
        each_word(abilities_of(row->name), [&](std::string_view word) {
            supported[std::string(kSupports).append(word)] = true;
        });
    }
    for (const auto& [key, value] : configured) {
        if (std::string_view(key).starts_with(kSupports) && value.is_bool()) supported[key] = value;
    }
    return supported;
}

}  // namespace patchbay
