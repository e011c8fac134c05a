// SPDX-License-Identifier: Apache-2.0
// Rankings in Cohere's form by the ranking API of Google's Discovery Engine, a service beside Vertex AI.
#pragma once

#include <string>
#include <string_view>

#include "google/failure.hpp"
#include "google/json.hpp"
#include "patchbay/sdk/dropped.hpp"

namespace patchbay::vertex_ai {

/// A request, ready to be sent.
struct RankingCall {
    std::string body;
    std::size_t records = 0;  ///< that are ranked
    /// For the answer, which does not repeat them; none if nobody wants them.
    google::json::array documents;
    bay::Dropped dropped{};
};

/// A record for each document: a text, or an object, whose `title` and `text` are the record's, else all of
/// it is its content. One without a title is called by its first three words, as at LiteLLM, so that scores
/// stay what they are there. `labels` are `userLabels`. Fails without a query or documents. Pure.
google::Result<RankingCall> ranking_request(std::string_view client_json, std::string_view model);

/// Cohere's answer, the best first, with the units that Google bills: a query of up to 100 records.
/// `request_id` makes the answer's id. Fails if the answer is no ranking of the call's records. Pure.
google::Result<std::string> ranking_answer(std::string_view response_json, const RankingCall& call,
                                           std::string_view request_id);

}  // namespace patchbay::vertex_ai
