#include "transcript.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base64.hpp"
#include "json_diff.hpp"
#include "member_index.hpp"
#include "patchbay/sdk/text.hpp"
#include "player_case.hpp"

namespace patchbay::transcript {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Transcript, ReadsEverySection) {
    const Transcript t = parse_transcript(
        "# about\n\n== config component=two\n{\"a\":1}\n== target\n"
        "{\"model\":\"m\",\"base_url\":\"https://x\",\"api_key\":\"k\",\"params\":{\"r\":1}}\n"
        "== request stream drop_params want_usage attempt=2 operation=embeddings allowed=a,b\n"
        "{ \"x\" : 1 }\n"
        "== expect http POST https://x/y sse\na: b\n\n{}\n"
        "== upstream 200\nContent-Type: application/json\n\nline\n\n"
        "== upstream-end reset\n"
        "== expect fail\n{\"cls\":\"upstream\"}\n",
        "f");
    EXPECT_EQ(t.component, "two");
    EXPECT_EQ(t.config, "{\"a\":1}");
    EXPECT_EQ(t.target.params, "{\"r\":1}");
    EXPECT_EQ(t.request, "{ \"x\" : 1 }");
    EXPECT_EQ(t.flags,
              static_cast<unsigned>(BAY_REQ_STREAM | BAY_REQ_DROP_PARAMS | BAY_REQ_WANT_USAGE));
    EXPECT_EQ(t.attempt, 2u);
    EXPECT_EQ(t.operation, "embeddings");
    EXPECT_EQ(t.allowed, "a,b");
    ASSERT_THAT(t.steps, SizeIs(3));
    const auto& http = std::get<Expectation>(t.steps[0]);
    EXPECT_EQ(http.line, 9u);
    EXPECT_THAT(http.words, ElementsAre("POST", "https://x/y", "sse"));
    const auto& upstream = std::get<Upstream>(t.steps[1]);
    EXPECT_THAT(upstream.headers, ElementsAre(std::pair("content-type", "application/json")));
    EXPECT_EQ(upstream.body, "line\n") << "one newline belongs to the section";
    EXPECT_EQ(upstream.failure, static_cast<unsigned>(BAY_FAIL_RESET));
}

TEST(Transcript, ReadsTheHeadersOfTheClient) {
    const Transcript t =
        parse_transcript("== headers\nOpenAI-Beta: realtime=v1\nx-empty:\n== request\n{}\n", "f");
    EXPECT_THAT(t.headers,
                ElementsAre(std::pair("openai-beta", "realtime=v1"), std::pair("x-empty", "")));
    EXPECT_THAT(fault_of("== headers\nx-a: 1\nnone\n"), HasSubstr("f:3: a header line"));
    EXPECT_THAT(fault_of("== headers\nx-a: 1\n{\"a\": 1}\n"), HasSubstr("f:3: a header line"));
    EXPECT_EQ(fault_of("== headers all\n"), "f:1: unknown word 'all' in '== headers'");
}

TEST(Transcript, KeepsTheBlankLineThatEndsTheLastEvent) {
    const Transcript t = parse_transcript(
        "== request\n{}\n== upstream 200\ncontent-type: text/event-stream\n\ndata: 1\n\n== expect "
        "done\n",
        "f");
    EXPECT_EQ(std::get<Upstream>(t.steps[0]).body, "data: 1\n\n");
}

