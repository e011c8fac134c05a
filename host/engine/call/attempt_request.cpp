#include "engine/call/attempt_request.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <span>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "contract/json/control_params.hpp"
#include "contract/shape/streamed.hpp"
#include "engine/call/dropped_paths.hpp"

namespace patchbay {

using std::chrono::milliseconds;

namespace {

// What must not be sent is also the plugin's to know, which adds members of its own. `params` is a
// JSON object or empty, and has no member of that name: the configuration keeps it apart.
std::string with_dropped(std::string_view params, const std::vector<std::string>& of_request,
                         const std::vector<std::string>& of_deployment) {
    boost::json::array names(of_request.begin(), of_request.end());
    names.insert(names.end(), of_deployment.begin(), of_deployment.end());
    const std::string member =
        "\"additional_drop_params\":" + boost::json::serialize(boost::json::value(names));
    const std::size_t brace = params.find('{');
    if (brace == std::string_view::npos) return "{" + member + "}";
    const std::string_view rest = params.substr(brace + 1);
    const bool alone = rest.substr(rest.find_first_not_of(" \t\r\n")).starts_with('}');
    return "{" + member + (alone ? "" : ",") + std::string(rest);
}

/// LiteLLM's `modify_params`: a request for a longer answer than the model writes, which its provider would refuse, is one
/// for the longest. For what the model is not known to bound nothing is changed.
void bound_length(const Ask& ask, std::int64_t longest,
                  const std::function<bool(std::string_view name)>& unsent,
                  std::vector<BodyMember>& overrides) {
    for (const std::string_view name : {"max_tokens", "max_completion_tokens"}) {
        const bay_member* member = find_member(ask.members(), name);
        if (!member || longest <= 0 || unsent(name)) continue;
        std::int64_t wanted = 0;
        const char* const end = member->value.ptr + member->value.len;
        const auto read = std::from_chars(member->value.ptr, end, wanted);
        if (read.ec != std::errc() || read.ptr != end || wanted <= longest) continue;
        overrides.emplace_back('"' + std::string(name) + '"', std::to_string(longest));
    }
}

bool is_dropped(std::string_view name, const Ask& ask, const Deployment& deployment) {
    const auto listed = [&](const std::vector<std::string>& names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    return listed(ask.options.dropped_params) || listed(deployment.dropped_params);
}

// The time of the service tier that the request wants; nullopt: it has none.
std::optional<milliseconds> time_of_tier(const Ask& ask, const TierTimeouts& times) {
    if (times.empty()) return std::nullopt;
    const bay_member* const member = find_member(ask.members(), "service_tier");
    if (!member || member->value.len < 2 || *member->value.ptr != '"') return std::nullopt;
    const auto found = times.find(std::string_view(member->value.ptr + 1, member->value.len - 2));
    if (found == times.end()) return std::nullopt;
    return found->second;
}

bool contains(std::span<const BodyMember> members, std::string_view name) {
    return std::any_of(members.begin(), members.end(), [&](const BodyMember& member) {
        return std::string_view(member.first).substr(1, member.first.size() - 2) == name;
    });
}

}  // namespace

AttemptRequest::AttemptRequest(const Ask& ask, const Operation& operation, const ModelRoute& route,
                               const Deployment& deployment)
    : model_(route.model_for(deployment)) {
    const RequestOptions& options = ask.options;
    request_.operation = operation.id;
    request_.shape = operation.shape;
    if (operation.resource.empty()) {
        edit_body(ask, operation, deployment);
    } else {
        name_resource(ask, operation);
    }
    if (const bay_member* model = find_member(request_.members, "model")) {
        request_.model_off = model->value_off;
        request_.model_len = model->value.len;
    }
    allowed_ = options.allowed_params;
    if (!deployment.allowed_params.empty()) {
        allowed_ += (allowed_.empty() ? "" : ",") + deployment.allowed_params;
    }
    request_.allowed_params = allowed_;
    request_.model = model_;
    request_.base_url = deployment.base_url;
    request_.api_key = deployment.api_key.reveal();
    request_.params = deployment.params;
    if (deployment.wants_info_at_call) {
        params_ = with_model_info(deployment.params, deployment.info_of(model_));
        request_.params = params_;
    }
    if (!options.dropped_params.empty() || !deployment.dropped_params.empty()) {
        params_ = with_dropped(request_.params, options.dropped_params, deployment.dropped_params);
        request_.params = params_;
    }
    request_.verify_tls = deployment.verify_tls;
    if (options.drop_params.value_or(deployment.drop_params)) request_.flags |= BAY_REQ_DROP_PARAMS;
    set_timeouts(ask, operation, deployment);
}

void AttemptRequest::name_resource(const Ask& ask, const Operation& operation) {
    const auto kv = [](std::string_view name, std::string_view value) {
        return bay_kv{{name.data(), name.size()}, {value.data(), value.size()}};
    };
    if (ask.previous) ids_.push_back(kv(operation.resource, ask.previous->id));
    for (const auto& [name, value] : ask.query) query_.push_back(kv(name, value));
    request_.ids = ids_;
    request_.query = query_;
}

void AttemptRequest::edit_body(const Ask& ask, const Operation& operation,
                               const Deployment& deployment) {
    request_.body = ask.body;
    request_.members = ask.members();
    // What stands for the query of a session has no place for a deployment's parameters.
    const bool add = operation.answer != AnswerAs::socket;
    const bool edit = ask.options.any_control || !ask.options.dropped_params.empty() ||
                      !deployment.dropped_params.empty() || ask.previous ||
                      (add && !(deployment.defaults.empty() && deployment.extra_body.empty()));
    const bool bound = deployment.modify_params &&
                       (operation.id == kChatCompletions.id || operation.id == kMessages.id);
    if (!edit && !bound) return;
    BodyEdits edits;
    edits.drop = [&](std::string_view name) {
        if (is_control_param(name)) return !(deployment.simulated && is_mock_param(name));
        return is_dropped(name, ask, deployment);
    };
    if (add) edits.defaults = deployment.defaults;
    std::span<const BodyMember> forced;
    if (add) forced = deployment.extra_body;
    std::vector<BodyMember> overrides;
    const bool own_metadata =
        ask.own_metadata && (operation.own_metadata || deployment.metadata_user_id);
    if (own_metadata) overrides.emplace_back("\"metadata\"", *ask.own_metadata);
    // What the operator puts in is not the client's to take out.
    const auto unsent = [&](std::string_view name) {
        return edits.drop(name) || contains(forced, name);
    };
    if (bound) bound_length(ask, deployment.info_of(model_).max_output_tokens, unsent, overrides);
    if (!edit && overrides.empty()) return;
    drop_paths(ask.options.dropped_params, request_.members, edits.defaults, unsent, overrides);
    overrides.insert(overrides.begin(), forced.begin(), forced.end());
    drop_paths(deployment.dropped_params, request_.members, edits.defaults, edits.drop, overrides);
    if (ask.previous) {
        const std::string name = "\"" + std::string(operation.earlier) + "\"";
        overrides.emplace_back(name, boost::json::serialize(boost::json::string(ask.previous->id)));
    }
    edits.overrides = overrides;
    edited_.emplace(IndexedBody{ask.body, request_.members}, edits);
    request_.body = edited_->view().json;
    request_.members = edited_->view().members;
}

void AttemptRequest::set_timeouts(const Ask& ask, const Operation& operation,
                                  const Deployment& deployment) {
    const RequestOptions& options = ask.options;
    const milliseconds whole = options.timeout.value_or(
        time_of_tier(ask, deployment.tier_timeouts).value_or(deployment.timeout));
    if (operation.answer == AnswerAs::socket) {
        // A session lasts as long as it is used; the timeout is for the upstream to open its side.
        request_.timeouts.first_byte = whole;
        request_.timeouts.total = milliseconds(0);
    } else if (ask.scan.stream && has_streamed_form(operation.id)) {
        // As in LiteLLM, a stream's timeout bounds the waiting, not the length of the answer.
        const milliseconds gap = options.stream_timeout.value_or(
            options.timeout ? *options.timeout
                            : time_of_tier(ask, deployment.tier_stream_timeouts)
                                  .value_or(deployment.stream_timeout));
        request_.flags |= BAY_REQ_STREAM;
        if (!is_dropped("stream_options", ask, deployment)) request_.flags |= BAY_REQ_WANT_USAGE;
        request_.timeouts.first_byte = gap;
        request_.timeouts.idle = gap;
        request_.timeouts.total = milliseconds(0);
    } else {
        request_.timeouts.total = whole;
    }
}

}  // namespace patchbay
