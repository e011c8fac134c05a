#include "model.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace patchbay::google {

namespace {

constexpr auto npos = std::string_view::npos;

struct Row {
    int from;               ///< version * 100
    std::string_view word;  ///< stands in the name; empty: in every one
    ModelTraits traits;
};

constexpr ModelTraits by_level(std::string_view lowest, bool medium = true) {
    return {ThinkingForm::level, 0, false, lowest, medium, true, true};
}
constexpr ModelTraits by_budget(int least, bool ends) {
    return {ThinkingForm::budget, least, ends, "", true, true, false};
}
constexpr ModelTraits kUnthinking{ThinkingForm::none, 0, true, "", true, true, false};

// The first row that fits counts. Google, "Gemini thinking": levels and ranges of budgets.
constexpr std::array kRows{
    Row{308, "flash", by_level("low")},      Row{301, "pro", by_level("low")},
    Row{300, "pro", by_level("low", false)}, Row{300, "", by_level("minimal")},
    Row{205, "pro", by_budget(128, false)},  Row{205, "lite", by_budget(512, true)},
    Row{205, "", by_budget(1, true)},        Row{0, "", kUnthinking},
};

// "Gemma models": these have no system instructions.
constexpr std::array<std::string_view, 3> kWithoutSystem{"gemma-1", "gemma-2", "gemma-3"};

constexpr int kNewest = 999;

// "2.5-flash" is 205, "3-flash" 300; 999 for what begins with no number.
int version_of(std::string_view rest) {
    int major = 0;
    const auto* end = rest.data() + rest.size();
    const auto [stop, error] = std::from_chars(rest.data(), end, major);
    if (error != std::errc() || major > 9) return kNewest;
    int minor = 0;
    if (stop != end && *stop == '.') std::from_chars(stop + 1, end, minor);
    return major * 100 + std::min(minor, 99);
}

}  // namespace

ModelTraits traits_of(std::string_view model) {
    if (const auto slash = model.rfind('/'); slash != npos) model.remove_prefix(slash + 1);
    const bool gemma = std::any_of(kWithoutSystem.begin(), kWithoutSystem.end(),
                                   [&](std::string_view name) { return model.starts_with(name); });
    if (gemma) {
        ModelTraits traits = kUnthinking;
        traits.system = false;
        return traits;
    }
    constexpr std::string_view kGemini = "gemini-";
    if (!model.starts_with(kGemini)) return {};
    model.remove_prefix(kGemini.size());
    if (model.starts_with("embedding")) return kUnthinking;
    const int version = version_of(model);
    return std::find_if(
               kRows.begin(), kRows.end(),
               [&](const Row& row) { return version >= row.from && model.find(row.word) != npos; })
        ->traits;
}

}  // namespace patchbay::google
