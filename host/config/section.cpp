#include "config/section.hpp"

#include <algorithm>

#include "config/suggest.hpp"

namespace patchbay {
namespace {

/// Every name of LiteLLM's is a plain identifier. Anything else may be a secret that slipped to the
/// left of a colon ("sk-...: ") and is not printed.
bool may_be_printed(std::string_view name) {
    const auto in_name = [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); };
    return name.size() <= 64 && std::all_of(name.begin(), name.end(), in_name);
}

}  // namespace

bool contains(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

void warn_not_done(Reader& reader, const Entry& entry) {
    reader.problems().warning(
        entry.key->place(),
        entry.quoted() + " is known to LiteLLM but not done by Patchbay yet: ignored");
}

void warn_unknown(Reader& reader, const Entry& entry, std::span<const std::string_view> known,
                  std::span<const std::string_view> more_known) {
    std::string message;
    if (!reader.problems().full()) {
        const std::string_view name = entry.name();
        Nearest nearest(name, std::max<std::size_t>(typo_limit(name), name.size() / 4));
        for (const std::string_view other : known) nearest.offer(other);
        for (const std::string_view other : more_known) nearest.offer(other);
        if (may_be_printed(name) || !nearest.found().empty()) {
            message = entry.quoted() + " is not a known key: ignored";
        } else {
            message = "this key";
            if (!entry.section.empty()) message.append(" of `").append(entry.section).append("`");
            message += " is not known: ignored";
        }
        if (!nearest.found().empty()) {
            message.append("; did you mean `").append(nearest.found()).append("`?");
        }
    }
    reader.problems().warning(entry.key->place(), std::move(message));
}

}  // namespace patchbay
