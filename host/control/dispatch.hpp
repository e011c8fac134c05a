// From a request to its answer: the route, who calls, whether that may, the body, the handler.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "control/exchange.hpp"
#include "control/settings.hpp"
#include "store/records.hpp"

namespace patchbay::control {

/// Any thread; one request is answered at a time, as the store has one session for management.
class Dispatch {
  public:
    /// Without records every route answers that there is no database.
    explicit Dispatch(std::optional<store::Records> records) : records_(std::move(records)) {}

    /// From now on.
    void use(Settings settings);
    Answer answer(Ask ask);

  private:
    Answer handled(Ask& ask);

    std::mutex mutex_;
    std::optional<store::Records> records_;
    Settings settings_;
};

}  // namespace patchbay::control
