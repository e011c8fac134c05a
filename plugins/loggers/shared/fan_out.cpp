#include "shared/fan_out.hpp"

#include <utility>

#include "patchbay/sdk/records.hpp"

namespace patchbay::sink {

bay_status FanOut::on_batch(const bay_ev_batch& batch, bay::Out out) {
    const bay::Records records(batch);
    if (records.size() > kMaxRecords) {
        return out.fail(BAY_ERR_BAD_REQUEST, "more records than one exchange may make calls");
    }
    for (std::uint64_t i = 0; i < records.size(); ++i) {
        const auto record = read_record(records, i);
        if (!record) continue;
        auto call = call_of(*record);
        if (!call) continue;
        calls_.push_back({record->index, std::move(*call)});
        tally_.add(record->index, record->id);
    }
    return go_on(out);
}

bay_status FanOut::go_on(bay::Out out) {
    while (!stopped_ && next_ < calls_.size() && under_way_ < kAtOnce) {
        Call& call = calls_[next_].call;
        bay::HttpRequest request("POST", call.url);
        request.header("content-type", "application/json");
        for (const auto& [name, value] : call.headers) request.header(name, value);
        request.call(static_cast<std::uint32_t>(next_) + 1).flags(BAY_HTTP_REPEATABLE);
        const bay_status status = request.body_view(call.body).send(out);
        if (status != BAY_OK) return status;
        call = {};
        ++next_;
        ++under_way_;
    }
    if (under_way_ > 0) return BAY_OK;
    for (; next_ < calls_.size(); ++next_) tally_.refused(calls_[next_].index, *stopped_);
    return tally_.finish(out);
}

bay_status FanOut::on_http_done(const bay_ev_http& answer, bay::Out out) {
    --under_way_;
    if (const auto why = refusal_of(answer)) {
        tally_.refused(calls_.at(answer.call - 1).index, *why);
        if (!why->final()) stopped_ = why;
    }
    return go_on(out);
}

}  // namespace patchbay::sink
