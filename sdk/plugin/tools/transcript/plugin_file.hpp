// A plugin file, loaded for testing.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "patchbay/entry.h"
#include "test_host.hpp"
#include "transcript.hpp"

namespace patchbay::transcript {

/// What a transcript plays: a component of a file.
struct Component {
    Kind kind = Kind::provider;
    const bay_kind* table = nullptr;
    std::string id;
};

/// Loads and initialises a plugin; it stays mapped until the process ends, so that a leak report
/// can name its functions. The constructor throws std::runtime_error with what is wrong: the file
/// does not load, its entry is for another ABI, it has no kind that can be played.
class PluginFile {
  public:
    /// What is driven in place of a kind's own table. Given a table of the file, gives one that
    /// lives as long as the process.
    using Wrap = const bay_kind* (*)(const bay_kind*);

    explicit PluginFile(const std::string& path, Wrap wrap = nullptr);
    ~PluginFile();
    PluginFile(const PluginFile&) = delete;
    PluginFile& operator=(const PluginFile&) = delete;

    /// The component a transcript names, or the first of the kind that it is for. Throws
    /// std::runtime_error if the file has nothing of that kind.
    Component component(const Transcript& transcript) const;
    /// The one bound to this thread, if there is one.
    TestHost& host() { return TestHost::here(host_); }

  private:
    void read_components(const std::string& path, Wrap wrap);

    TestHost host_;
    const bay_entry* entry_ = nullptr;
    std::vector<Component> components_;  ///< of all kinds that can be played, kind by kind
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
