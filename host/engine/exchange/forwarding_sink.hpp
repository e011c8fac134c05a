// A sink that stands before another one.
#pragma once

#include <span>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "engine/exchange/sink.hpp"

namespace patchbay {

/// Passes everything on, for those that look at some of it or change it. `next` must outlive it.
class ForwardingSink : public Sink {
  public:
    explicit ForwardingSink(Sink& next) : next_(next) {}

    void result(std::string_view json, const AnswerFacts& facts) override {
        next_.result(json, facts);
    }
    void chunk(std::string_view event, std::string_view json, const AnswerFacts& facts) override {
        next_.chunk(event, json, facts);
    }
    void unanswered(std::string_view json, const AnswerFacts& facts) override {
        next_.unanswered(json, facts);
    }
    bool takes_bytes() const override { return next_.takes_bytes(); }
    void bytes(std::string_view content_type, std::string_view piece) override {
        next_.bytes(content_type, piece);
    }
    void upstream_head(int status, std::span<const http::Header> headers) override {
        next_.upstream_head(status, headers);
    }
    void head(int status, std::span<const http::Header> headers) override {
        next_.head(status, headers);
    }
    void dropped(std::string_view json) override { next_.dropped(json); }
    void usage(const Usage& usage) override { next_.usage(usage); }
    boost::asio::awaitable<bool> flush() override { return next_.flush(); }
    bool dirty() const override { return next_.dirty(); }

  private:
    Sink& next_;
};

}  // namespace patchbay
