#include "app/variables.hpp"

#include <array>
#include <fstream>
#include <string_view>

#include "app/flags.hpp"

namespace patchbay::app {

namespace {

struct NotDone {
    const char* name;
    std::string_view why;
};

constexpr auto kNotDone = std::to_array<NotDone>({
    {"SERVER_ROOT_PATH", "routes have no prefix; let the proxy before the gateway take it off"},
    {"STORE_MODEL_IN_DB", "models that were stored in a database are not served"},
});

// Without its authorities no provider can be called by https; that nobody knows before the first call.
void look_for_authorities(const Variable& variable, CommandLine& line) {
    const auto file = variable("SSL_CERT_FILE");
    if (!file || file->empty() || std::ifstream(*file).good()) return;
    line.warnings.push_back(
        "the environment variable SSL_CERT_FILE names a file that cannot be read: calls by https "
        "will fail");
}

constexpr const char* kBucket = "LITELLM_CONFIG_BUCKET_NAME";
constexpr const char* kConfigFile = "CONFIG_FILE_PATH";

bool asks(const std::optional<std::string>& value) {
    return value && !value->empty() && *value != "0" && *value != "False" && *value != "false";
}

// A file that was asked for and has no name leaves out the master key that stands in it.
std::optional<std::string> lost_file(const Variable& variable, CommandLine& line) {
    const auto file = variable(kConfigFile);
    const bool named = line.names_source || (file && !file->empty());
    if (file && file->empty() && !line.names_source) {
        return std::string("the environment variable ") + kConfigFile +
               " is set, but empty: name a file, or unset it to serve without one";
    }
    if (!asks(variable(kBucket))) return std::nullopt;
    const std::string text = std::string("the environment variable ") + kBucket +
                             " is LiteLLM's: a configuration in a bucket is not read";
    if (!named) return text + "; fetch it, and name the file with --config";
    line.warnings.push_back(text);
    return std::nullopt;
}

}  // namespace

std::optional<std::string> read_variables(const Variable& variable, CommandLine& line) {
    if (!line.serves) return std::nullopt;
    for (const Flag& flag : flags()) {
        if (flag.kind == Flag::Kind::done || flag.variable.empty()) continue;
        const std::string name(flag.variable);
        if (!asks(variable(name))) continue;
        const std::string text =
            "the environment variable " + name + " is LiteLLM's and " +
            (flag.kind == Flag::Kind::refused ? "not done by Patchbay: " : "ignored: ") +
            std::string(flag.help);
        if (flag.kind == Flag::Kind::refused) return text;
        line.warnings.push_back(text);
    }
    for (const NotDone& one : kNotDone) {
        if (!asks(variable(one.name))) continue;
        line.warnings.push_back("the environment variable " + std::string(one.name) +
                                " is LiteLLM's and ignored: " + std::string(one.why));
    }
    look_for_authorities(variable, line);
    return lost_file(variable, line);
}

}  // namespace patchbay::app
