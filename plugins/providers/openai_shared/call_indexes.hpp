// The numbers and ids of tool calls in streams of servers that leave them out, or give every call the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

namespace patchbay::openai {

/// The id of a call that the server gave none. Results name their call by its id, so every client needs one.
std::string new_call_id();

/// What the calls of one stream are numbered. A client puts the pieces of a call together by its
/// `index`: without one OpenAI's SDKs fail, and two calls with the same one become one that nobody
/// made. Not thread-safe.
class CallIndexes {
  public:
    /// Numbers the calls of a choice of a chunk in place: one with an id of its own is a new call, one
    /// with no id and no index goes on with the last. Of servers without ids one that names a function
    /// is new if the last one's arguments are whole, or its name another, and gets an id. A name that
    /// comes with every piece is told once, since clients join names as they do arguments. True if
    /// anything changed.
    bool number(boost::json::object& choice);

  private:
    struct Call {
        std::uint64_t choice;
        std::uint64_t given;  ///< the server's index; its place in the chunk if it gave none
        std::uint64_t index;  ///< what the client is told
        std::string id{};     ///< the server's; may be empty
        std::string name{};
        std::size_t depth = 0;  ///< of its arguments, as far as they have come
        bool in_string = false, escaped = false, begun = false;

        bool whole() const { return begun && depth == 0; }
        void feed(std::string_view arguments);
    };
    static constexpr std::size_t kMost =
        1024;  ///< calls that are kept apart; the rest stays as it is

    Call* known(std::uint64_t choice, const boost::json::object& call);
    Call* add(std::uint64_t choice, boost::json::object& call);

    std::vector<Call> calls_;
};

}  // namespace patchbay::openai
