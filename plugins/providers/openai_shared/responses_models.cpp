#include "responses_models.hpp"

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/operations.h"

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
           has_mode(bay::sv(request.target->params));
}

}  // namespace patchbay::openai
