// Log sinks: `litellm_settings.callbacks` and its two siblings, and `callback_settings`.
#include <algorithm>
#include <array>

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

}  // namespace

void read_callbacks(Reader& reader, const Entry& entry, LoggingSettings& settings) {
    std::vector<std::string> names;
    reader.read(entry, names);
    for (const std::string& name : names) {
        Callback* callback = find(settings, name);
        if (!callback) {
            callback = &settings.callbacks.emplace_back();
            callback->name = name;
            callback->place = entry.place();
        }
        const bool both = entry.name() == "callbacks";
        callback->on_success = callback->on_success || both || entry.name() == "success_callback";
        callback->on_failure = callback->on_failure || both || entry.name() == "failure_callback";
    }
}

void read_callback_settings(Reader& reader, const Entry& section, LoggingSettings& settings) {
    if (!reader.is_map(section)) return;
    for (const yaml::Member& member : section.value->members) {
        const Entry entry{section.name(), member.key, member.value};
        Callback* callback = find(settings, entry.name());
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

}  // namespace patchbay
