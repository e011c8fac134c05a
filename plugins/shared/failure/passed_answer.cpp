#include "passed_answer.hpp"

#include "call_failure.hpp"
#include "patchbay/sdk/upstream.hpp"

namespace patchbay::shared {

bay_status PassedAnswer::head(const bay_ev_http& head, bay::Out out) {
    if (head.status / 100 != 2) return BAY_OK;
    const auto type = bay::find(head.headers, head.header_count, "content-type");
    const std::string_view usual = streamed_ ? api_.stream : "json";
    if (!type.empty() && type.find(usual) == std::string_view::npos) return BAY_OK;
    passing_ = true;
    return out.pass_through(head.call);
}

bay_status PassedAnswer::frame(const bay_ev_http& frame, bay::Out out) {
    return failed_ ? bay_status{BAY_OK} : refuse(frame, api_.no_event, out);
}

bay_status PassedAnswer::done(const bay_ev_http& done, bay::Out out) {
    if (failed_) return BAY_OK;
    const bool broken = done.failure != BAY_FAIL_NONE;
    if (!broken && done.status / 100 != 2) return fail(api_.failure_of_answer(done), out);
    if (passing_ ? done.failure == BAY_FAIL_FRAMING && done.data.len != 0 : !broken) {
        return refuse(done, api_.no_answer, out);
    }
    return broken ? fail(failure_of_call(done, whose_), out) : out.done();
}

bay_status PassedAnswer::fail(const Failure& failure, bay::Out out) {
    failed_ = true;
    return report(failure, out);
}

bay_status PassedAnswer::refuse(const bay_ev_http& answer, std::string_view why, bay::Out out) {
    if (const auto told = api_.error_in(answer)) return fail(*told, out);
    return fail(unreadable(whose_, why, answer), out);
}

}  // namespace patchbay::shared
