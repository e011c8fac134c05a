// The services of the host that a plugin is given in init(): log, clock, randomness, extensions.
#pragma once

#include <string>

#include "patchbay/abi.h"

namespace patchbay {

/// One bay_host for one plugin file. Its functions may be called from any thread, as long as this
/// object lives: until the plugin's deinit() has returned.
class HostServices {
  public:
    /// Log lines begin with the plugin's id.
    explicit HostServices(std::string plugin_id);
    HostServices(const HostServices&) = delete;
    HostServices& operator=(const HostServices&) = delete;

    const bay_host* table() const { return &table_; }
    const std::string& plugin_id() const { return plugin_id_; }

  private:
    std::string plugin_id_;
    bay_host table_;
};

/// Text of a plugin as it may stand in a log line: at most 4 KiB, control characters made visible,
/// so that no plugin can write a line that looks like another's.
std::string printable(bay_str text);

}  // namespace patchbay