TEST(Transcript, NamesTheLineOfAFault) {
    EXPECT_EQ(fault_of("hello\n"), "f:1: before the first section only lines with '#' may stand");
    EXPECT_EQ(fault_of("# x\n"),
              "f:1: no '== request', '== inspect', '== stream-text' or '== batch' section");
    EXPECT_EQ(fault_of("== nonsense\n"), "f:1: unknown section 'nonsense'");
    EXPECT_EQ(fault_of("== request fast\n{}\n"), "f:1: unknown word 'fast' in '== request'");
    EXPECT_EQ(fault_of("== request attempt=x\n{}\n"), "f:1: 'x' is not a number");
    EXPECT_THAT(fault_of("== request\n{}\n== expect result\n{\n\"a\":}\n"),
                HasSubstr("f:5: not JSON"));
    EXPECT_THAT(fault_of("== request\n{}\n== expect chunks\n"),
                HasSubstr("f:3: '== expect' needs"));
    EXPECT_THAT(fault_of("== request\n{}\n== upstream-end reset\n"),
                HasSubstr("f:3: no '== upstream'"));
    EXPECT_THAT(fault_of("== request\n{}\n== upstream 200\n{}\n"), HasSubstr("f:4: a header line"));
    EXPECT_EQ(fault_of("== inspect later\n{}\n"),
              "f:1: '== inspect' needs pre_call, during_call, post_call, stream or log_only");
    EXPECT_EQ(fault_of("== inspect pre_call last\n{}\n"),
              "f:1: unknown word 'last' in '== inspect'");
    EXPECT_THAT(fault_of("== inspect pre_call\n{}\n== inspect during_call\n{}\n"),
                HasSubstr("f:3: during_call and log_only have exchanges, and so files, of their"));
    EXPECT_THAT(fault_of("== inspect stream\n[{\"path\":\"/p\",\"text\":\"a\",\"fixed\":2}]\n"),
                HasSubstr("f:1: '== inspect stream' needs a list of texts"));
    EXPECT_EQ(fault_of("== params\n[]\n"), "f:1: '== params' needs a JSON object");
    EXPECT_THAT(fault_of("== stream-text /message\na\n"), HasSubstr("f:1: '== stream-text' needs"));
    EXPECT_EQ(fault_of("== batch\n{\"id\":\"a\"}\n{\"no\":1}\n"),
              "f:3: a record is an object with an \"id\"");
    EXPECT_THAT(fault_of("== batch\n{\"id\":\"a\"}\n\n{\n"), HasSubstr("f:4: not JSON"));
    EXPECT_EQ(fault_of("== batch\n"), "f:1: '== batch' needs a record a line");
    EXPECT_EQ(fault_of("== request\n{}\n== batch\n{\"id\":\"a\"}\n"),
              "f:3: a transcript has one request");
    EXPECT_EQ(fault_of("== request\n{}\n== cancel never\n"),
              "f:3: '== cancel' needs client_gone, deadline, guardrail or shutdown");
    EXPECT_EQ(fault_of("== request\n{}\n== upstream 200 for=x\n"),
              "f:3: unknown word 'for=x' in '== upstream'");
    EXPECT_EQ(fault_of("== request\n{}\n== upstream 200 base32\n"),
              "f:3: unknown word 'base32' in '== upstream'");
    EXPECT_EQ(fault_of("== request\n{}\n== expect verdict maybe\n"),
              "f:3: '== expect verdict' needs allow, block, modify or hold");
    EXPECT_EQ(fault_of("== request\n{}\n== expect head\n"),
              "f:3: '== expect head STATUS' needs a status");
    EXPECT_EQ(fault_of("== request\n{}\n== expect head fine\n"), "f:3: 'fine' is not a number");
    EXPECT_EQ(fault_of("== request\n{}\n== expect http GET http://x xml\n"),
              "f:3: unknown word 'xml' in '== expect'");
}

