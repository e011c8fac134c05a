// The component "helicone": a call to Helicone's asynchronous log API for each record.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "patchbay/sdk.hpp"

namespace patchbay::helicone {

struct Settings {
    std::string base;
    std::string authorization;  ///< "Bearer ..."; a secret
};

class Helicone : public bay::Logger {
  public:
    static constexpr char id[] = "helicone";
    Helicone(std::string_view config, bay::Diag& diag);
    std::unique_ptr<bay::Exchange> open(const bay_open_info& info) override;

  private:
    Settings settings_;
};

}  // namespace patchbay::helicone
