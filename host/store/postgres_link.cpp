#include "store/postgres_link.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <poll.h>
#include <utility>

#include "store/libpq.hpp"

namespace patchbay::store {

using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 10s;     // for one answer, if within() was not told otherwise
constexpr auto kFirstPause = 50ms;  // before another try to connect; doubled up to:
constexpr auto kLongestPause = 1000ms;
constexpr std::size_t kMostPrepared = 256;
constexpr int kMostSent = 500;  // whose answers, a few bytes each, wait in the socket

// What libpq says has a line break at its end.
std::string trimmed(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

bool good(const PGresult* result) {
    const ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY ||
           status == PGRES_PIPELINE_SYNC;
}

// Advisory locks have numbers, in one space for all programs of a database.
const char* begin_sql(Lock lock) {
    switch (lock) {
        case Lock::none:
            break;
        case Lock::management:
            return "BEGIN; SELECT pg_advisory_xact_lock(8101926411)";
        case Lock::posting:
            return "BEGIN; LOCK TABLE entry IN ROW EXCLUSIVE MODE";
        case Lock::closing:
            return "BEGIN; LOCK TABLE entry IN SHARE ROW EXCLUSIVE MODE";
        case Lock::schema:
            return "BEGIN; SELECT pg_advisory_xact_lock(8101926412)";
    }
    return "BEGIN";
}

}  // namespace

Failure failure_of(const PGresult* result) {
    const char* const code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    // The detail and the hint would show values.
    const char* const text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const std::string_view kind = code ? std::string_view(code).substr(0, 2) : "";
    Failure failure;
    if (kind == "22" || kind == "23") failure.kind = Failure::Kind::conflict;
    if (kind == "XX") failure.kind = Failure::Kind::corrupt;
    failure.text = text ? text : trimmed(PQresultErrorMessage(result));
    return failure;
}

PostgresLink::PostgresLink(Address address, Access access)
    : address_(std::move(address)), access_(access) {}

void PostgresLink::within(std::chrono::milliseconds time) {
    until_ = time == 0ms ? Clock::time_point{} : Clock::now() + time;
}

PostgresLink::Clock::time_point PostgresLink::deadline() const {
    return until_ == Clock::time_point{} ? Clock::now() + kPatience : until_;
}

Failure PostgresLink::lost(std::string text) {
    connection_.reset();
    names_.clear();
    sent_ = 0;
    pause_ = std::clamp<std::chrono::milliseconds>(2 * pause_, kFirstPause, kLongestPause);
    next_try_ = Clock::now() + pause_;
    why_ = std::move(text);
    return {Failure::Kind::away, why_};
}

Failure PostgresLink::lost() {
    return lost(hidden(trimmed(PQerrorMessage(connection_.get()))));
}

// What libpq quotes of a URL that it misread may be a piece of the password.
std::string PostgresLink::hidden(std::string text) const {
    const std::string& url = address_.server();
    const std::string_view user = std::string_view(url).substr(0, url.rfind('@') + 1);
    std::size_t from = 0;
    while ((from = text.find('"', from)) != text.npos) {
        const std::size_t end = text.find('"', from + 1);
        if (end == text.npos) break;
        const std::string quoted = text.substr(from + 1, end - from - 1);
        if (user.find(quoted) != user.npos) text.replace(from + 1, quoted.size(), "...");
        from = text.find('"', from + 1) + 1;
    }
    return text;
}

Stored<void> PostgresLink::wait(short events, Clock::time_point deadline) {
    pollfd waiting{PQsocket(connection_.get()), events, 0};
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left <= 0ms) return lost("the server does not answer in time");
        const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
        if (ready > 0) return {};
        if (ready < 0 && errno != EINTR) return lost(std::strerror(errno));
    }
}

bool PostgresLink::is_final() const {
    if (!missing_libpq().empty()) return true;
    const std::array<const char*, 3> names{"dbname", "connect_timeout", nullptr};
    const std::array<const char*, 3> values{address_.server().c_str(), "2", nullptr};
    const PGPing ping = PQpingParams(names.data(), values.data(), 1);
    return ping == PQPING_OK || ping == PQPING_NO_ATTEMPT;
}

// What a server that ends sends to those who ask nothing is its farewell, then the end.
bool PostgresLink::was_closed() const {
    pollfd waiting{PQsocket(connection_.get()), POLLIN, 0};
    while (::poll(&waiting, 1, 0) > 0) {
        if (PQconsumeInput(connection_.get()) == 0) return true;
    }
    return PQstatus(connection_.get()) == CONNECTION_BAD;
}

