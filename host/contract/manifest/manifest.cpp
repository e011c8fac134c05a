#include "contract/manifest/manifest.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <stdexcept>

#include <boost/json.hpp>

#include "patchbay/entry.h"

namespace patchbay {

namespace {

namespace json = boost::json;

constexpr std::size_t kMaxText = 1u << 20;
constexpr std::string_view kManifest = "manifest: ";

// Thrown and caught within this file: the text of the first thing that is wrong.
struct BadManifest : std::runtime_error {
    using std::runtime_error::runtime_error;
};

[[noreturn]] void fail(const std::string& pointer, const std::string& what) {
    throw BadManifest(std::string(kManifest) +
                      (pointer.empty() ? std::string("the whole") : pointer) + " " + what);
}

const json::value* find(const json::object& object, std::string_view name) {
    return object.if_contains(name);
}

std::string text_of(const json::value& value, const std::string& pointer) {
    const auto* text = value.if_string();
    if (text == nullptr) fail(pointer, "must be a string");
    return std::string(text->data(), text->size());
}

std::string required_text(const json::object& object, std::string_view name,
                          const std::string& pointer) {
    const std::string at = pointer + "/" + std::string(name);
    const auto* value = find(object, name);
    if (value == nullptr) fail(at, "is missing");
    auto text = text_of(*value, at);
    if (text.empty()) fail(at, "must not be empty");
    return text;
}

std::vector<std::string> texts(const json::object& object, std::string_view name,
                               const std::string& pointer) {
    std::vector<std::string> result;
    const auto* value = find(object, name);
    if (value == nullptr) return result;
    const std::string at = pointer + "/" + std::string(name);
    const auto* array = value->if_array();
    if (array == nullptr) fail(at, "must be a list of strings");
    for (std::size_t i = 0; i < array->size(); ++i) {
        const std::string at_i = at + "/" + std::to_string(i);
        result.push_back(text_of((*array)[i], at_i));
        if (result.back().empty()) fail(at_i, "must not be empty");
    }
    return result;
}

const json::object& object_of(const json::value& value, const std::string& pointer) {
    const auto* object = value.if_object();
    if (object == nullptr) fail(pointer, "must be an object");
    return *object;
}

/// Up to 128 characters: letters, digits and those of `also`, the first one a letter or a digit.
bool is_name(std::string_view text, std::string_view also, bool upper) {
    const auto alnum = [upper](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (upper && c >= 'A' && c <= 'Z');
    };
    if (text.empty() || text.size() > 128 || !alnum(text.front())) return false;
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return alnum(c) || also.find(c) != std::string_view::npos; });
}

std::optional<std::uint32_t> number(std::string_view text) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

void read_abi(const json::object& root, Manifest& manifest) {
    const std::string abi = required_text(root, "abi", "");
    const auto dot = abi.find('.');
    const auto major = number(std::string_view(abi).substr(0, dot));
    const auto minor =
        dot == std::string::npos ? std::nullopt : number(std::string_view(abi).substr(dot + 1));
    if (!major || !minor) fail("/abi", "must be \"MAJOR.MINOR\", such as \"0.3\"");
    manifest.abi_major = *major;
    manifest.abi_minor = *minor;
    if (*major != BAY_ABI_MAJOR || *minor > BAY_ABI_MINOR) {
        throw BadManifest("built for plugin ABI " + abi + ", this host speaks " +
                          std::to_string(BAY_ABI_MAJOR) + "." + std::to_string(BAY_ABI_MINOR));
    }
}

ManifestModels read_models(const json::value& value, const std::string& pointer) {
    const auto& object = object_of(value, pointer);
    ManifestModels models{texts(object, "match", pointer), texts(object, "except", pointer)};
    if (models.match.empty())
        fail(pointer + "/match", "must name the models, with '*' for any text");
    return models;
}

ManifestLinks read_links(const json::object& object, const std::string& pointer) {
    ManifestLinks links{texts(object, "fetch", pointer), {}};
    for (std::size_t i = 0; i < links.fetch.size(); ++i) {
        if (links.fetch[i] != "http" && links.fetch[i] != "https") {
            fail(pointer + "/fetch/" + std::to_string(i), "must be http or https");
        }
    }
    if (const auto* models = find(object, "models")) {
        links.models = read_models(*models, pointer + "/models");
    }
    return links;
}

