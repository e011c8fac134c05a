// Writes chat answers in OpenAI's shape, whole and as the chunks of a stream.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace patchbay::shared {

/// What every document of one answer says of it.
struct ChatHead {
    std::string id;
    std::string model;
    std::int64_t created = 0;  ///< seconds since 1970
};

/// A head with a random id, of this moment by the host's clock.
ChatHead new_chat_head(std::string_view model);

/// One entry of a whole message's tool_calls. `arguments` is JSON text.
boost::json::object tool_call(std::string_view id, std::string_view name,
                              std::string_view arguments);

/// "chat.completion" with one choice. `fields`: provider_specific_fields of the choice, left out if
/// empty.
boost::json::object whole_chat(const ChatHead& head, boost::json::object message,
                               std::string_view finish_reason, boost::json::object usage,
                               boost::json::object fields = {});

/// The chunks of one answer with one choice. Not thread-safe.
class ChunkWriter {
  public:
    explicit ChunkWriter(ChatHead head) : head_(std::move(head)) {}

    /// Of chunks to come.
    ChatHead& head() { return head_; }

    /// A chunk with this delta. The role goes with the first one, so that a stream that fails at
    /// once has shown the client nothing.
    void delta(boost::json::object delta, std::vector<std::string>& chunks);
    /// {"content": text}; nothing if `text` is empty. As are the next two.
    void text(std::string_view member, std::string_view text, std::vector<std::string>& chunks);
    /// The beginning of a tool call, with the arguments that are known.
    void call(std::uint64_t index, std::string_view id, std::string_view name,
              std::string_view arguments, std::vector<std::string>& chunks);
    void arguments(std::uint64_t index, std::string_view piece, std::vector<std::string>& chunks);
    /// The chunk with the finish reason. `fields` as in whole_chat().
    void finish(std::string_view reason, std::vector<std::string>& chunks,
                boost::json::object fields = {});
    /// The chunk with the usage and no choices.
    void usage(boost::json::object usage, std::vector<std::string>& chunks) const;
    /// A chunk with a member of the answer beside its choices, and no choices.
    void remark(std::string_view name, const boost::json::value& value,
                std::vector<std::string>& chunks) const;

  private:
    boost::json::object chunk(boost::json::array choices) const;

    ChatHead head_;
    bool role_sent_ = false;
};

}  // namespace patchbay::shared
