#include "store/libpq.hpp"

#include <boost/dll/shared_library.hpp>

// None of these is seen by the library itself.
#pragma GCC visibility push(hidden)
#include <libpq-fe.h>

namespace patchbay::store {

namespace {

constexpr const char* kName = "libpq.so.5";

struct Library {
    boost::dll::shared_library mapped;
    std::string missing;

    Library() {
        boost::dll::fs::error_code error;
        mapped.load(kName, error, boost::dll::load_mode::search_system_folders);
        if (error) missing = std::string(kName) + " cannot be loaded: " + error.message();
    }
};

// Never unmapped: stores may end with the process.
Library& library() {
    static auto& one = *new Library;
    return one;
}

/// The function of this name that the library has. It has had all that are named below since PostgreSQL 14.
template <typename Function>
Function& function(const char* name) {
    return library().mapped.get<Function>(name);
}

}  // namespace

const std::string& missing_libpq() {
    return library().missing;
}

}  // namespace patchbay::store

// Result, name, parameters, and these as they are passed on.
#define PATCHBAY_PASS_ON(RESULT, NAME, PARAMETERS, ARGUMENTS)                    \
    extern "C" RESULT NAME PARAMETERS {                                          \
        static auto& real = patchbay::store::function<RESULT PARAMETERS>(#NAME); \
        return real ARGUMENTS;                                                   \
    }

// clang-format off
PATCHBAY_PASS_ON(PGconn*, PQconnectStartParams, (const char* const* names, const char* const* values, int expand), (names, values, expand))
PATCHBAY_PASS_ON(PostgresPollingStatusType, PQconnectPoll, (PGconn* connection), (connection))
PATCHBAY_PASS_ON(PGPing, PQpingParams, (const char* const* names, const char* const* values, int expand), (names, values, expand))
PATCHBAY_PASS_ON(ConnStatusType, PQstatus, (const PGconn* connection), (connection))
PATCHBAY_PASS_ON(int, PQsocket, (const PGconn* connection), (connection))
PATCHBAY_PASS_ON(int, PQsetnonblocking, (PGconn* connection, int on), (connection, on))
PATCHBAY_PASS_ON(PQnoticeProcessor, PQsetNoticeProcessor, (PGconn* connection, PQnoticeProcessor told, void* given), (connection, told, given))
PATCHBAY_PASS_ON(void, PQfinish, (PGconn* connection), (connection))
PATCHBAY_PASS_ON(char*, PQerrorMessage, (const PGconn* connection), (connection))
PATCHBAY_PASS_ON(int, PQconsumeInput, (PGconn* connection), (connection))
PATCHBAY_PASS_ON(int, PQisBusy, (PGconn* connection), (connection))
PATCHBAY_PASS_ON(int, PQflush, (PGconn* connection), (connection))
PATCHBAY_PASS_ON(int, PQenterPipelineMode, (PGconn* connection), (connection))
PATCHBAY_PASS_ON(int, PQexitPipelineMode, (PGconn* connection), (connection))
PATCHBAY_PASS_ON(int, PQpipelineSync, (PGconn* connection), (connection))
PATCHBAY_PASS_ON(int, PQsendQuery, (PGconn* connection, const char* sql), (connection, sql))
PATCHBAY_PASS_ON(int, PQsendQueryParams, (PGconn* connection, const char* sql, int count, const Oid* types, const char* const* values, const int* lengths, const int* formats, int format), (connection, sql, count, types, values, lengths, formats, format))
PATCHBAY_PASS_ON(int, PQsendPrepare, (PGconn* connection, const char* name, const char* sql, int count, const Oid* types), (connection, name, sql, count, types))
PATCHBAY_PASS_ON(int, PQsendQueryPrepared, (PGconn* connection, const char* name, int count, const char* const* values, const int* lengths, const int* formats, int format), (connection, name, count, values, lengths, formats, format))
PATCHBAY_PASS_ON(PGresult*, PQgetResult, (PGconn* connection), (connection))
PATCHBAY_PASS_ON(char*, PQescapeIdentifier, (PGconn* connection, const char* text, size_t size), (connection, text, size))
PATCHBAY_PASS_ON(void, PQfreemem, (void* text), (text))
PATCHBAY_PASS_ON(ExecStatusType, PQresultStatus, (const PGresult* result), (result))
PATCHBAY_PASS_ON(char*, PQresultErrorMessage, (const PGresult* result), (result))
PATCHBAY_PASS_ON(char*, PQresultErrorField, (const PGresult* result, int field), (result, field))
PATCHBAY_PASS_ON(char*, PQcmdStatus, (PGresult* result), (result))
PATCHBAY_PASS_ON(int, PQntuples, (const PGresult* result), (result))
PATCHBAY_PASS_ON(int, PQgetisnull, (const PGresult* result, int row, int column), (result, row, column))
PATCHBAY_PASS_ON(Oid, PQftype, (const PGresult* result, int column), (result, column))
PATCHBAY_PASS_ON(int, PQgetlength, (const PGresult* result, int row, int column), (result, row, column))
PATCHBAY_PASS_ON(char*, PQgetvalue, (const PGresult* result, int row, int column), (result, row, column))
PATCHBAY_PASS_ON(void, PQclear, (PGresult* result), (result))
// clang-format on
#pragma GCC visibility pop
