// Gives the client of a provider that has functions only the calls of its custom tools.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "contract/shape/shape.hpp"
#include "engine/exchange/forwarding_sink.hpp"
#include "engine/surface/openai/custom_tools.hpp"

namespace patchbay {

/// Stands between an attempt's AttemptSink and what takes its results, before anything keeps, guards or
/// tells them. `next` must outlive it.
class CustomCallSink final : public ForwardingSink {
  public:
    CustomCallSink(std::vector<std::string> names, Sink& next)
        : ForwardingSink(next), calls_(std::move(names)) {}

    void result(std::string_view json, const AnswerFacts& facts) override {
        const auto made = calls_.whole(json);
        if (!made) return ForwardingSink::result(json, facts);
        ForwardingSink::result(*made, kChatShape.scan({}, *made));
    }
    void chunk(std::string_view event, std::string_view json, const AnswerFacts& facts) override {
        chunks_.clear();
        if (!calls_.chunk(json, chunks_)) return ForwardingSink::chunk(event, json, facts);
        for (const auto& made : chunks_) {
            ForwardingSink::chunk(event, made, kChatShape.scan(event, made));
        }
    }

  private:
    surface::CustomCalls calls_;
    std::vector<std::string> chunks_;
};

}  // namespace patchbay
