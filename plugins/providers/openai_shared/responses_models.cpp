#include "responses_models.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::openai {

namespace {

constexpr std::string_view kMark = "responses/";

bool speaks_responses(const Dialect& dialect) {
    return dialect.find(BAY_OP_RESPONSES) != nullptr;
}

/// Parses the deployment's parameters only if they say that word.
bool has_mode(std::string_view params) {
    if (!shared::mentions(params, "\"responses\"")) return false;
    const auto value = shared::parse_json(params);
    const auto* object = value ? value->if_object() : nullptr;
    return shared::text(shared::find_object(object, "model_info"), "mode") == "responses";
}

// OpenAI: "Function tools with reasoning_effort are not supported for gpt-5.6 in /v1/chat/completions. To
// use function tools, use /v1/responses or set reasoning_effort to 'none'."
bool reasons_beside_tools_elsewhere(std::string_view model) {
    if (const auto slash = model.rfind('/'); slash != std::string_view::npos) {
        model.remove_prefix(slash + 1);
    }
    if (model.starts_with("ft:")) model.remove_prefix(3);
    constexpr std::string_view kName = "gpt-";
    if (!model.starts_with(kName)) return false;
    model.remove_prefix(kName.size());
    unsigned major = 0, minor = 0;
    const char* const end = model.data() + model.size();
    const auto first = std::from_chars(model.data(), end, major);
    if (first.ec != std::errc() || first.ptr == model.data()) return false;
    if (first.ptr != end && *first.ptr == '.') std::from_chars(first.ptr + 1, end, minor);
    const bool other = model.find("-chat") != std::string_view::npos ||
                       model.find("-search") != std::string_view::npos;
    return !other && (major > 5 || (major == 5 && minor >= 4));
}

bool has_function(std::string_view tools) {
    const auto value = tools.empty() ? std::nullopt : shared::parse_json(tools);
    const auto* list = value ? value->if_array() : nullptr;
    return list != nullptr && std::any_of(list->begin(), list->end(), [](const auto& tool) {
               return shared::text(tool.if_object(), "type") == "function";
           });
}

enum class Reasoning : std::uint8_t { untold, on, off };

Reasoning reasoning_of(std::string_view effort) {
    if (effort.empty() || effort == "null") return Reasoning::untold;
    if (effort.front() != '{') return effort == "\"none\"" ? Reasoning::off : Reasoning::on;
    const auto value = shared::parse_json(effort);
    const auto word = shared::text(value ? value->if_object() : nullptr, "effort");
    if (word.empty()) return Reasoning::untold;
    return word == "none" ? Reasoning::off : Reasoning::on;
}

bool calls_by_responses(const bay_ev_request& request, const Dialect& dialect) {
    const bool openai = dialect.provider == "openai";
    if (!openai && dialect.provider != "azure") return false;
    const RulesModel model(request, dialect);
    if (!reasons_beside_tools_elsewhere(model.name())) return false;
    const bay::Splice body(request);
    const auto reasoning = reasoning_of(body.value("reasoning_effort"));
    const auto base = bay::sv(request.target->base_url);
    const bool own =
        openai && (base.empty() || base.find("api.openai.com") != std::string_view::npos);
    const bool reasons = reasoning == Reasoning::on || (reasoning == Reasoning::untold && own);
    return reasons && has_function(body.value("tools"));
}

}  // namespace

std::string_view upstream_model(const bay_ev_request& request, const Dialect& dialect) {
    std::string_view model = bay::sv(request.target->model);
    if (model.starts_with(kMark) && speaks_responses(dialect)) model.remove_prefix(kMark.size());
    for (const std::string& mark : dialect.family_marks) {
        if (model.starts_with(mark)) return model.substr(mark.size());
    }
    return model;
}

RulesModel::RulesModel(const bay_ev_request& request, const Dialect& dialect)
    : name_(bay::sv(request.target->model)) {
    const std::string_view params = bay::sv(request.target->params);
    if (!dialect.base_model || !shared::mentions(params, "\"base_model\"")) return;
    const auto value = shared::parse_json(params);
    base_ = shared::text(value ? value->if_object() : nullptr, "base_model");
    if (!base_.empty()) name_ = base_;
}

bool goes_by_responses(const bay_ev_request& request, const Dialect& dialect) {
    if (!speaks_responses(dialect)) return false;
    return bay::sv(request.target->model).starts_with(kMark) ||
           has_mode(bay::sv(request.target->params)) || calls_by_responses(request, dialect);
}

}  // namespace patchbay::openai
