#include "any_exchange.hpp"

#include "exchange.hpp"
#include "realtime.hpp"

namespace patchbay::openai {

bay_status AnyExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (dialect_.realtime && bay::sv(request.operation) == "realtime") {
        machine_ = std::make_unique<RealtimeExchange>(dialect_);
    } else {
        machine_ = std::make_unique<ChatExchange>(dialect_);
    }
    return machine_->on_request(request, out);
}

}  // namespace patchbay::openai
