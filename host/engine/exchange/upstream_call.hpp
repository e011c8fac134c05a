// One HTTP call that a plugin asked for: sent, its answer decoded and fed back. Private to this
// folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "contract/framing/decoder.hpp"
#include "engine/exchange/run.hpp"
#include "patchbay/sdk/stream_end.hpp"

namespace patchbay {

/// Lives for the call; belongs to the run's loop.
class UpstreamCall {
  public:
    static constexpr std::uint64_t kDefaultMaxBody = 64u << 20;

    /// `status` is set when the response has a head.
    UpstreamCall(Run& run, HttpAction& action, int& status)
        : run_(run), action_(action), status_(status) {}

    /// Feeds HTTP_HEAD, then data or frames as the plugin asked, then HTTP_DONE; stops early if the
    /// exchange is over. Throws operation_aborted if cancelled.
    boost::asio::awaitable<void> run();

  private:
    /// Fills in the pieces of the body that are sent in base64, a slice at a time; the loop may do
    /// other work in between.
    boost::asio::awaitable<void> encode_base64();
    boost::asio::awaitable<void> run_file();
    /// Sends the request and waits for the head of its response. nullopt: there is nothing more to do.
    boost::asio::awaitable<std::optional<http::Response>> send();
    /// The answer has begun: nobody looks at the request again, which is not to last as long as a stream.
    void forget_request();
    /// So much more of a good answer came, which says that it measures `announced`. False: it is too large,
    /// and the exchange is over.
    bool takes(std::uint64_t more, std::uint64_t announced = 0);
    boost::asio::awaitable<void> read_whole(http::Response& response);
    boost::asio::awaitable<void> read_raw(http::Response& response);
    boost::asio::awaitable<void> read_frames(http::Response& response, http::Decoder& decoder);
    /// Keeps what the plugin need not see: the end mark of text streams, and what is passed
    /// through.
    bool for_plugin(const http::Frame& frame);
    /// Valid until it is called again.
    bay_ev_http event_of(const http::Frame& frame);
    void take_frames(const std::vector<http::Frame>& frames);
    /// take_frames() for a machine in another process.
    boost::asio::awaitable<void> take_frames_remote(const std::vector<http::Frame>& frames);
    /// A passed stream has brought all of its answer: what breaks behind that is of no interest.
    bool answered() const { return ended_ || (passed_ && end_.complete()); }
    /// The body of a passed stream is over and its answer is not: tells the plugin.
    boost::asio::awaitable<void> feed_unanswered();
    /// In the place of a body that came compressed.
    boost::asio::awaitable<void> feed_coded(std::string_view coding);
    boost::asio::awaitable<void> feed_failure(const http::Failure& failure);
    boost::asio::awaitable<void> feed_done(std::uint32_t failure, std::string_view error,
                                           std::string_view body = {});
    bay_ev_http event(std::uint32_t type) const;
    bool is_good() const { return status_ / 100 == 2; }

    Run& run_;
    HttpAction& action_;
    int& status_;
    std::uint64_t received_ = 0;  ///< bytes of a good answer
    bool passed_ = false;
    bool ended_ = false;                 ///< the stream's end mark came
    bool begun_ = false;                 ///< a passed stream brought an event
    bay::StreamEnd end_;                 ///< of a passed stream
    std::vector<std::string> encoded_;   ///< what the body shows of base64
    std::vector<bay_kv> headers_;        ///< of the response
    std::vector<bay_kv> frame_headers_;  ///< of the frame in hand
};

}  // namespace patchbay
