// Results of an exchange on their way to a client, who may be slow.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "contract/actions/results.hpp"

namespace patchbay {

/// Called on the loop's thread.
class Sink : public Results {
  public:
    /// Sends what was collected to the client and returns when it is out, so a slow reader holds
    /// back the exchange and with it the upstream. False: the client is gone.
    virtual boost::asio::awaitable<bool> flush() = 0;
    /// True if flush() would send something.
    virtual bool dirty() const = 0;
};

}  // namespace patchbay
