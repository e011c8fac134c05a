// What a kind of database must do for this room; SQLite and PostgreSQL do. Used by database.hpp alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "store/dialect.hpp"
#include "store/failure.hpp"

namespace patchbay::store {

/// What a transaction holds against others that hold the same, in other processes, too.
enum class Lock {
    none,
    management,  ///< of managed rows: numbers of `change` and the audit log are in the order of commits
    posting,  ///< of entries, with others that post, but not while days are closed
    closing,  ///< of days (retention.hpp): nobody posts meanwhile
    schema,   ///< of its change; the schema is made if it is not there
};

/// A statement of a session; contracts at Statement (database.hpp).
class Prepared {
  public:
    virtual ~Prepared() = default;
    virtual void bind(int place, std::int64_t value) = 0;
    virtual void bind(int place, std::span<const std::int64_t> values) = 0;
    virtual void bind(int place, std::string_view text) = 0;
    virtual void bind(int place, std::span<const std::uint8_t> bytes) = 0;
    virtual Stored<bool> step() = 0;
    virtual Stored<void> run() = 0;
    virtual void reset() = 0;
    virtual bool is_null(int column) const = 0;
    virtual std::int64_t number(int column) const = 0;
    virtual std::string text(int column) const = 0;
};

/// A connection. One thread at a time. It outlives its statements.
class Session {
  public:
    virtual ~Session() = default;
    virtual const Dialect& dialect() const = 0;
    /// Never fails: what is wrong with the text is told when it is stepped.
    virtual std::unique_ptr<Prepared> prepare(std::string_view sql) = 0;
    /// One or several statements without results.
    virtual Stored<void> execute(const std::string& sql) = 0;
    /// From here on nothing is kept before commit(), and everything after it.
    virtual Stored<void> begin(Lock lock) = 0;
    virtual Stored<void> commit() = 0;
    virtual void rollback() = 0;
    /// What is asked from now on is answered within this time, or fails as `away`; until the next within(). 0: the
    /// usual time, of which Database tells.
    virtual void within(std::chrono::milliseconds time) = 0;
};

}  // namespace patchbay::store
