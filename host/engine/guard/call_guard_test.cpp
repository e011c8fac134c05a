#include "engine/guard/call_guard.hpp"

#include <gmock/gmock.h>

#include "engine/exchange/test_support.hpp"

namespace patchbay::guard {
namespace {

using test::always;
using test::ScriptedServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kBody = R"({"messages":[{"role":"user","content":"a secret"}]})";

/// Guardrails of the fixture "guards".
class CallGuardTest : public test::ExchangeTest {
  protected:
    CallGuardTest() {
        directory_.add_fixture("guards.so");
        PluginSetOptions options;
        options.directories = {directory_.path()};
        options.cache_directory = directory_.path() / "copies";
        std::vector<Problem> problems;
        set_ = PluginSet::load(options, problems);
        for (const Problem& problem : problems) ADD_FAILURE() << problem.text();
    }

    Guardrail& add(const std::string& what, unsigned modes, const std::string& url = "") {
        auto made = std::make_unique<Guardrail>();
        made->config.guardrail_name = what + std::to_string(all_.size());
        made->config.guardrail = "guards";
        made->config.modes = modes;
        made->timeouts.total = std::chrono::seconds(20);
        std::vector<Problem> problems;
        const auto ref = set_->component(BAY_KIND_GUARDRAIL, "guards_by_another_name");
        EXPECT_TRUE(ref);
        const Environment environment = [url](const std::string& name) {
            return name == "GUARDS_URL" && !url.empty() ? std::optional(url) : std::nullopt;
        };
        made->component.instance = set_->create_instance(
            *ref, made->config.guardrail_name, {{"what", what}}, environment, {}, problems);
        for (const Problem& problem : problems) ADD_FAILURE() << problem.text();
        made->component.shared = std::make_shared<SharedValues>();
        Guardrail& guardrail = *made;
        all_.push_back(std::move(made));
        return guardrail;
    }
    std::unique_ptr<CallGuard> guard() {
        std::vector<Selected> selected;
        for (const auto& one : all_) selected.push_back({one.get(), one->config.modes, "{}"});
        CallFacts facts;
        facts.request_id = "call-1";
        return std::make_unique<CallGuard>(context(), std::move(selected), std::move(facts));
    }
    std::optional<Error> pre(CallGuard& guard, std::string& changed) {
        return loop.run(guard.pre_call(kBody, changed));
    }

    test::TemporaryDirectory directory_;
    std::shared_ptr<PluginSet> set_;
    std::vector<std::unique_ptr<Guardrail>> all_;
};

TEST_F(CallGuardTest, a_request_is_changed_by_one_after_another) {
    add("mask", kPreCall);
    add("block", kPreCall);
    const auto g = guard();
    std::string changed;
    EXPECT_FALSE(pre(*g, changed));
    EXPECT_EQ(changed, R"({"messages":[{"role":"user","content":"a ******"}]})");
    ASSERT_EQ(g->information().size(), 2u);
    EXPECT_EQ(g->information()[0].status, "guardrail_intervened");
    ASSERT_EQ(g->information()[0].notes.size(), 1u);
    EXPECT_EQ(g->information()[0].notes[0].json, R"({"WORD":1})");
    EXPECT_EQ(g->information()[1].status, "success");
    EXPECT_EQ(g->applied(), "mask0,block1");
}

TEST_F(CallGuardTest, a_block_ends_the_request) {
    add("block", kPreCall);
    const auto g = guard();
    std::string changed;
    const auto error =
        loop.run(g->pre_call(R"({"messages":[{"role":"user","content":"forbidden"}]})", changed));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->status(), 400);
    EXPECT_EQ(error->message, "{'error': 'Violated guardrail policy', 'flagged': True}");
    EXPECT_EQ(g->information()[0].reason, "word list");
}

TEST_F(CallGuardTest, without_a_verdict_the_request_ends_unless_told_otherwise) {
    for (const char* what : {"down", "mute", "two"}) {
        all_.clear();
        Guardrail& guardrail = add(what, kPreCall);
        std::string changed;
        const auto closed = pre(*guard(), changed);
        ASSERT_TRUE(closed) << what;
        EXPECT_EQ(closed->status(), 500);
        EXPECT_THAT(closed->message, Not(HasSubstr("service"))) << "the reason is for the log";

        guardrail.config.fail_open = true;
        const auto g = guard();
        EXPECT_FALSE(pre(*g, changed)) << what;
        EXPECT_EQ(g->information()[0].status, "guardrail_failed_to_respond");
    }
}

TEST_F(CallGuardTest, a_request_too_large_for_a_guardrail_fails_and_nobody_elses) {
    Guardrail& guardrail = add("block", kPreCall);
    const ComponentStats& stats = guardrail.component.instance->stats();
    stats.feed_budget_ns = 1;
    stats.breaker.configure({1, std::chrono::seconds(60), std::chrono::hours(1)});
    const std::string body =
        R"({"messages":[{"role":"user","content":")" + std::string(8u << 20, 'f') + R"("}]})";
    std::string changed;
    for (const bool fail_open : {false, true}) {
        guardrail.config.fail_open = fail_open;
        const auto g = guard();
        const auto error = loop.run(g->pre_call(body, changed));
        ASSERT_TRUE(error) << "its size is no way around a guardrail";
        EXPECT_EQ(error->status(), 413);
    }
    EXPECT_EQ(stats.faults, 0u);
    const auto g = guard();
    EXPECT_FALSE(pre(*g, changed));
}

TEST_F(CallGuardTest, a_guardrail_that_takes_too_long_gives_no_verdict) {
    ScriptedServer silent(loop.io, [](test::Peer& peer, int) -> boost::asio::awaitable<void> {
        co_await peer.request();
        co_await peer.request();
    });
    add("http", kPreCall, silent.url()).timeouts.total = std::chrono::milliseconds(30);
    std::string changed;
    const auto g = guard();
    const auto error = pre(*g, changed);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->status(), 500);
    EXPECT_TRUE(pre(*g, changed)) << "and none afterwards";
}

