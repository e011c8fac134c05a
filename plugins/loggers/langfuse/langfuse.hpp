// The component "langfuse": a batch is one call to Langfuse's ingestion API.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "events.hpp"
#include "patchbay/sdk.hpp"

namespace patchbay::langfuse {

struct Settings {
    std::string url;
    std::string authorization;  ///< the header's value; a secret
    DefaultTags tags;
};

class Langfuse : public bay::Logger {
  public:
    static constexpr char id[] = "langfuse";
    Langfuse(std::string_view config, bay::Diag& diag);
    std::unique_ptr<bay::Exchange> open(const bay_open_info& info) override;

  private:
    Settings settings_;
};

}  // namespace patchbay::langfuse
