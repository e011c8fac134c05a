// A plugin file loaded as the gateway loads it, for tests of the tables themselves.
#pragma once

#include <string>

#include "patchbay/entry.h"
#include "plugin_file.hpp"

namespace patchbay::check {

/// Loads a file and calls its entry; init() is for the test to call. Never unloads. Throws
/// std::runtime_error with what is wrong.
class Loaded {
  public:
    explicit Loaded(const std::string& path);

    const bay_entry& entry() const { return *entry_; }
    /// nullptr if the file has no such kind.
    const bay_kind* kind(const std::string& id) const;
    /// Throws std::runtime_error with the plugin's own words.
    void init();
    void deinit();

  private:
    transcript::TestHost host_;
    const bay_entry* entry_ = nullptr;
};

/// What create() said.
struct Created {
    bay_status status = BAY_OK;
    bay_instance* instance = nullptr;
    struct Report {
        std::uint32_t severity;
        std::string pointer, message;
    };
    std::vector<Report> reports;
};

/// Calls kind.create() with a private copy of everything that is gone when it returns.
Created create(const bay_kind& kind, const std::string& component, const std::string& config);

}  // namespace patchbay::check
