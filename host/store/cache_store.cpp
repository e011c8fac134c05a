#include "store/cache_store.hpp"

#include <system_error>
#include <utility>

#include "store/sqlite.hpp"

namespace patchbay::store {

namespace {

// `user_version` of the file; another one is another table.
constexpr std::int64_t kSchema = 1;
constexpr std::string_view kTable = R"sql(
CREATE TABLE answer(number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, expires INTEGER NOT NULL,
                    size INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE INDEX answer_expires ON answer(expires);
)sql";
constexpr std::uint64_t kRow = 128;   // bytes that a row takes besides its value, about
constexpr std::int64_t kAtOnce = 64;  // rows that make room together

// Losing the answers of the last moments to a power cut is no loss; a lost lock is told at once.
Stored<void> set_up(Database& database) {
    auto set = database.execute("PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=1000;");
    if (!set) return set.error();
    const auto schema = database.number("PRAGMA user_version");
    if (!schema) return schema.error();
    if (*schema == kSchema) return {};
    return database.execute("BEGIN IMMEDIATE; DROP TABLE IF EXISTS answer;" + std::string(kTable) +
                            "PRAGMA user_version=" + std::to_string(kSchema) + "; COMMIT");
}

void remove_files(const std::filesystem::path& file) {
    std::error_code ignored;
    for (const char* end : {"", "-wal", "-shm"}) {
        std::filesystem::remove(file.string() + end, ignored);
    }
}

Stored<Database> open_table(const std::filesystem::path& file) {
    auto session = open_sqlite(file, Access::read_write);
    if (!session) return session.error();
    Database database(std::move(*session));
    const auto set = set_up(database);
    if (!set) return set.error();
    return database;
}

}  // namespace

CacheStore::CacheStore(Database database, std::uint64_t most_bytes)
    : database_(std::move(database)), most_bytes_(most_bytes) {
    Session* const handle = database_.handle();
    find_ = Statement(handle, "SELECT bytes FROM answer WHERE key = ?1 AND expires > ?2");
    put_ =
        Statement(handle, "INSERT INTO answer(key, expires, size, bytes) VALUES(?1, ?2, ?3, ?4)");
    erase_ = Statement(handle, "DELETE FROM answer WHERE key = ?1 RETURNING size");
    size_ = Statement(handle, "SELECT COALESCE(SUM(size), 0) FROM answer");
    erase_expired_ = Statement(handle, "DELETE FROM answer WHERE expires <= ?1");
    erase_oldest_ = Statement(handle,
                              "DELETE FROM answer WHERE number IN "
                              "(SELECT number FROM answer ORDER BY number LIMIT ?1)");
}

Stored<CacheStore> CacheStore::open(const std::filesystem::path& file, std::uint64_t most_bytes) {
    auto database = open_table(file);
    if (!database && database.error().kind == Failure::Kind::corrupt) {
        remove_files(file);
        database = open_table(file);
    }
    if (!database) return database.error();
    CacheStore store(std::move(*database), most_bytes);
    const auto counted = store.count();
    if (!counted) return counted.error();
    return store;
}

Stored<void> CacheStore::count() {
    const auto row = size_.step();
    if (row) bytes_ = static_cast<std::uint64_t>(size_.number(0));
    size_.reset();
    if (!row) return row.error();
    return {};
}

Stored<std::optional<std::string>> CacheStore::find(Key key, std::int64_t now_ms) {
    const auto row = find_.bind(1, key).bind(2, now_ms).step();
    std::optional<std::string> found;
    if (row && *row) found = find_.text(0);
    find_.reset();
    if (!row) return row.error();
    return found;
}

Stored<void> CacheStore::erase(Key key) {
    const auto row = erase_.bind(1, key).step();
    if (row && *row) bytes_ -= static_cast<std::uint64_t>(erase_.number(0));
    erase_.reset();
    if (!row) return row.error();
    return {};
}

Stored<void> CacheStore::put(Key key, std::string_view bytes, std::int64_t expires_ms,
                             std::int64_t now_ms) {
    const std::uint64_t size = bytes.size() + kRow;
    if (size > most_bytes_) return erase(key);
    const auto done = replace(key, bytes, expires_ms, now_ms);
    // What was taken back is counted again.
    if (!done) (void)count();
    return done;
}

Stored<void> CacheStore::replace(Key key, std::string_view bytes, std::int64_t expires_ms,
                                 std::int64_t now_ms) {
    const std::uint64_t size = bytes.size() + kRow;
    auto transaction = Transaction::begin(database_);
    if (!transaction) return transaction.error();
    auto done = erase(key);
    while (done && bytes_ + size > most_bytes_) done = make_room(now_ms);
    if (!done) return done;
    const auto* const raw = reinterpret_cast<const std::uint8_t*>(bytes.data());
    done = put_.bind(1, key)
               .bind(2, expires_ms)
               .bind(3, static_cast<std::int64_t>(size))
               .bind(4, std::span(raw, bytes.size()))
               .run();
    if (done) done = transaction->commit();
    if (done) bytes_ += size;
    return done;
}

// What has expired first; else the oldest rows.
Stored<void> CacheStore::make_room(std::int64_t now_ms) {
    const std::uint64_t before = bytes_;
    auto done = erase_expired_.bind(1, now_ms).run();
    if (done) done = count();
    if (!done || bytes_ < before) return done;
    done = erase_oldest_.bind(1, kAtOnce).run();
    if (done) done = count();
    return done;
}

Stored<void> CacheStore::clear() {
    const auto done = database_.execute("DELETE FROM answer");
    if (done) bytes_ = 0;
    return done;
}

}  // namespace patchbay::store
