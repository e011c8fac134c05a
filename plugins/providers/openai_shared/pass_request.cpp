#include <algorithm>

#include <boost/json.hpp>

#include "call_ids.hpp"
#include "embedding_inputs.hpp"
#include "families.hpp"
#include "json/access.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/upstream.hpp"
#include "request.hpp"
#include "responses_models.hpp"
#include "values.hpp"

namespace patchbay::openai {

namespace {

/// True if a request of the Responses API wants reasoning of a model that can do without.
bool asks_to_reason(const bay_ev_request& request) {
    for (std::uint64_t i = 0; i < request.member_count; ++i) {
        if (bay::sv(request.members[i].name) != "reasoning") continue;
        const auto value = shared::parse_json(bay::sv(request.members[i].value));
        const std::string_view effort =
            shared::text(value ? value->if_object() : nullptr, "effort");
        return !effort.empty() && effort != "none";
    }
    return false;
}

const Rename* renamed(const OperationRule* rule, std::string_view name) {
    if (rule == nullptr) return nullptr;
    const auto found = std::find_if(rule->renames.begin(), rule->renames.end(),
                                    [&](const Rename& row) { return row.from == name; });
    return found == rule->renames.end() ? nullptr : &*found;
}

std::optional<std::string> listed(const OperationRule* rule, std::string_view name,
                                  std::string_view value) {
    if (rule == nullptr || name != "input") return std::nullopt;
    return input_of(rule->input, value);
}

}  // namespace

Unsupported::Unsupported(const bay_ev_request& request, const Dialect& dialect,
                         const OperationRule* rule)
    : request_(request), dialect_(dialect) {
    const RulesModel rules(request, dialect);
    const std::string_view model = rules.name();
    const auto matches = [&](const std::string& pattern) { return glob_match(pattern, model); };
    if (rule == nullptr) return;
    const auto& models = rule->unsupported_by;
    if (models.empty() || std::any_of(models.begin(), models.end(), matches)) {
        names_ = &rule->unsupported;
    }
}

bool Unsupported::is_refused_by_model(std::string_view name, std::string_view value) const {
    if (bay::sv(request_.operation) != BAY_OP_RESPONSES || !dialect_.openai_families) return false;
    if ((request_.flags & BAY_REQ_DROP_PARAMS) == 0 || number(value) == 1.0) return false;
    return lacks_in_responses(family_of(RulesModel(request_, dialect_).name()), name,
                              asks_to_reason(request_));
}

bool Unsupported::leaves_out(std::string_view name, std::string_view value) {
    if (is_refused_by_model(name, value) &&
        !bay::list_has(bay::sv(request_.allowed_params), name)) {
        dropped_.add(name);
        return true;
    }
    if (names_ == nullptr || std::find(names_->begin(), names_->end(), name) == names_->end()) {
        return false;
    }
    if (bay::list_has(bay::sv(request_.allowed_params), name)) return false;
    const bool harmless = name == "user" || name == "encoding_format" || value == "null";
    if (!harmless && (request_.flags & BAY_REQ_DROP_PARAMS) == 0) {
        if (first_.empty()) first_ = name;
        refused_.append(refused_.empty() ? "'" : ", '").append(name).append("'");
    }
    if (value != "null") dropped_.add(name);
    return true;
}

std::optional<Refusal> Unsupported::refusal() const {
    if (refused_.empty()) return std::nullopt;
    return Refusal{
        BAY_ERR_UNSUPPORTED,
        unsupported_message(dialect_.provider, refused_, bay::sv(request_.target->model)), first_};
}

std::optional<Refusal> write_pass_body(const bay_ev_request& request, const Dialect& dialect,
                                       const PassOperation& operation, bay::Splice& body,
                                       bay::Dropped* dropped, bool named) {
    const OperationRule* const rule = dialect.find(operation.id);
    Unsupported unsupported(request, dialect, rule);
    std::vector<std::pair<std::string_view, std::string_view>> others;
    const bool ask_for_usage = operation.stream_options && dialect.stream_options &&
                               (request.flags & BAY_REQ_STREAM) != 0 &&
                               (request.flags & BAY_REQ_WANT_USAGE) != 0 &&
                               !bay::list_has(bay::sv(request.allowed_params), "stream_options");
    const std::string_view model = upstream_model(request, dialect);
    const auto shortened = [&](const PassOperation& asked, std::string_view input) {
        const bool limited = asked.id == BAY_OP_RESPONSES && has_openais_ids(dialect, model);
        return limited ? without_call_state(input) : std::nullopt;
    };
    const bool nameless = named && operation.id == BAY_OP_IMAGES_GENERATE;
    bool model_written = model.empty() || nameless;
    bool usage_asked = !ask_for_usage;
    for (std::size_t i = 0; i < body.size(); ++i) {
        const std::string_view name = bay::sv(body[i].name);
        const std::string_view value = bay::sv(body[i].value);
        if (name == "model" && nameless) {
            body.drop(i);
        } else if (name == "model" && !model.empty()) {
            body.replace(i, bay::json_quote(model));
            model_written = true;
        } else if (name == "stream_options" && ask_for_usage) {
            const ValueAction action = with_include_usage(value);
            if (action.kind == ValueAction::Kind::replace) body.replace(i, action.json);
            usage_asked = true;
        } else if (unsupported.leaves_out(name, value)) {
            body.drop(i);
        } else if (auto items = name == "input" ? shortened(operation, value) : std::nullopt) {
            body.replace(i, *items);
        } else if (auto list = listed(rule, name, value)) {
            body.replace(i, std::move(*list));
        } else if (const Rename* other = renamed(rule, name)) {
            body.drop(i);
            others.emplace_back(other->to, value);
        }
    }
    for (const auto& [name, value] : others) body.add(name, value);
    if (dropped != nullptr) *dropped = unsupported.dropped();
    if (auto refusal = unsupported.refusal()) return refusal;
    if (!model_written) body.add("model", bay::json_quote(model));
    if ((request.flags & BAY_REQ_STREAM) != 0 && body.value("stream").empty()) {
        body.add("stream", "true");
    }
    if (!usage_asked && !is_dropped(bay::sv(request.target->params), "stream_options")) {
        body.add("stream_options", R"({"include_usage":true})");
    }
    return std::nullopt;
}

std::uint64_t characters(std::string_view json) {
    const auto value = shared::parse_json(json);
    if (!value || !value->is_string()) return 0;
    const auto& text = value->get_string();
    constexpr unsigned char kContinuation = 0x80, kMask = 0xC0;
    return static_cast<std::uint64_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & kMask) != kContinuation;
    }));
}

}  // namespace patchbay::openai
