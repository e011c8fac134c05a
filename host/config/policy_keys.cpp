#include "config/policy_keys.hpp"

#include <array>

namespace patchbay {
namespace {

/// Members named after an exception and `ending`, "Retries" or "AllowedFails".
void read_policy(Reader& reader, const Entry& entry, std::string_view ending,
                 FailurePolicy& policy) {
    if (!reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        const Entry one{entry.section, member.key, member.value};
        const auto cls = policy_class_of(one.name(), ending);
        if (!cls) {
            reader.problems().warning(member.key->place(),
                                      entry.quoted() + ": this key is not known: ignored");
            continue;
        }
        reader.read(one, policy.of[static_cast<std::size_t>(*cls)]);
    }
}

constexpr std::string_view kAllowedFails = "AllowedFails";

constexpr std::array kRestFields = {
    Field<DeploymentConfig>{"allowed_fails",
                            [](Reader& reader, const Entry& entry, DeploymentConfig& deployment) {
                                reader.read(entry, deployment.allowed_fails.any);
                            }},
    Field<DeploymentConfig>{"allowed_fails_policy",
                            [](Reader& reader, const Entry& entry, DeploymentConfig& deployment) {
                                read_policy(reader, entry, kAllowedFails,
                                            deployment.allowed_fails.policy);
                            }},
    Field<DeploymentConfig>{"cooldown_time", into<&DeploymentConfig::cooldown_time>},
};

}  // namespace

void read_retry_policy(Reader& reader, const Entry& entry, RouterSettings& settings) {
    read_policy(reader, entry, "Retries", settings.routing.retry_policy);
}

void read_group_retry_policy(Reader& reader, const Entry& entry, RouterSettings& settings) {
    if (!reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        read_policy(reader, {entry.section, entry.key, member.value}, "Retries",
                    settings.routing.group_retry_policy[member.key->text]);
    }
}

void read_allowed_fails_policy(Reader& reader, const Entry& entry, RouterSettings& settings) {
    if (entry.value->kind == yaml::Node::Kind::null) return;
    read_policy(reader, entry, kAllowedFails, settings.routing.allowed_fails_policy.emplace());
}

void read_model_rests(Reader& reader, const Entry& model_info, DeploymentConfig& deployment) {
    if (model_info.value->kind != yaml::Node::Kind::map) return;
    // What a reference comes to was told when the model_info was read as it is.
    std::vector<Reader::Unresolved> told;
    const Reader::UnresolvedScope scope(reader, &told);
    for (const yaml::Member& member : model_info.value->members) {
        const Entry entry{"model_info", member.key, member.value};
        const auto* const field = find_field<DeploymentConfig>(kRestFields, entry.name());
        if (field != nullptr) field->read(reader, entry, deployment);
    }
}

void tell_misplaced_fails(Reader& reader, const Entry& entry, DeploymentConfig&) {
    if (entry.value->kind == yaml::Node::Kind::null) return;
    reader.problems().left_out(
        entry.key->place(), entry.quoted() +
                                " is read in `model_info` alone, as in LiteLLM: ignored, so this "
                                "deployment rests by what holds for all");
}

}  // namespace patchbay
