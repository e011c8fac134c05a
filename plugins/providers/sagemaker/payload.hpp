// SPDX-License-Identifier: Apache-2.0
// What a model's container streams, out of the parts in which SageMaker hands it on.
//
// A PayloadPart of InvokeEndpointWithResponseStream ends wherever the container's writes happened to
// end: it holds several events, or half of one. Containers stream server-sent events of one line of
// data, or lines of JSON; both are read line by line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay::sagemaker {

class Payload {
  public:
    /// The most that one event may have; a stream with a longer one is none of a model's.
    static constexpr std::size_t kLongest = 4 * 1024 * 1024;

    /// False if what has no end yet is longer than an event may be.
    bool add(std::string_view bytes);
    /// The next event's JSON; nothing until more has come. Valid until the next call of this object.
    std::optional<std::string_view> next();
    /// The stream is over: what has no end of line is the last event, if it is one.
    std::optional<std::string_view> rest();
    /// True if "[DONE]" has come.
    bool done() const { return done_; }

  private:
    std::optional<std::string_view> event_of(std::string_view line);

    std::string held_;
    std::size_t read_ = 0;  ///< of held_, what was given out
    bool done_ = false;
};

}  // namespace patchbay::sagemaker
