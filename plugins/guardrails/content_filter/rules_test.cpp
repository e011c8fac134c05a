#include "rules.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prebuilt.hpp"

namespace patchbay::content_filter {
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

std::string masked(const Filter& filter, const std::string& text) {
    std::map<std::string, int> counts;
    const Filtered result = filter.run(text, 0, false, counts);
    EXPECT_EQ(result.held, 0u);
    return result.block ? "BLOCKED " + result.block->name : result.text;
}

/// The text in pieces, as the gateway would show them.
std::string streamed(const Filter& filter, const std::string& text,
                     const std::vector<std::size_t>& cuts) {
    std::map<std::string, int> counts;
    std::string out;
    std::string held;
    char before = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= cuts.size(); ++i) {
        const bool last = i == cuts.size();
        const std::size_t end = last ? text.size() : cuts[i];
        held += text.substr(begin, end - begin);
        begin = end;
        const Filtered result = filter.run(held, before, !last, counts);
        out += result.text;
        if (result.block) return "BLOCKED " + result.block->name;
        const std::size_t decided = held.size() - result.held;
        if (decided > 0) before = held[decided - 1];
        held.erase(0, decided);
    }
    EXPECT_EQ(held, "");
    return out;
}

constexpr const char* kAll = R"({"patterns":[
    {"pattern_name":"email","action":"MASK"},{"pattern_name":"us_ssn","action":"MASK"},
    {"pattern_name":"credit_card","action":"MASK"},{"pattern_name":"ipv4","action":"MASK"},
    {"pattern_type":"regex","pattern":"\\b[A-Z]{3}-\\d+\\b","name":"ticket","action":"MASK"}],
    "blocked_words":[{"keyword":"Project Kestrel","action":"MASK"}]})";

TEST(Filter, masks_what_it_finds) {
    const Filter filter = filter_of(kAll);
    EXPECT_EQ(problems, "");
    EXPECT_EQ(masked(filter, "Mail jane.doe+x@mail.example.org, SSN 123-45-6789."),
              "Mail [EMAIL_REDACTED], SSN [US_SSN_REDACTED].");
    EXPECT_EQ(masked(filter, "4111 1111 1111 1111 is a card, 4111 1111 1111 1112 is not"),
              "[CREDIT_CARD_REDACTED] is a card, 4111 1111 1111 1112 is not");
    EXPECT_EQ(masked(filter, "pRoject kestrel at 10.0.0.1 (ABC-77)"),
              "[KEYWORD_REDACTED] at [IPV4_REDACTED] ([TICKET_REDACTED])");
    EXPECT_EQ(masked(filter, "1123-45-6789 123-45-67890"), "1123-45-6789 123-45-67890");
    EXPECT_EQ(masked(filter, ""), "");
}

TEST(Filter, blocks_what_it_finds) {
    const Filter filter = filter_of(
        R"({"patterns":[{"pattern_name":"aws_access_key"}],"blocked_words":[{"keyword":"x-ray"}]})");
    EXPECT_EQ(masked(filter, "key AKIAIOSFODNN7EXAMPLE"), "BLOCKED aws_access_key");
    EXPECT_EQ(masked(filter, "an X-Ray"), "BLOCKED x-ray");
    EXPECT_EQ(masked(filter, "fine"), "fine");
}

const std::vector<std::string>& texts() {
    static const std::vector<std::string> all{
        "Mail jane.doe+x@mail.example.org, SSN 123-45-6789.",
        "a@b.co a@b.com.x@c.dd",
        "4111 1111 1111 1111 4111111111111111 1234567812345670",
        "10.0.0.1.2 255.255.255.255 1.2.3",
        "Project Kestrel project kestrelproject  Kestrel pROJECT kestre",
        "ABC-123456 XABC-12 ABC-1ABC-2",
        "\xC3\xA9"
        "123-45-6789\xC3\xA9 jos\xC3\xA9@ex.org caf\xE2\x82\xAC",
        "no need to hold anything here at all, is there?",
    };
    return all;
}

