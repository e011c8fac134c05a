#include "request.hpp"

#include <algorithm>
#include <array>
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

void set_own(const json::object& client, const RequestOptions& options, json::object& body) {
    for (const auto& [name, value] : client) {
        const auto field = camel_case(name);
        const bool own =
            std::find(kOwnMembers.begin(), kOwnMembers.end(), field) != kOwnMembers.end();
        if (!own || value.is_null() || (field == "labels" && !options.labels)) continue;
        body[field] = value;
    }
    const auto tier = text(client, "service_tier");
    if (!tier.empty() && tier != "auto")
        body["serviceTier"] = tier == "default" ? "standard" : tier;
}

// An object that is in both has the members of both.
void merge(const json::object& from, json::object& to) {
    for (const auto& [name, value] : from) {
        const auto field = camel_case(name);
        auto* there = find_object(to, field);
        if (there && value.is_object()) {
            for (const auto& [inner, member] : value.get_object()) (*there)[inner] = member;
        } else if (is_generation_field(field)) {
            auto& config = to["generationConfig"];
            if (!config.is_object()) config = json::object();
            config.get_object()[field] = value;
        } else {
            to[to.contains(field) ? std::string_view(field) : std::string_view(name)] = value;
        }
    }
}

}  // namespace

Result<Call> translate_request(std::string_view client_json, const RequestOptions& options) {
    auto parsed = parse_json(client_json);
    if (!parsed || !parsed->is_object()) return bad_request("body", "must be a JSON object");
    auto& client = parsed->get_object();
    const auto traits = traits_of(options.model);
    if (auto settled = settle_parameters(client, traits, options); !settled) return settled.error();

    Call call;
    PartContext context{traits, {}};
    auto contents = translate_messages(find(client, "messages"), context, call.names);
    if (!contents) return contents.error();
    json::object body{{"contents", std::move(contents->turns)}};
    if (!contents->system.empty()) {
        body["systemInstruction"] = instruction(std::move(contents->system));
    }
    if (auto set = set_tools(client, traits, call.names, body); !set) return set.error();
    set_own(client, options, body);
    auto config = generation_config(client, traits, options);
    if (!config) return config.error();
    if (!context.resolution.empty()) config->insert({{"mediaResolution", context.resolution}});
    if (!config->empty()) body["generationConfig"] = std::move(*config);
    if (const auto* extra = find_object(client, "extra_body")) merge(*extra, body);
    call.body = to_text(json::value(std::move(body)));
    return call;
}

}  // namespace patchbay::google
