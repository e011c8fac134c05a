// SPDX-License-Identifier: Apache-2.0
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "speech.hpp"

namespace patchbay::polly {
namespace {

openai::Written<Speech> written(const char* json) {
    static const bay_target target = [] {
        bay_target made{};
        made.size = sizeof made;
        made.model = bay::str("neural");
        return made;
    }();
    bay_ev_request request{};
    request.operation = bay::str("audio.speech");
    request.target = &target;
    request.json = bay::str(json);
    static const openai::Dialect dialect = own_dialect();
    return write_speech(request, dialect);
}

TEST(Polly, FormatsAndVoicesHaveItsWords) {
    const struct {
        const char* client;
        const char* format;
        const char* voice;
        const char* type;
    } cases[] = {
        {R"({"input":"a","voice":"onyx"})", "mp3", "Brian", "text"},
        {R"({"input":"a","voice":"Lupe","response_format":"opus"})", "ogg_opus", "Lupe", "text"},
        {R"({"input":" <speak>a</speak>","voice":"Amy","response_format":"pcm"})", "pcm", "Amy",
         "ssml"},
    };
    for (const auto& one : cases) {
        const auto speech = written(one.client);
        ASSERT_TRUE(speech) << one.client;
        const auto body = boost::json::parse(speech->body);
        EXPECT_EQ(std::string_view(body.at("OutputFormat").as_string()), one.format);
        EXPECT_EQ(std::string_view(body.at("VoiceId").as_string()), one.voice);
        EXPECT_EQ(std::string_view(body.at("TextType").as_string()), one.type);
        EXPECT_EQ(std::string_view(body.at("Engine").as_string()), "neural");
    }
}

TEST(Polly, WhatItCannotSayIsRefused) {
    const struct {
        const char* client;
        const char* param;
    } cases[] = {
        {R"({"voice":"Amy"})", "input"},
        {R"({"input":"a"})", "voice"},
        {R"({"input":"a","voice":"Amy","response_format":"wav"})", "response_format"},
        {R"({"input":"a","voice":"Amy","instructions":"slowly"})", "instructions"},
    };
    for (const auto& one : cases) {
        const auto speech = written(one.client);
        ASSERT_FALSE(speech) << one.client;
        EXPECT_EQ(speech.error().param, one.param);
    }
}

}  // namespace
}  // namespace patchbay::polly
