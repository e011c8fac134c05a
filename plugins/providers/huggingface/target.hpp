// Where a request goes at Hugging Face, and by which name of the model.
//
// There are two kinds of places. The router serves models of the hub by way of the inference
// providers: "together/meta-llama/Llama-3.3-70B-Instruct" is the model of the last two segments at
// the provider of the first, which the router writes "meta-llama/Llama-3.3-70B-Instruct:together"; a
// model without a provider is served by the one that the account prefers. An endpoint of one's own
// (api_base) serves one model: TGI and vLLM chat, TEI makes embeddings and rankings.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::huggingface {

inline constexpr std::string_view kRouter = "https://router.huggingface.co";

/// True if the address is the router's: other paths and names apply than at an endpoint.
bool is_router(std::string_view address);

/// The model in the words of the place.
std::string model_name(std::string_view model, bool router);

/// "https://.../v1/chat/completions", whichever part of it the operator wrote down.
std::string chat_address(std::string_view address);

/// Of embeddings: the pipeline of the model at the router (without a provider at Hugging Face's
/// own, "hf-inference"); at an endpoint the address itself.
std::string embeddings_url(std::string_view address, std::string_view model);

/// Of rankings, which endpoints alone have.
std::string rerank_url(std::string_view address);

}  // namespace patchbay::huggingface
