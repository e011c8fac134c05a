// The component "file": records as lines of JSON at the end of a file. The host writes the file.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "patchbay/sdk.hpp"

namespace patchbay::file_sink {

class File : public bay::Logger {
  public:
    static constexpr char id[] = "file";
    File(std::string_view config, bay::Diag& diag);
    std::unique_ptr<bay::Exchange> open(const bay_open_info& info) override;

  private:
    std::string url_;
};

}  // namespace patchbay::file_sink
