#include "engine/plugins/provider_rows.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <stdexcept>

#include <boost/json.hpp>

#include "contract/actions/egress.hpp"
#include "engine/plugins/trusted_file.hpp"
#include "patchbay/entry.h"

namespace patchbay {

namespace {

namespace json = boost::json;
using boost::system::in_place_error;
using boost::system::in_place_value;

constexpr std::size_t kMaxFile = 8u << 20;

// Thrown and caught within this file.
struct BadRows : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// RFC 6901 section 3.
std::string escaped(std::string_view name) {
    std::string result;
    for (const char c : name) {
        if (c == '~') {
            result += "~0";
        } else if (c == '/') {
            result += "~1";
        } else {
            result += c;
        }
    }
    return result;
}

bool is_prefix(std::string_view text) {
    const auto alnum = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    return !text.empty() && text.size() <= 128 && alnum(text.front()) &&
           std::all_of(text.begin(), text.end(),
                       [&](char c) { return alnum(c) || c == '.' || c == '_' || c == '-'; });
}

std::string variable(const json::value& value, const std::string& pointer) {
    const auto* text = value.if_string();
    if (text == nullptr) throw BadRows(pointer + ": must be a string");
    if (text->empty() || text->find_first_of(std::string_view("=\0 ", 3)) != json::string::npos) {
        throw BadRows(pointer + ": is not the name of an environment variable");
    }
    return std::string(text->data(), text->size());
}

std::vector<std::string> variables(const json::object& row, std::string_view name,
                                   const std::string& pointer) {
    const auto* value = row.if_contains(name);
    if (value == nullptr) return {};
    const std::string at = pointer + "/" + std::string(name);
    if (value->is_string()) return {variable(*value, at)};
    const auto* list = value->if_array();
    if (list == nullptr) throw BadRows(at + ": must be a string or a list of strings");
    std::vector<std::string> result;
    for (std::size_t i = 0; i < list->size(); ++i) {
        result.push_back(variable((*list)[i], at + "/" + std::to_string(i)));
    }
    return result;
}

/// What row_settings.hpp reads later.
void check_settings(const json::object& row, const std::string& pointer) {
    const auto* value = row.if_contains("settings_env");
    if (value == nullptr) return;
    const std::string at = pointer + "/settings_env";
    const auto* object = value->if_object();
    if (object == nullptr) throw BadRows(at + ": must be an object");
    for (const auto& [key, unused] : *object) variables(*object, key, at);
}

/// Likewise.
void check_egress(const json::object& row, const std::string& pointer) {
    const auto* value = row.if_contains("egress");
    if (value == nullptr) return;
    const std::string at = pointer + "/egress";
    const auto* list = value->if_array();
    if (list == nullptr) throw BadRows(at + ": must be a list of strings");
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string here = at + "/" + std::to_string(i);
        const auto* text = (*list)[i].if_string();
        if (text == nullptr) throw BadRows(here + ": must be a string");
        const std::string wrong = EgressList().add(*text, EgressList::From::manifest);
        if (!wrong.empty()) throw BadRows(here + ": " + wrong);
    }
}

/// Likewise.
void check_told_cost(const json::object& row, const std::string& pointer) {
    const auto* value = row.if_contains("told_cost");
    if (value == nullptr) return;
    const std::string at = pointer + "/told_cost";
    const auto* text = value->if_string();
    if (text == nullptr) throw BadRows(at + ": must be a string");
    const bool names = !text->empty() && text->front() != '.' && text->back() != '.' &&
                       text->find("..") == json::string::npos;
    if (!names) throw BadRows(at + ": must be names of members with dots between them");
}

ProviderRow read_row(std::string_view prefix, const json::value& value) {
    const std::string pointer = "/" + escaped(prefix);
    if (!is_prefix(prefix)) {
        throw BadRows(
            pointer +
            ": a prefix is letters, digits, '.', '_' and '-', beginning with a letter or digit");
    }
    const auto* object = value.if_object();
    if (object == nullptr) throw BadRows(pointer + ": must be an object");
    ProviderRow row;
    row.prefix = prefix;
    row.row = *object;
    if (const auto* url = object->if_contains("base_url")) {
        const auto* text = url->if_string();
        if (text == nullptr) throw BadRows(pointer + "/base_url: must be a string");
        if (!text->empty() && !text->starts_with("https://") && !text->starts_with("http://")) {
            throw BadRows(pointer + "/base_url: must begin with \"https://\" or \"http://\"");
        }
        row.base_url.assign(text->data(), text->size());
    }
    if (const auto* operations = object->if_contains("operations")) {
        auto read = parse_operations(*operations, pointer + "/operations");
        if (!read) throw BadRows(read.error());
        row.operations = std::move(*read);
    }
    row.api_key_env = variables(*object, "api_key_env", pointer);
    row.api_base_env = variables(*object, "api_base_env", pointer);
    check_settings(*object, pointer);
    check_egress(*object, pointer);
    check_told_cost(*object, pointer);
    return row;
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw BadRows("cannot be opened");
    std::string text;
    char buffer[16384];
    while (in.read(buffer, sizeof buffer) || in.gcount() > 0) {
        text.append(buffer, static_cast<std::size_t>(in.gcount()));
        if (text.size() > kMaxFile) throw BadRows("is larger than 8 MiB");
    }
    if (in.bad()) throw BadRows("cannot be read");
    return text;
}

/// "line 3, column 7" of an offset.
std::string position(std::string_view text, std::size_t offset) {
    const auto before = text.substr(0, offset);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto begin = before.rfind('\n');
    const auto column = begin == std::string_view::npos ? offset : offset - begin - 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column + 1);
}

