// What the data plane may ask of the control thread.
#pragma once

#include <functional>
#include <string>

#include "contract/error.hpp"
#include "engine/plugins/reload_failures.hpp"

namespace patchbay::gateway {

enum class PluginCommand { reload, promote, roll_back };

/// Implemented by the application. Any thread.
class PluginControl {
  public:
    /// JSON text for the client, or the error it gets.
    using Answer = Result<std::string>;

    virtual ~PluginControl() = default;
    /// Commands are carried out one after the other. `plugin` is an id; empty for `reload`. `done`
    /// is called once, on the control thread. False if no more commands are taken; `done` is not
    /// called then.
    virtual bool submit(PluginCommand command, std::string plugin,
                        std::function<void(Answer)> done) = 0;
    virtual const ReloadFailures& failures() const = 0;
};

}  // namespace patchbay::gateway
