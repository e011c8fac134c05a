// Gives the client another text of what an attempt answers in chat's API.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "contract/shape/shape.hpp"
#include "engine/exchange/forwarding_sink.hpp"

namespace patchbay {

/// Stands between an attempt's AttemptSink and what takes its results, before anything keeps, guards or
/// tells them. `next` must outlive it. `Rewriter` has `whole(json)`, the text in an answer's place, and
/// `chunk(json, chunks)`, which appends the chunks in the place of one of a stream; nothing or false: it stays as
/// it is (CustomCalls, MergedThoughts).
template <class Rewriter>
class RewritingSink final : public ForwardingSink {
  public:
    RewritingSink(Rewriter rewriter, Sink& next)
        : ForwardingSink(next), rewriter_(std::move(rewriter)) {}

    void result(std::string_view json, const AnswerFacts& facts) override {
        const auto made = rewriter_.whole(json);
        if (!made) return ForwardingSink::result(json, facts);
        ForwardingSink::result(*made, kChatShape.scan({}, *made));
    }
    void chunk(std::string_view event, std::string_view json, const AnswerFacts& facts) override {
        chunks_.clear();
        if (!rewriter_.chunk(json, chunks_)) return ForwardingSink::chunk(event, json, facts);
        for (const auto& made : chunks_) {
            ForwardingSink::chunk(event, made, kChatShape.scan(event, made));
        }
    }

  private:
    Rewriter rewriter_;
    std::vector<std::string> chunks_;
};

}  // namespace patchbay
