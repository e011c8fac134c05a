// A hostile plugin (tests/plugins/fixtures/attempts.c) tries what it may not do, one attempt a
// process, at every moment of its life: nothing works, wherever it is tried.
#include <gmock/gmock.h>

#include "engine/exchange/test_support.hpp"
#include "engine/sandbox/sandbox.hpp"

namespace patchbay {
namespace {

using testing::HasSubstr;

/// The bytes of the fixture, with another attempt written over the one that is in it.
std::string hostile(char moment, int number) {
    std::string digits = std::to_string(number);
    digits.insert(0, 3 - digits.size(), '0');
    std::string bytes = test::read_file(test::fixture("attempts.so"));
    for (const std::string_view mark : {"attempts-000", "CHOSEN=c000"}) {
        for (std::size_t at = bytes.find(mark); at != std::string::npos;
             at = bytes.find(mark, at)) {
            if (mark[0] == 'C') bytes[at + 7] = moment;
            bytes.replace(at + mark.size() - 3, 3, digits);
            ++at;
        }
    }
    return bytes;
}

class AttemptsTest : public test::ExchangeTest, public testing::WithParamInterface<char> {
  protected:
    void SetUp() override {
        if (!isolation::sandbox_is_whole()) GTEST_SKIP() << "no system call filter in this build";
        options.directories = {directory.path()};
        options.cache_directory = directory.path() / "copies";
        options.make_home = isolation::homes({.fork_server = test::fork_server()});
        options.settings.breaker.faults = 0;
    }

    /// What a client or the operator is told of the attempt.
    std::string outcome(int number) {
        const auto file = directory.write("hostile.so", hostile(GetParam(), number));
        std::filesystem::permissions(file, std::filesystem::perms(0644));
        std::string digits = std::to_string(number);
        digits.insert(0, 3 - digits.size(), '0');
        options.settings.plugins.clear();
        options.settings.plugins["org.example.attempts-" + digits].isolated = true;
        std::vector<Problem> problems;
        const auto set = PluginSet::load(options, problems);
        const ProviderRow* row = set->provider("attempts-" + digits);
        ComponentInstance provider{row ? set->create_instance(*row, {}, problems) : nullptr,
                                   std::make_shared<SharedValues>()};
        if (!provider.instance) return problems.empty() ? "" : problems[0].message;
        sink.lines.clear();
        const auto error = loop.run(work(provider, request("", "m", false), sink)).error;
        return error ? error->message : sink.lines.empty() ? "" : sink.lines[0];
    }

    test::TemporaryDirectory directory;
    PluginSetOptions options;
};

TEST_P(AttemptsTest, nothing_that_is_forbidden_works) {
    EXPECT_THAT(outcome(0),
                HasSubstr(GetParam() == 'r' ? "signal 31" : "does_nothing: not possible"));
    // The linker works on the file while a resolver runs: one attempt, without the C library.
    if (GetParam() == 'r') return;
    int tried = 0;
    int stopped = 0;
    for (int number = 1;; ++number) {
        const std::string told = outcome(number);
        if (told.find("nothing: ") != std::string::npos) break;
        ++tried;
        const bool killed = told.find("signal 31") != std::string::npos ||
                            told.find("crashed in its own process") != std::string::npos;
        stopped += killed ? 1 : 0;
        EXPECT_TRUE(killed || told.find(": not possible") != std::string::npos)
            << number << ": " << told;
    }
    EXPECT_GT(tried, 80);
    EXPECT_GT(stopped, tried - 10) << "of the others each must be looked at";
}

INSTANTIATE_TEST_SUITE_P(Moments, AttemptsTest, testing::Values('r', 'c', 'i', 'n', 'f'),
                         [](const auto& moment) {
                             switch (moment.param) {
                                 case 'r':
                                     return "resolver";
                                 case 'c':
                                     return "constructor";
                                 case 'i':
                                     return "init";
                                 case 'n':
                                     return "create";
                                 default:
                                     return "feed";
                             }
                         });

}  // namespace
}  // namespace patchbay
