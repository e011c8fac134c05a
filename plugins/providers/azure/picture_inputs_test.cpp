#include "picture_inputs.hpp"

#include <gtest/gtest.h>

#include "openai_shared/test_support.hpp"

namespace patchbay::azure {
namespace {

TEST(PictureInputs, AreAllPicturesOrNone) {
    const struct {
        const char* request;
        const char* inputs;  ///< nullptr: they are texts
    } cases[] = {
        {R"({"input":["data:image/png;base64,QQ=="]})",
         R"([{"image":"data:image/png;base64,QQ=="}])"},
        {R"({"input":"data:image/png;base64,QQ=="})",
         R"([{"image":"data:image/png;base64,QQ=="}])"},
        {R"({"input":["data:image/png;base64,QQ==","a"]})", nullptr},
        {R"({"input":["what is data:image/png?"]})", nullptr},
        {R"({"input":["a"]})", nullptr},
        {R"({"input":[1,2]})", nullptr},
        {R"({"model":"data:image/"})", nullptr},
    };
    for (const auto& one : cases) {
        const openai::Request request(one.request, "m", 0);
        const auto inputs = picture_inputs(request.event);
        ASSERT_EQ(inputs.has_value(), one.inputs != nullptr) << one.request;
        if (inputs) {
            EXPECT_EQ(*inputs, one.inputs);
        }
    }
}

}  // namespace
}  // namespace patchbay::azure