TEST(Filter, every_split_in_two_and_three_gives_what_the_whole_gives) {
    const Filter filter = filter_of(kAll);
    for (const std::string& text : texts()) {
        const std::string whole = masked(filter, text);
        for (std::size_t i = 0; i <= text.size(); ++i) {
            for (std::size_t j = i; j <= text.size(); ++j) {
                ASSERT_EQ(streamed(filter, text, {i, j}), whole)
                    << text << " at " << i << ", " << j;
            }
        }
    }
}

TEST(Filter, every_byte_alone_and_random_splits_give_what_the_whole_gives) {
    const Filter filter = filter_of(kAll);
    std::mt19937 random(11);
    std::string joined;
    for (const std::string& text : texts()) joined += text + "\n";
    const std::string whole = masked(filter, joined);
    for (int round = 0; round < 300; ++round) {
        std::vector<std::size_t> cuts;
        const unsigned every = round == 0 ? 1 : 1 + random() % 20;
        for (std::size_t at = 1; at < joined.size(); ++at) {
            if (random() % every == 0) cuts.push_back(at);
        }
        ASSERT_EQ(streamed(filter, joined, cuts), whole);
    }
}

TEST(Filter, random_texts_of_the_alphabet_of_the_rules) {
    const Filter filter = filter_of(kAll);
    std::mt19937 random(12);
    constexpr std::string_view kLetters =
        "aA1.@- 4-3\xC3\xA9"
        "BCe5";
    for (int round = 0; round < 2000; ++round) {
        std::string text;
        for (unsigned i = 0; i < 40; ++i) text += kLetters[random() % kLetters.size()];
        std::vector<std::size_t> cuts;
        for (std::size_t at = 1; at < text.size(); ++at) {
            if (random() % 4 == 0) cuts.push_back(at);
        }
        ASSERT_EQ(streamed(filter, text, cuts), masked(filter, text)) << text;
    }
}

TEST(Filter, a_match_longer_than_the_bound_is_cut_alike) {
    const Filter filter = filter_of(
        R"({"max_match_length":16,"patterns":[{"pattern_type":"regex","pattern":"x[0-9]+","name":"n",)"
        R"("action":"MASK"},{"pattern_type":"regex","pattern":"<.*>","name":"tag","action":"MASK"}]})");
    const std::string text = "x" + std::string(40, '7') + " <a> <" + std::string(30, 'b') + "> x1";
    const std::string whole = masked(filter, text);
    EXPECT_THAT(whole, HasSubstr("[N_REDACTED]"));
    for (std::size_t i = 0; i <= text.size(); ++i) {
        for (std::size_t j = i; j <= text.size(); j += 3) {
            ASSERT_EQ(streamed(filter, text, {i, j}), whole) << i << ", " << j;
        }
    }
}

TEST(Filter, words_of_prose_are_held_no_longer_than_they_are) {
    const Filter filter = filter_of(R"({"patterns":[{"pattern_name":"email","action":"MASK"},)"
                                    R"({"pattern_name":"us_ssn","action":"MASK"}]})");
    std::map<std::string, int> counts;
    const Filtered result = filter.run("The quick brown fox jum", 0, true, counts);
    EXPECT_EQ(result.text, "The quick brown fox ");
    EXPECT_EQ(result.held, 3u);
}

TEST(Filter, a_block_rule_waits_for_the_end_of_its_match) {
    const Filter filter = filter_of(R"({"patterns":[{"pattern_name":"us_ssn"}]})");
    EXPECT_EQ(streamed(filter, "123-45-6789", {5, 10}), "BLOCKED us_ssn");
    EXPECT_EQ(streamed(filter, "123-45-67890", {5, 11}), "123-45-67890");
}

