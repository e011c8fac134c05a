#include "passed_answer.hpp"

#include <string>

#include <gtest/gtest.h>

#include "contract/actions/no_results.hpp"
#include "contract/actions/recorder.hpp"
#include "patchbay/sdk/http_request.hpp"

namespace patchbay::shared {
namespace {

Failure failure_of(const bay_ev_http& answer) {
    Failure failure;
    failure.message = "told: ";
    failure.message.append(bay::sv(answer.data));
    return failure;
}

std::optional<Failure> error_in_test(const bay_ev_http& answer) {
    if (!bay::sv(answer.data).starts_with("error")) return std::nullopt;
    return failure_of(answer);
}

constexpr PassedApi kApi{"event-stream", "no event", "no document", failure_of, error_in_test};

/// One call's answer, and what became of it.
class Passed {
  public:
    explicit Passed(bool streamed)
        : recorder_(Role::provider, &results_, "{}", streamed), answer_(kApi, "Test", streamed) {
        bay::HttpRequest call("POST", "https://up.example");
        EXPECT_EQ(call.flags(BAY_HTTP_MAIN).send(out()), BAY_OK);
    }

    Passed& head(int status, std::string_view type) {
        const bay_kv header{bay::str("content-type"), bay::str(type)};
        bay_ev_http event = event_of(status, "");
        event.headers = &header;
        event.header_count = type.empty() ? 0 : 1;
        recorder_.begin_event(1, status / 100 == 2);
        EXPECT_EQ(answer_.head(event, out()), BAY_OK);
        return *this;
    }
    Passed& frame(std::string_view data) {
        recorder_.begin_event(1, false);
        EXPECT_EQ(answer_.frame(event_of(200, data), out()), BAY_OK);
        return *this;
    }
    Passed& done(int status, std::string_view data = {}, std::uint32_t failure = BAY_FAIL_NONE) {
        bay_ev_http event = event_of(status, data);
        event.failure = failure;
        recorder_.begin_event(1, false);
        EXPECT_EQ(answer_.done(event, out()), BAY_OK);
        return *this;
    }
    /// "passed", or the message of the failure and its answer's body.
    std::string became() {
        if (!recorder_.finished()) return "nothing yet";
        if (const auto& failed = recorder_.error()) {
            return failed->message +
                   (failed->upstream_body.empty() ? "" : " <" + failed->upstream_body + ">");
        }
        return recorder_.passed_call() == 1 ? "passed" : "lost";
    }

  private:
    static bay_ev_http event_of(int status, std::string_view data) {
        bay_ev_http event{};
        event.call = 1;
        event.status = status;
        event.data = bay::str(data);
        return event;
    }
    bay::Out out() { return bay::Out(&recorder_.out()); }

    NoResults results_{false};
    Recorder recorder_;
    PassedAnswer answer_;
};

constexpr auto kJson = "application/json";
constexpr auto kStream = "text/event-stream; charset=utf-8";

TEST(PassedAnswer, passes_what_has_the_type_that_was_asked_for_or_none) {
    EXPECT_EQ(Passed(false).head(200, kJson).done(200).became(), "passed");
    EXPECT_EQ(Passed(true).head(200, kStream).done(200).became(), "passed");
    EXPECT_EQ(Passed(true).head(200, "").done(200).became(), "passed");
    EXPECT_EQ(Passed(true).head(200, kStream).became(), "nothing yet");
}

TEST(PassedAnswer, that_is_none_says_why_or_is_told_to_be_none) {
    const auto page = [](std::string_view data) {
        return Passed(false).head(200, "text/html").done(200, data).became();
    };
    EXPECT_EQ(page("<p>"), "Unreadable answer from Test: no document <<p>>");
    EXPECT_EQ(page("error 1"), "told: error 1");
    EXPECT_EQ(Passed(true).head(200, kJson).done(200, "{}").became(),
              "Unreadable answer from Test: no document <{}>");
    EXPECT_EQ(Passed(true).head(200, kStream).frame("x").done(200).became(),
              "Unreadable answer from Test: no event <x>");
    EXPECT_EQ(Passed(true).head(200, kStream).frame("error 1").frame("x").done(200).became(),
              "told: error 1");
}

TEST(PassedAnswer, that_is_no_success_is_told) {
    EXPECT_EQ(Passed(false).head(429, kJson).done(429, "slow").became(), "told: slow");
}

TEST(PassedAnswer, that_breaks_off_is_the_calls_failure) {
    EXPECT_EQ(Passed(false).done(0, "", BAY_FAIL_CONNECT).became(), "Connection to Test failed");
    EXPECT_EQ(Passed(true).head(200, kStream).done(200, "", BAY_FAIL_RESET).became(),
              "Test broke the connection off");
    EXPECT_EQ(Passed(false).head(500, kJson).done(500, "half", BAY_FAIL_RESET).became(),
              "Test broke the connection off");
    EXPECT_EQ(Passed(false).head(200, kJson).done(200, "{", BAY_FAIL_FRAMING).became(),
              "Unreadable answer from Test: no document <{>");
    EXPECT_EQ(Passed(false).head(200, kJson).done(200, "", BAY_FAIL_FRAMING).became(),
              "Unreadable answer from Test");
}

}  // namespace
}  // namespace patchbay::shared
