// SPDX-License-Identifier: Apache-2.0
#include "infer.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace patchbay::triton {
namespace {

namespace json = boost::json;

TEST(TritonAddress, ItGoesOnWhereTheOperatorsEnds) {
    EXPECT_EQ(url_of("http://h:8000", "m", Api::generate, false),
              "http://h:8000/v2/models/m/generate");
    EXPECT_EQ(url_of("http://h:8000/v2/models/x/generate/", "m", Api::generate, true),
              "http://h:8000/v2/models/x/generate_stream");
    EXPECT_EQ(url_of("http://h:8000/v2/models/x/generate_stream", "m", Api::generate, false),
              "http://h:8000/v2/models/x/generate");
    EXPECT_EQ(url_of("http://h:8000/v2/models/x/infer", "m", Api::infer, true),
              "http://h:8000/v2/models/x/infer");
    EXPECT_EQ(api_of("http://h:8000/v2/models/x/infer/"), Api::infer);
    EXPECT_EQ(api_of("http://h:8000"), Api::generate);
}

TEST(TritonInfer, EachParameterIsATensor) {
    const auto parameters = json::parse(R"({"max_tokens":5,"top_p":0.5,"flag":true,"list":[1]})");
    EXPECT_EQ(
        json::value(infer_body("Hi", parameters.get_object())),
        json::parse(
            R"({"inputs":[{"name":"text_input","shape":[1],"datatype":"BYTES","data":["Hi"]},)"
            R"({"name":"max_tokens","shape":[1],"datatype":"INT32","data":[5]},)"
            R"({"name":"top_p","shape":[1],"datatype":"FP32","data":[0.5]},)"
            R"({"name":"flag","shape":[1],"datatype":"BOOL","data":[true]}]})"));
}

TEST(TritonEmbeddings, ATensorMustBeAsLongAsItsShape) {
    struct Case {
        const char* output;
        bool read;
    };
    constexpr Case kCases[] = {
        {R"({"shape":[2,2],"data":[1,2,3,4]})", true},
        {R"({"shape":[2,2],"data":[1,2,3]})", false},
        {R"({"shape":[2,2],"data":[1,2,3,4,5]})", false},
        {R"({"shape":[4],"data":[1,2,3,4]})", false},
        {R"({"shape":[0,2],"data":[]})", false},
        {R"({"shape":[-1,2],"data":[1,2]})", false},
        {R"({"shape":[1,"2"],"data":[1,2]})", false},
        {R"({"data":[1]})", false},
    };
    for (const Case& one : kCases) {
        json::object document;
        document["outputs"] = json::array{json::parse(one.output)};
        EXPECT_EQ(EmbeddingsReader("m").whole(document).has_value(), one.read) << one.output;
    }
}

}  // namespace
}  // namespace patchbay::triton
