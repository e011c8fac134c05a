// The numbers of tool calls in streams of servers that leave them out, or give every call the same.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

namespace patchbay::openai {

/// What the calls of one stream are numbered. A client puts the pieces of a call together by its
/// `index`: without one OpenAI's SDKs fail, and two calls with the same one become one that nobody
/// made. Not thread-safe.
class CallIndexes {
  public:
    /// Numbers the calls of a choice of a chunk in place: one with an id of its own is a new call, one
    /// with no id and no index goes on with the last. True if anything changed.
    bool number(boost::json::object& choice);

  private:
    struct Call {
        std::uint64_t choice;
        std::uint64_t given;  ///< the server's index; its place in the chunk if it gave none
        std::uint64_t index;  ///< what the client is told
        std::string id;
    };
    static constexpr std::size_t kMost =
        1024;  ///< calls that are kept apart; the rest stays as it is

    const Call* known(std::uint64_t choice, const boost::json::object& call) const;
    const Call* add(std::uint64_t choice, std::uint64_t given, const boost::json::object& call);

    std::vector<Call> calls_;
};

}  // namespace patchbay::openai
