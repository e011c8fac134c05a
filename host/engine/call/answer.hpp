// Where an answer leaves the engine.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "contract/error.hpp"
#include "contract/http/header.hpp"
#include "contract/shape/answer_facts.hpp"
#include "engine/exchange/realtime_client.hpp"

namespace patchbay {

/// A document in which other values stand in some places: pieces of text, so that none is copied
/// before it is sent. Views.
class Restamped {
  public:
    /// One place of the document, and what stands there instead. Nothing happens where the range is
    /// empty.
    struct Stamp {
        TextRange range;
        std::string_view text;
    };
    static constexpr std::size_t kMostStamps = 4;

    explicit Restamped(std::string_view json) : pieces_{json}, count_(1) {}
    /// The places do not overlap; their order does not matter.
    Restamped(std::string_view json, std::array<Stamp, kMostStamps> stamps);

    std::span<const std::string_view> pieces() const { return {pieces_.data(), count_}; }
    std::size_t size() const {
        std::size_t sum = 0;
        for (const std::string_view piece : pieces()) sum += piece.size();
        return sum;
    }
    template <class Text>
    void append_to(Text& text) const {
        for (const std::string_view piece : pieces()) text.append(piece);
    }

  private:
    std::array<std::string_view, 2 * kMostStamps + 1> pieces_{};
    std::size_t count_ = 0;
};

/// Takes the answer of one call, in the API that the client speaks: an HTTP response, messages of a
/// WebSocket, or values for a caller in this process. On the loop's thread. What collects only
/// collects and never fails; views are valid during the call.
class Answer {
  public:
    virtual ~Answer() = default;

    /// A status of its own (200 to 299) and headers for what comes next; before anything else.
    virtual void head(int status, std::span<const http::Header> headers) = 0;
    /// The whole answer.
    virtual void whole(const Restamped& json) = 0;
    /// One event of a stream; `name` is empty in APIs whose events have none.
    virtual void event(std::string_view name, const Restamped& json) = 0;
    /// A piece of an answer that is bytes. The content type comes with the first piece only.
    virtual void bytes(std::string_view content_type, std::string_view piece) = 0;
    /// The client's end of a call that is a session; nullptr for all others.
    virtual RealtimeClient* socket() { return nullptr; }

    /// Something was collected that can be sent before the end.
    virtual bool dirty() const = 0;
    /// Sends what was collected and returns when it is out. False: the client is gone.
    virtual boost::asio::awaitable<bool> flush() = 0;
    /// Something is on its way: no other attempt can take over.
    virtual bool committed() const = 0;
    /// Forgets what was collected; not after committed().
    virtual void restart() = 0;
    /// Ends the answer: well, or with an error in the words of the client's API. Sends what is left
    /// and returns when it is out.
    virtual boost::asio::awaitable<void> finish(const Error* error) = 0;
};

}  // namespace patchbay
