// Answers of the response cache on disk: a table in a file of its own, which may be deleted at any time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "store/database.hpp"

namespace patchbay::store {

/// Bounded in bytes: what was stored first makes room. A crash of the machine may cost what was stored
/// last. One thread at a time; calls block.
class CacheStore {
  public:
    using Key = std::span<const std::uint8_t>;

    /// Opens or makes the file. One that another version's schema made, or that is damaged, is emptied.
    static Stored<CacheStore> open(const std::filesystem::path& file, std::uint64_t most_bytes);

    /// nullopt: there is none, or it has expired. Times are milliseconds since 1970.
    Stored<std::optional<std::string>> find(Key key, std::int64_t now_ms);
    /// In place of what has the key.
    Stored<void> put(Key key, std::string_view bytes, std::int64_t expires_ms, std::int64_t now_ms);
    Stored<void> erase(Key key);
    Stored<void> clear();

    /// Of all values, with what a row takes besides.
    std::uint64_t bytes() const { return bytes_; }

  private:
    CacheStore(Database database, std::uint64_t most_bytes);
    Stored<void> replace(Key key, std::string_view bytes, std::int64_t expires_ms,
                         std::int64_t now_ms);
    Stored<void> make_room(std::int64_t now_ms);
    Stored<void> count();

    Database database_;
    std::uint64_t most_bytes_;
    std::uint64_t bytes_ = 0;
    Statement find_, put_, erase_, size_, erase_expired_, erase_oldest_;
};

}  // namespace patchbay::store
