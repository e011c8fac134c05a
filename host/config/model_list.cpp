// `model_list`: what the gateway knows of a deployment goes into fields, request parameters become
// defaults, and all else is the plugin's: a provider may take an option this program never heard
// of. So an unknown name is passed on, with a word about it only if it is nearly a known one.
#include <algorithm>
#include <array>
#include <unordered_set>

#include <boost/json/serialize.hpp>

#include "config/budget_keys.hpp"
#include "config/health_keys.hpp"
#include "config/key_file.hpp"
#include "config/known_keys.hpp"
#include "config/litellm_params.hpp"
#include "config/reference.hpp"
#include "config/sections.hpp"
#include "config/suggest.hpp"

namespace patchbay {
namespace {

constexpr std::string_view kParams = "litellm_params";
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

constexpr std::array kParamFields = {
    Field<Deployment>{"model", read_model},
    Field<Deployment>{"custom_llm_provider", into<&Deployment::custom_llm_provider>},
    Field<Deployment>{"api_key", into<&Deployment::api_key>},
    Field<Deployment>{"api_base", read_api_base},
    Field<Deployment>{"base_url", read_base_url},
    Field<Deployment>{"aws_bedrock_runtime_endpoint", read_base_url},
    Field<Deployment>{"timeout", into<&Deployment::timeout>},
    Field<Deployment>{"request_timeout", read_request_timeout},
    Field<Deployment>{"stream_timeout", into<&Deployment::stream_timeout>},
    Field<Deployment>{"num_retries", into<&Deployment::num_retries>},
    Field<Deployment>{"weight", into<&Deployment::weight>},
    Field<Deployment>{"rpm", into<&Deployment::rpm>},
    Field<Deployment>{"tpm", into<&Deployment::tpm>},
    Field<Deployment>{"itpm", into<&Deployment::itpm>},
    Field<Deployment>{"otpm", into<&Deployment::otpm>},
    Field<Deployment>{"max_parallel_requests", into<&Deployment::max_parallel_requests>},
    Field<Deployment>{"default_api_key_rpm_limit", into<&Deployment::key_rpm>},
    Field<Deployment>{"default_api_key_tpm_limit", into<&Deployment::key_tpm>},
    Field<Deployment>{"order", into<&Deployment::order>},
    Field<Deployment>{"cooldown_time", into<&Deployment::cooldown_time>},
    Field<Deployment>{"tags", into<&Deployment::tags>},
    Field<Deployment>{"silent_model", read_silent_model},
    Field<Deployment>{"max_budget", read_deployment_budget},
    Field<Deployment>{"budget_duration", read_deployment_duration},
    Field<Deployment>{"ssl_verify", read_deployment_ssl},
    Field<Deployment>{"drop_params", read_drop_params},
    Field<Deployment>{"additional_drop_params", into<&Deployment::additional_drop_params>},
    Field<Deployment>{"allowed_openai_params", into<&Deployment::allowed_openai_params>},
    Field<Deployment>{"guardrails", into<&Deployment::guardrails>},
    Field<Deployment>{"extra_body", into<&Deployment::extra_body>},
};

/// One entry of the list while it is read: the deployment and where its parts stand.
struct ListEntry {
    Deployment deployment;
    const yaml::Node* params = nullptr;
};

/// What the gateway can do without is left out alone: an entry is served also where a variable in
/// its model_info is not set.
void read_model_info(Reader& reader, const Entry& entry, ListEntry& target) {
    std::vector<Reader::Unresolved> unresolved;
    const Reader::UnresolvedScope scope(reader, &unresolved);
    reader.read(entry, target.deployment.model_info);
    read_model_health(reader, entry, target.deployment);
    for (Reader::Unresolved& reference : unresolved) {
        reader.problems().left_out(reference.place,
                                   reference.message + ": this `model_info` is ignored");
    }
    if (entry.value->kind != yaml::Node::Kind::map) return;
    if (const yaml::Node* mode = entry.value->find("mode")) {
        target.deployment.mode_place = mode->place();
    }
}

template <auto kMember>
void of_deployment(Reader& reader, const Entry& entry, ListEntry& target) {
    reader.read(entry, target.deployment.*kMember);
}

constexpr std::array kEntryFields = {
    Field<ListEntry>{"model_name", of_deployment<&Deployment::model_name>},
    Field<ListEntry>{"litellm_params",
                     [](Reader& reader, const Entry& entry, ListEntry& target) {
                         if (reader.is_map(entry)) target.params = entry.value;
                     }},
    Field<ListEntry>{"model_info", read_model_info},
    // LiteLLM takes these beside litellm_params as well; those inside are read later and win.
    Field<ListEntry>{"rpm", of_deployment<&Deployment::rpm>},
    Field<ListEntry>{"tpm", of_deployment<&Deployment::tpm>},
    Field<ListEntry>{"itpm", of_deployment<&Deployment::itpm>},
    Field<ListEntry>{"otpm", of_deployment<&Deployment::otpm>},
};

/// Values without which a deployment would be another one: a variable that is set and empty is as
/// one that is not set. The texts are for clients (DeploymentConfig::left_out).
struct NeededValue {
    std::string_view name;
    std::string_view missing;
};
constexpr std::array kNeeded = {
    NeededValue{"api_key", "it has no API key"},
    NeededValue{"api_base", "it has no address"},
    NeededValue{"base_url", "it has no address"},
    NeededValue{"aws_bedrock_runtime_endpoint", "it has no address"},
    NeededValue{"model", "it has no model"},
};
constexpr std::string_view kMissing = "one of its settings is missing";

class ModelListReader {
  public:
    ModelListReader(Reader& reader, const Credentials& credentials)
        : reader_(reader), credentials_(credentials) {}