TEST_F(CallGuardTest, beside_the_provider_all_are_asked_at_once_and_one_block_is_enough) {
    ScriptedServer yes(loop.io, always(test::whole(200, "yes")));
    ScriptedServer no(loop.io, always(test::whole(200, "no")));
    add("http", kDuringCall, yes.url());
    add("http", kDuringCall, no.url());
    const auto g = guard();
    g->start_during(kBody);
    EXPECT_TRUE(g->during_pending());
    const auto error = loop.run(g->during());
    ASSERT_TRUE(error);
    EXPECT_EQ(error->status(), 400);
    EXPECT_TRUE(g->stopped());
}

TEST_F(CallGuardTest, what_is_under_way_ends_with_the_call) {
    ScriptedServer silent(loop.io, [](test::Peer& peer, int) -> boost::asio::awaitable<void> {
        co_await peer.request();
        co_await peer.request();
    });
    add("http", kDuringCall, silent.url());
    auto g = guard();
    g->start_during(kBody);
    loop.io.poll();
    g.reset();
    loop.io.restart();
    while (loop.io.poll() > 0) loop.io.restart();
    EXPECT_EQ(all_[0]->component.instance->stats().in_flight, 0);
}

TEST_F(CallGuardTest, an_answer_is_changed_after_the_call) {
    add("mask", kPostCall);
    const auto g = guard();
    std::string answer = R"({"choices":[{"message":{"role":"assistant","content":"secret!"}}]})";
    EXPECT_FALSE(loop.run(g->post_call(answer, kBody)));
    EXPECT_EQ(answer, R"({"choices":[{"message":{"role":"assistant","content":"******!"}}]})");
}

TEST_F(CallGuardTest, a_stream_passes_one_window_after_another) {
    add("mask", kPostCall);
    add("block", kPostCall);
    const auto g = guard();
    std::vector<std::string> out;
    const auto push = [&](const std::string& text) {
        ASSERT_FALSE(g->push(R"({"choices":[{"index":0,"delta":{"content":")" + text + "\"}}]}"));
    };
    push("a sec");
    EXPECT_TRUE(g->window_due());
    EXPECT_FALSE(loop.run(g->pump(kBody, false, out)));
    ASSERT_EQ(out.size(), 1u);
    EXPECT_THAT(out[0], HasSubstr(R"("content":"a ")"));
    push("ret for");
    EXPECT_FALSE(loop.run(g->pump(kBody, false, out)));
    push("bidden");
    const auto error = loop.run(g->pump(kBody, true, out));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->status(), 400);
    for (const std::string& chunk : out) EXPECT_THAT(chunk, Not(HasSubstr("bidden")));
    EXPECT_EQ(g->information().size(), 2u) << "one entry a guardrail, not one a window";
}

