#include "request.hpp"

#include <algorithm>
#include <array>
#include <patchbay/sdk.hpp>
#include <utility>

#include "camel.hpp"
#include "contents.hpp"
#include "generation.hpp"
#include "tools.hpp"

namespace patchbay::google {

namespace {

// Members of GenerateContentRequest that clients of chat may give by Google's own names.
constexpr std::array<std::string_view, 4> kOwnMembers{"safetySettings", "cachedContent",
                                                      "toolConfig", "labels"};

json::object instruction(json::array parts) {
    return {{"parts", std::move(parts)}};
}

bool is_own_member(std::string_view name, const RequestOptions& options) {
    const auto field = camel_case(name);
    if (field == "labels" && !options.labels) return false;
    return std::find(kOwnMembers.begin(), kOwnMembers.end(), field) != kOwnMembers.end();
}

void set_own(const json::object& client, json::object& body, const RequestOptions& options) {
    for (const auto& [name, value] : client) {
        if (is_own_member(name, options) && !value.is_null()) body[camel_case(name)] = value;
    }
    const auto tier = text(client, "service_tier");
    if (!tier.empty() && tier != "auto")
        body["serviceTier"] = tier == "default" ? "standard" : tier;
}

// Members of chat requests that the translation reads, and those that are the host's.
constexpr auto kRead = std::to_array<std::string_view>({"audio",
                                                        "extra_body",
                                                        "function_call",
                                                        "functions",
                                                        "logprobs",
                                                        "max_tokens",
                                                        "messages",
                                                        "max_completion_tokens",
                                                        "modalities",
                                                        "model",
                                                        "n",
                                                        "tool_choice",
                                                        "parallel_tool_calls",
                                                        "response_format",
                                                        "service_tier",
                                                        "reasoning_effort",
                                                        "stop",
                                                        "stream",
                                                        "stream_options",
                                                        "thinking",
                                                        "tools",
                                                        "top_logprobs",
                                                        "web_search_options"});

void drop_unknown(const json::object& client, const RequestOptions& options,
                  bay::Dropped& dropped) {
    for (const auto& [name, value] : client) {
        const bool known =
            std::find(kRead.begin(), kRead.end(), std::string_view(name)) != kRead.end() ||
            is_own_member(name, options) || !generation_field(name).empty() ||
            bay::list_has(options.allowed_params, name);
        if (!known && !value.is_null()) dropped.add(name);
    }
}

// The member that is meant, in whichever of the two spellings it stands there already.
std::string_view member_like(const json::object& to, std::string_view name) {
    const auto field = camel_case(name);
    for (const auto& [there, value] : to) {
        if (camel_case(there) == field) return there;
    }
    return name;
}

// An object that is in both has the members of both.
void merge(const json::object& from, json::object& to) {
    for (const auto& [name, value] : from) {
        const auto member = member_like(to, name);
        auto* there = find_object(to, member);
        if (there && value.is_object()) {
            for (const auto& [inner, set] : value.get_object())
                (*there)[member_like(*there, inner)] = set;
        } else if (const auto own = generation_field(name); !own.empty()) {
            auto& config = to["generationConfig"];
            if (!config.is_object()) config = json::object();
            config.get_object()[own] = value;
        } else {
            to[member] = value;
        }
    }
}

}  // namespace

Result<Call> translate_request(std::string_view client_json, const RequestOptions& options) {
    auto parsed = parse_json(client_json);
    if (!parsed || !parsed->is_object()) return bad_request("body", "must be a JSON object");
    auto& client = parsed->get_object();
    const auto traits = traits_of(options.model);
    Call call;
    auto settled = settle_parameters(client, traits, options, call.dropped);
    if (!settled) return settled.error();
    drop_unknown(client, options, call.dropped);
    PartContext context{traits, {}};
    auto contents = translate_messages(find(client, "messages"), context, call.names);
    if (!contents) return contents.error();
    json::object body{{"contents", std::move(contents->turns)}};
    if (!contents->system.empty()) {
        body["system_instruction"] = instruction(std::move(contents->system));
    }
    if (auto set = set_tools(client, traits, call.names, body, call.dropped); !set)
        return set.error();
    set_own(client, body, options);
    auto config = generation_config(client, traits, options, call.dropped);
    if (!config) return config.error();
    if (!context.resolution.empty()) config->insert({{"mediaResolution", context.resolution}});
    if (!config->empty()) body["generationConfig"] = std::move(*config);
    if (const auto* extra = find_object(client, "extra_body")) merge(*extra, body);
    call.body = to_text(json::value(std::move(body)));
    return call;
}

Result<Call> translate_request(const bay_ev_request& request, RequestOptions options) {
    options.model = bay::sv(request.target->model);
    options.drop_params = (request.flags & BAY_REQ_DROP_PARAMS) != 0;
    options.allowed_params = bay::sv(request.allowed_params);
    options.hint_params = bay::sv(request.hint_params);
    return translate_request(bay::sv(request.json), options);
}

}  // namespace patchbay::google
