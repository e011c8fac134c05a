// SPDX-License-Identifier: Apache-2.0
#include "prompt.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace patchbay::prompt {
namespace {

namespace json = boost::json;

constexpr const char* kTurns =
    R"({"messages":[{"role":"system","content":"S"},{"role":"user","content":"U"},)"
    R"({"role":"assistant","content":"A"},{"role":"user","content":[{"type":"text","text":"V"}]}]})";

openai::Written<std::string> prompt(const char* request, std::string_view model,
                                    const char* settings = "{}") {
    return prompt_of(json::parse(request).get_object(),
                     template_for(model, json::parse(settings).get_object()));
}

TEST(Prompt, AModelsNameSaysHowItReads) {
    EXPECT_EQ(*prompt(kTurns, "my-endpoint"), "S U A V");
    EXPECT_EQ(*prompt(kTurns, "meta-llama/Llama-2-7b-chat-hf"),
              "<s>[INST] <<SYS>>\nS\n<</SYS>>\n [/INST]\n[INST] U [/INST]\nA\n</s>[INST] V "
              "[/INST]\n");
    EXPECT_EQ(*prompt(R"({"messages":[{"role":"user","content":"U"}]})",
                      "meta/meta-llama-3-70b-instruct"),
              "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nU<|eot_id|>"
              "<|start_header_id|>assistant<|end_header_id|>\n\n");
    EXPECT_EQ(*prompt(kTurns, "meta-llama/Llama-2-7b"), "S U A V") << "no chat model";
}

TEST(Prompt, ADeploymentsTemplateWins) {
    constexpr const char* kSettings = R"-({
        "roles": {"system": {"pre_message": "(", "post_message": ")"},
                  "user": {"pre_message": "["},
                  "assistant": {"post_message": "]"}},
        "bos_token": "<", "eos_token": ">",
        "initial_prompt_value": "i", "final_prompt_value": "f"})-";
    EXPECT_EQ(*prompt(kTurns, "meta-llama/Llama-2-7b-chat-hf", kSettings), "<i(S)[UA]>[Vf");
}

TEST(Prompt, WhatIsNoTextIsRefusedWithItsPlace) {
    struct Case {
        const char* request;
        const char* place;
    };
    constexpr Case kCases[] = {
        {R"({})", "messages"},
        {R"({"messages":[]})", "messages"},
        {R"({"messages":[{"content":"a"},3]})", "messages[1]"},
        {R"({"messages":[{"content":7}]})", "messages[0].content"},
        {R"({"messages":[{"content":[{"type":"text","text":"a"},{"type":"image_url"}]}]})",
         "messages[0].content[1]"},
    };
    for (const Case& one : kCases) {
        const auto made = prompt(one.request, "m");
        ASSERT_FALSE(made) << one.request;
        EXPECT_EQ(made.error().param, one.place);
    }
}

TEST(Prompt, CallsAndResultsOfToolsAreTold) {
    EXPECT_EQ(*prompt(R"({"messages":[{"role":"user","content":"U"},{"role":"assistant","content":)"
                      R"(null,"tool_calls":[{"id":"c"}]},{"role":"tool","content":"18"}]})",
                      "m"),
              R"(U [{"id":"c"}] 18)");
}

}  // namespace
}  // namespace patchbay::prompt
