// Where requests go at Azure: what an operator writes as api_base, which may be a resource or any of
// the addresses that its documentation shows, and the URL that one operation has there.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::azure {

/// What authorizes a call with a key: `both` at addresses behind which either may be wanted, as
/// Microsoft's own client does.
enum class KeyHeader { api_key, bearer, both };

/// The address of one operation, to which openai::operation_url() adds the operation's path.
struct Place {
    std::string address;
    bool names_model = false;  ///< the address says the deployment
    KeyHeader key = KeyHeader::api_key;
    bool tells_usage = true;  ///< knows `stream_options`
};

/// The version of Azure OpenAI's API that is spoken where nobody says one.
inline constexpr std::string_view kOpenAiVersion = "2025-02-01-preview";
/// The same of the Model Inference API, which answers nothing without one.
inline constexpr std::string_view kInferenceVersion = "2024-05-01-preview";

/// Of the provider `azure`. `base` is a resource ("https://mine.openai.azure.com"), its v1 API
/// ("/openai/v1"), one deployment ("/openai/deployments/x", also with "/chat/completions") or
/// whatever stands in front of these; an `api-version` in its query counts before `version`. That is
/// a date, or "v1", "latest" or "preview" for the v1 API, in which the model stands in the request.
/// The Responses API has no deployments in its address, and is asked by v1 of versions that have
/// none. `operation` is BAY_OP_*. Empty if `base` is.
Place azure_openai(std::string_view base, std::string_view operation, std::string_view deployment,
                   std::string_view version);

/// Of the provider `azure_ai`. `base` is a resource of Azure AI Foundry
/// ("https://mine.services.ai.azure.com", also with "/models" and the path of an operation), whose
/// models are asked by the Model Inference API; "/openai/v1" or a deployment, as above; or an
/// endpoint of one model ("https://mine.eastus2.models.ai.azure.com"), where keys are bearer tokens.
/// `version` may be empty.
Place azure_ai(std::string_view base, std::string_view operation, std::string_view model,
               std::string_view version);

/// The place for pictures as inputs of embeddings, which the Model Inference API has beside `place`, that
/// for texts.
Place for_pictures(Place place);

/// The URL of Anthropic's Messages API at a resource of Azure AI Foundry. Empty if `base` is.
std::string claude_url(std::string_view base);

}  // namespace patchbay::azure
