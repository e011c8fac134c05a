// A plugin file, loaded for testing.
#pragma once

#include <stdexcept>
#include <string>

#include "patchbay/entry.h"
#include "test_host.hpp"

namespace patchbay::transcript {

/// Loads and initialises a plugin; it stays mapped until the process ends, so that a leak report
/// can name its functions. The constructor throws std::runtime_error with what is wrong: the file
/// does not load, its entry is for another ABI, it has no provider.
class PluginFile {
  public:
    /// What is driven in place of a kind's own table. Given a table of the file, gives one that
    /// lives as long as the process.
    using Wrap = const bay_kind* (*)(const bay_kind*);

    explicit PluginFile(const std::string& path, Wrap wrap = nullptr);
    ~PluginFile();
    PluginFile(const PluginFile&) = delete;
    PluginFile& operator=(const PluginFile&) = delete;

    const bay_kind& provider() const { return *provider_; }
    /// Id of the first component.
    std::string first_component() const;
    /// The one bound to this thread, if there is one.
    TestHost& host() { return TestHost::here(host_); }

  private:
    TestHost host_;
    const bay_entry* entry_ = nullptr;
    const bay_kind* provider_ = nullptr;
};

/// Collects what a plugin reports while it is set up.
class Diagnostics {
  public:
    Diagnostics();
    bay_diag* table() { return &diag_; }
    std::string text;  ///< one line per problem

  private:
    bay_diag diag_{};
};

}  // namespace patchbay::transcript
