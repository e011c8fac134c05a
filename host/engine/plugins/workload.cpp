#include "engine/plugins/workload.hpp"

#include <algorithm>

#include "patchbay/guardrail.h"
#include "patchbay/logger.h"
#include "patchbay/provider.h"

namespace patchbay {

namespace {

template <class Event>
const Event& as(const bay_event& event) {
    return reinterpret_cast<const Event&>(event);
}

std::uint64_t size_of(const bay_ev_request& e) {
    std::uint64_t size = e.json.len;
    for (std::uint64_t i = 0; i < e.part_count; ++i) size += e.parts[i].data.len;
    return size;
}

std::uint64_t size_of(const bay_ev_inspect& e) {
    std::uint64_t size = e.json.len + e.request.len;
    for (std::uint64_t i = 0; i < e.text_count; ++i) size += e.texts[i].text.len;
    return size;
}

std::uint64_t size_of(const bay_ev_batch& e) {
    std::uint64_t size = 0;
    for (std::uint64_t i = 0; i < e.record_count; ++i) size += e.records[i]->json.len;
    return size;
}

/// The part of an inspection that the client sent.
std::uint64_t request_in(const bay_ev_inspect& e) {
    const bool before = e.stage == BAY_STAGE_PRE_CALL || e.stage == BAY_STAGE_DURING_CALL;
    return before ? e.json.len : e.request.len;
}

}  // namespace

void Workload::add(const bay_event& event) {
    event_ = 0;
    std::uint64_t question = 0;
    std::uint64_t request = 0;
    switch (event.type) {
        case BAY_EV_REQUEST:
            request = question = size_of(as<bay_ev_request>(event));
            break;
        case BAY_EV_INSPECT:
            question = size_of(as<bay_ev_inspect>(event));
            request = request_in(as<bay_ev_inspect>(event));
            break;
        case BAY_EV_BATCH:
            question = size_of(as<bay_ev_batch>(event));
            break;
        case BAY_EV_HTTP_DATA:
        case BAY_EV_HTTP_FRAME:
        case BAY_EV_HTTP_DONE:
            answers_ += as<bay_ev_http>(event).data.len;
            break;
        case BAY_EV_WS_FRAME:
        case BAY_EV_CLIENT_FRAME:
            event_ = as<bay_ev_ws>(event).data.len;
            break;
        default:
            break;
    }
    question_ = std::max(question_, question);
    request_ = std::max(request_, request);
}

std::chrono::nanoseconds Workload::budget(std::chrono::nanoseconds budget) const {
    const double times = 1.0 + static_cast<double>(bytes()) / static_cast<double>(kBytesPerBudget);
    return std::chrono::nanoseconds(
        static_cast<std::int64_t>(static_cast<double>(budget.count()) * times));
}

}  // namespace patchbay
