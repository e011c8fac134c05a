// SPDX-License-Identifier: Apache-2.0
// What the name of a model says: how it is asked, where, and what its family takes.
#pragma once

#include <string>
#include <string_view>

#include "invoke_form.hpp"
#include "json.hpp"

namespace patchbay::bedrock {

/// By which of Bedrock Runtime's operations a model is asked.
enum class Api { converse, invoke };

/// How the choice among tools can be bound ("ToolChoice" of AWS's reference).
enum class Choice {
    none,   ///< not at all
    any,    ///< to some tool
    named,  ///< to one
};

/// How a family is asked to think, in additionalModelRequestFields.
enum class Thinks {
    no,
    claude,  ///< as in Anthropic's Messages API
    nova,    ///< reasoningConfig
    effort,  ///< reasoning_effort
};

/// Where top_k stands.
enum class TopK {
    none,
    field,  ///< additionalModelRequestFields.top_k
    nova,   ///< additionalModelRequestFields.inferenceConfig.topK
};

/// What ConverseStream is there for; the rest is asked whole, and told as a stream.
enum class Streams {
    live,
    without_tools,
    never,
};

/// What a family of models takes. The table is in model.cpp.
struct Family {
    std::string_view begin;  ///< of the name
    bool tools = true;
    Choice choice = Choice::named;
    bool status = false;  ///< of a tool's result
    bool cache = false;   ///< cachePoint
    bool schema = false;  ///< outputConfig
    Thinks thinks = Thinks::no;
    TopK top_k = TopK::none;
    Streams streams = Streams::live;

    bool claude() const { return thinks == Thinks::claude; }
    /// A request with tools, or without, is answered by a stream.
    bool streams_with(bool tools_given) const {
        return streams == Streams::live || (streams == Streams::without_tools && !tools_given);
    }
};

/// A model as a deployment names it: "converse/us.anthropic.claude-...", "invoke/...",
/// "eu-central-1/...", "llama/" or another word before the ARN of an imported one, an ARN, or the id
/// alone.
struct Model {
    Api api = Api::converse;
    std::string id;  ///< that stands in the address: an id, that of an inference profile, or an ARN
    std::string name;    ///< that the family is known by, without the region's prefix
    std::string region;  ///< that the name or its ARN says; empty: none
    const Family* family = nullptr;
    const InvokeForm* form = nullptr;  ///< in which InvokeModel asks it; never null
};

/// `settings` are the deployment's: `model_id` is what the address holds in place of the name, and
/// model_info's `base_model` is what a profile whose name says nothing is made of. Fails with
/// BAY_ERR_UNSUPPORTED for ways of asking that are not there (agents).
Result<Model> model_of(std::string_view model, const json::object& settings);

/// The family of a name without a region's prefix; never nullptr.
const Family* family_of(std::string_view name);

}  // namespace patchbay::bedrock
