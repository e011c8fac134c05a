// Guardrails in the spellings that LiteLLM had before `guardrails`: names among the callbacks, and
// `litellm_settings.guardrails`. They are what a guardrail of today's spelling is, with `mode:
// pre_call`; what cannot be told that way is an error, because nobody notices a guard that is gone.
#include <algorithm>
#include <array>

#include "config/callback_names.hpp"
#include "config/sections.hpp"

namespace patchbay {
namespace {

using Guardrail = GuardrailConfig;
constexpr std::string_view kSection = "litellm_settings.guardrails";

struct OldGuardrail {
    std::vector<PlacedText> callbacks;
    bool default_on = false;
    bool logging_only = false;
    const yaml::Node* arguments = nullptr;  ///< callback -> its settings
};

constexpr std::array kFields = {
    Field<OldGuardrail>{"callbacks", into<&OldGuardrail::callbacks>},
    Field<OldGuardrail>{"default_on", into<&OldGuardrail::default_on>},
    Field<OldGuardrail>{"logging_only", into<&OldGuardrail::logging_only>},
    Field<OldGuardrail>{"callback_args",
                        [](Reader& reader, const Entry& entry, OldGuardrail& target) {
                            if (reader.is_map(entry)) target.arguments = entry.value;
                        }},
    // Whose messages are looked at: here all are.
    Field<OldGuardrail>{"enabled_roles", [](Reader&, const Entry&, OldGuardrail&) {}},
};

Guardrail* find(std::vector<Guardrail>& guardrails, std::string_view name) {
    const auto found =
        std::find_if(guardrails.begin(), guardrails.end(),
                     [&](const Guardrail& one) { return one.guardrail_name == name; });
    return found == guardrails.end() ? nullptr : &*found;
}

void refuse(Reader& reader, const GuardCallback& guard, const Place& place) {
    reader.problems().error(place, "the guard '" + std::string(guard.name) +
                                       "' does not run as a callback here, so " +
                                       std::string(guard.lost) + " (docs/guardrails.md)");
}

/// The settings of one callback. `moderation_check` says when it runs: here always before the call.
void read_settings(Reader& reader, const yaml::Node& settings, Guardrail& guardrail) {
    for (const yaml::Member& member : settings.members) {
        const Entry entry{"callback_settings", member.key, member.value};
        if (entry.name() == "moderation_check") continue;
        if (entry.name() == "logging_only") {
            bool logging_only = false;
            reader.read(entry, logging_only);
            if (logging_only) guardrail.modes = kLoggingOnly;
        } else if (entry.value->kind != yaml::Node::Kind::null) {
            guardrail.params[entry.name()] = reader.json(*entry.value);
        }
    }
}

void add_old(Reader& reader, const Entry& name, const OldGuardrail& old,
             std::vector<Guardrail>& guardrails) {
    if (old.callbacks.empty()) {
        return reader.problems().error(name.key->place(), "this guardrail has no `callbacks`");
    }
    if (old.callbacks.size() > 1 && !old.default_on) {
        return reader.problems().error(name.key->place(),
                                       "a guardrail of several `callbacks` that requests name is "
                                       "not done: write each as one of the `guardrails`");
    }
    for (const PlacedText& callback : old.callbacks) {
        const GuardCallback* guard = guard_callback(callback.text);
        if (guard == nullptr || guard->guardrail.empty()) {
            static constexpr GuardCallback kUnknown{"of this name",
                                                    {},
                                                    "requests would go on that it was to stop or "
                                                    "to change; write it as one of the "
                                                    "`guardrails`"};
            refuse(reader, guard != nullptr ? *guard : kUnknown, callback.place);
            continue;
        }
        Guardrail made;
        made.guardrail_name = name.name();
        if (old.callbacks.size() > 1) made.guardrail_name.append(".").append(callback.text);
        made.guardrail = guard->guardrail;
        made.modes = old.logging_only ? kLoggingOnly : kPreCall;
        made.default_on = old.default_on;
        made.place = callback.place;
        const yaml::Node* settings =
            old.arguments != nullptr ? old.arguments->find(callback.text) : nullptr;
        if (settings != nullptr) read_settings(reader, *settings, made);
        guardrails.push_back(std::move(made));
    }
}

}  // namespace

void add_guard_callback(Reader& reader, const GuardCallback& guard, const Place& place,
                        std::vector<Guardrail>& guardrails) {
    if (guard.guardrail.empty()) return refuse(reader, guard, place);
    if (find(guardrails, guard.name) != nullptr) return;
    Guardrail made;
    made.guardrail_name = guard.name;
    made.guardrail = guard.guardrail;
    made.modes = kPreCall;
    made.default_on = true;
    made.place = place;
    guardrails.push_back(std::move(made));
}

bool read_guard_callback_settings(Reader& reader, const Entry& entry,
                                  std::vector<Guardrail>& guardrails) {
    Guardrail* guardrail = find(guardrails, entry.name());
    if (guardrail == nullptr) return false;
    if (reader.is_map(entry)) read_settings(reader, *entry.value, *guardrail);
    return true;
}

void read_old_guardrails(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    if (!reader.is_list(entry)) return;
    for (const yaml::Node* item : entry.value->items) {
        if (item->kind != yaml::Node::Kind::map) {
            reader.wrong("an entry of `litellm_settings.guardrails`", item->place(), "a mapping",
                         kind_name(*item));
            continue;
        }
        for (const yaml::Member& member : item->members) {
            const Entry name{kSection, member.key, member.value};
            if (name.value->kind != yaml::Node::Kind::map) {
                reader.wrong("a guardrail of `litellm_settings.guardrails`", name.place(),
                             "a mapping with `callbacks`", kind_name(*name.value));
                continue;
            }
            OldGuardrail old;
            read_section<OldGuardrail>(reader, kSection, *name.value, kFields, {}, old);
            add_old(reader, name, old, settings.guardrails);
        }
    }
}

void read_old_guard_options(Reader& reader, const yaml::Node& section, LitellmSettings& settings) {
    struct Option {
        std::string_view key;
        std::string_view guard;
        std::string_view member;
    };
    static constexpr std::array kOptions{
        Option{"output_parse_pii", "presidio", "output_parse_pii"},
        Option{"presidio_ad_hoc_recognizers", "presidio", "presidio_ad_hoc_recognizers"},
        Option{"openai_moderations_model_name", "openai_moderations", "model"},
    };
    for (const yaml::Member& member : section.members) {
        const Entry entry{"litellm_settings", member.key, member.value};
        for (const Option& option : kOptions) {
            if (option.key != entry.name()) continue;
            Guardrail* guardrail = find(settings.guardrails, option.guard);
            if (guardrail == nullptr) {
                warn_not_done(reader, entry);
                continue;
            }
            boost::json::value value = reader.json(*entry.value);
            // What the request lost is put back into the answer.
            const bool restores = option.key == "output_parse_pii" && value.is_bool() &&
                                  value.get_bool() && guardrail->modes == kPreCall;
            if (restores) guardrail->modes |= kPostCall;
            if (!value.is_null()) guardrail->params[option.member] = std::move(value);
        }
    }
}

}  // namespace patchbay
