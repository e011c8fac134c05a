// Reads what an answer costs, before anybody may withhold it.
#pragma once

#include "engine/exchange/sink.hpp"
#include "gateway/usage_account.hpp"

namespace patchbay::gateway {

/// Stands between an exchange and what takes its results, for one attempt. Both references must
/// outlive it.
class MeteredSink final : public Sink {
  public:
    MeteredSink(UsageAccount& account, Sink& next) : account_(account), next_(next) {}

    void result(std::string_view json, const AnswerScan& scan) override {
        account_.read_whole(json, scan);
        next_.result(json, scan);
    }
    void chunk(std::string_view json, const AnswerScan& scan) override {
        account_.read_chunk(json, scan);
        next_.chunk(json, scan);
    }
    void unanswered(std::string_view json, const AnswerScan& scan) override {
        account_.read_whole(json, scan);
    }
    bool takes_bytes() const override { return next_.takes_bytes(); }
    void bytes(std::string_view content_type, std::string_view piece) override {
        next_.bytes(content_type, piece);
    }
    void upstream_head(int status, std::span<const http::Header> headers) override {
        next_.upstream_head(status, headers);
    }
    void usage(const Usage& usage) override { account_.report(usage); }
    boost::asio::awaitable<bool> flush() override { return next_.flush(); }
    bool dirty() const override { return next_.dirty(); }

  private:
    UsageAccount& account_;
    Sink& next_;
};

}  // namespace patchbay::gateway