TEST(Transcript, ReadsExpectedBytesInBase64) {
    const auto expected = [](const std::string& section) {
        const Transcript t = parse_transcript("== request\n{}\n" + section, "f");
        return std::get<Expectation>(t.steps[0]);
    };
    const Expectation body = expected("== expect body text/plain; charset=utf-8 base64\nAAEC\n");
    EXPECT_THAT(body.words, ElementsAre("text/plain; charset=utf-8"));
    EXPECT_EQ(body.text, std::string("\0\1\2", 3));
    const Expectation call = expected("== expect http POST http://x\na: b\n\nbase64:\nAA\nEC\n");
    EXPECT_EQ(call.text, "a: b");
    EXPECT_EQ(call.as, Expectation::As::bytes);
    EXPECT_EQ(call.body, std::string("\0\1\2", 3));
    EXPECT_EQ(fault_of("== request\n{}\n== expect forwarded base64\nAA\n?\n"),
              "f:5: not base64: a character that is none of its alphabet");
    EXPECT_EQ(fault_of("== request\n{}\n== expect http POST http://x\na: b\n\nbase64:\nAA\n?\n"),
              "f:8: not base64: a character that is none of its alphabet");
}

TEST(Transcript, ShowsWhatIsNoTextInBase64) {
    const struct {
        std::string bytes;
        std::string shown;
    } cases[] = {
        {"a\tb\n\xE2\x82\xAC", "a\tb\n\xE2\x82\xAC"},
        {"a\r\nb", "base64 YQ0KYg=="},
        {"== x", "base64 PT0geA=="},
        {"a\n== x", "base64 YQo9PSB4"},
        {"\xFF", "base64 /w=="},
    };
    for (const auto& one : cases) EXPECT_EQ(shown(one.bytes), one.shown);
    std::string line;
    for (int i = 0; i < 19; ++i) line += "YWFh";
    EXPECT_EQ(base64_lines(std::string(58, 'a')), line + "\nYQ==");
}

TEST(Transcript, ReadsBodiesInBase64) {
    const auto body = [](const std::string& text) {
        const Transcript t = parse_transcript(
            "== request\n{}\n== upstream 200 base64\ncontent-type: text/event-stream\n\n" + text +
                "== expect done\n",
            "f");
        return std::get<Upstream>(t.steps[0]).body;
    };
    EXPECT_EQ(body("AAEC\n"), std::string("\0\1\2", 3));
    EXPECT_EQ(body("+/8=\n"), "\xFB\xFF");
    EXPECT_EQ(body(" Y Q\t=\r\n\n=\n"), "a");
    EXPECT_EQ(body(""), "");
    EXPECT_EQ(body("\n\n"), "");

    for (const char* words : {"base64 for=x", "for=x base64"}) {
        const Transcript t = parse_transcript(
            std::string("== stream-text\nx\n== upstream 200 ") + words + "\n\nAAEC\n", "f");
        const Upstream& answer = std::get<StreamText>(t.steps[0]).answers[0];
        EXPECT_EQ(answer.for_text, "x");
        EXPECT_EQ(answer.body, std::string("\0\1\2", 3));
    }
}

TEST(Transcript, NamesTheLineOfWhatIsNotBase64) {
    const struct {
        const char* text;
        const char* fault;
    } cases[] = {
        {"AAEC\nAA_C\n", "f:6: not base64: a character that is none of its alphabet"},
        {"AAEC\nAA-C\n", "f:6: not base64: a character that is none of its alphabet"},
        {"AAEC\nAA=\nC\n", "f:7: not base64: text behind its '='"},
        {"A===\n", "f:5: not base64: more than two '='"},
        {"AAEC\nAAE\n\n", "f:6: not base64: its length, with '=', is no multiple of four"},
    };
    for (const auto& one : cases) {
        EXPECT_EQ(fault_of(std::string("== request\n{}\n== upstream 200 base64\n\n") + one.text),
                  one.fault);
    }
}