ManifestProvider read_provider(const json::object& object, const std::string& pointer) {
    ManifestProvider provider;
    provider.prefixes = texts(object, "prefixes", pointer);
    for (std::size_t i = 0; i < provider.prefixes.size(); ++i) {
        if (!is_name(provider.prefixes[i], "._-", true)) {
            fail(pointer + "/prefixes/" + std::to_string(i),
                 "must be letters, digits, '.', '_' and '-', beginning with a letter or digit");
        }
    }
    if (const auto* url = find(object, "base_url")) {
        provider.base_url = text_of(*url, pointer + "/base_url");
        if (!provider.base_url.empty() && !provider.base_url.starts_with("https://") &&
            !provider.base_url.starts_with("http://")) {
            fail(pointer + "/base_url", "must begin with \"https://\" or \"http://\"");
        }
    }
    provider.api_key_env = texts(object, "api_key_env", pointer);
    provider.api_base_env = texts(object, "api_base_env", pointer);
    if (const auto* rows = find(object, "rows")) {
        provider.rows = text_of(*rows, pointer + "/rows");
        if (!is_name(provider.rows, "._-", true)) {
            fail(pointer + "/rows",
                 "must be the name of a file beside the plugin file, without a path");
        }
    }
    provider.settings = texts(object, "settings", pointer);
    if (find(object, "params") != nullptr) provider.params = texts(object, "params", pointer);
    if (const auto* links = find(object, "links")) {
        provider.links = read_links(object_of(*links, pointer + "/links"), pointer + "/links");
    }
    if (provider.prefixes.empty() && provider.rows.empty()) {
        fail(pointer, "must have \"prefixes\" or \"rows\"");
    }
    return provider;
}

ManifestGuardrail read_guardrail(const json::object& object, const std::string& pointer) {
    ManifestGuardrail guardrail;
    guardrail.modes = texts(object, "modes", pointer);
    for (std::size_t i = 0; i < guardrail.modes.size(); ++i) {
        const auto& mode = guardrail.modes[i];
        if (mode != "pre_call" && mode != "during_call" && mode != "post_call" &&
            mode != "logging_only") {
            fail(pointer + "/modes/" + std::to_string(i),
                 "must be pre_call, during_call, post_call or logging_only");
        }
    }
    if (const auto* every = find(object, "stream_every")) {
        constexpr std::int64_t kMost = 10'000;
        const auto* number = every->if_int64();
        if (number == nullptr || *number < 1 || *number > kMost) {
            fail(pointer + "/stream_every", "must be a number from 1 to 10000");
        }
        guardrail.stream_every = static_cast<int>(*number);
    }
    return guardrail;
}

ManifestOperations read_operations(const json::value& value, const std::string& pointer) {
    ManifestOperations operations;
    const auto* list = value.if_array();
    if (list == nullptr) fail(pointer, "must be a list of strings and objects");
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string at = pointer + "/" + std::to_string(i);
        const json::value& item = (*list)[i];
        const auto* object = item.if_object();
        if (object == nullptr && !item.is_string()) fail(at, "must be a string or an object");
        const std::string id =
            object != nullptr ? required_text(*object, "id", at) : text_of(item, at);
        if (id.empty()) fail(at, "must not be empty");
        if (std::find(operations.ids.begin(), operations.ids.end(), id) != operations.ids.end()) {
            fail(at, "is there already");
        }
        if (object != nullptr && object->contains("features")) {
            operations.features[id] = texts(*object, "features", at);
        }
        if (const auto* models = object != nullptr ? find(*object, "models") : nullptr) {
            operations.models[id] = read_models(*models, at + "/models");
        }
        operations.ids.push_back(id);
    }
    return operations;
}

