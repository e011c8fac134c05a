// `model_list`: what the gateway knows of a deployment goes into fields, request parameters become
// defaults, and all else is the plugin's: a provider may take an option this program never heard
// of. So an unknown name is passed on, with a word about it only if it is nearly a known one.
#include <algorithm>
#include <array>
#include <unordered_set>

#include <boost/json/serialize.hpp>

#include "config/deployment_keys.hpp"
#include "config/health_keys.hpp"
#include "config/key_file.hpp"
#include "config/known_keys.hpp"
#include "config/litellm_params.hpp"
#include "config/policy_keys.hpp"
#include "config/reference.hpp"
#include "config/sections.hpp"
#include "config/suggest.hpp"

namespace patchbay {
namespace {

constexpr std::string_view kParams = "litellm_params";
using Deployment = DeploymentConfig;

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
    read_model_rests(reader, entry, target.deployment);
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
    Field<ListEntry>{"allowed_fails",
                     [](Reader& reader, const Entry& entry, ListEntry& target) {
                         tell_misplaced_fails(reader, entry, target.deployment);
                     }},
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
            if (is_for_here(*item)) model_list.push_back(read_entry(section, *item));
        }
    }

  private:
    /// LiteLLM's `model_info.supported_environments`: one that is for another environment than LITELLM_ENVIRONMENT says
    /// is as if it were not there.
    bool is_for_here(const yaml::Node& item) {
        const yaml::Node* info = item.find("model_info");
        const bool is_map = info != nullptr && info->kind == yaml::Node::Kind::map;
        const yaml::Node* wanted = is_map ? info->find("supported_environments") : nullptr;
        if (wanted == nullptr || wanted->kind == yaml::Node::Kind::null) return true;
        constexpr std::string_view kName = "`model_info.supported_environments`";
        constexpr std::array<std::string_view, 3> kKnown{"development", "production", "staging"};
        if (wanted->kind != yaml::Node::Kind::list) {
            reader_.wrong(std::string(kName), wanted->place(), "a list", kind_name(*wanted));
            return true;
        }
        const auto& get = reader_.environment();
        const std::string here = (get ? get("LITELLM_ENVIRONMENT") : std::nullopt).value_or("");
        bool found = false;
        for (const yaml::Node* one : wanted->items) {
            if (!contains(kKnown, one->text)) {
                complain(one->place(),
                         std::string(kName) + ": expected development, staging or production");
            }
            found = found || one->text == here;
        }
        if (here.empty()) {
            reader_.problems().left_out(wanted->place(),
                                        std::string(kName) +
                                            ": the environment variable LITELLM_ENVIRONMENT is not "
                                            "set: this deployment is left out");
        }
        return found;
    }

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
        if (const auto* field = find_field<Deployment>(deployment_fields(), name)) {
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
        for (const auto& field : deployment_fields()) nearest.offer(field.name);
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
        for (const auto& field : deployment_fields()) names.push_back(field.name);
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
