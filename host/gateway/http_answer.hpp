// An answer as an HTTP response: a document, server-sent events, or bytes.
#pragma once

#include <string>
#include <string_view>

#include "engine/call/answer.hpp"
#include "gateway/served.hpp"

namespace patchbay::gateway {

/// Lives as long as the request, which has begun its call.
class HttpAnswer final : public Answer {
  public:
    explicit HttpAnswer(Served& served);

    void head(int status, std::span<const http::Header> headers) override;
    void whole(const Restamped& json) override;
    void event(std::string_view name, const Restamped& json) override;
    void bytes(std::string_view content_type, std::string_view piece) override;
    bool dirty() const override { return piecewise() && !out_.empty(); }
    boost::asio::awaitable<bool> flush() override { return send_out(false); }
    bool committed() const override { return started_; }
    void restart() override;
    boost::asio::awaitable<void> finish(const Error* error) override;

  private:
    /// Is it sent in pieces as they come?
    bool piecewise() const { return stream_ || !content_type_.empty(); }
    ResponseHead own_head(std::string_view content_type) const;
    std::string begin_head();
    boost::asio::awaitable<bool> send_out(bool last);
    void break_off();

    Served& served_;
    const Call& call_;
    bool stream_;
    bool started_ = false;
    bool chunked_;
    int status_ = 200;
    std::uint64_t events_ = 0;  ///< of a stream: told so far
    std::string own_lines_;     ///< of head()
    std::string content_type_;  ///< of bytes, once there are any
    std::string out_;
    std::string sending_;
};

}  // namespace patchbay::gateway
