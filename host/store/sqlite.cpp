#include "store/sqlite.hpp"

#include <sqlite3.h>
#include <utility>

namespace patchbay::store {

namespace {

constexpr int kBusyMs = 5000;

struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

Failure failure_of(sqlite3* database, int code) {
    Failure failure;
    switch (code & 0xff) {
        case SQLITE_CONSTRAINT:
        case SQLITE_MISMATCH:
        case SQLITE_RANGE:
        case SQLITE_TOOBIG:
        case SQLITE_ERROR:
        case SQLITE_MISUSE:
            failure.kind = Failure::Kind::conflict;
            break;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            failure.kind = Failure::Kind::corrupt;
            break;
        default:
            break;
    }
    failure.text = database ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    return failure;
}

class SqliteStatement final : public Prepared {
  public:
    SqliteStatement(sqlite3* database, std::string_view sql) : database_(database) {
        sqlite3_stmt* prepared = nullptr;
        bound_ = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()),
                                    SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
        statement_.reset(prepared);
    }

    void bind(int place, std::int64_t value) override {
        note(sqlite3_bind_int64(statement_.get(), place, value));
    }
    void bind(int place, std::span<const std::int64_t> values) override {
        for (const std::int64_t value : values) {
            note(sqlite3_bind_int64(statement_.get(), place++, value));
        }
    }
    void bind(int place, std::string_view text) override {
        note(sqlite3_bind_text64(statement_.get(), place, text.data() ? text.data() : "",
                                 text.size(), SQLITE_STATIC, SQLITE_UTF8));
    }
    void bind(int place, std::span<const std::uint8_t> bytes) override {
        // No bytes are not NULL.
        const void* const from = bytes.empty() ? "" : static_cast<const void*>(bytes.data());
        note(sqlite3_bind_blob64(statement_.get(), place, from, bytes.size(), SQLITE_STATIC));
    }

    Stored<bool> step() override {
        if (bound_ != SQLITE_OK) return failure_of(database_, bound_);
        const int code = sqlite3_step(statement_.get());
        if (code == SQLITE_ROW) return true;
        if (code == SQLITE_DONE) return false;
        return failure_of(database_, sqlite3_extended_errcode(database_));
    }
    Stored<void> run() override {
        const auto stepped = step();
        reset();
        if (!stepped) return stepped.error();
        return {};
    }
    void reset() override {
        sqlite3_reset(statement_.get());
        sqlite3_clear_bindings(statement_.get());
    }

    bool is_null(int column) const override {
        return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
    }
    std::int64_t number(int column) const override {
        return sqlite3_column_int64(statement_.get(), column);
    }
    std::string text(int column) const override {
        const auto* bytes =
            reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
        if (bytes == nullptr) return {};
        return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
    }

  private:
    void note(int code) {
        if (bound_ == SQLITE_OK) bound_ = code;
    }

    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
    sqlite3* database_;
    int bound_ = SQLITE_OK;  ///< the first error of a bind
};

class SqliteSession final : public Session {
  public:
    explicit SqliteSession(sqlite3* opened) : database_(opened) {}

    const Dialect& dialect() const override { return kSqliteDialect; }
    std::unique_ptr<Prepared> prepare(std::string_view sql) override {
        return std::make_unique<SqliteStatement>(database_.get(), sql);
    }
    Stored<void> execute(const std::string& sql) override {
        const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
        if (code != SQLITE_OK) return failure_of(database_.get(), code);
        return {};
    }
    // A transaction that writes is the only one: it needs no other lock.
    Stored<void> begin(Lock) override { return execute("BEGIN IMMEDIATE"); }
    Stored<void> commit() override { return execute("COMMIT"); }
    void rollback() override { (void)execute("ROLLBACK"); }
    void within(std::chrono::milliseconds time) override {
        const auto ms = time.count() == 0 ? kBusyMs : static_cast<int>(time.count());
        sqlite3_busy_timeout(database_.get(), ms);
    }

  private:
    std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace

Stored<std::unique_ptr<Session>> open_sqlite(const std::filesystem::path& file, Access access) {
    // Otherwise it counts its memory, in each allocation and under a lock that all connections share.
    static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)uncounted;
    sqlite3* opened = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
    std::unique_ptr<Session> session = std::make_unique<SqliteSession>(opened);
    if (code != SQLITE_OK) return failure_of(opened, code);
    sqlite3_busy_timeout(opened, kBusyMs);
    sqlite3_extended_result_codes(opened, 1);
    // A batch of entries touches many pages: with SQLite's own 2 MB of them it writes each several times,
    // and brings them into the file after every second batch. A cache takes memory as it fills. Where a row is a tenth of a page,
    // pages of 8 KiB, which a new file has, are divided half as often as those of 4.
    auto set = session->execute(
        "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA "
        "foreign_keys=ON; PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=4000");
    if (set && access == Access::read_only) set = session->execute("PRAGMA query_only=ON");
    if (!set) return set.error();
    return session;
}

}  // namespace patchbay::store
