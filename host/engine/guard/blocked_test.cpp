#include "engine/guard/blocked.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace patchbay::guard {
namespace {

namespace json = boost::json;

// Each line is what Python 3.11 prints for repr(json.loads(...)).
TEST(PythonRepr, writes_what_python_writes) {
    const std::pair<const char*, const char*> cases[] = {
        {R"({"error": "Violated", "n": 1, "f": true, "x": null})",
         "{'error': 'Violated', 'n': 1, 'f': True, 'x': None}"},
        {R"(["it's", "a \"b\"", "it's \"b\"", "a\\b\n"])",
         R"(["it's", 'a "b"', 'it\'s "b"', 'a\\b\n'])"},
        {R"([1.0, 0.5, 1e-5, -2])", "[1.0, 0.5, 1e-05, -2]"},
        {R"([{}, [], ""])", "[{}, [], '']"},
    };
    for (const auto& [text, repr] : cases) EXPECT_EQ(python_repr(json::parse(text)), repr);
}

TEST(Blocked, is_litellms_error) {
    Verdict verdict;
    verdict.error.emplace();
    verdict.error->message = R"({"error":"Violated guardrail policy","flagged":true})";
    const Error error = blocked("pii", verdict);
    EXPECT_EQ(error.status(), 400);
    EXPECT_FALSE(error.retryable());
    EXPECT_EQ(error_json(error),
              R"({"error":{"message":"{'error': 'Violated guardrail policy', 'flagged': True}",)"
              R"("type":"None","param":"None","code":"400"}})");
}

TEST(Blocked, keeps_halves_of_pairs_and_long_numbers_of_the_detail_readable) {
    Verdict verdict;
    verdict.error.emplace();
    verdict.error->message = R"({"error":"no \ud83d","id":12345678901234567890123})";
    EXPECT_EQ(blocked("pii", verdict).message,
              "{'error': 'no \uFFFD', 'id': 12345678901234567890123}");
}

TEST(Blocked, says_something_if_the_guardrail_does_not) {
    EXPECT_EQ(blocked("pii", {}).message,
              "{'error': 'Violated guardrail policy', 'guardrail_name': 'pii'}");
}

TEST(Unavailable, does_not_tell_the_client_why) {
    Error why;
    why.message = "connection to 10.1.1.1 refused";
    const Error error = unavailable("pii", why);
    EXPECT_EQ(error.status(), 500);
    EXPECT_FALSE(error.retryable());
    EXPECT_EQ(error.message, "Guardrail 'pii' gave no verdict.");
}

}  // namespace
}  // namespace patchbay::guard