TEST_F(CallGuardTest, windows_come_as_often_as_configured) {
    Guardrail& guardrail = add("mask", kPostCall);
    guardrail.stream_every = 2;
    const auto g = guard();
    const std::string chunk = R"({"choices":[{"index":0,"delta":{"content":"x"}}]})";
    ASSERT_FALSE(g->push(chunk));
    EXPECT_FALSE(g->window_due());
    ASSERT_FALSE(g->push(chunk));
    EXPECT_TRUE(g->window_due());

    guardrail.config.end_of_stream_only = true;
    EXPECT_FALSE(g->window_due());
    std::vector<std::string> out;
    EXPECT_FALSE(loop.run(g->pump(kBody, true, out)));
    EXPECT_THAT(out, ElementsAre(HasSubstr(R"("content":"xx")")));
}

TEST_F(CallGuardTest, logs_see_what_the_logging_only_guardrails_let_them) {
    add("mask", kLoggingOnly);
    std::string document = kBody;
    EXPECT_TRUE(loop.run(guard()->mask_for_logs(document, false)));
    EXPECT_THAT(document, HasSubstr("a ******"));
    add("down", kLoggingOnly);
    EXPECT_FALSE(loop.run(guard()->mask_for_logs(document, false)));
}

// What cannot be shown is never let through for it, at any stage.
TEST_F(CallGuardTest, a_document_that_cannot_be_read_is_no_verdict) {
    const std::string broken = R"({"messages":[{"role":"user","content":"\x"}]})";
    Guardrail& guardrail = add("block", kPreCall | kDuringCall | kPostCall | kLoggingOnly);
    const auto at_every_stage = [&](CallGuard& g) {
        std::vector<int> statuses;
        const auto note = [&](const std::optional<Error>& error) {
            statuses.push_back(error ? error->status() : 200);
        };
        std::string changed;
        note(loop.run(g.pre_call(broken, changed)));
        g.start_during(broken);
        note(loop.run(g.during()));
        std::string answer = broken;
        note(loop.run(g.post_call(answer, kBody)));
        std::string document = broken;
        statuses.push_back(loop.run(g.mask_for_logs(document, false)) ? 200 : 500);
        return statuses;
    };
    const auto g = guard();
    EXPECT_THAT(at_every_stage(*g), ElementsAre(500, 500, 500, 500));
    EXPECT_EQ(g->information()[0].status, "guardrail_failed_to_respond");
    guardrail.config.fail_open = true;
    EXPECT_THAT(at_every_stage(*guard()), ElementsAre(200, 200, 200, 200));
}

TEST_F(CallGuardTest, half_a_surrogate_pair_hides_nothing) {
    add("block", kPreCall);
    std::string changed;
    const auto error = loop.run(guard()->pre_call(
        R"({"user":"u\udfff","messages":[{"role":"user","content":"forbidden"}]})", changed));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->status(), 400);
    all_.clear();
    add("block", kDuringCall | kPostCall);
    const auto g = guard();
    g->start_during(R"({"messages":[{"role":"user","content":"\ud83d forbidden"}]})");
    EXPECT_EQ(loop.run(g->during())->status(), 400);
    std::string answer = R"({"choices":[{"message":{"content":"forbidden \ud83d"}}]})";
    EXPECT_EQ(loop.run(g->post_call(answer, kBody))->status(), 400);
}

TEST_F(CallGuardTest, a_mask_where_none_is_possible_refuses_the_request) {
    add("mask", kPreCall);
    std::string changed;
    const auto g = guard();
    const auto error = loop.run(
        g->pre_call(R"({"tools":[{"type":"function","function":{"name":"a secret"}}]})", changed));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->status(), 400);
    EXPECT_THAT(error->message, HasSubstr("/tools/0/function/name"));
    EXPECT_THAT(error->message, Not(HasSubstr("secret")));
    EXPECT_EQ(g->information()[0].status, "guardrail_intervened");
}

}  // namespace
}  // namespace patchbay::guard
