// The connection to a server of PostgreSQL's: made, watched, lost and made again.
//
// libpq's blocking calls wait for ever for a server that is frozen, since its kernel still acknowledges. Here
// everything is sent without blocking, and answers are waited for with poll() until a deadline; a connection that
// lets it pass is given up, as nobody can know what it would answer later.
#pragma once

#include <chrono>
#include <libpq-fe.h>
#include <map>
#include <memory>
#include <string>

#include "store/database.hpp"

namespace patchbay::store {

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

/// What is wrong, by the code of the server ("Appendix A. PostgreSQL Error Codes"): classes 22 and 23 are the data's
/// fault, XX the store's; everything else may work later or elsewhere.
Failure failure_of(const PGresult* result);

/// Values for the places of a statement, as libpq takes them; views.
struct Parameters {
    int count = 0;
    const char* const* values = nullptr;
    const int* lengths = nullptr;
    const int* formats = nullptr;
};

/// One thread at a time. Whatever fails with `away` may have lost the connection; what is asked next makes another.
class PostgresLink {
  public:
    PostgresLink(Address address, Access access);

    /// Is it of no use to try again: there is a server, whatever it says to this program, or the URL is none? Blocks for up
    /// to 2 s.
    bool is_final() const;
    /// Connects, if it is not connected any more and the pause after the last failure is over.
    Stored<void> connect();
    void within(std::chrono::milliseconds time);

    /// Several statements, without places and results.
    Stored<void> execute(const std::string& sql);
    /// A statement that is prepared when it is first asked; `sql` has places `$1`, ...
    Stored<Result> ask(const std::string& sql, const Parameters& parameters);
    /// Sends it and does not wait: only within a transaction, in which a failure is told later.
    Stored<void> send(const std::string& sql, const Parameters& parameters);

    Stored<void> begin(Lock lock);
    Stored<void> commit();
    void rollback();
    bool in_transaction() const { return in_transaction_; }

  private:
    using Clock = std::chrono::steady_clock;
    struct Finish {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };

    Stored<void> ready();
    bool was_closed() const;
    Stored<void> set_up();
    Stored<void> make_schema();
    Stored<std::string> prepared(const std::string& sql);
    Stored<void> settle();
    Stored<Result> next(Clock::time_point deadline);
    Stored<Result> last(Clock::time_point deadline);
    Stored<void> wait(short events, Clock::time_point deadline);
    std::string hidden(std::string text) const;
    Failure lost(std::string text);
    Failure lost();
    Clock::time_point deadline() const;

    const Address address_;
    const Access access_;
    std::unique_ptr<PGconn, Finish> connection_;
    std::map<std::string, std::string, std::less<>>
        names_;                    ///< of prepared statements, by their SQL
    int sent_ = 0;                 ///< statements whose results were not read yet
    bool in_transaction_ = false;  ///< also when the connection was lost within it
    Clock::time_point until_{}, next_try_{};
    std::chrono::milliseconds pause_{0};
    std::string why_;  ///< it was lost
};

}  // namespace patchbay::store
