#include "config/section.hpp"

#include <algorithm>

#include "config/callback_names.hpp"
#include "config/known_keys.hpp"
#include "config/losses.hpp"
#include "config/suggest.hpp"

namespace patchbay {
namespace {

/// Every name of LiteLLM's is a plain identifier. Anything else may be a secret that slipped to the
/// left of a colon ("sk-...: ") and is not printed.
bool may_be_printed(std::string_view name) {
    const auto in_name = [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); };
    return name.size() <= 64 && std::all_of(name.begin(), name.end(), in_name);
}

/// Would the door stand open that this guard was to shut? Not if a master key shuts it already.
bool opens(Reader& reader, std::string_view guard) {
    const Loss loss = loss_of(guard).loss;
    return loss == Loss::door || (loss == Loss::door_to_key && !reader.has_master_key());
}

void tell_misplaced(Reader& reader, const Entry& entry, const std::string& home) {
    const std::string_view name = entry.name();
    if (!asks_for_something(reader, name, *entry.value)) return;
    const LossRow& row = loss_of(name);
    std::string message = entry.quoted() + " belongs into " + home + ": ignored";
    const bool lost = opens(reader, name) || !is_guard(name);
    if (lost && !row.words.empty()) message.append(", so ").append(row.words);
    // What stands beside the `litellm_params` of a guardrail says when it runs.
    if (entry.section == "guardrails" || opens(reader, name) || names_guard_callback(entry)) {
        reader.problems().error(entry.key->place(), std::move(message));
    } else {
        reader.problems().left_out(entry.key->place(), std::move(message));
    }
}

}  // namespace

bool contains(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view lost_guard(Reader& reader, std::string_view meant, const yaml::Node& value,
                            const yaml::Node* instead) {
    if (opens(reader, meant) && asks_for_something(reader, meant, value)) return meant;
    if (value.kind != yaml::Node::Kind::map) return {};
    for (const yaml::Member& member : value.members) {
        const std::string_view name = member.key->text;
        if (instead != nullptr && instead->find(name) != nullptr) continue;
        if (names_guard_callback(Entry{{}, member.key, member.value})) return "guardrails";
        if (opens(reader, name) && asks_for_something(reader, name, *member.value)) return name;
    }
    return {};
}

void warn_unknown(Reader& reader, const Entry& entry, std::span<const std::string_view> known,
                  std::span<const std::string_view> more_known) {
    const std::string_view name = entry.name();
    if (const std::string home = home_of(name, entry.section); !home.empty()) {
        return tell_misplaced(reader, entry, home);
    }
    Nearest nearest(name, std::max<std::size_t>(typo_limit(name), name.size() / 4));
    if (!reader.problems().full()) {
        for (const std::string_view other : known) nearest.offer(other);
        for (const std::string_view other : more_known) nearest.offer(other);
    }
    std::string message;
    if (may_be_printed(name) || !nearest.found().empty()) {
        message = entry.quoted() + " is not a known key: ignored";
    } else {
        message = "this key";
        if (!entry.section.empty()) message.append(" of `").append(entry.section).append("`");
        message += " is not known: ignored";
    }
    const std::string_view guard = lost_guard(reader, nearest.found(), *entry.value);
    if (!guard.empty()) {
        message.append(", so ").append(loss_of(guard).words);
    }
    if (!nearest.found().empty()) {
        message.append("; did you mean `").append(nearest.found()).append("`?");
    }
    if (guard.empty()) {
        reader.problems().warning(entry.key->place(), std::move(message));
    } else {
        reader.problems().error(entry.key->place(), std::move(message));
    }
}

}  // namespace patchbay
