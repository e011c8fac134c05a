// What a handler has at hand.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "contract/unix_time.hpp"
#include "control/caller.hpp"
#include "control/exchange.hpp"
#include "control/settings.hpp"
#include "store/records.hpp"

namespace patchbay::control {

/// The user that stands for the master key.
inline constexpr std::string_view kDefaultUser = "default_user_id";

struct Context {
    store::Records& records;
    const Caller& caller;
    const Ask& ask;
    const Settings& settings;
    /// Of rows that others point at, by table and number: a list has few of them, and many times.
    mutable std::map<std::pair<const store::Table*, std::int64_t>, boost::json::value> names{};
    /// What the keys of a list have spent, by their rows: asked for once.
    mutable std::map<std::int64_t, std::int64_t> spent_by_keys{};

    /// The text of a member of the body or, for GET, a parameter of the query; nothing if it is not there
    /// or null. A member that is no text is refused.
    std::optional<std::string> text(std::string_view name) const;
    /// The same, which must be there.
    std::string required(std::string_view name) const;
    bool flag(std::string_view name, bool otherwise = false) const;
    /// A whole number between the bounds; another is refused.
    std::int64_t number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                        std::int64_t most) const;
    /// The texts of a list in the body; empty if it is not there.
    std::vector<std::string> texts(std::string_view name) const;
    /// The same, each once.
    std::vector<std::string> distinct(std::string_view name) const;

    store::Writing write() const;
};

/// Refuses a text with a NUL, which PostgreSQL has in no text, and which would end it for some who read it.
void check_text(std::string_view where, std::string_view name, std::string_view text);

/// Refuses with what the store says: 503 while it is away, 409 for a conflict, else 500.
[[noreturn]] void refuse_store(const store::Failure& failure);

/// The document of a row. One that cannot be read is refused and not taken for an empty one: what it forbids would
/// be allowed, and the next update would write over it.
boost::json::object document_of(const store::Row& row);

/// The value, or a refusal.
template <class T>
T must(store::Stored<T> stored) {
    if (!stored) refuse_store(stored.error());
    if constexpr (!std::is_void_v<T>) return std::move(*stored);
}

}  // namespace patchbay::control
