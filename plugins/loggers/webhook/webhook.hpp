// The component "generic_api": records as they are, to a URL of the operator's (LiteLLM's generic
// API logger).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "patchbay/sdk.hpp"
#include "shared/settings.hpp"

namespace patchbay::webhook_sink {

enum class Format { json_array, ndjson, single };

struct Settings {
    std::string url;
    sink::Headers headers;
    Format format = Format::json_array;
    bool successes = true;
    bool failures = true;

    bool wants(bool failed) const { return failed ? failures : successes; }
};

class Webhook : public bay::Logger {
  public:
    static constexpr char id[] = "generic_api";
    Webhook(std::string_view config, bay::Diag& diag);
    std::unique_ptr<bay::Exchange> open(const bay_open_info& info) override;

  private:
    Settings settings_;
};

}  // namespace patchbay::webhook_sink