TEST(Transcript, ReadsQuestionsAndBatches) {
    const Transcript t = parse_transcript(
        "== params\n{\"a\":1}\n== metadata\n{\"b\":2}\n== inspect pre_call operation=embeddings\n"
        "{\"input\":\"x\"}\n== params\n{}\n== stream-text\nab\n"
        "== stream-text /choices/1/delta/refusal\nc\n== upstream 200 for=a\n\nd\n== upstream 500\n"
        "== upstream-end reset\n== expect released\nab\n",
        "f");
    EXPECT_EQ(t.kind, Kind::guardrail);
    ASSERT_THAT(t.steps, SizeIs(3));
    const auto& inspect = std::get<Inspect>(t.steps[0]);
    EXPECT_EQ(inspect.operation, "embeddings");
    EXPECT_EQ(inspect.params, "{\"a\":1}");
    EXPECT_EQ(inspect.metadata, "{\"b\":2}");
    const auto& stream = std::get<StreamText>(t.steps[1]);
    EXPECT_EQ(stream.params, "{}");
    ASSERT_THAT(stream.channels, SizeIs(2));
    EXPECT_EQ(stream.channels[0].path, "/choices/0/delta/content");
    EXPECT_EQ(stream.channels[1].text, "c");
    ASSERT_THAT(stream.answers, SizeIs(2));
    EXPECT_EQ(stream.answers[0].for_text, "a");
    EXPECT_EQ(stream.answers[1].failure, static_cast<unsigned>(BAY_FAIL_RESET));

    const Transcript b = parse_transcript(
        "== batch "
        "attempt=3\n{\"id\":\"a\",\"endTime\":1.5}\n{\"id\":\"b\",\"status\":\"failure\"}\n",
        "f");
    EXPECT_EQ(b.kind, Kind::logger);
    EXPECT_EQ(b.attempt, 3u);
    ASSERT_THAT(b.batch, SizeIs(2));
    EXPECT_EQ(b.batch[0].unix_ms, 1500);
    EXPECT_FALSE(b.batch[0].failed);
    EXPECT_TRUE(b.batch[1].failed);
}

TEST(DiffJson, NamesWhereValuesDiffer) {
    const auto diff = [](const char* a, const char* b, bool subset = false) {
        return diff_json(boost::json::parse(a), boost::json::parse(b), subset);
    };
    EXPECT_THAT(diff(R"({"a":[1,{"b":"x"}]})", R"({"a":[1.0,{"b":"x"}]})"), IsEmpty());
    EXPECT_THAT(diff(R"({"a":"*"})", R"({"a":{"deep":1}})"), IsEmpty());
    EXPECT_THAT(diff(R"({"a":"*"})", R"({})"), ElementsAre("at /a: missing, expected \"*\""));
    EXPECT_THAT(diff(R"({"a":[1,2]})", R"({"a":[1,3]})"), ElementsAre(HasSubstr("at /a/1:")));
    EXPECT_THAT(diff(R"({})", R"({"b":1})"), ElementsAre("at /b: not expected, got 1"));
    EXPECT_THAT(diff(R"({})", R"({"b":1})", true), IsEmpty());
    EXPECT_THAT(diff("[1]", "[1,2]"), ElementsAre("at /: expected 1 elements, got 2"));
}

TEST(MemberIndex, FindsEveryTopLevelMember) {
    const std::string json =
        R"( { "model" : "a,}\"b" ,"n":1,"o":{"x":[1,{}],"y":"]"},"n":[ ],"e":-1e3 } )";
    const auto members = index_members(json);
    std::vector<std::string> names, values;
    for (const bay_member& m : members) {
        names.emplace_back(bay::sv(m.name));
        values.emplace_back(bay::sv(m.value));
        EXPECT_EQ(json[m.name_off], '"');
        EXPECT_EQ(json.substr(m.value_off, m.value.len), values.back());
    }
    EXPECT_THAT(names, ElementsAre("model", "n", "o", "n", "e"));
    EXPECT_THAT(values, ElementsAre(R"("a,}\"b")", "1", R"({"x":[1,{}],"y":"]"})", "[ ]", "-1e3"));
    EXPECT_THAT(index_members("[1]"), IsEmpty());
    EXPECT_THAT(index_members("{ }"), IsEmpty());
}

}  // namespace
}  // namespace patchbay::transcript