ManifestComponent read_component(const json::value& value, const std::string& pointer) {
    const auto& object = object_of(value, pointer);
    ManifestComponent component;
    component.kind = required_text(object, "kind", pointer);
    const auto slash = component.kind.find('/');
    if (slash == std::string::npos ||
        !is_name(std::string_view(component.kind).substr(0, slash), ".-_", false) ||
        !number(std::string_view(component.kind).substr(slash + 1))) {
        fail(pointer + "/kind", "must be \"NAME/REVISION\", such as \"bay.provider/1\"");
    }
    component.id = required_text(object, "id", pointer);
    if (!is_name(component.id, "_-", false)) {
        fail(pointer + "/id",
             "must be lower-case letters, digits, '_' and '-', beginning with a letter or digit");
    }
    if (const auto* operations = find(object, "operations")) {
        ManifestOperations read = read_operations(*operations, pointer + "/operations");
        component.operations = std::move(read.ids);
        component.operation_features = std::move(read.features);
        component.operation_models = std::move(read.models);
    }
    component.features = texts(object, "features", pointer);
    component.egress = texts(object, "egress", pointer);
    if (const auto* schema = find(object, "config_schema")) {
        component.config_schema = object_of(*schema, pointer + "/config_schema");
    }
    component.names = texts(object, "names", pointer);
    if (const auto* env = find(object, "config_env")) {
        const std::string at = pointer + "/config_env";
        for (const auto& member : object_of(*env, at)) {
            const std::string name(member.key());
            component.config_env[name] = texts(env->get_object(), name, at);
        }
    }
    if (component.kind == BAY_KIND_GUARDRAIL) {
        if (const auto* guardrail = find(object, "guardrail")) {
            const std::string at = pointer + "/guardrail";
            component.guardrail = read_guardrail(object_of(*guardrail, at), at);
        }
    }
    if (component.kind == BAY_KIND_PROVIDER) {
        const auto* provider = find(object, "provider");
        const std::string at = pointer + "/provider";
        if (provider == nullptr)
            fail(at, "is missing: it says which model prefixes the component serves");
        component.provider = read_provider(object_of(*provider, at), at);
    }
    return component;
}

Manifest read_manifest(std::string_view text) {
    json::error_code error;
    json::stream_parser parser;
    const std::size_t read = parser.write_some(text.data(), text.size(), error);
    if (!error) parser.finish(error);
    const bool rest = text.find_first_not_of(" \t\r\n", read) != std::string_view::npos;
    if (error || rest) {
        throw BadManifest("manifest: not JSON, at byte " + std::to_string(read) +
                          (error ? ": " + error.message() : std::string()));
    }
    const json::value value = parser.release();

    Manifest manifest;
    manifest.text = std::string(text);
    const auto& root = object_of(value, "");
    read_abi(root, manifest);
    manifest.id = required_text(root, "id", "");
    if (!is_name(manifest.id, ".-_", true)) {
        fail("/id", "must be letters, digits, '.', '_' and '-', such as \"com.example.thing\"");
    }
    manifest.version = required_text(root, "version", "");
    if (!is_name(manifest.version, ".-+_", true)) {
        fail("/version", "must be letters, digits, '.', '-', '+' and '_', such as \"1.4.0\"");
    }
    manifest.license = required_text(root, "license", "");

    const auto* components = find(root, "components");
    if (components == nullptr) fail("/components", "is missing");
    const auto* list = components->if_array();
    if (list == nullptr || list->empty())
        fail("/components", "must be a list of at least one component");
    std::set<std::pair<std::string, std::string>> seen;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string pointer = "/components/" + std::to_string(i);
        auto component = read_component((*list)[i], pointer);
        if (!seen.emplace(component.kind, component.id).second) {
            fail(pointer + "/id", "is the id of an earlier component of the same kind");
        }
        manifest.components.push_back(std::move(component));
    }
    return manifest;
}

}  // namespace

boost::system::result<ManifestOperations, std::string> parse_operations(
    const json::value& value, const std::string& pointer) {
    try {
        return read_operations(value, pointer);
    } catch (const BadManifest& error) {
        // The words that come before the pointer are about the manifest.
        return {boost::system::in_place_error,
                std::string(std::string_view(error.what()).substr(kManifest.size()))};
    }
}

boost::system::result<Manifest, std::string> parse_manifest(std::string_view text) {
    if (text.size() > kMaxText)
        return {boost::system::in_place_error, "manifest: larger than 1 MiB"};
    try {
        return read_manifest(text);
    } catch (const std::exception& error) {
        return {boost::system::in_place_error, error.what()};
    }
}

}  // namespace patchbay
