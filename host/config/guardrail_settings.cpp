// `guardrails`: who looks at requests and answers, and when. What the gateway knows of an entry
// goes into fields; all other litellm_params are the plugin's configuration.
#include <algorithm>
#include <array>

#include "config/known_keys.hpp"
#include "config/sections.hpp"

namespace patchbay {
namespace {

using Guardrail = GuardrailConfig;

struct ModeName {
    std::string_view name;
    unsigned mode;
};
constexpr std::array kModes{
    ModeName{"pre_call", kPreCall},
    ModeName{"during_call", kDuringCall},
    ModeName{"post_call", kPostCall},
    ModeName{"logging_only", kLoggingOnly},
};

// Modes of LiteLLM for tool servers, which the gateway does not speak to yet.
constexpr auto kModesNotDone = std::to_array<std::string_view>({"pre_mcp_call", "during_mcp_call"});

/// One mode or a list of modes as bits; 0 after a problem was reported.
unsigned read_modes(Reader& reader, const Entry& entry, const yaml::Node& node) {
    constexpr std::string_view kExpected =
        "pre_call, during_call, post_call, logging_only or a list of them";
    if (node.kind == yaml::Node::Kind::list) {
        unsigned modes = 0;
        for (const yaml::Node* item : node.items) {
            if (item->kind == yaml::Node::Kind::list) {
                reader.wrong(entry.quoted(), item->place(), kExpected, kind_name(*item));
                return 0;
            }
            modes |= read_modes(reader, entry, *item);
        }
        return modes;
    }
    if (node.kind != yaml::Node::Kind::scalar) {
        reader.wrong(entry.quoted(), node.place(), kExpected, kind_name(node));
        return 0;
    }
    const auto found = reader.scalar(node);
    const auto* text = found ? std::get_if<std::string>(&found->value) : nullptr;
    for (const ModeName& mode : kModes) {
        if (text && *text == mode.name) return mode.mode;
    }
    if (text && contains(kModesNotDone, *text)) {
        reader.problems().warning(node.place(), entry.quoted() + ": the mode " + *text +
                                                    " is known to LiteLLM but not done by "
                                                    "Patchbay yet: ignored");
    } else if (found) {
        reader.problems().error(node.place(),
                                entry.quoted() + ": expected " + std::string(kExpected));
    }
    return 0;
}

/// `{tags: {TAG: MODE}, default: MODE}`.
void read_modes_by_tag(Reader& reader, const Entry& entry, Guardrail& guardrail) {
    for (const yaml::Member& member : entry.value->members) {
        const Entry inner{"guardrails.litellm_params.mode", member.key, member.value};
        if (inner.name() == "default") {
            guardrail.modes = read_modes(reader, inner, *inner.value);
        } else if (inner.name() == "tags") {
            if (!reader.is_map(inner)) continue;
            for (const yaml::Member& tag : inner.value->members) {
                guardrail.modes_by_tag[tag.key->text] =
                    read_modes(reader, Entry{"mode.tags", tag.key, tag.value}, *tag.value);
            }
        } else {
            reader.problems().error(inner.key->place(),
                                    inner.quoted() + ": only `tags` and `default` stand here");
        }
    }
}

void read_mode(Reader& reader, const Entry& entry, Guardrail& guardrail) {
    if (entry.value->kind == yaml::Node::Kind::map) {
        read_modes_by_tag(reader, entry, guardrail);
    } else if (entry.value->kind != yaml::Node::Kind::null) {
        guardrail.modes = read_modes(reader, entry, *entry.value);
    }
}

// LiteLLM's two ways of saying what a guardrail that cannot be reached means.
void read_unreachable(Reader& reader, const Entry& entry, Guardrail& guardrail) {
    std::string text;
    reader.read(entry, text);
    if (text == "fail_open" || text == "fail_closed") {
        guardrail.fail_open = text == "fail_open";
    } else if (!text.empty()) {
        reader.problems().error(entry.place(),
                                entry.quoted() + ": expected fail_closed or fail_open");
    }
}

void read_fail_on_error(Reader& reader, const Entry& entry, Guardrail& guardrail) {
    std::optional<bool> fail;
    reader.read(entry, fail);
    if (fail) guardrail.fail_open = !*fail;
}

void read_sampling_rate(Reader& reader, const Entry& entry, Guardrail& guardrail) {
    std::optional<int> rate;
    reader.read(entry, rate);
    if (rate && *rate == 0) {
        reader.problems().error(entry.place(), entry.quoted() + ": expected 1 or more");
    } else if (rate) {
        guardrail.stream_every = *rate;
    }
}

constexpr std::array kParamFields = {
    Field<Guardrail>{"guardrail", into<&Guardrail::guardrail>},
    Field<Guardrail>{"mode", read_mode},
    Field<Guardrail>{"default_on", into<&Guardrail::default_on>},
    Field<Guardrail>{"weight", into<&Guardrail::weight>},
    Field<Guardrail>{"timeout", into<&Guardrail::timeout>},
    Field<Guardrail>{"unreachable_fallback", read_unreachable},
    Field<Guardrail>{"fail_on_error", read_fail_on_error},
    Field<Guardrail>{"streaming_sampling_rate", read_sampling_rate},
    Field<Guardrail>{"streaming_end_of_stream_only", into<&Guardrail::end_of_stream_only>},
    Field<Guardrail>{"extra_headers", into<&Guardrail::extra_headers>},
};

constexpr auto kParamsNotDone = std::to_array<std::string_view>({
    "skip_system_message_in_guardrail",
    "experimental_use_latest_role_message_only",
    "disable_exception_on_block",
    "violation_message_template",
});

constexpr auto kParamNames = names_of(kParamFields);

struct ListEntry {
    Guardrail guardrail;
    const yaml::Node* params = nullptr;
};

constexpr std::array kEntryFields = {
    Field<ListEntry>{"guardrail_name",
                     [](Reader& reader, const Entry& entry, ListEntry& target) {
                         reader.read(entry, target.guardrail.guardrail_name);
                     }},
    Field<ListEntry>{"litellm_params",
                     [](Reader& reader, const Entry& entry, ListEntry& target) {
                         if (reader.is_map(entry)) target.params = entry.value;
                     }},
    Field<ListEntry>{"guardrail_info",
                     [](Reader& reader, const Entry& entry, ListEntry& target) {
                         reader.read(entry, target.guardrail.guardrail_info);
                     }},
};

void read_params(Reader& reader, const yaml::Node& params, Guardrail& guardrail) {
    for (const yaml::Member& member : params.members) {
        const Entry entry{"guardrails.litellm_params", member.key, member.value};
        if (const auto* field = find_field<Guardrail>(kParamFields, entry.name())) {
            field->read(reader, entry, guardrail);
        } else if (contains(kParamsNotDone, entry.name())) {
            warn_not_done(reader, entry);
        } else if (entry.value->kind != yaml::Node::Kind::null) {
            guardrail.params[entry.name()] = reader.json(*entry.value);
        }
    }
}

}  // namespace

SectionKeys guardrail_params_keys() {
    return {"litellm_params", kParamNames, kParamsNotDone};
}

void read_guardrails(Reader& reader, const Entry& section,
                     std::vector<GuardrailConfig>& guardrails) {
    if (!reader.is_list(section)) return;
    for (const yaml::Node* item : section.value->items) {
        if (item->kind != yaml::Node::Kind::map) {
            reader.wrong("an entry of `guardrails`", item->place(), "a mapping", kind_name(*item));
            continue;
        }
        ListEntry entry;
        entry.guardrail.place = item->place();
        read_section<ListEntry>(reader, section.name(), *item, kEntryFields, {}, entry);
        if (entry.params != nullptr) read_params(reader, *entry.params, entry.guardrail);
        const Guardrail& guardrail = entry.guardrail;
        const auto missing = [&](const char* what) {
            reader.problems().error(item->place(),
                                    std::string("this `guardrails` entry has no ") + what);
        };
        if (guardrail.guardrail_name.empty()) missing("`guardrail_name`");
        if (guardrail.guardrail.empty()) missing("`litellm_params.guardrail`");
        const bool moded = entry.params != nullptr && entry.params->find("mode") != nullptr;
        if (!moded) missing("`litellm_params.mode`");
        guardrails.push_back(std::move(entry.guardrail));
    }
}

}  // namespace patchbay
