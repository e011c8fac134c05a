// Gives the client of a provider that has functions only the calls of its custom tools.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "contract/shape/shape.hpp"
#include "engine/exchange/sink.hpp"
#include "engine/surface/openai/custom_tools.hpp"

namespace patchbay {

/// Stands between an attempt's AttemptSink and what takes its results, before anything keeps, guards or
/// tells them. `next` must outlive it.
class CustomCallSink final : public Sink {
  public:
    CustomCallSink(std::vector<std::string> names, Sink& next)
        : calls_(std::move(names)), next_(next) {}

    void result(std::string_view json, const AnswerFacts& facts) override {
        const auto made = calls_.whole(json);
        if (!made) return next_.result(json, facts);
        next_.result(*made, kChatShape.scan({}, *made));
    }
    void chunk(std::string_view event, std::string_view json, const AnswerFacts& facts) override {
        chunks_.clear();
        if (!calls_.chunk(json, chunks_)) return next_.chunk(event, json, facts);
        for (const auto& made : chunks_) {
            next_.chunk(event, made, kChatShape.scan(event, made));
        }
    }
    void head(int status, std::span<const http::Header> headers) override {
        next_.head(status, headers);
    }
    void upstream_head(int status, std::span<const http::Header> headers) override {
        next_.upstream_head(status, headers);
    }
    void usage(const Usage& usage) override { next_.usage(usage); }
    boost::asio::awaitable<bool> flush() override { return next_.flush(); }
    bool dirty() const override { return next_.dirty(); }

  private:
    surface::CustomCalls calls_;
    std::vector<std::string> chunks_;
    Sink& next_;
};

}  // namespace patchbay
