// Where the code of a plugin runs that does not run in this process.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/system/result.hpp>

#include "patchbay/abi.h"

namespace patchbay {

class Diagnostics;
struct PluginFile;

/// An instance as every process makes it.
struct InstanceSpec {
    std::string kind;
    std::string component;
    std::string name;
    std::string config;               ///< JSON; may hold secrets
    std::vector<std::string> egress;  ///< EgressList::entries()
};

/// Belongs to one Plugin. create() is [control] and may block for a bounded time; the end of the
/// object ends what runs there.
class Home {
  public:
    virtual ~Home() = default;
    /// Makes an instance; its id, or the plugin's status. What the plugin reports goes to
    /// `diagnostics`, and so does it if the place is lost or does not answer.
    virtual boost::system::result<std::uint32_t, bay_status> create(InstanceSpec instance,
                                                                    Diagnostics& diagnostics) = 0;
};

/// Loads a file in a place of its own. On failure the text says what is wrong with it. [control]
using MakeHome =
    std::function<boost::system::result<std::unique_ptr<Home>, std::string>(const PluginFile&)>;

}  // namespace patchbay
