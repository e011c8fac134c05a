#include "config/reference.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "config/header_text.hpp"

namespace patchbay {
namespace {

constexpr std::string_view kEnvironmentPrefix = "os.environ/";
constexpr std::array<std::string_view, 9> kTokenPrefixes = {
    "oidc/google/", "oidc/circleci/", "oidc/circleci_v2/", "oidc/github/",  "oidc/azure/",
    "oidc/file/",   "oidc/env/",      "oidc/env_path/",    "oidc/azure_ad/"};

bool is_variable_name(std::string_view text) {
    const auto in_name = [](char c) {
        return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               (c >= '0' && c <= '9');
    };
    return !text.empty() && text.size() <= 80 && std::all_of(text.begin(), text.end(), in_name);
}

struct Quoting {
    std::string_view before;
    std::string_view after;
};
// Ways of other programs. The longer of two that begin alike comes first.
constexpr std::array<Quoting, 15> kQuotings = {{{"${", "}"},
                                                {"$(", ")"},
                                                {"{{", "}}"},
                                                {"$", ""},
                                                {"%", "%"},
                                                {"os.environ['", "']"},
                                                {"os.environ[\"", "\"]"},
                                                {"os.environ.", ""},
                                                {"os.environ:", ""},
                                                {"os.getenv('", "')"},
                                                {"os.getenv(\"", "\")"},
                                                {"environ/", ""},
                                                {"os.env/", ""},
                                                {"env/", ""},
                                                {"env.", ""}}};

bool is_name_in_capitals(std::string_view text) {
    const auto in_name = [](char c) {
        return c == '_' || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    return !text.empty() && text.size() <= 80 && !(text[0] >= '0' && text[0] <= '9') &&
           std::all_of(text.begin(), text.end(), in_name);
}

}  // namespace

std::string meant_reference(std::string_view text) {
    for (const Quoting& quoting : kQuotings) {
        if (!text.starts_with(quoting.before) || !text.ends_with(quoting.after)) continue;
        if (text.size() <= quoting.before.size() + quoting.after.size()) continue;
        std::string_view name = text.substr(quoting.before.size());
        name.remove_suffix(quoting.after.size());
        // A default behind the name, as shells have it: "${NAME:-x}".
        if (quoting.before == "${") name = name.substr(0, name.find(':'));
        name = without_blank_ends(name);
        if (is_name_in_capitals(name)) return std::string(name);
    }
    return {};
}

std::optional<Reference> parse_reference(std::string_view text) {
    text = without_blank_ends(text);
    if (text.substr(0, kEnvironmentPrefix.size()) == kEnvironmentPrefix) {
        const auto name = without_blank_ends(text.substr(kEnvironmentPrefix.size()));
        return Reference{std::string(name), false};
    }
    for (const std::string_view prefix : kTokenPrefixes) {
        if (text.substr(0, prefix.size()) == prefix) return Reference{{}, true};
    }
    return std::nullopt;
}

std::string unset_message(const std::string& variable) {
    if (!is_variable_name(variable)) {
        return "`os.environ/` must be followed by the name of an environment variable";
    }
    return "the environment variable `" + variable + "` is not set";
}

std::string empty_message(const std::string& variable) {
    return is_variable_name(variable) ? "the environment variable `" + variable + "` is empty"
                                      : unset_message(variable);
}

Environment overlay(std::shared_ptr<const std::map<std::string, std::string>> variables,
                    Environment base) {
    return [variables = std::move(variables),
            base = std::move(base)](const std::string& name) -> std::optional<std::string> {
        if (const auto found = variables->find(name); found != variables->end()) {
            return found->second;
        }
        return base ? base(name) : std::nullopt;
    };
}

Environment without_blank_ends(Environment base) {
    return [base = std::move(base)](const std::string& name) -> std::optional<std::string> {
        const auto value = base ? base(name) : std::nullopt;
        if (!value) return std::nullopt;
        return std::string(without_blank_ends(std::string_view(*value)));
    };
}

Environment process_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        if (value == nullptr) return std::nullopt;
        return std::string(value);
    };
}

}  // namespace patchbay
