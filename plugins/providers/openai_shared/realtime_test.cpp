#include <gtest/gtest.h>

#include "upstream.hpp"

namespace patchbay::openai {
namespace {

std::string url(std::string_view base, std::string_view model, std::string_view json) {
    bay_target target{};
    target.size = sizeof target;
    target.model = bay::str(model);
    bay_ev_request request{};
    request.h = {sizeof request, BAY_EV_REQUEST};
    request.json = bay::str(json);
    request.target = &target;
    return realtime_url(base, request);
}

TEST(RealtimeUrl, IsBelowTheBaseWithTheUpstreamsModel) {
    const struct {
        std::string_view base, model, json, expected;
    } cases[] = {
        {"https://api.openai.com/v1", "gpt-realtime", R"({"model":"mine"})",
         "wss://api.openai.com/v1/realtime?model=gpt-realtime"},
        {"http://localhost:8000/", "m", "{}", "ws://localhost:8000/realtime?model=m"},
        {"https://h/v1?api-version=1", "m", "{}", "wss://h/v1/realtime?api-version=1&model=m"},
        {"https://h", "a/b c", "{}", "wss://h/realtime?model=a%2Fb%20c"},
        {"https://h", "m", R"({"model":"x","intent":"tr&=","n":1})",
         "wss://h/realtime?model=m&intent=tr%26%3D"},
        {"ftp://h", "m", "{}", ""},
        {"", "m", "{}", ""},
    };
    for (const auto& c : cases) EXPECT_EQ(url(c.base, c.model, c.json), c.expected);
}

}  // namespace
}  // namespace patchbay::openai