TEST(Rules, says_what_is_wrong_and_where) {
    filter_of(R"({"patterns":[{"pattern_name":"nope"},{"pattern_type":"regex","pattern":"("},)"
              R"({"pattern_type":"regex"}]})");
    EXPECT_THAT(problems,
                HasSubstr("/patterns/0/pattern_name: there is no built-in pattern \"nope\""));
    EXPECT_THAT(problems, HasSubstr("/patterns/1/pattern: not a regular expression for RE2"));
    EXPECT_THAT(problems, HasSubstr("/patterns/2/pattern: is missing"));
    filter_of("{}");
    EXPECT_THAT(problems, HasSubstr("nothing to look for"));
}

struct Sample {
    const char* pattern;
    const char* hit;
    const char* miss;
};

TEST(Prebuilt, finds_what_it_is_for) {
    const Sample samples[] = {
        {"us_ssn", "123-45-6789", "123-456-789"},
        {"us_ssn_no_dash", "123456789", "1234567890"},
        {"email", "a.b@c.org", "a.b at c.org"},
        {"us_phone", "(212) 555-0100", "555-0100"},
        {"visa", "4111 1111 1111 1111", "4111 1111 1111 1112"},
        {"mastercard", "5555-5555-5555-4444", "4555-5555-5555-4444"},
        {"amex", "3782 822463 10005", "3682 822463 10005"},
        {"discover", "6011111111111117", "6012111111111117"},
        {"credit_card", "4111111111111111", "4111111111111"},
        {"aws_access_key", "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPL"},
        {"aws_secret_key", "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
         "aws_secret_access_key = short"},
        {"github_token", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "ghp_short"},
        {"slack_token", "xoxb-123456789012-abc", "xoxb-1"},
        {"generic_api_key", "api_key: abcdefghij0123456789", "api_key: none"},
        {"ipv4", "192.168.0.1", "192.168.0.256"},
        {"ipv6", "2001:db8::ff00:42:8329", "12:30"},
        {"url", "see https://example.org/a?b=c", "see example.org"},
        {"passport_us", "C12345678", "C1234567"},
        {"passport_uk", "123456789", "12345678"},
        {"passport_germany", "C01X00T47", "A01X00T47"},
        {"passport_france", "12AB34567", "1AB234567"},
        {"passport_netherlands", "SPECI2014", "SPECI201X"},
        {"passport_canada", "AB123456", "A1234567"},
        {"passport_india", "A1234567", "Q1234567"},
        {"passport_australia", "N1234567", "B1234567"},
        {"passport_china", "E12345678", "F12345678"},
        {"passport_japan", "TK1234567", "T12345678"},
        {"nl_bsn_contextual", "BSN: 111 222 333", "111 222 333"},
        {"br_cpf", "123.456.789-09", "123.456.789"},
        {"br_cpf_unformatted", "12345678909", "1234567890"},
        {"br_phone_landline", "(11) 3456-7890", "(11) 6456-7890"},
        {"br_phone_mobile", "(11) 98765-4321", "(11) 8765-4321"},
        {"br_cep", "01310-100", "0131-100"},
        {"br_cnpj", "12.345.678/0001-95", "12.345.678-95"},
        {"br_rg", "12.345.678-X", "12.345.678"},
    };
    for (const Sample& sample : samples) {
        const Filter filter =
            filter_of(std::string(R"({"patterns":[{"pattern_name":")") + sample.pattern + "\"}]}");
        const std::string blocked = std::string("BLOCKED ") + sample.pattern;
        EXPECT_EQ(masked(filter, std::string("x ") + sample.hit + " y"), blocked) << sample.pattern;
        EXPECT_NE(masked(filter, std::string("x ") + sample.miss + " y"), blocked)
            << sample.pattern;
    }
    for (const Prebuilt& one : prebuilt()) {
        const Filter filter =
            filter_of(R"({"patterns":[{"pattern_name":")" + std::string(one.name) + "\"}]}");
        EXPECT_EQ(problems, "") << one.name;
        EXPECT_EQ(masked(filter, "An ordinary sentence."), "An ordinary sentence.") << one.name;
    }
}

}  // namespace
}  // namespace patchbay::content_filter