    void read(const Entry& section, std::vector<Deployment>& model_list) {
        if (!reader_.is_list(section)) return;
        for (const yaml::Node* item : section.value->items) {
            if (item->kind != yaml::Node::Kind::map) {
                reader_.wrong("an entry of `model_list`", item->place(), "a mapping",
                              kind_name(*item));
                continue;
            }
            model_list.push_back(read_entry(section, *item));
        }
    }

  private:
    Deployment read_entry(const Entry& section, const yaml::Node& item) {
        ListEntry entry;
        entry.deployment.place = item.place();
        unresolved_.clear();
        const Reader::UnresolvedScope scope(reader_, &unresolved_);
        read_section<ListEntry>(reader_, section.name(), item, kEntryFields, {}, entry);
        if (is_missing(item, "model_name")) {
            complain(item.place(), "this `model_list` entry has no `model_name`");
        } else {
            note_empty(*item.find("model_name"), entry.deployment.model_name);
        }
        if (is_missing(item, "litellm_params")) {
            complain(item.place(), "this `model_list` entry has no `litellm_params`");
        }
        if (entry.params != nullptr) read_params(*entry.params, entry.deployment);
        tell_left_out(entry.deployment);
        return std::move(entry.deployment);
    }

    /// One warning for each reference that came to nothing.
    void tell_left_out(Deployment& deployment) {
        if (!unresolved_.empty() && deployment.left_out.empty()) deployment.left_out = kMissing;
        const std::string& name = deployment.model_name;
        const std::string what =
            name.empty() ? "this deployment" : "the deployment of '" + name + "'";
        for (const Reader::Unresolved& reference : unresolved_) {
            reader_.problems().left_out(reference.place,
                                        reference.message + ": " + what + " is left out");
        }
    }

    /// A reference to an empty variable, where `value` is what was read.
    void note_empty(const yaml::Node& node, const std::string& value) {
        const auto reference = parse_reference(node.text);
        if (!value.empty() || !reference || reference->token_source) return;
        const auto found = reader_.environment()(reference->variable);
        if (found && found->empty()) {
            unresolved_.push_back({node.place(), empty_message(reference->variable)});
        }
    }

    /// Absent, null or empty text; a value of a wrong kind has been reported already.
    static bool is_missing(const yaml::Node& map, std::string_view key) {
        const yaml::Node* value = map.find(key);
        return value == nullptr || is_empty(*value);
    }
    static bool is_empty(const yaml::Node& value) {
        return value.kind == yaml::Node::Kind::null ||
               (value.kind == yaml::Node::Kind::scalar && value.text.empty());
    }

    void complain(const Place& place, std::string message) {
        reader_.problems().error(place, std::move(message));
    }

    void read_params(const yaml::Node& params, Deployment& deployment) {
        std::vector<yaml::Member> members = params.members;
        if (const yaml::Node* name = params.find("litellm_credential_name")) {
            add_credential(params, *name, members);
        }
        if (std::none_of(members.begin(), members.end(), [](const yaml::Member& member) {
                return member.key->text == "model" && !is_empty(*member.value);
            })) {
            complain(params.place(), "these `litellm_params` have no `model`");
        }
        for (const yaml::Member& member : members) {
            const Entry entry{kParams, member.key, member.value};
            const std::size_t before = unresolved_.size();
            read_param(entry, deployment);
            if (unresolved_.size() > before) leave_out(entry.name(), deployment);
        }
    }

    /// What a client is told: the key or the address, if one of them is missing.
    static void leave_out(std::string_view param, Deployment& deployment) {
        const auto* found =
            std::find_if(kNeeded.begin(), kNeeded.end(),
                         [&](const NeededValue& needed) { return needed.name == param; });
        if (found != kNeeded.end()) deployment.left_out = found->missing;
    }

    /// The credential's values stand in for those that the deployment has not itself.
    void add_credential(const yaml::Node& params, const yaml::Node& reference,
                        std::vector<yaml::Member>& members) {
        std::string name;
        for (const yaml::Member& member : params.members) {
            if (member.value == &reference)
                reader_.read(Entry{kParams, member.key, member.value}, name);
        }
        if (name.empty()) return;
        const auto found = credentials_.find(name);
        if (found == credentials_.end()) {
            return complain(reference.place(),
                            "`litellm_params.litellm_credential_name`: no entry of "
                            "`credential_list` has this name");
        }
        for (const yaml::Member& member : found->second->members) {
            if (params.find(member.key->text) == nullptr) members.push_back(member);
        }
    }

