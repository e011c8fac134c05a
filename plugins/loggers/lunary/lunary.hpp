// The component "lunary": a batch is one call to Lunary's ingestion API.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "patchbay/sdk.hpp"

namespace patchbay::lunary {

struct Settings {
    std::string url;
    std::string key;
};

class Lunary : public bay::Logger {
  public:
    static constexpr char id[] = "lunary";
    Lunary(std::string_view config, bay::Diag& diag);
    std::unique_ptr<bay::Exchange> open(const bay_open_info& info) override;

  private:
    Settings settings_;
};

}  // namespace patchbay::lunary
