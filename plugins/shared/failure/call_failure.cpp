#include "call_failure.hpp"

#include <algorithm>
#include <array>

#include "patchbay/sdk/text.hpp"

namespace patchbay::shared {

namespace {

/// What is said before and behind the name of who was called.
struct Broken {
    std::uint32_t failure;
    std::string_view before;
    std::string_view behind;
    std::uint32_t cls = BAY_ERR_UPSTREAM;
    std::uint32_t retry = BAY_RETRY_BY_CLASS;
};
constexpr std::array kBroken{
    Broken{BAY_FAIL_CONNECT, "Connection to ", " failed"},
    Broken{BAY_FAIL_TIMEOUT, "", " did not answer in time", BAY_ERR_TIMEOUT},
    Broken{BAY_FAIL_RESET, "", " broke the connection off"},
    Broken{BAY_FAIL_FRAMING, "Unreadable answer from ", ""},
    Broken{BAY_FAIL_LIMIT, "The answer from ", " is too long"},
    Broken{BAY_FAIL_DENIED, "The endpoint of ", " is not on the list of permitted ones",
           BAY_ERR_UPSTREAM, BAY_RETRY_OTHER},
};
constexpr Broken kOtherFailure{BAY_FAIL_NONE, "The call to ", " failed"};

}  // namespace

Failure failure_of_call(const bay_ev_http& done, std::string_view whose) {
    const auto* known = std::find_if(kBroken.begin(), kBroken.end(), [&](const Broken& row) {
        return row.failure == done.failure;
    });
    const Broken& row = known == kBroken.end() ? kOtherFailure : *known;
    Failure failure;
    failure.cls = row.cls;
    failure.retry = row.retry;
    failure.upstream_status = done.status;
    failure.message.append(row.before).append(whose).append(row.behind);
    const auto what = bay::sv(done.error);
    if (!what.empty()) failure.message.append(": ").append(what);
    return failure;
}

}  // namespace patchbay::shared
