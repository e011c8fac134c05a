#include "engine/call/enforced_params.hpp"

#include <algorithm>
#include <string_view>

#include "contract/json/member_walker.hpp"
#include "engine/call/call.hpp"
#include "engine/call/end_user.hpp"
#include "engine/surface/body_edit.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

namespace {

constexpr std::string_view kMetadata = "metadata";
constexpr std::string_view kUser = "user";

bool says(std::span<const bay_member> members, std::string_view first, std::string_view inside) {
    const bay_member* const member = find_member(members, first);
    std::string_view value = member ? bay::sv(member->value) : std::string_view();
    while (!inside.empty() && !value.empty()) {
        const std::size_t dot = std::min(inside.find('.'), inside.size());
        value = member_of(value, inside.substr(0, dot));
        inside.remove_prefix(std::min(dot + 1, inside.size()));
    }
    return !value.empty() && value != "null";
}

// "param=user", "param=[metadata][generation_name]"
std::string shown(std::string_view param) {
    if (param.find('.') == param.npos) return std::string(param);
    std::string text = "[";
    for (const char c : param) {
        if (c == '.') {
            text += "][";
        } else {
            text += c;
        }
    }
    return text + "]";
}

Error missing(const std::string& param) {
    return bad_request("BadRequest please pass param=" + shown(param) +
                           " in request body. This is a required param",
                       param);
}

}  // namespace

const std::string* missing_param(std::span<const std::string> params,
                                 std::span<const bay_member> members, const Caller& caller,
                                 std::span<const std::string> customer_headers) {
    for (const std::string& param : params) {
        const std::size_t dot = std::min(param.find('.'), param.size());
        const std::string_view first = std::string_view(param).substr(0, dot);
        const std::string_view inside =
            std::string_view(param).substr(std::min(dot + 1, param.size()));
        const bool there =
            says(members, first, inside) ||
            (first == kMetadata && says(members, "litellm_metadata", inside)) ||
            (param == kUser && !end_user_of(caller, members, customer_headers).empty());
        if (!there) return &param;
    }
    return nullptr;
}

std::optional<Error> check_enforced(const Call& call) {
    if (call.check || call.within || !call.surface.operation->resource.empty()) return std::nullopt;
    const GeneralSettings& settings = call.world->config.general;
    if (settings.reject_clientside_metadata_tags && !call.ask.options.tags.empty()) {
        return bad_request(
            "Client-side 'metadata.tags' not allowed in request. "
            "'reject_clientside_metadata_tags'=True. Tags can only be set via API key metadata.",
            "metadata.tags");
    }
    const auto lacks = [&](const std::vector<std::string>& params) {
        return missing_param(params, call.ask.members(), call.caller, settings.customer_headers);
    };
    const std::string* param = lacks(settings.enforced_params);
    if (!param && call.principal && call.principal->service_account) {
        param = lacks(settings.service_account_params);
    }
    if (!param && call.principal) param = lacks(call.principal->enforced_params);
    return param ? std::optional(missing(*param)) : std::nullopt;
}

}  // namespace patchbay
