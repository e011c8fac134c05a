// One attempt of a call: the exchange with one deployment.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "contract/failed.hpp"
#include "engine/call/answer.hpp"
#include "engine/call/attempt_sink.hpp"
#include "engine/call/call.hpp"
#include "engine/router/router.hpp"

namespace patchbay {

/// What an attempt has of its own, in a call that may have two at once. Of the first these are the
/// call's own members. The pointers are never null while it runs.
struct AttemptState {
    const Deployment* deployment = nullptr;
    const Operation* operation = nullptr;
    int number = 0;  ///< among the call's attempts, from 1
    UsageAccount* usage = nullptr;
    std::vector<std::string>* left_out = nullptr;  ///< names that the plugin did not send
    std::string* upstream_model = nullptr;         ///< what is asked for, if not what is configured
    bool recorded = false;  ///< who takes its results writes them down for the cache

    /// The first, or only, one, as it stands in the call.
    static AttemptState of(Call& call);
    bool translated(const Call& call) const { return operation != call.surface.operation; }
};

/// Asks the deployment; the call has its translation if the state's operation needs it. What comes
/// goes to `sink` through an AttemptSink, of which `metered` points to while it lives; `first` is told
/// of a stream's first word (null: nobody is). nullopt: `sink` has a good answer. Cancelled, it
/// throws, and the usage is as far as it was told.
boost::asio::awaitable<Failed> run_attempt(Call& call, const ModelRoute& route,
                                           const AttemptState& state, Sink& sink, FirstWord* first,
                                           Answer& answer, AttemptSink** metered = nullptr);

}  // namespace patchbay
