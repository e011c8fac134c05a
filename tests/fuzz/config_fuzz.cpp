// libFuzzer entry for the configuration loader: any bytes give a Config or problems, never a crash,
// a hang or an exception, and a Config exactly when no problem is an error.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "config/loader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto environment = [](const std::string& name) -> std::optional<std::string> {
        if (name == "KEY") return "sk-fuzz";
        if (name == "NUMBER") return "12";
        if (name == "TRUE") return "true";
        return std::nullopt;
    };
    const patchbay::LoadedConfig loaded =
        patchbay::load_config_text(text, "fuzz.yaml", environment);
    const bool has_error = std::any_of(
        loaded.problems.begin(), loaded.problems.end(), [](const patchbay::Problem& problem) {
            return problem.severity == patchbay::Problem::Severity::error;
        });
    if (loaded.config.has_value() == has_error) std::abort();
    for (const patchbay::Problem& problem : loaded.problems) {
        if (problem.text().empty()) std::abort();
    }
    return 0;
}
