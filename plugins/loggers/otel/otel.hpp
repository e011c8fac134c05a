// The component "otel": a batch is one export of spans, OTLP over HTTP with JSON.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "patchbay/sdk.hpp"
#include "shared/settings.hpp"

namespace patchbay::otel {

struct Settings {
    std::string url;
    sink::Headers headers;
    boost::json::object resource;  ///< of every export
};

class Otel : public bay::Logger {
  public:
    static constexpr char id[] = "otel";
    Otel(std::string_view config, bay::Diag& diag);
    std::unique_ptr<bay::Exchange> open(const bay_open_info& info) override;

  private:
    Settings settings_;
};

}  // namespace patchbay::otel
