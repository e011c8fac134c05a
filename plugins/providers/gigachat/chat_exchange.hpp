// SPDX-License-Identifier: Apache-2.0
// The machine of one chat at GigaChat. What is no text is uploaded before:
//
//     REQUEST -> (token) -> (POST files)* -> POST chat/completions -> as TranslatedExchange
#pragma once

#include <optional>

#include "chat_request.hpp"
#include "openai_shared/translated_exchange.hpp"
#include "openai_shared/upstream.hpp"

namespace patchbay::gigachat {

/// [exchange]
class ChatExchange : public openai::TranslatedExchange {
  public:
    explicit ChatExchange(const openai::Dialect& dialect)
        : TranslatedExchange(dialect, BAY_DECODE_SSE) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  protected:
    openai::Written<openai::Translated> translate(const bay_ev_request& request,
                                                  std::string_view address) const override;
    bay_status start(const bay_ev_request& request, bay::Out out) override;
    bay_status send(bay::Out out) override;

  private:
    bay_status upload(const Upload& file, bay::Out out);

    std::optional<openai::Written<ChatRequest>> plan_;  ///< since on_request
    openai::Headers upload_headers_;
    std::string boundary_;
    std::size_t uploaded_ = 0;  ///< of the plan's
    bool uploading_ = false;    ///< the call under way is an upload
};

}  // namespace patchbay::gigachat