Stored<void> PostgresLink::connect() {
    if (connection_ && !was_closed()) return {};
    connection_.reset();
    names_.clear();
    if (Clock::now() < next_try_) return Failure{Failure::Kind::away, why_};
    if (!missing_libpq().empty()) return lost(missing_libpq());
    const auto deadline = this->deadline();
    const std::array<const char*, 4> names{"dbname", "client_encoding", "fallback_application_name",
                                           nullptr};
    const std::array<const char*, 4> values{address_.server().c_str(), "UTF8", "patchbay", nullptr};
    connection_.reset(PQconnectStartParams(names.data(), values.data(), 1));
    if (!connection_) return lost("there is no memory for a connection");
    if (PQstatus(connection_.get()) == CONNECTION_BAD) return lost();
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK) {
        if (state == PGRES_POLLING_FAILED) return lost();
        const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        if (auto waited = wait(events, deadline); !waited) return waited;
        state = PQconnectPoll(connection_.get());
    }
    PQsetnonblocking(connection_.get(), 1);
    // Notices ("relation already exists, skipping") would go to stderr.
    PQsetNoticeProcessor(
        connection_.get(), [](void*, const char*) {}, nullptr);
    if (auto set = set_up(); !set) return set;
    pause_ = 0ms;
    return {};
}

// The server ends what it does for a connection that was given up (PostgreSQL 14 and later). Statements are planned once and
// not for each of their values, and never compiled: over a partition a day either takes longer than what it is for.
Stored<void> PostgresLink::set_up() {
    const std::array<const char*, 2> values{address_.schema().c_str(),
                                            access_ == Access::read_only ? "on" : "off"};
    constexpr const char* kSet =
        "SELECT set_config('search_path', quote_ident($1), false), "
        "set_config('default_transaction_read_only', $2, false), "
        "set_config('client_connection_check_interval', '1s', false), "
        "set_config('idle_in_transaction_session_timeout', '30s', false), "
        "set_config('plan_cache_mode', 'force_generic_plan', false), "
        "set_config('jit', 'off', false)";
    if (PQsendQueryParams(connection_.get(), kSet, 2, nullptr, values.data(), nullptr, nullptr,
                          0) != 1) {
        return lost();
    }
    const auto done = last(deadline());
    if (!done) return lost(done.error().text);
    return {};
}

// What was begun on a connection that is gone is not continued on another.
Stored<void> PostgresLink::ready() {
    if (!in_transaction_) return connect();
    if (!connection_) return Failure{Failure::Kind::away, why_};
    return {};
}

// The next result; null: the statement has no more.
Stored<Result> PostgresLink::next(Clock::time_point deadline) {
    PGconn* const connection = connection_.get();
    while (true) {
        const int unsent = PQflush(connection);
        if (unsent < 0) return lost();
        if (PQisBusy(connection) == 0) return Result(PQgetResult(connection));
        const short events = unsent > 0 ? POLLIN | POLLOUT : POLLIN;
        if (auto waited = wait(events, deadline); !waited) return waited.error();
        if (PQconsumeInput(connection) == 0) return lost();
    }
}

// The last result of a statement, after all of them.
Stored<Result> PostgresLink::last(Clock::time_point deadline) {
    Result kept;
    std::optional<Failure> failure;
    while (true) {
        auto result = next(deadline);
        if (!result) return result.error();
        if (!*result) break;
        if (!good(result->get()) && !failure) failure = failure_of(result->get());
        kept = std::move(*result);
    }
    if (PQstatus(connection_.get()) == CONNECTION_BAD) {
        return lost(failure ? failure->text : trimmed(PQerrorMessage(connection_.get())));
    }
    if (failure) return std::move(*failure);
    return kept;
}

