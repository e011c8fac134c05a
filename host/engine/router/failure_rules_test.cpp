#include "engine/router/failure_rules.hpp"

#include <gtest/gtest.h>

#include "engine/router/test_support.hpp"

namespace patchbay {
namespace {

using test::error_of;

TEST(FailureRules, every_error_has_its_cause) {
    struct Row {
        ErrorClass cls;
        int status;
        int upstream_status;
        Cause cause;
    };
    for (const Row& row : {Row{ErrorClass::bad_request, 0, 400, Cause::bad_request},
                           Row{ErrorClass::unsupported, 0, 0, Cause::bad_request},
                           Row{ErrorClass::context_length, 0, 400, Cause::context_length},
                           Row{ErrorClass::content_policy, 0, 400, Cause::content_policy},
                           Row{ErrorClass::authentication, 0, 401, Cause::authentication},
                           Row{ErrorClass::permission, 0, 403, Cause::permission},
                           Row{ErrorClass::not_found, 0, 404, Cause::not_found},
                           Row{ErrorClass::rate_limit, 0, 429, Cause::rate_limit},
                           Row{ErrorClass::quota, 0, 402, Cause::quota},
                           Row{ErrorClass::timeout, 0, 0, Cause::timeout},
                           Row{ErrorClass::overloaded, 0, 503, Cause::upstream},
                           Row{ErrorClass::upstream, 500, 500, Cause::upstream},
                           Row{ErrorClass::upstream, 502, 200, Cause::upstream},
                           Row{ErrorClass::upstream, 0, 0, Cause::unreachable},
                           Row{ErrorClass::upstream, 500, 0, Cause::plugin},
                           Row{ErrorClass::unknown, 409, 409, Cause::conflict},
                           Row{ErrorClass::unknown, 418, 418, Cause::bad_request},
                           Row{ErrorClass::unknown, 429, 429, Cause::rate_limit},
                           Row{ErrorClass::unknown, 499, 0, Cause::ours}}) {
        Error error = error_of(row.cls, row.status);
        error.upstream_status = row.upstream_status;
        EXPECT_EQ(cause_of(error), row.cause)
            << static_cast<int>(row.cls) << ' ' << row.status << ' ' << row.upstream_status;
    }
}

TEST(FailureRules, what_the_client_did_makes_nobody_rest) {
    for (const Cause cause : {Cause::bad_request, Cause::context_length, Cause::content_policy,
                              Cause::ours, Cause::plugin}) {
        EXPECT_EQ(rule_of(cause).rests, Rests::never) << rule_of(cause).name;
    }
}

}  // namespace
}  // namespace patchbay
