#include "contract/error.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

struct Told {
    int status;
    const char* own;  // the type that the provider gave
    const char* type;
};

class ErrorTypes : public testing::TestWithParam<Told> {};

TEST_P(ErrorTypes, are_the_providers_or_of_the_status) {
    Error error;
    error.http_status = GetParam().status;
    error.type = GetParam().own;
    const auto written = boost::json::parse(error_json(error));
    EXPECT_EQ(written.at("error").at("type").as_string(), GetParam().type);
}

INSTANTIATE_TEST_SUITE_P(
    All, ErrorTypes,
    testing::Values(Told{400, "", "invalid_request_error"}, Told{401, "", "authentication_error"},
                    Told{404, "", "invalid_request_error"}, Told{429, "", "throttling_error"},
                    Told{500, "", "internal_server_error"}, Told{503, "", "internal_server_error"},
                    Told{401, "invalid_request_error", "invalid_request_error"},
                    Told{529, "overloaded_error", "overloaded_error"}, Told{400, "None", "None"}));

}  // namespace
}  // namespace patchbay
