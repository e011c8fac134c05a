// SPDX-License-Identifier: Apache-2.0
// Rankings in Cohere's form by Bedrock's Rerank.
#pragma once

#include <string>
#include <string_view>

#include "json.hpp"

namespace patchbay::bedrock {

struct RerankCall {
    std::string body;
    std::size_t documents = 0;  ///< that are ranked
};

/// A request to Rerank by the model of that ARN. Documents are texts or objects, whose `text` alone is one;
/// members that Cohere's API does not have are the model's own. Fails with BAY_ERR_BAD_REQUEST without a
/// query or documents. Pure.
Result<RerankCall> rerank_request(std::string_view client_json, std::string_view model_arn);

/// Cohere's answer, with the units that AWS bills: a query of up to 100 documents. `request_id` makes the
/// answer's id. Fails with BAY_ERR_UPSTREAM if the answer is none of Rerank's. Pure.
Result<std::string> rerank_answer(std::string_view answer_json, std::string_view request_id,
                                  std::size_t documents);

}  // namespace patchbay::bedrock
