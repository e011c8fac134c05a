#include "app/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Slip {
    std::vector<std::string> arguments;
    std::string says;
};

TEST(CommandLineTest, EverySlipGetsAGuessOrTheRemedy) {
    const Slip slips[] = {
        {{"check"}, "check needs a file: patchbay check FILE"},
        {{"ledger"}, "ledger needs a verb and a place: patchbay ledger check STORE"},
        {{"ledger", "close"}, "patchbay ledger close STORE"},
        {{"ledger", "close", "a", "b"}, "takes one operand, not 'b'"},
        {{"keys"}, "keys needs a verb: patchbay keys list|info|"},
        {{"keys", "lst"}, "keys needs a verb"},
        {{"spend", "keys", "x"}, "takes nothing, not 'x'"},
        {{"check", "a.yaml", "b.yaml"}, "b.yaml"},
        {{"plugins", "x"}, "takes nothing"},
        {{"config.yaml"}, "--config config.yaml"},
        {{"./my/file"}, "--config ./my/file"},
        {{"chekc", "x"}, "did you mean 'check'?"},
        {{"verison"}, "did you mean 'version'?"},
        {{"--prot", "4000"}, "did you mean --port?"},
        {{"--num-workers", "2"}, "did you mean --num_workers?"},
        {{"--prot=4000"}, "unknown flag --prot;"},
        {{"-x"}, "unknown flag -x"},
        {{"--config"}, "--config needs a value"},
        {{"--config", "--debug"}, "--config needs a value"},
        {{"--debug=1"}, "takes no value"},
        {{"--port", "70000"}, "from 0 to 65535"},
        {{"--port", "http"}, "from 0 to 65535"},
        {{"--port", "99999999999999999999"}, "from 0 to 65535"},
        {{"--num_workers", "0"}, "from 1 to 1024"},
        {{"--ssl_keyfile_path", "key.pem"}, "in the clear"},
        {{"--test"}, "curl"},
        {{"--config", ""}, "--config is given, but empty"},
        {{"--config="}, "--config is given, but empty"},
        {{"--host", ""}, "--host is given, but empty"},
        {{"ledger", "close", "a.db", "--from", "2026-11-01", "--dry-run"},
         "--dry-run is a flag of `prices import`, `import litellm`, not of `ledger close`: nothing "
         "was done"},
        {{"keys", "delete", "sk-x", "--dry-run"}, "not of `keys delete`: nothing was done"},
        {{"--dry-run"}, "not of the gateway itself"},
        {{"prices", "import", "a.json", "--json"}, "--json is a flag of `keys`, `teams`, "},
        {{"spend", "keys", "--apply"}, "--apply is a flag of `spend reprice`"},
    };
    for (const Slip& slip : slips) {
        CommandLine line;
        const auto error = read_command_line(slip.arguments, line);
        ASSERT_TRUE(error) << slip.says;
        EXPECT_THAT(*error, HasSubstr(slip.says));
    }
}

TEST(CommandLineTest, FlagsOfLiteLLMThatAreNotDoneAreOneWarningEach) {
    CommandLine line;
    const std::vector<std::string> given{"--config",       "config.yaml",
                                         "--telemetry",    "False",
                                         "--run_gunicorn", "--keepalive_timeout=30",
                                         "--num_workers",  "2"};
    EXPECT_FALSE(read_command_line(given, line));
    EXPECT_THAT(line.arguments, ElementsAre("--config=config.yaml", "--num_workers=2"));
    EXPECT_THAT(line.warnings, ElementsAre(HasSubstr("--telemetry"), HasSubstr("--run_gunicorn"),
                                           HasSubstr("--keepalive_timeout")));
}

TEST(CommandLineTest, FormsOfAFlag) {
    CommandLine line;
    EXPECT_FALSE(read_command_line(
        std::vector<std::string>{"-c", "a.yaml", "--port=0", "--drop_params", "-mopenai/gpt-4o"},
        line));
    EXPECT_THAT(line.arguments, ElementsAre("--config=a.yaml", "--port=0", "--drop_params",
                                            "--model=openai/gpt-4o"));
    EXPECT_THAT(line.warnings, IsEmpty());
}

TEST(CommandLineTest, FlagsOfACommandStandWithIt) {
    const std::vector<std::string> lines[] = {
        {"spend", "reprice", "--apply", "--json", "--from", "2026-11-01", "--to", "2026-11-02"},
        {"keys", "list", "--json"},
        {"--dry-run", "prices", "import", "a.json"},
        {"import", "litellm", "--update", "--dry-run"},
        {"reconcile", "a.csv", "b.csv", "--json"},
    };
    for (const auto& given : lines) {
        CommandLine line;
        EXPECT_EQ(read_command_line(given, line), std::nullopt);
        EXPECT_FALSE(line.serves);
    }
}

TEST(CommandLineTest, AFlagThatStandsTwiceHasItsLastValue) {
    CommandLine line;
    EXPECT_FALSE(read_command_line(
        std::vector<std::string>{"--port=4000", "--config", "a.yaml", "--port", "8080", "-cb.yaml"},
        line));
    EXPECT_THAT(line.arguments, ElementsAre("--port=8080", "--config=b.yaml"));
    EXPECT_TRUE(line.serves);
    EXPECT_TRUE(line.names_source);
}

TEST(CommandLineTest, HelpAndVersionEndTheReading) {
    CommandLine line;
    EXPECT_FALSE(read_command_line(std::vector<std::string>{"--help", "--no-such-flag"}, line));
    EXPECT_THAT(line.arguments, ElementsAre("--help"));
}

TEST(CommandLineTest, HelpNamesCommandsVariablesAndExamplesBeforeTheFlags) {
    const std::string help = help_text();
    const std::size_t check = help.find("patchbay check FILE");
    const std::size_t example = help.find("patchbay --config config.yaml");
    const std::size_t config = help.find("-c, --config FILE");
    const std::size_t daemon = help.find("--daemon");
    ASSERT_NE(std::string::npos, daemon);
    EXPECT_LT(check, example);
    EXPECT_LT(example, config);
    EXPECT_LT(config, daemon);
    EXPECT_THAT(help, HasSubstr("[CONFIG_FILE_PATH]"));
    EXPECT_THAT(help, HasSubstr("[PORT]"));
}

}  // namespace
}  // namespace patchbay::app
