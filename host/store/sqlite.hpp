// SQLite's C interface with owners for its handles: prepared once, bound by place, errors as values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace patchbay::store {

/// What went wrong with a store.
struct Failure {
    enum class Kind {
        away,  ///< it cannot be reached or is busy, or its disk is full: the same may work later
        conflict,  ///< a rule of the schema forbids it: the same will fail again
        corrupt,   ///< what was read is not what this program writes
    };
    Kind kind = Kind::away;
    std::string text;  ///< for the operator's log: never a value of a column
};
template <class T>
using Stored = boost::system::result<T, Failure>;

/// A statement that is kept. One thread at a time. What goes wrong in a bind is told by the next step.
class Statement {
  public:
    Statement() = default;
    Statement(sqlite3* database, std::string_view sql);

    /// Places count from 1. Texts and bytes must stay until the next reset().
    Statement& bind(int place, std::int64_t value);
    Statement& bind(int place, std::string_view text);
    Statement& bind(int place, std::span<const std::uint8_t> bytes);

    /// True: there is a row; false: there is none (any more).
    Stored<bool> step();
    /// For statements that give no rows: runs, and is ready to be bound anew.
    Stored<void> run();
    void reset();

    bool is_null(int column) const;         ///< columns count from 0
    std::int64_t number(int column) const;  ///< 0 for NULL
    std::string text(int column) const;     ///< of bytes, too; empty for NULL

  private:
    Failure failure() const;

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
    sqlite3* database_ = nullptr;
    int bound_ = 0;  ///< the first error of a bind
};

/// A connection: write-ahead log, synced at every commit, foreign processes waited for up to 5 s.
class Database {
  public:
    /// Opens or makes the file.
    static Stored<Database> open(const std::filesystem::path& file);

    sqlite3* handle() const { return handle_.get(); }
    /// Runs one or several statements without results.
    Stored<void> execute(const std::string& sql);
    /// The value of the first column of the first row, 0 without rows.
    Stored<std::int64_t> number(std::string_view sql);

  private:
    struct Close {
        void operator()(sqlite3* database) const;
    };
    std::unique_ptr<sqlite3, Close> handle_;
};

/// `BEGIN IMMEDIATE` ... `COMMIT`; without a commit() everything is taken back.
class Transaction {
  public:
    static Stored<Transaction> begin(Database& database);
    Stored<void> commit();
    ~Transaction();
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;

  private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

}  // namespace patchbay::store
