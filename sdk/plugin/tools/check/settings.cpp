#include "settings.hpp"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>

#include <boost/json.hpp>

#include "contract/manifest/schema.hpp"

namespace patchbay::check {
namespace {

namespace json = boost::json;

std::uint64_t below(std::mt19937_64& random, std::uint64_t limit) {
    return random() % limit;
}

std::string odd_text(std::mt19937_64& random) {
    static const std::string kTexts[] = {"",
                                         " ",
                                         "x",
                                         "null",
                                         "-1",
                                         "::bad::",
                                         "http://",
                                         "https://[::1",
                                         "ftp://example.org",
                                         "https://example.org/a b?c=d#e",
                                         std::string("a\0b", 3),
                                         "\xC3\xA9\xE2\x82\xAC",
                                         "${env:HOME}",
                                         "../../etc/passwd",
                                         "[(*+?{",
                                         "%s%n%d",
                                         "\r\nx: y",
                                         std::string(5000, 'a')};
    return kTexts[below(random, std::size(kTexts))];
}

// A value of the schema's type; `odd` = nullptr gives a plain one.
json::value value_for(const json::object& schema, std::mt19937_64* odd, int depth) {
    constexpr int kDeepest = 4;
    if (depth > kDeepest) return nullptr;
    if (const auto* constant = schema.if_contains("const")) return *constant;
    if (const auto* choices = schema.if_contains("enum");
        choices && choices->is_array() && !choices->get_array().empty()) {
        const auto& list = choices->get_array();
        return list[odd ? below(*odd, list.size()) : 0];
    }
    std::string type;
    if (const auto* given = schema.if_contains("type")) {
        if (given->is_string()) type = given->get_string();
        if (given->is_array() && !given->get_array().empty() && given->get_array()[0].is_string()) {
            type = given->get_array()[0].get_string();
        }
    }
    if (type.empty() && schema.contains("properties")) type = "object";
    if (type == "integer" || type == "number") {
        const auto limit = [&](const char* name, std::int64_t otherwise) {
            const auto* value = schema.if_contains(name);
            return value && value->is_int64() ? value->get_int64() : otherwise;
        };
        const std::int64_t low = limit("minimum", 0);
        const std::int64_t high = limit("maximum", std::numeric_limits<std::int32_t>::max());
        if (!odd) return low;
        switch (below(*odd, 4)) {
            case 0:
                return low;
            case 1:
                return high;
            case 2:
                return schema.contains("minimum") ? low : std::numeric_limits<std::int64_t>::min();
            default:
                return low + static_cast<std::int64_t>(
                                 below(*odd, static_cast<std::uint64_t>(high - low) + 1));
        }
    }
    if (type == "boolean") return odd ? below(*odd, 2) == 0 : false;
    if (type == "null") return nullptr;
    if (type == "array") {
        json::array array;
        const auto* items = schema.if_contains("items");
        const json::object any;
        const auto& inner = items && items->is_object() ? items->get_object() : any;
        for (std::uint64_t i = odd ? below(*odd, 4) : 0; i > 0; --i) {
            array.push_back(value_for(inner, odd, depth + 1));
        }
        return array;
    }
    if (type == "object") {
        json::object object;
        const auto* properties = schema.if_contains("properties");
        const auto* required = schema.if_contains("required");
        if (!properties || !properties->is_object()) return object;
        for (const auto& [name, property] : properties->get_object()) {
            bool wanted = odd && below(*odd, 2) == 0;
            if (required && required->is_array()) {
                for (const auto& one : required->get_array()) wanted = wanted || one == name;
            }
            if (wanted && property.is_object()) {
                object.emplace(name, value_for(property.get_object(), odd, depth + 1));
            }
        }
        return object;
    }
    if (odd && type.empty()) return odd_value(*odd, depth + 1);
    if (odd) return json::value(odd_text(*odd));
    const auto* format = schema.if_contains("format");
    const bool url = schema.contains("x-bay-url") || (format && *format == "uri");
    return json::value(url ? "https://example.org" : "x");
}

std::optional<json::object> first_row(const ManifestComponent& component,
                                      const std::filesystem::path& plugin) {
    std::ifstream stream(plugin.parent_path() / component.provider.rows, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    boost::system::error_code error;
    const json::value rows = json::parse(text, error);
    if (error || !rows.is_object() || rows.get_object().empty()) return std::nullopt;
    const auto& row = *rows.get_object().begin();
    return json::object{{"prefix", row.key()}, {"row", row.value()}};
}

}  // namespace

json::value odd_value(std::mt19937_64& random, int depth) {
    constexpr int kDeepest = 3;
    switch (below(random, depth < kDeepest ? 10 : 7)) {
        case 0:
            return nullptr;
        case 1:
            return below(random, 2) == 0;
        case 2:
            return std::numeric_limits<std::int64_t>::min();
        case 3:
            return std::numeric_limits<std::uint64_t>::max();
        case 4:
            return 1e308;
        case 5:
            return -1;
        case 6:
            return json::value(odd_text(random));
        case 7:
            return json::array{odd_value(random, depth + 1), odd_value(random, depth + 1)};
        case 8:
            return json::object{{odd_text(random), odd_value(random, depth + 1)}};
        default:
            return json::array();
    }
}

std::optional<json::object> default_settings(const ManifestComponent& component,
                                             const std::filesystem::path& plugin, bool* invented) {
    json::object settings;
    const json::object& schema = component.config_schema;
    if (!component.provider.rows.empty()) {
        if (auto row = first_row(component, plugin)) settings = std::move(*row);
    }
    fill_defaults(schema, settings);
    if (invented) *invented = false;
    const json::value made = value_for(schema, nullptr, 0);
    if (made.is_object()) {
        for (const auto& [name, value] : made.get_object()) {
            if (settings.emplace(name, value).second && invented) *invented = true;
        }
    }
    if (!check_against_schema(schema, settings).empty()) return std::nullopt;
    return settings;
}

json::object odd_settings(const ManifestComponent& component, const json::object& from,
                          std::mt19937_64& random) {
    const json::object& schema = component.config_schema;
    constexpr int kTries = 8;
    json::object settings = from;
    for (int i = 0; i < kTries; ++i) {
        json::object candidate = settings;
        const auto* properties = schema.if_contains("properties");
        if (properties && properties->is_object() && !properties->get_object().empty() &&
            below(random, 8) != 0) {
            const auto& list = properties->get_object();
            const auto& one =
                *(list.begin() + static_cast<std::ptrdiff_t>(below(random, list.size())));
            if (!one.value().is_object()) continue;
            candidate[one.key()] = value_for(one.value().get_object(), &random, 1);
        } else {
            candidate[odd_text(random)] = odd_value(random);
        }
        if (check_against_schema(schema, candidate).empty()) settings = std::move(candidate);
    }
    return settings;
}

json::object with_secrets(const ManifestComponent& component, json::object settings,
                          const std::string& secret) {
    const auto* properties = component.config_schema.if_contains("properties");
    if (!properties || !properties->is_object()) return settings;
    for (const auto& [name, property] : properties->get_object()) {
        const auto* object = property.if_object();
        const auto* mark = object ? object->if_contains("x-bay-secret") : nullptr;
        if (!mark || *mark != json::value(true)) continue;
        json::object candidate = settings;
        candidate[name] = secret;
        if (check_against_schema(component.config_schema, candidate).empty()) {
            settings = std::move(candidate);
        }
    }
    return settings;
}

}  // namespace patchbay::check
