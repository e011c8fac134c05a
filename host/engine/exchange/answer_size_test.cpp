#include <gmock/gmock.h>

#include "engine/exchange/test_support.hpp"

namespace patchbay {
namespace {

using test::always;
using test::FixtureProvider;
using test::ScriptedServer;
using test::stream_of;
using test::whole;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class AnswerSizeTest : public test::ExchangeTest {
  protected:
    std::optional<Error> asked(const ScriptedServer& server, std::uint64_t max, bool stream) {
        const FixtureProvider fixture("passes_through");
        const std::string url = server.url();
        ExchangeRequest one = request(url, "m", stream);
        one.max_answer = max;
        return run(fixture, one);
    }
};

TEST_F(AnswerSizeTest, a_whole_answer_that_is_larger_fails_in_litellms_words) {
    const std::string body = R"({"id":"x","choices":[]})" + std::string(1000, ' ');
    ScriptedServer server(loop.io, always(whole(200, body)));
    const auto error = asked(server, body.size() - 1, false);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->status(), 400);
    EXPECT_EQ(error->type, "bad_request_error");
    EXPECT_EQ(error->param, "content-length");
    EXPECT_FALSE(error->retryable());
    EXPECT_THAT(sink.lines, IsEmpty());
    EXPECT_FALSE(asked(server, body.size(), false));
    EXPECT_EQ(sink.lines.size(), 1u);
    EXPECT_FALSE(asked(server, 0, false)) << "no bound";
    EXPECT_EQ(answer_too_large(3u << 19, 1u << 20).message,
              "Response size is too large. Response size is 1.5 MB. Max size is 1 MB");
}

TEST_F(AnswerSizeTest, one_that_does_not_say_how_large_it_is_fails_when_it_is) {
    const std::string body = R"({"id":"x","choices":[]})" + std::string(1000, ' ');
    ScriptedServer server(loop.io, stream_of(body));
    const auto error = asked(server, 500, false);
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("Response size is too large"));
    EXPECT_THAT(sink.lines, IsEmpty());
}

TEST_F(AnswerSizeTest, a_stream_fails_by_what_has_come) {
    const std::string event = "data: {\"a\":1}\n\n";
    ScriptedServer longer(loop.io, stream_of(event + event + event));
    const auto error = asked(longer, 2 * event.size(), true);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->status(), 400);
    EXPECT_THAT(error->message, HasSubstr("Response size is too large"));
    ScriptedServer shorter(loop.io, stream_of(event + event + "data: [DONE]\n\n"));
    sink.lines.clear();
    EXPECT_FALSE(asked(shorter, 3 * event.size(), true));
    EXPECT_THAT(sink.lines, ElementsAre(R"(chunk {"a":1})", R"(chunk {"a":1})"));
}

TEST_F(AnswerSizeTest, bytes_that_are_passed_as_they_come_are_counted_too) {
    ScriptedServer server(loop.io, stream_of(std::string(1000, 'x')));
    sink.wants_bytes = true;
    const auto error = asked(server, 500, false);
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("Response size is too large"));
    EXPECT_FALSE(asked(server, 1000, false));
}

TEST_F(AnswerSizeTest, what_a_provider_says_of_a_failure_is_the_plugins_to_judge) {
    ScriptedServer server(loop.io, always(whole(429, std::string(1000, 'x'))));
    const auto error = asked(server, 500, false);
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("failure 5, status 429"));
}

}  // namespace
}  // namespace patchbay
