#include "config/deployment_keys.hpp"

#include <array>
#include <string>
#include <utility>

#include "config/budget_keys.hpp"
#include "config/policy_keys.hpp"
#include "config/sections.hpp"

namespace patchbay {

namespace {

using Deployment = DeploymentConfig;

// "openai/ gpt-4o": the provider would be asked for a model whose name begins with a blank.
void read_model(Reader& reader, const Entry& entry, Deployment& deployment) {
    std::string model;
    reader.read(entry, model);
    std::string kept;
    for (const char c : model) {
        if (c == '/') kept.erase(kept.find_last_not_of(' ') + 1);
        if (c != ' ' || !kept.ends_with('/')) kept += c;
    }
    if (kept != model) {
        reader.problems().warning(entry.place(),
                                  entry.quoted() + ": blanks beside a '/' are taken off");
    }
    if (!kept.empty()) deployment.model = std::move(kept);
}

void read_api_base(Reader& reader, const Entry& entry, Deployment& deployment) {
    reader.read(entry, deployment.api_base);
    deployment.api_base_place = entry.place();
}

void read_base_url(Reader& reader, const Entry& entry, Deployment& deployment) {
    std::string url;
    reader.read(entry, url);
    if (!deployment.api_base.empty()) return;
    deployment.api_base = std::move(url);
    deployment.api_base_place = entry.place();
}

void read_drop_params(Reader& reader, const Entry& entry, Deployment& deployment) {
    if (!tell_list_of_params(reader, entry)) reader.read(entry, deployment.drop_params);
}

void read_deployment_ssl(Reader& reader, const Entry& entry, Deployment& deployment) {
    if (const auto verify = read_ssl_verify(reader, entry)) deployment.ssl_verify = verify;
}

void read_silent_model(Reader& reader, const Entry& entry, Deployment& deployment) {
    reader.read(entry, deployment.silent_model);
    deployment.silent_place = entry.place();
}

// Another name of `timeout`, which goes first.
void read_request_timeout(Reader& reader, const Entry& entry, Deployment& deployment) {
    if (!deployment.timeout) reader.read(entry, deployment.timeout);
}

// Another name of `num_retries`, as in requests; that goes first.
void read_max_retries(Reader& reader, const Entry& entry, Deployment& deployment) {
    if (!deployment.num_retries) reader.read(entry, deployment.num_retries);
}

// model_info's, which may have been read before, goes first, as in LiteLLM.
void read_cooldown(Reader& reader, const Entry& entry, Deployment& deployment) {
    std::optional<std::chrono::milliseconds> time;
    reader.read(entry, time);
    if (!deployment.cooldown_time) deployment.cooldown_time = time;
}

// `{flex: 900, priority: 30}`, in seconds.
template <TierTimeouts Deployment::*kMember>
void read_tier_timeouts(Reader& reader, const Entry& entry, Deployment& deployment) {
    if (entry.value->kind == yaml::Node::Kind::null || !reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        std::optional<std::chrono::milliseconds> time;
        reader.read({entry.section, member.key, member.value}, time);
        if (time) (deployment.*kMember)[member.key->text] = *time;
    }
}

constexpr std::array kFields = {
    Field<Deployment>{"model", read_model},
    Field<Deployment>{"custom_llm_provider", into<&Deployment::custom_llm_provider>},
    Field<Deployment>{"api_key", into<&Deployment::api_key>},
    Field<Deployment>{"api_base", read_api_base},
    Field<Deployment>{"base_url", read_base_url},
    Field<Deployment>{"aws_bedrock_runtime_endpoint", read_base_url},
    Field<Deployment>{"timeout", into<&Deployment::timeout>},
    Field<Deployment>{"request_timeout", read_request_timeout},
    Field<Deployment>{"stream_timeout", into<&Deployment::stream_timeout>},
    Field<Deployment>{"timeout_by_service_tier", read_tier_timeouts<&Deployment::tier_timeouts>},
    Field<Deployment>{"stream_timeout_by_service_tier",
                      read_tier_timeouts<&Deployment::tier_stream_timeouts>},
    Field<Deployment>{"keepalive_seconds", into<&Deployment::keepalive>},
    Field<Deployment>{"num_retries", into<&Deployment::num_retries>},
    Field<Deployment>{"max_retries", read_max_retries},
    Field<Deployment>{"weight", into<&Deployment::weight>},
    Field<Deployment>{"rpm", into<&Deployment::rpm>},
    Field<Deployment>{"tpm", into<&Deployment::tpm>},
    Field<Deployment>{"itpm", into<&Deployment::itpm>},
    Field<Deployment>{"otpm", into<&Deployment::otpm>},
    Field<Deployment>{"max_parallel_requests", into<&Deployment::max_parallel_requests>},
    Field<Deployment>{"default_api_key_rpm_limit", into<&Deployment::key_rpm>},
    Field<Deployment>{"default_api_key_tpm_limit", into<&Deployment::key_tpm>},
    Field<Deployment>{"order", into<&Deployment::order>},
    Field<Deployment>{"cooldown_time", read_cooldown},
    Field<Deployment>{"allowed_fails", tell_misplaced_fails},
    Field<Deployment>{"allowed_fails_policy", tell_misplaced_fails},
    Field<Deployment>{"tags", into<&Deployment::tags>},
    Field<Deployment>{"silent_model", read_silent_model},
    Field<Deployment>{"max_budget", read_deployment_budget},
    Field<Deployment>{"budget_duration", read_deployment_duration},
    Field<Deployment>{"ssl_verify", read_deployment_ssl},
    Field<Deployment>{"drop_params", read_drop_params},
    Field<Deployment>{"merge_reasoning_content_in_choices", into<&Deployment::merge_thoughts>},
    Field<Deployment>{"additional_drop_params", into<&Deployment::additional_drop_params>},
    Field<Deployment>{"allowed_openai_params", into<&Deployment::allowed_openai_params>},
    Field<Deployment>{"guardrails", into<&Deployment::guardrails>},
    Field<Deployment>{"extra_body", into<&Deployment::extra_body>},
};

}  // namespace

std::span<const Field<DeploymentConfig>> deployment_fields() {
    return kFields;
}

}  // namespace patchbay
