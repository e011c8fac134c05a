// The log's line of a request.
#pragma once

#include <string_view>

#include "gateway/routes.hpp"
#include "gateway/served.hpp"

namespace patchbay::gateway {

/// Writes the line of a request when it ends, however it does. Stands in the handler's coroutine
/// behind the request.
class LineWhenDone {
  public:
    LineWhenDone(Served& served, const Match& match) : served_(served), match_(match) {}
    ~LineWhenDone();
    LineWhenDone(const LineWhenDone&) = delete;
    LineWhenDone& operator=(const LineWhenDone&) = delete;

  private:
    Served& served_;
    const Match& match_;
};

/// The line of a request that its connection refused, or that never came whole.
void log_unanswered(ServerContext& server, Connection& connection, const Request& request,
                    int status, std::string_view why);

}  // namespace patchbay::gateway
