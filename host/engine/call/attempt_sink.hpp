// Reads what an answer costs, before anybody may withhold it.
#pragma once

#include "engine/call/usage_account.hpp"
#include "engine/exchange/sink.hpp"

namespace patchbay {

/// Stands between an exchange and what takes its results, for one attempt. Both references must
/// outlive it.
class AttemptSink final : public Sink {
  public:
    AttemptSink(UsageAccount& account, Sink& next) : account_(account), next_(next) {}

    void result(std::string_view json, const AnswerFacts& facts) override {
        account_.read_whole(json, facts);
        next_.result(json, facts);
    }
    void chunk(std::string_view event, std::string_view json, const AnswerFacts& facts) override {
        account_.read_chunk(json, facts);
        next_.chunk(event, json, facts);
    }
    void unanswered(std::string_view json, const AnswerFacts& facts) override {
        account_.read_whole(json, facts);
    }
    bool takes_bytes() const override { return next_.takes_bytes(); }
    void bytes(std::string_view content_type, std::string_view piece) override {
        next_.bytes(content_type, piece);
    }
    void head(int status, std::span<const http::Header> headers) override {
        next_.head(status, headers);
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

}  // namespace patchbay
