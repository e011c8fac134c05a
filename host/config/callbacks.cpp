// Log sinks: `litellm_settings.callbacks` and its two siblings, and `callback_settings`. LiteLLM
// names guards among them, too: those become guardrails (old_guardrails.cpp), or are errors.
#include <algorithm>
#include <array>

#include "config/callback_names.hpp"
#include "config/sections.hpp"

namespace patchbay {
namespace {

using Callback = CallbackConfig;

Callback* find(LoggingSettings& settings, std::string_view name) {
    const auto found = std::find_if(settings.callbacks.begin(), settings.callbacks.end(),
                                    [&](const Callback& one) { return one.name == name; });
    return found == settings.callbacks.end() ? nullptr : &*found;
}

void read_message_logging(Reader& reader, const Entry& entry, Callback& callback) {
    std::optional<bool> logged;
    reader.read(entry, logged);
    if (logged) callback.turn_off_message_logging = !*logged;
}

void read_batch_size(Reader& reader, const Entry& entry, Callback& callback) {
    reader.read(entry, callback.batch_size);
    if (callback.batch_size && (*callback.batch_size < 1 || *callback.batch_size > 10'000)) {
        reader.problems().error(entry.place(), entry.quoted() + ": expected 1 to 10000");
    }
}

void read_spool_size(Reader& reader, const Entry& entry, Callback& callback) {
    reader.read(entry, callback.max_spool_mb);
    if (callback.max_spool_mb && *callback.max_spool_mb < 16) {
        reader.problems().error(entry.place(), entry.quoted() + ": expected 16 or more");
    }
}

constexpr std::array kFields = {
    Field<Callback>{"turn_off_message_logging", into<&Callback::turn_off_message_logging>},
    Field<Callback>{"message_logging", read_message_logging},
    Field<Callback>{"batch_size", read_batch_size},
    Field<Callback>{"flush_interval", into<&Callback::flush_interval>},
    Field<Callback>{"max_spool_mb", read_spool_size},
};

void add_sink(LoggingSettings& settings, PlacedText name, std::string_view list) {
    Callback* callback = find(settings, name.text);
    if (!callback) {
        callback = &settings.callbacks.emplace_back();
        callback->name = std::move(name.text);
        callback->place = std::move(name.place);
    }
    const bool both = list == "callbacks";
    callback->on_success = callback->on_success || both || list == "success_callback";
    callback->on_failure = callback->on_failure || both || list == "failure_callback";
}

/// A module that LiteLLM would load: nobody can say from here what it does.
void tell_python(Reader& reader, const Entry& entry, const PlacedText& name) {
    const std::string lost = entry.name() == "callbacks"
                                 ? "which may rewrite or refuse requests: it does not run here"
                                 : "which gets the records of calls: it does not run here";
    reader.problems().left_out(
        name.place, entry.quoted() + ": '" + name.text + "' is a module in Python, " + lost +
                        "; docs/writing-a-plugin.md tells how to write one that does");
}

void tell_hook(Reader& reader, const Entry& entry, const PlacedText& name, std::string_view lost) {
    reader.problems().left_out(
        name.place, entry.quoted() + ": '" + name.text +
                        "' is known to LiteLLM but not done by Patchbay yet: ignored, so " +
                        std::string(lost));
}

/// LiteLLM takes the settings of some hooks of its own with their names: `- websearch_interception: {...}`.
/// Tells of those, and gives the list without them.
yaml::Node without_hooks(Reader& reader, const Entry& entry) {
    yaml::Node rest = *entry.value;
    std::erase_if(rest.items, [&](const yaml::Node* item) {
        if (item->kind != yaml::Node::Kind::map || item->members.size() != 1) return false;
        const yaml::Node& name = *item->members[0].key;
        const auto lost = control_hook(name.text);
        if (!lost.empty()) tell_hook(reader, entry, {name.text, name.place()}, lost);
        return !lost.empty();
    });
    return rest;
}

}  // namespace

void read_callbacks(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    std::vector<PlacedText> names;
    const yaml::Node rest = without_hooks(reader, entry);
    Entry named = entry;
    named.value = &rest;
    reader.read(named, names);
    for (PlacedText& name : names) {
        if (name.text == "responses_id_security") continue;  // is on, whoever names it
        if (read_load_limiter(reader, entry, name, settings)) continue;
        if (const GuardCallback* guard = guard_callback(name.text)) {
            add_guard_callback(reader, *guard, name.place, settings.guardrails);
        } else if (const auto lost = control_hook(name.text); !lost.empty()) {
            tell_hook(reader, entry, name, lost);
        } else if (is_python(name.text)) {
            tell_python(reader, entry, name);
        } else {
            add_sink(settings.logging, std::move(name), entry.name());
        }
    }
}

void read_callback_settings(Reader& reader, const Entry& section, LitellmSettings& settings) {
    if (!reader.is_map(section)) return;
    for (const yaml::Member& member : section.value->members) {
        const Entry entry{section.name(), member.key, member.value};
        if (read_guard_callback_settings(reader, entry, settings.guardrails)) continue;
        Callback* callback = find(settings.logging, entry.name());
        if (!callback) {
            reader.problems().warning(entry.key->place(),
                                      entry.quoted() + " is not among the callbacks: ignored");
            continue;
        }
        if (!reader.is_map(entry)) continue;
        for (const yaml::Member& setting : entry.value->members) {
            const Entry inner{"callback_settings", setting.key, setting.value};
            if (const auto* field = find_field<Callback>(kFields, inner.name())) {
                field->read(reader, inner, *callback);
            } else if (inner.value->kind != yaml::Node::Kind::null) {
                callback->params[inner.name()] = reader.json(*inner.value);
            }
        }
    }
}

void join_callback_settings(LitellmSettings& settings) {
    LoggingSettings& logging = settings.logging;
    if (logging.langfuse_tags.empty()) return;
    if (Callback* langfuse = find(logging, "langfuse")) {
        boost::json::array tags(logging.langfuse_tags.begin(), logging.langfuse_tags.end());
        langfuse->params.emplace("default_tags", std::move(tags));
    }
}

}  // namespace patchbay