ProviderRows parse_rows(const std::string& text) {
    json::error_code error;
    json::stream_parser parser;
    std::size_t read = parser.write_some(text.data(), text.size(), error);
    if (!error) parser.finish(error);
    const auto rest = text.find_first_not_of(" \t\r\n", read);
    if (error || rest != std::string::npos) {
        if (!error) read = rest;
        throw BadRows(position(text, read) + ": not JSON" +
                      (error ? ", " + error.message() : std::string()));
    }
    const json::value value = parser.release();
    const auto* object = value.if_object();
    if (object == nullptr) throw BadRows("must be an object with one member per prefix");
    ProviderRows rows;
    for (const auto& [key, row] : *object) {
        const std::string prefix(key.data(), key.size());
        rows.emplace(prefix, read_row(prefix, row));
    }
    return rows;
}

}  // namespace

boost::system::result<ProviderRows, std::string> parse_provider_rows(const std::string& text) {
    try {
        return {in_place_value, parse_rows(text)};
    } catch (const std::exception& error) {
        return {in_place_error, error.what()};
    }
}

boost::system::result<ProviderRows, std::string> read_provider_rows(
    const std::filesystem::path& file) {
    try {
        return {in_place_value, parse_rows(read_file(file))};
    } catch (const std::exception& error) {
        return {in_place_error, error.what()};
    }
}

boost::system::result<ProviderRows, std::string> rows_of_plugin(const Manifest& manifest,
                                                                const std::filesystem::path& file) {
    ProviderRows all;
    for (const auto& component : manifest.components) {
        if (component.kind != BAY_KIND_PROVIDER) continue;
        const auto& provider = component.provider;
        ProviderRows rows;
        if (!provider.rows.empty()) {
            const std::string name = "data file " + provider.rows;
            const auto text = read_trusted_file(file.parent_path() / provider.rows, kMaxFile);
            if (!text) return {in_place_error, name + " " + text.error()};
            auto read = parse_provider_rows(*text);
            if (!read) return {in_place_error, name + ": " + read.error()};
            rows = std::move(*read);
        }
        for (auto& [prefix, row] : rows) row.component = &component;
        for (const auto& prefix : provider.prefixes) {
            ProviderRow row{prefix,
                            nullptr,
                            &component,
                            provider.base_url,
                            provider.api_key_env,
                            provider.api_base_env,
                            {},
                            {}};
            if (!rows.emplace(prefix, std::move(row)).second) {
                return {in_place_error,
                        "prefix \"" + prefix + "\" stands twice in its manifest and data file"};
            }
        }
        for (auto& [prefix, row] : rows) {
            if (!all.emplace(prefix, std::move(row)).second) {
                return {in_place_error,
                        "prefix \"" + prefix + "\" is claimed by two of its components"};
            }
        }
    }
    return {in_place_value, std::move(all)};
}

}  // namespace patchbay
