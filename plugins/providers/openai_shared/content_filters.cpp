#include "content_filters.hpp"

#include <string_view>
#include <utility>

#include "json/access.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

constexpr std::string_view kPrompt = "prompt_filter_results";
constexpr std::string_view kFindings[] = {"content_filter_results", "content_filter_result",
                                          "content_filter_offsets"};

}  // namespace

bool move_findings(json::object& choice, bool streamed) {
    bool changed = false;
    if (streamed && !choice.contains("delta") && !choice.contains("message")) {
        choice["delta"].emplace_object();
        changed = true;
    }
    for (const std::string_view name : kFindings) {
        const json::value* found = shared::find(choice, name);
        if (found == nullptr) continue;
        json::value findings = *found;
        choice.erase(name);
        json::value& extras = choice["provider_specific_fields"];
        if (!extras.is_object()) extras.emplace_object();
        extras.get_object()[name] = std::move(findings);
        changed = true;
    }
    return changed;
}

bool is_about_prompt(const json::object& event) {
    const json::array* choices = shared::find_array(event, "choices");
    const bool alone = choices != nullptr && choices->empty() && !shared::find(event, "usage");
    return alone && shared::find(event, kPrompt) != nullptr;
}

}  // namespace patchbay::openai
