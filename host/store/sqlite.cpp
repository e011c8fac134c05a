#include "store/sqlite.hpp"

#include <sqlite3.h>
#include <utility>

namespace patchbay::store {

namespace {

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

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

void Database::Close::operator()(sqlite3* database) const {
    sqlite3_close_v2(database);
}

Statement::Statement(sqlite3* database, std::string_view sql) : database_(database) {
    sqlite3_stmt* prepared = nullptr;
    bound_ = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()),
                                SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    statement_.reset(prepared);
}

Statement& Statement::bind(int place, std::int64_t value) {
    const int code = sqlite3_bind_int64(statement_.get(), place, value);
    if (bound_ == SQLITE_OK) bound_ = code;
    return *this;
}

Statement& Statement::bind(int place, std::string_view text) {
    const int code = sqlite3_bind_text64(statement_.get(), place, text.data() ? text.data() : "",
                                         text.size(), SQLITE_STATIC, SQLITE_UTF8);
    if (bound_ == SQLITE_OK) bound_ = code;
    return *this;
}

Statement& Statement::bind(int place, std::span<const std::uint8_t> bytes) {
    // No bytes are not NULL.
    const void* const from = bytes.empty() ? "" : static_cast<const void*>(bytes.data());
    const int code =
        sqlite3_bind_blob64(statement_.get(), place, from, bytes.size(), SQLITE_STATIC);
    if (bound_ == SQLITE_OK) bound_ = code;
    return *this;
}

Failure Statement::failure() const {
    return failure_of(database_, sqlite3_extended_errcode(database_));
}

Stored<bool> Statement::step() {
    if (bound_ != SQLITE_OK) return failure_of(database_, bound_);
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return failure();
}

Stored<void> Statement::run() {
    const auto stepped = step();
    reset();
    if (!stepped) return stepped.error();
    return {};
}

void Statement::reset() {
    sqlite3_reset(statement_.get());
    sqlite3_clear_bindings(statement_.get());
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text(int column) const {
    const auto* bytes =
        reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    if (bytes == nullptr) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

Stored<Database> Database::open(const std::filesystem::path& file) {
    sqlite3* opened = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
    Database database;
    database.handle_.reset(opened);
    if (code != SQLITE_OK) return failure_of(opened, code);
    constexpr int kBusyMs = 5000;
    sqlite3_busy_timeout(opened, kBusyMs);
    sqlite3_extended_result_codes(opened, 1);
    auto set = database.execute(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;");
    if (!set) return set.error();
    return database;
}

Stored<void> Database::execute(const std::string& sql) {
    const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return failure_of(handle_.get(), code);
    return {};
}

Stored<std::int64_t> Database::number(std::string_view sql) {
    Statement statement(handle_.get(), sql);
    const auto row = statement.step();
    if (!row) return row.error();
    return *row ? statement.number(0) : 0;
}

Stored<Transaction> Transaction::begin(Database& database) {
    auto begun = database.execute("BEGIN IMMEDIATE");
    if (!begun) return begun.error();
    return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Stored<void> Transaction::commit() {
    auto done = database_->execute("COMMIT");
    if (!done) return done.error();
    database_ = nullptr;
    return {};
}

Transaction::~Transaction() {
    if (database_ != nullptr) (void)database_->execute("ROLLBACK");
}

}  // namespace patchbay::store
