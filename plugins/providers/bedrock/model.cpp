// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include <algorithm>
#include <array>

#include "aws/region.hpp"
#include "json/is_among.hpp"

namespace patchbay::bedrock {

using shared::is_among;

namespace {

// AWS, "Supported models and model features" of Converse, "ToolChoice", "ToolResultBlock", "Prompt
// caching", "Structured outputs". The first row that fits counts; what nobody knows takes all that the
// API has.
constexpr Family kFamilies[] = {
    {"anthropic.claude", true, Choice::named, true, true, false, Thinks::claude, TopK::field},
    {"amazon.nova-2", true, Choice::named, true, true, false, Thinks::nova, TopK::nova},
    {"amazon.nova", true, Choice::named, true, true, false, Thinks::no, TopK::nova},
    {"amazon.titan", false, Choice::none},
    {"ai21.", false, Choice::none, false, false, false, Thinks::no, TopK::none, Streams::never},
    {"deepseek.r1", false, Choice::none},
    {"deepseek.", true, Choice::named, false, false, true},
    {"cohere.command-r", true, Choice::none},
    {"cohere.", false, Choice::none},
    {"meta.", true, Choice::none, false, false, false, Thinks::no, TopK::none,
     Streams::without_tools},
    {"mistral.mistral-large-3", true, Choice::any, false, false, true},
    {"mistral.magistral", true, Choice::any, false, false, true},
    {"mistral.ministral", true, Choice::any, false, false, true},
    {"mistral.voxtral", true, Choice::any, false, false, true},
    {"mistral.", true, Choice::any},
    {"openai.gpt-oss", true, Choice::named, false, false, true, Thinks::effort},
    {"qwen.", true, Choice::named, false, false, true},
    {"google.gemma", true, Choice::named, false, false, true},
    {"minimax.", true, Choice::named, false, false, true},
    {"moonshot", true, Choice::named, false, false, true},
    {"nvidia.", true, Choice::named, false, false, true},
    {"writer.", true, Choice::none},
    {"", true, Choice::named, true, true, false, Thinks::claude, TopK::field},
};

// "Cross-region inference": the parts of the world that a profile's id begins with.
constexpr std::array<std::string_view, 9> kParts{"us.", "eu.", "apac.",   "ap.",    "jp.",
                                                 "au.", "ca.", "global.", "us-gov."};

constexpr std::array<std::string_view, 2> kConverse{"converse", "converse_like"};
// LiteLLM's other ways: Bedrock's agents, and calls that are answered later.
constexpr std::array<std::string_view, 3> kOthers{"agent", "agentcore", "async_invoke"};

std::string_view without_part(std::string_view name) {
    const auto* part = std::find_if(kParts.begin(), kParts.end(), [&](std::string_view begin) {
        return name.starts_with(begin);
    });
    return part == kParts.end() ? name : name.substr(part->size());
}

// What an ARN is about: "inference-profile/us.anthropic.claude-..." names its model, others do not.
std::string_view name_in(std::string_view id, const json::object& settings) {
    const auto base = text(find_object(settings, "model_info"), "base_model");
    if (!base.empty()) return base.substr(base.rfind('/') + 1);  // npos + 1 is 0
    return id.starts_with("arn:") ? id.substr(id.rfind('/') + 1) : id;
}

Failure not_here(std::string_view way) {
    Failure failure;
    failure.cls = BAY_ERR_UNSUPPORTED;
    failure.retry = BAY_RETRY_OTHER;
    failure.message = "bedrock/";
    failure.message.append(way).append(
        "/ is not there: models are asked by Converse, by invoke/, and imported ones by what they "
        "are");
    return failure;
}

}  // namespace

const Family* family_of(std::string_view name) {
    return std::find_if(std::begin(kFamilies), std::end(kFamilies),
                        [&](const Family& row) { return name.starts_with(row.begin); });
}

Result<Model> model_of(std::string_view model, const json::object& settings) {
    Model made;
    while (!model.starts_with("arn:")) {
        const auto slash = model.find('/');
        if (slash == std::string_view::npos) break;
        const auto word = model.substr(0, slash);
        if (is_among(word, kOthers)) return not_here(word);
        if (word == "invoke") {
            made.api = Api::invoke;
        } else if (const auto* form = imported_form(word)) {
            made.api = Api::invoke;
            made.form = form;
        } else if (aws::is_region(word)) {
            made.region = word;
        } else if (!is_among(word, kConverse)) {
            break;
        }
        model.remove_prefix(slash + 1);
    }
    made.id = text(settings, "model_id", model);
    made.name = without_part(name_in(model, settings));
    if (made.region.empty()) made.region = aws::region_of_arn(made.id);
    made.family = family_of(made.name);
    if (!made.form) {
        const bool unnamed = model.starts_with("arn:") && made.family->begin.empty();
        made.form = unnamed ? unnamed_form() : invoke_form_of(made.name);
    }
    return made;
}

}  // namespace patchbay::bedrock
