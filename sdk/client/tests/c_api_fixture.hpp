// What tests of patchbay/client.h have in common.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "local_upstream.hpp"
#include "patchbay/client.h"

namespace patchbay {

inline const std::string kMock =
    R"({"model":"openai/gpt-4o","messages":[{"role":"user","content":"x"}],"mock_response":"a b c"})";

inline bay_str str(const std::string& text) {
    return {text.data(), text.size()};
}
inline std::string str(bay_str text) {
    return {text.ptr, text.len};
}

class CApi : public ::testing::Test {
  protected:
    void SetUp() override { ASSERT_EQ(bay_client_open(nullptr, &client), BAY_OK); }
    void TearDown() override { bay_client_close(client); }

    bay_call_options options(const std::string& json) {
        request = json;
        bay_call_options made{};
        made.size = sizeof made;
        made.operation = BAY_STR("chat.completions");
        made.request = str(request);
        return made;
    }
    std::string at(const test::LocalUpstream& upstream, bool stream) {
        return R"({"model":"openai/gpt-4o","messages":[{"role":"user","content":"x"}],"api_key":"sk-canary","num_retries":0,"stream":)" +
               std::string(stream ? "true" : "false") + R"(,"api_base":")" + upstream.url("/v1") +
               "\"}";
    }

    bay_client* client = nullptr;
    std::string request;
};

}  // namespace patchbay
