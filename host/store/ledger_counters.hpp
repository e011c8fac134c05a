// Counters: sums of the books that belong to no row, under a name: what a tag has spent, what a key has spent with
// one model, what a provider or a deployment was paid. Budgets are checked against them as against those of rows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/subjects.hpp"

namespace patchbay::store {

/// A name is no longer than this many bytes; longer ones are cut by those who make them, so that whoever asks
/// for a counter finds the one that was posted to.
inline constexpr std::size_t kMostCounterName = 255;
/// All counters of one entry, as pack_counter() writes them.
inline constexpr std::size_t kMostCounterBytes = 512;

inline constexpr std::string_view kTagCounter = "tag:";
/// Of all calls, where a configuration gives them a budget.
inline constexpr std::string_view kProxyCounter = "proxy";

namespace counters {

inline std::string cut(std::string name) {
    if (name.size() > kMostCounterName) {
        std::size_t end = kMostCounterName;
        while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;
        name.resize(end);
    }
    return name;
}

/// "tag:prod".
inline std::string of_tag(std::string_view tag) {
    return cut(std::string(kTagCounter).append(tag));
}
/// "model:1:7:gpt-4o": of a row of a kind; of a customer `row` is its name.
inline std::string of_model(Subject kind, std::string_view row, std::string_view model) {
    std::string name = "model:" + std::to_string(static_cast<int>(kind)) + ':';
    return cut(name.append(row).append(":").append(model));
}
inline std::string of_provider(std::string_view provider) {
    return cut(std::string("provider:").append(provider));
}
inline std::string of_deployment(std::string_view id) {
    return cut(std::string("deployment:").append(id));
}

/// Adds a name to `packed`. False: there is no room, or it is empty, and nothing was added.
inline bool pack(std::string_view name, std::string& packed) {
    const bool fits = !name.empty() && name.size() <= kMostCounterName &&
                      packed.size() + 1 + name.size() <= kMostCounterBytes;
    if (!fits) return false;
    packed += static_cast<char>(static_cast<unsigned char>(name.size()));
    packed.append(name);
    return true;
}

/// Adds what another has packed, as far as there is room.
inline void append(std::string_view other, std::string& packed) {
    while (!other.empty()) {
        const std::size_t size = 1 + static_cast<unsigned char>(other.front());
        if (packed.size() + size > kMostCounterBytes) return;
        packed.append(other.substr(0, size));
        other.remove_prefix(size);
    }
}

/// Calls `take` with each name. False: the bytes are not what pack() makes.
template <class Take>
bool each(std::string_view packed, Take take) {
    while (!packed.empty()) {
        const std::size_t size = static_cast<unsigned char>(packed.front());
        if (size == 0 || packed.size() <= size) return false;
        take(packed.substr(1, size));
        packed.remove_prefix(1 + size);
    }
    return true;
}

}  // namespace counters

}  // namespace patchbay::store
