// A connection to SQLite or PostgreSQL: statements prepared once, bound by place, errors as values.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "store/address.hpp"
#include "store/session.hpp"

namespace patchbay::store {

/// A statement that is kept. One thread at a time. What goes wrong in a bind is told by the next step.
class Statement {
  public:
    Statement() = default;
    /// Of `Database::handle()`, which outlives it.
    Statement(Session* session, std::string_view sql) : prepared_(session->prepare(sql)) {}

    /// Places count from 1. Texts and bytes must stay until the next reset(). A place that is not bound is NULL.
    Statement& bind(int place, std::int64_t value);
    /// To places one behind the other, from `place` on.
    Statement& bind(int place, std::span<const std::int64_t> values);
    Statement& bind(int place, std::string_view text);
    Statement& bind(int place, std::span<const std::uint8_t> bytes);

    /// True: there is a row; false: there is none (any more).
    Stored<bool> step() { return prepared_->step(); }
    /// For statements that give no rows: runs, and is ready to be bound anew. Within a transaction a failure may be
    /// told later, by another statement or the commit.
    Stored<void> run() { return prepared_->run(); }
    void reset() { prepared_->reset(); }

    bool is_null(int column) const { return prepared_->is_null(column); }  ///< columns count from 0
    std::int64_t number(int column) const { return prepared_->number(column); }  ///< 0 for NULL
    /// Of bytes, too; empty for NULL.
    std::string text(int column) const { return prepared_->text(column); }

  private:
    std::unique_ptr<Prepared> prepared_;
};

enum class Access { read_write, read_only };

/// SQLite: write-ahead log, synced at every commit, other processes waited for up to 5 s. PostgreSQL: an answer waited
/// for up to 10 s; a connection that is lost is made anew by what is asked next, at first at once, then after
/// pauses of up to a second, in which everything fails at once.
class Database {
  public:
    /// Opens or makes the file; connects to the server, which is waited for up to 10 s.
    static Stored<Database> open(const Address& address, Access access = Access::read_write);

    explicit Database(std::unique_ptr<Session> session) : session_(std::move(session)) {}

    Session* handle() const { return session_.get(); }
    const Dialect& dialect() const { return session_->dialect(); }
    /// Runs one or several statements without results.
    Stored<void> execute(const std::string& sql) { return session_->execute(sql); }
    /// The value of the first column of the first row, 0 without rows.
    Stored<std::int64_t> number(std::string_view sql);
    /// What is asked from now on is answered within this time or fails as `away`; until the next within(). 0: the
    /// usual time.
    void within(std::chrono::milliseconds time) { session_->within(time); }

  private:
    std::unique_ptr<Session> session_;
};

/// Without a commit() everything is taken back. SQLite has one transaction that writes at a time.
class Transaction {
  public:
    static Stored<Transaction> begin(Database& database, Lock lock = Lock::none);
    Stored<void> commit();
    ~Transaction();
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;

  private:
    explicit Transaction(Session* session) : session_(session) {}
    Session* session_;
};

}  // namespace patchbay::store
