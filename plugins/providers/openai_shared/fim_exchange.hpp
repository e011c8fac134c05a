// Text completions of a provider that answers them in the shape of chat (Mistral's fill-in-the-middle).
#pragma once

#include "patchbay/sdk/stream_end.hpp"
#include "translated_exchange.hpp"

namespace patchbay::openai {

/// Reads a chat answer, whole or streamed, and gives it as a text completion: the content is the
/// text.
class FimReader : public AnswerReader {
  public:
    bool is_whole(const boost::json::object& document) const override;
    Read<boost::json::object> whole(const boost::json::object& document) override;
    Read<void> event(const boost::json::object& document,
                     std::vector<std::string>& chunks) override;
    bool complete() const override { return end_.complete(); }

  private:
    bay::StreamEnd end_;
};

/// [exchange]. The request is the client's, with the dialect's rule for completions.
class FimExchange : public TranslatedExchange {
  public:
    explicit FimExchange(const Dialect& dialect) : TranslatedExchange(dialect, BAY_DECODE_SSE) {}

  protected:
    Written<Translated> translate(const bay_ev_request& request,
                                  std::string_view address) const override;
};

}  // namespace patchbay::openai
