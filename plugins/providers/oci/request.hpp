// SPDX-License-Identifier: Apache-2.0
// Chat and embeddings requests in the words of Oracle's Generative AI ("ChatDetails",
// "EmbedTextDetails"): one form for Cohere's models, and a generic one for all others.
#pragma once

#include <string>
#include <string_view>

#include "deployment.hpp"
#include "openai_shared/request.hpp"

namespace patchbay::oci {

/// True for models that are asked in Cohere's form.
bool is_cohere(std::string_view model);

/// What chat's parameters are called, and which are taken.
openai::Dialect generic_dialect();
openai::Dialect cohere_dialect();

/// `dialect` is the one of the model's form. `dropped` gets what is not sent although it says something.
openai::Written<std::string> write_chat(const bay_ev_request& request,
                                        const openai::Dialect& dialect,
                                        const Deployment& deployment, bay::Dropped& dropped);
openai::Written<std::string> write_embeddings(const bay_ev_request& request,
                                              const openai::Dialect& dialect,
                                              const Deployment& deployment, bay::Dropped& dropped);

}  // namespace patchbay::oci
