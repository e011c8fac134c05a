// SPDX-License-Identifier: Apache-2.0
// OpenAI's pictures by way of InvokeModel, in the form of each family of models.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "chat/parameter_rules.hpp"
#include "json.hpp"

namespace patchbay::bedrock {

/// How a family is asked, and where its pictures stand; a row of the table in images.cpp.
struct ImagesForm;

/// A request, ready to be sent.
struct ImagesCall {
    const ImagesForm* form = nullptr;
    std::string body;
    bay::Dropped dropped;
};

/// `name` is without a region's prefix. Members that OpenAI does not have are the model's own and go as
/// they are. Fails with BAY_ERR_UNSUPPORTED for families that make no pictures and, as `leniency` says,
/// for what a family lacks; with BAY_ERR_BAD_REQUEST without a prompt. Pure.
Result<ImagesCall> images_request(std::string_view client_json, std::string_view name,
                                  const shared::Leniency& leniency);

/// OpenAI's list of pictures, in base64. `created`: seconds since 1970. Fails with
/// BAY_ERR_CONTENT_POLICY if AWS held the pictures back, and if there are none.
Result<std::string> images_answer(std::string_view answer_json, const ImagesForm& form,
                                  std::int64_t created);

}  // namespace patchbay::bedrock
