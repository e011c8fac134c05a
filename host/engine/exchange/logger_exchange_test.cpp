#include "engine/exchange/logger_exchange.hpp"

#include <gmock/gmock.h>

#include "engine/exchange/test_support.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;

/// The fixture "sends-batches" with the given `url`.
class LoggerExchangeTest : public test::ExchangeTest {
  protected:
    BatchOutcome deliver(const std::string& url, std::chrono::milliseconds time) {
        test::TemporaryDirectory directory;
        directory.add_fixture("sends_batches.so");
        PluginSetOptions options;
        options.directories = {directory.path()};
        options.cache_directory = directory.path() / "copies";
        std::vector<Problem> problems;
        const auto set = PluginSet::load(options, problems);
        const auto ref = set->component(BAY_KIND_LOGGER, "sends-batches");
        const Environment environment = [](const std::string&) { return std::nullopt; };
        ComponentInstance component;
        component.instance =
            set->create_instance(*ref, "sink", {{"url", url}}, environment, {}, problems);
        component.shared = std::make_shared<SharedValues>();
        for (const Problem& problem : problems) ADD_FAILURE() << problem.text();
        const LogRecord record{.id = "a", .json = "{}"};
        const LogRecord* const records[] = {&record};
        http::Timeouts timeouts;
        timeouts.total = time;
        return loop.run(run_batch(context(), component, records, 1, timeouts));
    }
};

TEST_F(LoggerExchangeTest, what_ended_was_delivered) {
    test::ScriptedServer server(loop.io, test::always(test::whole(200, "ok")));
    const BatchOutcome outcome = deliver(server.url("/x"), 10s);
    EXPECT_FALSE(outcome.error);
    EXPECT_THAT(outcome.retry, testing::IsEmpty());
}

TEST_F(LoggerExchangeTest, what_has_not_ended_in_its_time_was_not_delivered) {
    const BatchOutcome outcome = deliver("http://127.0.0.1:9/late", 20ms);
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->cls, ErrorClass::timeout);
    EXPECT_THAT(outcome.error->message,
                testing::HasSubstr("'sends-batches' did not end within 20 ms"));
}

}  // namespace
}  // namespace patchbay
