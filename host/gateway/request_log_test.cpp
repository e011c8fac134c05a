#include "gateway/request_log.hpp"

#include <future>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::gateway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
namespace json = boost::json;

std::string line(const LoggedRequest& request, bool as_json = false) {
    std::string out, message;
    append_request_line(out, message, request, "T", as_json);
    return out;
}

LoggedRequest good() {
    LoggedRequest request;
    request.client = "10.0.0.7";
    request.method = "POST";
    request.path = "/v1/chat/completions";
    request.status = 200;
    request.model = "gpt-4o";
    request.upstream = "openai/gpt-4o";
    request.duration = 1234567us;
    request.first_token = 2340us;
    request.prompt_tokens = 13;
    request.completion_tokens = 5;
    request.attempts = 1;
    request.key = "master";
    request.call = "6c1e4747";
    return request;
}

TEST(RequestLine, tells_what_came_and_what_became_of_it) {
    EXPECT_EQ(line(good()),
              "T info 10.0.0.7 POST /v1/chat/completions 200 gpt-4o -> openai/gpt-4o 1234 ms, "
              "first token 2.3 ms, 13+5 tokens, key master, call 6c1e4747\n");
    LoggedRequest retried = good();
    retried.attempts = 3;
    EXPECT_THAT(line(retried), HasSubstr(", 3 attempts, "));
}

TEST(RequestLine, leaves_out_what_is_not_known) {
    LoggedRequest request;
    request.status = 400;
    EXPECT_EQ(line(request), "T warning 400\n");
    request.client = "::1";
    request.reason = "no HTTP";
    EXPECT_EQ(line(request), "T warning ::1 400: no HTTP\n");
}

TEST(RequestLine, errors_are_warnings_and_probes_are_told_to_who_asks) {
    LoggedRequest request = good();
    for (const int status : {400, 401, 404, 405, 413, 429, 500, 503}) {
        request.status = status;
        EXPECT_EQ(log_level(request), spdlog::level::warn) << status;
    }
    for (const int status : {101, 200, 499}) {
        request.status = status;
        EXPECT_EQ(log_level(request), spdlog::level::info) << status;
    }
    request.probe = true;
    request.status = 503;
    EXPECT_EQ(log_level(request), spdlog::level::debug);
}

TEST(RequestLine, as_json_it_has_members) {
    LoggedRequest request = good();
    request.attempts = 2;
    request.status = 429;
    request.reason = "say \"no\"";
    const std::string text = line(request, true);
    EXPECT_THAT(text, testing::EndsWith("}\n"));
    const json::object object = json::parse(text).as_object();
    EXPECT_EQ(object.at("level"), "WARNING");
    EXPECT_EQ(object.at("timestamp"), "T");
    EXPECT_THAT(std::string(object.at("message").as_string()),
                StartsWith("10.0.0.7 POST /v1/chat/completions 429 gpt-4o -> openai/gpt-4o"));
    EXPECT_EQ(object.at("client"), "10.0.0.7");
    EXPECT_EQ(object.at("method"), "POST");
    EXPECT_EQ(object.at("path"), "/v1/chat/completions");
    EXPECT_EQ(object.at("status"), 429);
    EXPECT_EQ(object.at("model"), "gpt-4o");
    EXPECT_EQ(object.at("upstream"), "openai/gpt-4o");
    EXPECT_EQ(object.at("duration_ms"), 1234);
    EXPECT_EQ(object.at("first_token_ms"), 2.3);
    EXPECT_EQ(object.at("prompt_tokens"), 13);
    EXPECT_EQ(object.at("completion_tokens"), 5);
    EXPECT_EQ(object.at("attempts"), 2);
    EXPECT_EQ(object.at("key"), "master");
    EXPECT_EQ(object.at("call_id"), "6c1e4747");
    EXPECT_EQ(object.at("reason"), "say \"no\"");
}

TEST(RequestLine, nothing_from_outside_can_write_a_line_of_its_own) {
    const std::string evil = "x\n2026 info forged\r\x1b[2J\"\\ \u202e \xff";
    LoggedRequest request = good();
    request.client = request.method = request.path = request.model = request.upstream = evil;
    request.key = request.call = request.reason = evil;
    for (const bool as_json : {false, true}) {
        const std::string text = line(request, as_json);
        EXPECT_EQ(text.find('\n'), text.size() - 1);
        EXPECT_THAT(text, Not(HasSubstr("\r")));
        EXPECT_THAT(text, Not(HasSubstr("\x1b")));
        EXPECT_THAT(text, Not(HasSubstr("\u202e")));
        if (as_json) {
            EXPECT_NO_THROW(json::parse(text));
        }
    }
}

TEST(RequestLine, its_length_is_bounded) {
    const std::string long_text(100'000, '\x01');
    LoggedRequest request = good();
    request.client = request.method = request.path = request.model = request.upstream = long_text;
    request.key = request.call = request.reason = long_text;
    EXPECT_LT(line(request).size(), 8'000u);
    EXPECT_LT(line(request, true).size(), 32'000u);
}

TEST(RequestLog, lines_arrive_whole_in_their_order_and_all_of_them_before_it_ends) {
    std::string written;
    std::string expected;
    {
        RequestLog log([&](std::string_view lines) { written += lines; });
        for (int i = 0; i < 1000; ++i) {
            const std::string text = "line " + std::to_string(i) + "\n";
            log.append(text);
            expected += text;
        }
    }
    EXPECT_EQ(written, expected);
}

TEST(RequestLog, a_log_that_nobody_takes_costs_lines_and_no_time) {
    std::promise<void> gate;
    std::size_t written = 0;
    {
        RequestLog log([&, open = gate.get_future().share()](std::string_view lines) {
            open.wait();
            written += lines.size();
        });
        const std::string text(1000, 'x');
        for (std::size_t i = 0; i < 3 * RequestLog::kMaxWaiting / text.size(); ++i)
            log.append(text);
        gate.set_value();
    }
    EXPECT_GT(written, 0u);
    EXPECT_LE(written, 2 * RequestLog::kMaxWaiting);
}

TEST(ShortKeyHash, tells_keys_apart_and_is_no_key) {
    EXPECT_EQ(short_key_hash(""), "");
    EXPECT_EQ(short_key_hash("abc"), "ba7816bf");  // FIPS 180-4's example
    EXPECT_NE(short_key_hash("sk-1"), short_key_hash("sk-2"));
}

}  // namespace
}  // namespace patchbay::gateway
