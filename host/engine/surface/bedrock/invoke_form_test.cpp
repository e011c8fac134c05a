#include "engine/surface/bedrock/invoke_form.hpp"

#include <gtest/gtest.h>

namespace patchbay::surface {

namespace {

TEST(InvokeForm, IsReadFromTheBody) {
    const struct {
        const char* body;
        InvokeForm form;
    } cases[] = {
        {R"({"messages":[{"role":"user","content":"hi"}],"anthropic_version":"bedrock-2023-05-31"})",
         InvokeForm::messages},
        {R"({"messages":[{"role":"user","content":[{"text":"hi"}]}]})", InvokeForm::converse},
        {R"({"messages":[],"inferenceConfig":{"maxTokens":5}})", InvokeForm::converse},
        {R"({"schemaVersion":"messages-v1","messages":[]})", InvokeForm::converse},
        {R"({"messages":[{"role":"user","content":"hi"}],"max_tokens":5})", InvokeForm::chat},
        {R"({"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]})",
         InvokeForm::chat},
        {R"({"messages":[{"role":"user","content":[{"text":"hi","type":"text"}]}]})",
         InvokeForm::chat},
        {R"({"prompt":"hi","max_gen_len":5})", InvokeForm::other},
        {R"({"inputText":"hi"})", InvokeForm::other},
        {"[]", InvokeForm::other},
        {"", InvokeForm::other},
    };
    for (const auto& c : cases) EXPECT_EQ(invoke_form(c.body), c.form) << c.body;
}

}  // namespace

}  // namespace patchbay::surface