// Reads the results of what was sent without waiting; the first failure.
Stored<void> PostgresLink::settle() {
    if (sent_ == 0) return {};
    sent_ = 0;
    const auto deadline = this->deadline();
    if (PQpipelineSync(connection_.get()) != 1) return lost();
    std::optional<Failure> failure;
    while (true) {
        auto result = next(deadline);
        if (!result) return result.error();
        if (PQstatus(connection_.get()) == CONNECTION_BAD) {
            return lost(*result ? failure_of(result->get()).text
                                : trimmed(PQerrorMessage(connection_.get())));
        }
        if (!*result) continue;  // between the results of two statements
        const ExecStatusType status = PQresultStatus(result->get());
        if (status == PGRES_PIPELINE_SYNC) break;
        if (status == PGRES_PIPELINE_ABORTED) continue;
        if (!good(result->get()) && !failure) failure = failure_of(result->get());
    }
    if (PQexitPipelineMode(connection_.get()) != 1) return lost();
    if (failure) return std::move(*failure);
    return {};
}

Stored<std::string> PostgresLink::prepared(const std::string& sql) {
    if (const auto known = names_.find(sql); known != names_.end()) return known->second;
    if (auto settled = settle(); !settled) return settled.error();
    if (names_.size() >= kMostPrepared) {
        if (auto done = execute("DEALLOCATE ALL"); !done) return done.error();
        names_.clear();
    }
    const std::string name = "s" + std::to_string(names_.size());
    if (PQsendPrepare(connection_.get(), name.c_str(), sql.c_str(), 0, nullptr) != 1) return lost();
    if (auto done = last(deadline()); !done) return done.error();
    names_.emplace(sql, name);
    return name;
}

Stored<Result> PostgresLink::ask(const std::string& sql, const Parameters& p) {
    if (auto done = ready(); !done) return done.error();
    if (auto settled = settle(); !settled) return settled.error();
    const auto name = prepared(sql);
    if (!name) return name.error();
    if (PQsendQueryPrepared(connection_.get(), name->c_str(), p.count, p.values, p.lengths,
                            p.formats, 0) != 1) {
        return lost();
    }
    return last(deadline());
}

Stored<void> PostgresLink::send(const std::string& sql, const Parameters& p) {
    if (auto done = ready(); !done) return done.error();
    const auto name = prepared(sql);
    if (!name) return name.error();
    if (sent_ == 0 && PQenterPipelineMode(connection_.get()) != 1) return lost();
    ++sent_;
    if (PQsendQueryPrepared(connection_.get(), name->c_str(), p.count, p.values, p.lengths,
                            p.formats, 0) != 1) {
        return lost();
    }
    if (sent_ >= kMostSent) return settle();
    if (PQflush(connection_.get()) < 0) return lost();
    return {};
}

Stored<void> PostgresLink::execute(const std::string& sql) {
    if (auto done = ready(); !done) return done.error();
    if (auto settled = settle(); !settled) return settled.error();
    if (PQsendQuery(connection_.get(), sql.c_str()) != 1) return lost();
    const auto done = last(deadline());
    if (!done) return done.error();
    return {};
}

Stored<void> PostgresLink::begin(Lock lock) {
    auto begun = execute(begin_sql(lock));
    if (begun && lock == Lock::schema) begun = make_schema();
    if (begun) {
        in_transaction_ = true;
    } else if (connection_) {
        (void)execute("ROLLBACK");
    }
    return begun;
}

// To make one takes a right that whoever has a schema already need not have.
Stored<void> PostgresLink::make_schema() {
    const char* const name = address_.schema().c_str();
    const auto found = ask("SELECT 1 FROM pg_namespace WHERE nspname = $1", {1, &name});
    if (!found) return found.error();
    if (PQntuples(found->get()) > 0) return {};
    struct Free {
        void operator()(char* text) const { PQfreemem(text); }
    };
    const std::unique_ptr<char, Free> quoted(
        PQescapeIdentifier(connection_.get(), name, address_.schema().size()));
    if (!quoted) return lost();
    return execute(std::string("CREATE SCHEMA ") + quoted.get());
}

// The commit of a transaction in which something failed is a rollback, and no error to the server.
Stored<void> PostgresLink::commit() {
    if (auto done = ready(); !done) return done.error();
    if (auto settled = settle(); !settled) return settled.error();
    if (PQsendQuery(connection_.get(), "COMMIT") != 1) return lost();
    const auto done = last(deadline());
    if (!done) return done.error();
    in_transaction_ = false;
    if (std::string_view(PQcmdStatus(done->get())) == "COMMIT") return {};
    return Failure{Failure::Kind::conflict, "the transaction had failed before"};
}

void PostgresLink::rollback() {
    if (connection_) {
        (void)settle();
        if (connection_) (void)execute("ROLLBACK");
    }
    in_transaction_ = false;
}

}  // namespace patchbay::store
