#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "detectors.hpp"
#include "rules.hpp"

namespace patchbay::secrets {
namespace {

using testing::HasSubstr;
using text_filter::Filter;
using text_filter::Filtered;

std::string problems;

void BAY_CALL take(bay_diag*, std::uint32_t, bay_str pointer, bay_str message) noexcept {
    problems += std::string(bay::sv(pointer)) + ": " + std::string(bay::sv(message)) + "\n";
}

Filter filter_of(const std::string& config) {
    bay_diag raw{sizeof(bay_diag), 0, nullptr, take};
    bay::Diag diag(&raw);
    problems.clear();
    return Filter(read_rules(config, diag));
}

std::string redacted(const Filter& filter, const std::string& text) {
    std::map<std::string, int> counts;
    const Filtered result = filter.run(text, 0, false, counts);
    return result.block ? "BLOCKED " + result.block->name : result.text;
}

// Made up, in the shape of the real ones; put together so that no scanner takes them for real.
std::string some(const char* prefix, std::size_t length, const char* alphabet = "aB3dE5gH1jK7") {
    std::string text = prefix;
    for (std::size_t i = 0; i < length; ++i) text += alphabet[(i * 7) % 12];
    return text;
}

struct Sample {
    const char* detector;
    std::string secret;
    std::string rest = "";  ///< what is left in front of [REDACTED]
};

std::vector<Sample> samples() {
    const std::string pem =
        "-----BEGIN RSA "
        "PRIVATE KEY-----\n" +
        some("", 64) + "\n" + some("", 64) + "\n" + some("", 20) +
        "==\n-----END RSA PRIVATE KEY-----";
    return {
        {"AWSKeyDetector", some("AKIA", 16, "AB3DE5GH1JK7")},
        {"AWSKeyDetector", "aws_secret_access_key = " + some("", 40), "aws_secret_access_key = "},
        {"AzureStorageKeyDetector", "AccountKey=" + some("", 86) + "==", "AccountKey="},
        {"BasicAuthDetector", "://user:hunter2@", "://user:"},
        {"CloudantDetector", "cloudant_password = " + some("", 64, "ab3de5f01c27"),
         "cloudant_password = "},
        {"DiscordBotTokenDetector", some("M", 23) + "." + some("", 6) + "." + some("", 27)},
        {"GitHubTokenDetector", some("ghp_", 36)},
        {"GitLabTokenDetector", some("glpat-", 20)},
        {"GoogleApiKeyDetector", some("AIza", 35)},
        {"JwtTokenDetector", some("eyJ", 20) + "." + some("eyJ", 30) + "." + some("", 43)},
        {"MailchimpDetector", some("", 32, "ab3de5f01c27") + "-us12"},
        {"NpmDetector", some("npm_", 36)},
        {"OpenAIDetector", some("sk-proj-", 48)},
        {"AnthropicDetector", some("sk-ant-api03-", 40)},
        {"PrivateKeyDetector", pem},
        {"PypiTokenDetector", some("pypi-AgE", 80)},
        {"SendGridDetector", some("SG.", 22) + "." + some("", 43)},
        {"SlackDetector", some("xoxb-", 24)},
        {"SquareOAuthDetector", some("sq0csp-", 43)},
        {"StripeDetector", some("sk_live_", 24)},
        {"TelegramBotTokenDetector", "123456789:" + some("", 35)},
        {"TwilioKeyDetector", some("AC", 32, "ab3de5f01c27")},
        {"KeywordDetector", "password: hunter22", "password: "},
        {"Base64HighEntropyString", "\"kJ8vQz3mXw0pR7tYb2NcLsE5gHdUfA9i\""},
        {"HexHighEntropyString", "'0f1e2d3c4b5a69788796a5b4c3d2e1f0'"},
    };
}

TEST(Secrets, each_detector_finds_its_secret_alone_and_with_all_the_others) {
    const Filter all = filter_of("{}");
    std::set<std::string_view> tried;
    for (const Sample& sample : samples()) {
        const Filter one =
            filter_of(std::string(R"({"detect_secrets_config":{"plugins_used":[{"name":")") +
                      sample.detector + "\"}]}}");
        EXPECT_EQ(problems, "");
        EXPECT_EQ(redacted(one, "It is " + sample.secret + " here"),
                  "It is " + sample.rest + "[REDACTED] here")
            << sample.detector;
        EXPECT_THAT(redacted(all, "It is " + sample.secret + " here"), HasSubstr("[REDACTED]"));
        tried.insert(sample.detector);
    }
    for (const Detector& detector : detectors())
        EXPECT_TRUE(tried.contains(detector.name)) << detector.name;
}

TEST(Secrets, leaves_ordinary_text_alone) {
    const Filter filter = filter_of("{}");
    for (const char* text :
         {"The password is a topic of its own.", "Use sk-learn and AKIA in a sentence.",
          "See https://example.org/path?x=1 and mail me@example.org.",
          "\"aaaaaaaaaaaaaaaaaaaaaaaa\" is no secret, nor is 'thequickbrownfoxjumps'",
          "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"}) {
        EXPECT_EQ(redacted(filter, text), text);
    }
}

TEST(Secrets, blocks_if_told_to) {
    const Filter filter = filter_of(R"({"action":"BLOCK"})");
    EXPECT_EQ(redacted(filter, "key " + some("ghp_", 36)), "BLOCKED GitHubTokenDetector");
}

TEST(Secrets, names_a_detector_that_there_is_not) {
    filter_of(R"({"detect_secrets_config":{"plugins_used":[{"name":"Nope"}]}})");
    EXPECT_EQ(problems,
              "/detect_secrets_config/plugins_used/0/name: there is no detector \"Nope\"\n");
}

TEST(Secrets, streams_give_what_whole_texts_give) {
    const Filter filter = filter_of("{}");
    std::string text;
    for (const Sample& sample : samples()) text += "It is " + sample.secret + " here, not there. ";
    const std::string whole = redacted(filter, text);
    std::mt19937 random(5);
    for (int round = 0; round < 60; ++round) {
        const unsigned every = round == 0 ? 1 : 1 + random() % 30;
        std::map<std::string, int> counts;
        std::string out;
        std::string held;
        char before = 0;
        for (std::size_t at = 0; at < text.size(); ++at) {
            held += text[at];
            const bool last = at + 1 == text.size();
            if (!last && random() % every != 0) continue;
            const Filtered result = filter.run(held, before, !last, counts);
            out += result.text;
            const std::size_t decided = held.size() - result.held;
            if (decided > 0) before = held[decided - 1];
            held.erase(0, decided);
        }
        ASSERT_EQ(out, whole);
    }
}

}  // namespace
}  // namespace patchbay::secrets
