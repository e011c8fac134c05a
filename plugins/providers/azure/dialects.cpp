#include "dialects.hpp"

#include "patchbay/operations.h"

namespace patchbay::azure {

using openai::Dialect;
using openai::Param;

namespace {

constexpr const char* kEntra =
    "credentials of Microsoft Entra (azure_ad_token, or tenant_id, client_id and client_secret)";

/// What all have in common: the site says where and with which key.
Dialect at_azure(const char* provider, const openai::Site& site) {
    Dialect dialect;
    dialect.provider = provider;
    dialect.site = &site;
    dialect.key_optional = true;  // what authorizes a call is the site's to know
    dialect.bearer = false;
    dialect.openai_families = true;
    dialect.base_model = true;
    dialect.family_marks = {"o_series/", "gpt5_series/"};
    dialect.answers.shape = true;
    dialect.answers.content_filters = true;
    return dialect;
}

}  // namespace

Dialect azure_dialect(const openai::Site& site) {
    Dialect dialect = at_azure("azure", site);
    dialect.key_names = {"AZURE_API_KEY", kEntra};
    dialect.operations = {
        {BAY_OP_CHAT_COMPLETIONS},
        {BAY_OP_RESPONSES},
        {BAY_OP_RESPONSES_GET},
        {BAY_OP_RESPONSES_DELETE},
        {BAY_OP_RESPONSES_CANCEL},
        {BAY_OP_RESPONSES_INPUT_ITEMS},
        {BAY_OP_EMBEDDINGS, {}, {"dimensions"}, {"text-embedding-ada-*", "*/text-embedding-ada-*"}},
        {BAY_OP_IMAGES_GENERATE},
        {BAY_OP_IMAGES_EDIT},
        {BAY_OP_AUDIO_SPEECH},
        {BAY_OP_AUDIO_TRANSCRIPTIONS},
        {BAY_OP_AUDIO_TRANSLATIONS},
        {BAY_OP_REALTIME},
    };
    dialect.chat_lacks = {Param::prompt_cache_retention, Param::safety_identifier,
                          Param::service_tier};
    // "Structured outputs": from gpt-4o on.
    openai::ModelRule old;
    old.match = {"gpt-35-*", "gpt-3.5-*", "gpt-4", "gpt-4-*"};
    old.response_format = openai::FormatRule::schema_as_tool;
    dialect.models = {old};
    return dialect;
}

Dialect azure_text_dialect(const openai::Site& site) {
    Dialect dialect = at_azure("azure_text", site);
    dialect.key_names = {"AZURE_API_KEY", kEntra};
    dialect.operations = {{BAY_OP_COMPLETIONS}};
    return dialect;
}

Dialect azure_ai_dialect(const openai::Site& site) {
    Dialect dialect = at_azure("azure_ai", site);
    dialect.key_names = {"AZURE_AI_API_KEY", kEntra};
    dialect.operations = {
        {BAY_OP_CHAT_COMPLETIONS}, {BAY_OP_EMBEDDINGS},  {BAY_OP_RERANK},
        {BAY_OP_IMAGES_GENERATE},  {BAY_OP_IMAGES_EDIT},
    };
    // The Model Inference API refuses what it does not list, unless it is told to send it on.
    dialect.headers = {{"extra-parameters", "pass-through"}};
    dialect.messages.assistant_lacks = {"reasoning_content", "thinking_blocks"};
    dialect.messages.text_parts_to_string = true;
    dialect.messages.images_in_results = true;
    openai::ModelRule grok;
    grok.match = {"grok-*"};
    grok.unsupported = {Param::stop, Param::user};
    openai::ModelRule others;
    others.match = {"*"};
    others.except = {"gpt-3*", "gpt-4*", "gpt-5*", "o1*", "o3*", "o4*"};
    others.unsupported = {Param::user};
    dialect.models = {grok, others};
    return dialect;
}

}  // namespace patchbay::azure