    void read_param(const Entry& entry, Deployment& deployment) {
        const std::string_view name = entry.name();
        if (name == "litellm_credential_name") return;
        if (const auto* field = find_field<Deployment>(kParamFields, name)) {
            // A guard that a variable names must not go missing with the variable.
            const Reader::UnresolvedScope scope(reader_,
                                                name == "guardrails" ? nullptr : &unresolved_);
            field->read(reader_, entry, deployment);
            note_place(entry, deployment);
            return;
        }
        for (const RequestParam& param : request_params()) {
            if (param.name != name) continue;
            return put(entry, deployment.defaults, param.number);
        }
        if (contains(litellm_params_not_done(), name)) {
            if (told_.emplace(name).second) warn_not_done(reader_, entry);
            return;
        }
        warn_if_typo(entry);
        put(entry, deployment.params, false);
        if (deployment.params.contains(name)) {
            deployment.param_places.push_back({std::string(name), entry.key->place()});
        }
    }

    void note_place(const Entry& entry, Deployment& deployment) {
        const std::string_view name = entry.name();
        if (name == "model") deployment.model_place = entry.place();
        if (name == "custom_llm_provider") deployment.provider_place = entry.place();
        if (name == "api_key") note_empty(*entry.value, std::string(deployment.api_key.reveal()));
        if (name == "api_base" || name == "base_url" || name == "aws_bedrock_runtime_endpoint") {
            note_empty(*entry.value, deployment.api_base);
        }
        if (name == "model") note_empty(*entry.value, deployment.model);
    }

    /// Null means "not given", as everywhere in the file.
    void put(const Entry& entry, boost::json::object& target, bool wants_number) {
        if (entry.value->kind == yaml::Node::Kind::null) return;
        target[entry.name()] = becomes_header(entry.name())
                                   ? reader_.header_json(entry)
                                   : reader_.json(*entry.value, wants_number);
        if (entry.name() == "extra_headers" || entry.name() == "headers") {
            settle_headers(entry, target[entry.name()]);
        }
        // The text is not repeated: it may be a secret after all.
        if (may_be_key_file(entry.name()) && !read_key_file(target[entry.name()])) {
            unresolved_.push_back({entry.value->place(),
                                   entry.quoted() + " must be the JSON of a key file, or the path "
                                                    "of one that can be read, of up to 64 KiB"});
        }
    }

    /// A header is a text, so what YAML takes for a number or for true is what it spells. What
    /// cannot be sent is an error: a request without it might reach somebody else's data.
    void settle_headers(const Entry& entry, boost::json::value& headers) {
        if (headers.is_null()) return;  // told already
        if (!headers.is_object()) return reader_.wrong(entry, "a mapping of names and texts");
        for (const yaml::Member& member : entry.value->members) {
            boost::json::value& value = headers.get_object()[member.key->text];
            if (value.is_null()) {
                headers.get_object().erase(member.key->text);
            } else if (member.value->kind != yaml::Node::Kind::scalar) {
                reader_.wrong(entry.quoted(), member.value->place(), "text in it",
                              kind_name(*member.value));
            } else if (!value.is_string()) {
                value = parse_reference(member.value->text) ? boost::json::serialize(value)
                                                            : member.value->text;
            }
        }
    }

    void warn_if_typo(const Entry& entry) {
        const std::string_view name = entry.name();
        if (contains(provider_params(), name) || is_deployment_setting(name)) return;
        if (reader_.problems().full() || !told_.emplace(name).second) return;
        Nearest nearest(name, typo_limit(name));
        for (const auto& field : kParamFields) nearest.offer(field.name);
        for (const RequestParam& param : request_params()) nearest.offer(param.name);
        for (const std::string_view known : litellm_params_not_done()) nearest.offer(known);
        for (const std::string_view known : provider_params()) nearest.offer(known);
        for (const std::string_view known : deployment_settings()) nearest.offer(known);
        if (nearest.found().empty()) return;
        reader_.problems().warning(
            entry.key->place(), entry.quoted() +
                                    " is not a known key: passed to the provider; did you mean `" +
                                    std::string(nearest.found()) + "`?");
    }

    Reader& reader_;
    const Credentials& credentials_;
    std::vector<Reader::Unresolved> unresolved_;  ///< of the entry that is read
    std::unordered_set<std::string_view> told_;   ///< names warned about once for all deployments
};

}  // namespace

SectionKeys litellm_params_keys() {
    static const std::vector<std::string_view> done = [] {
        std::vector<std::string_view> names{"litellm_credential_name"};
        for (const auto& field : kParamFields) names.push_back(field.name);
        for (const RequestParam& param : request_params()) names.push_back(param.name);
        return names;
    }();
    return {kParams, done, litellm_params_not_done()};
}

void read_model_list(Reader& reader, const Entry& section, const Credentials& credentials,
                     std::vector<DeploymentConfig>& model_list) {
    ModelListReader(reader, credentials).read(section, model_list);
}

}  // namespace patchbay
