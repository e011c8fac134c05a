// OpenAI's pictures by Google's models: Imagen's `predict`, and generateContent of models that draw.
#pragma once

#include <cstdint>
#include <patchbay/exchange.h>
#include <string>
#include <string_view>

#include "chat/parameter_rules.hpp"
#include "chat/told_pictures.hpp"
#include "failure.hpp"
#include "usage.hpp"

namespace patchbay::google {

/// A request, ready to be sent.
struct PicturesCall {
    std::string_view method;  ///< of the model: "predict" or "generateContent"; static
    std::string body;
    bay::Dropped dropped;
};

/// Fails with BAY_ERR_BAD_REQUEST without a prompt and, as `leniency` says, with BAY_ERR_UNSUPPORTED for
/// what the models lack. `with_words`: a model that draws may also write, which Google AI Studio wants to
/// be asked. Pure.
Result<PicturesCall> pictures_request(std::string_view client_json, std::string_view model,
                                      const shared::Leniency& leniency, bool with_words);

struct Pictures {
    std::string json;  ///< OpenAI's list, in base64
    Usage usage;       ///< of generateContent; Imagen tells none
};

/// `created`: seconds since 1970. Fails with BAY_ERR_CONTENT_POLICY if Google held the pictures back and
/// says so, and if there are none.
Result<Pictures> pictures_answer(std::string_view answer_json, std::int64_t created);

/// The end of a machine's only call: tells the pictures and their usage, or what failed. The last action
/// of the event.
bay_status tell_pictures(const bay_ev_http& done, shared::PictureAudience audience, bay::Out out);

}  // namespace patchbay::google
