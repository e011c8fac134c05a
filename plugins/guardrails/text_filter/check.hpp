// The state machine of a guardrail that is a Filter and nothing more.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "filter.hpp"
#include "patchbay/sdk.hpp"

namespace patchbay::text_filter {

/// One request. Remembers the byte in front of the text that each channel of a stream holds. The
/// filter must outlive it.
class Check : public bay::Exchange {
  public:
    /// What the client is told when a rule blocks: a JSON object.
    using Detail = std::function<std::string(const Rule&)>;
    Check(const Filter& filter, const Detail& detail) : filter_(filter), detail_(detail) {}

    bay_status on_inspect(const bay_ev_inspect& question, bay::Out out) override;

  private:
    const Filter& filter_;
    const Detail& detail_;
    std::map<std::string, char> before_;
};

}  // namespace patchbay::text_filter
