// The chat surface's way out: an OpenAI answer, whole or as server-sent events.
#pragma once

#include <string>
#include <string_view>

#include "engine/exchange/sink.hpp"
#include "gateway/call.hpp"

namespace patchbay::gateway {

/// Puts the name the client asked for in the place of the provider's model name, and withholds the
/// usage event of a stream whose client did not ask for it. Lives as long as the call.
class ChatSink final : public Sink {
  public:
    ChatSink(Call& call, std::string_view model, bool stream, bool include_usage);

    void result(std::string_view json, const AnswerScan& scan) override;
    void chunk(std::string_view json, const AnswerScan& scan) override;
    void upstream_head(int, std::span<const http::Header> headers) override {
        call_.upstream_headers.take(headers, call_.snapshot->secrets);
    }
    void usage(const Usage&) override {}  // MeteredSink has taken it
    boost::asio::awaitable<bool> flush() override;
    bool dirty() const override { return stream_ && !out_.empty(); }

    /// Forgets what was collected, for another attempt; only before anything was sent.
    void reset();
    /// True once bytes of the answer are on their way: no other attempt can take over.
    bool started() const { return started_; }

    /// Sends the rest of a good answer: the whole of it, or the end of the stream.
    boost::asio::awaitable<void> finish();
    /// Ends a stream that has begun with an error event.
    boost::asio::awaitable<void> finish_with_error(std::string_view error_json);

  private:
    void append_restamped(std::string_view json, const AnswerScan& scan);
    boost::asio::awaitable<bool> send_out(bool last);

    Call& call_;
    std::string quoted_model_;
    bool stream_;
    bool include_usage_;
    bool started_ = false;
    bool chunked_;
    std::string out_;
    std::string sending_;
};

}  // namespace patchbay::gateway
