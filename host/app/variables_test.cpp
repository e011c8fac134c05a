#include "app/variables.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Variables = std::map<std::string, std::string>;

// What stands on the command line of a gateway that is to start.
CommandLine starting(bool names_source) {
    CommandLine line;
    line.serves = true;
    line.names_source = names_source;
    return line;
}

std::optional<std::string> read(const Variables& variables, CommandLine& line) {
    return read_variables(
        [&](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            if (found == variables.end()) return std::nullopt;
            return found->second;
        },
        line);
}

TEST(VariablesTest, TlsThatIsNotDoneIsNoGatewayInTheClear) {
    for (const char* name : {"SSL_KEYFILE_PATH", "SSL_CERTFILE_PATH"}) {
        CommandLine line = starting(true);
        const auto error = read({{name, "/certs/tls.pem"}}, line);
        ASSERT_TRUE(error);
        EXPECT_THAT(*error, HasSubstr(name));
        EXPECT_THAT(*error, HasSubstr("in the clear"));
        EXPECT_FALSE(read({{name, ""}}, line));
    }
}

TEST(VariablesTest, AConfigurationThatIsNotReadIsNoOpenGateway) {
    CommandLine line = starting(false);
    EXPECT_THAT(read({{"CONFIG_FILE_PATH", ""}}, line).value(), HasSubstr("set, but empty"));
    EXPECT_THAT(read({{"LITELLM_CONFIG_BUCKET_NAME", "b"}}, line).value(), HasSubstr("--config"));
    EXPECT_FALSE(read({{"CONFIG_FILE_PATH", "config.yaml"}}, line));
    EXPECT_FALSE(read({}, line));
    EXPECT_THAT(line.warnings, IsEmpty());
}

TEST(VariablesTest, AFileThatIsNamedIsServedWithAWarning) {
    CommandLine line = starting(true);
    EXPECT_FALSE(read({{"CONFIG_FILE_PATH", ""}, {"LITELLM_CONFIG_BUCKET_NAME", "b"}}, line));
    EXPECT_THAT(line.warnings, ElementsAre(HasSubstr("in a bucket is not read")));
}

TEST(VariablesTest, VariablesOfFlagsThatAreNotDoneAreOneWarningEach) {
    CommandLine line = starting(true);
    EXPECT_FALSE(read({{"KEEPALIVE_TIMEOUT", "30"},
                       {"LIMIT_CONCURRENCY", "100"},
                       {"STORE_MODEL_IN_DB", "False"},
                       {"SERVER_ROOT_PATH", "/llm"}},
                      line));
    EXPECT_THAT(line.warnings,
                ElementsAre(HasSubstr("KEEPALIVE_TIMEOUT"), HasSubstr("LIMIT_CONCURRENCY"),
                            HasSubstr("SERVER_ROOT_PATH")));
}

TEST(VariablesTest, AuthoritiesThatCannotBeReadAreToldBeforeTheFirstCall) {
    CommandLine line = starting(true);
    EXPECT_FALSE(read({{"SSL_CERT_FILE", "/nowhere/ca.pem"}}, line));
    EXPECT_THAT(line.warnings, ElementsAre(HasSubstr("SSL_CERT_FILE")));
    CommandLine good = starting(true);
    EXPECT_FALSE(read({{"SSL_CERT_FILE", "/proc/self/exe"}}, good));
    EXPECT_THAT(good.warnings, IsEmpty());
}

TEST(VariablesTest, ACommandDoesNotLookAtThem) {
    CommandLine line;
    EXPECT_FALSE(read({{"SSL_KEYFILE_PATH", "k"}, {"CONFIG_FILE_PATH", ""}}, line));
    EXPECT_THAT(line.warnings, IsEmpty());
}

}  // namespace
}  // namespace patchbay::app
