#include "engine/plugins/instance.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/plugins/test_support.hpp"

namespace patchbay {
namespace {

using test::fixture;
using test::RecordingOut;
using test::str;
using testing::ElementsAre;

class MachineTest : public testing::Test {
  protected:
    std::shared_ptr<const Instance> make(const std::string& file, const std::string& prefix) {
        plugins.add_fixture(file);
        plugins.write("good_rows.json", test::read_file(fixture("good_rows.json")));
        PluginSetOptions options;
        options.directories = {plugins.path()};
        options.cache_directory = cache.path() / "copies";
        set = PluginSet::load(options, problems);
        const auto* row = set->provider(prefix);
        if (row == nullptr) return nullptr;
        return set->create_instance(*row, {}, problems);
    }
    static Machine open(const Instance& instance) {
        bay_open_info info{};
        info.size = sizeof info;
        info.attempt = 1;
        auto machine = Machine::open(instance, info);
        EXPECT_TRUE(machine);
        return std::move(*machine);
    }
    bay_status feed_request(Machine& machine, RecordingOut& out, std::uint32_t flags = 0,
                            std::string_view model = "gpt-x") {
        bay_target target{};
        target.size = sizeof target;
        target.model = str(model);
        target.base_url = str("https://up.example.org/v1");
        target.api_key = str("k-1");
        bay_ev_request request{};
        request.h = {sizeof request, BAY_EV_REQUEST};
        request.flags = flags;
        request.operation = str("chat.completions");
        request.json = str(kBody);
        request.target = &target;
        request.model_off = kBody.find("\"alias\"");
        request.model_len = 7;
        return machine.feed(request.h, out.out());
    }
    static bay_status feed_http(Machine& machine, RecordingOut& out, std::uint32_t type, int status,
                                std::string_view data) {
        bay_ev_http event{};
        event.h = {sizeof event, type};
        event.call = 1;
        event.status = status;
        event.data = str(data);
        return machine.feed(event.h, out.out());
    }

    static constexpr std::string_view kBody = R"({"model":"alias","messages":[]})";
    test::TemporaryDirectory plugins;
    test::TemporaryDirectory cache;
    std::vector<Problem> problems;
    std::shared_ptr<PluginSet> set;
};

TEST_F(MachineTest, runs_a_whole_exchange) {
    const auto instance = make("good.so", "good");
    ASSERT_NE(instance, nullptr);
    RecordingOut out{std::string(kBody)};
    {
        auto machine = open(*instance);
        EXPECT_EQ(instance->stats().in_flight, 1);
        EXPECT_EQ(feed_request(machine, out), BAY_OK);
        EXPECT_EQ(feed_http(machine, out, BAY_EV_HTTP_HEAD, 200, ""), BAY_OK);
        EXPECT_EQ(feed_http(machine, out, BAY_EV_HTTP_DONE, 200, R"({"choices":[]})"), BAY_OK);
    }
    EXPECT_THAT(
        out.actions,
        ElementsAre("http POST https://up.example.org/v1/chat/completions",
                    "header content-type: application/json", "header authorization: Bearer k-1",
                    R"(body {"model":"gpt-x","messages":[]})", R"(result {"choices":[]})"));
    EXPECT_EQ(instance->stats().calls, 1u);
    EXPECT_EQ(instance->stats().feeds, 3u);
    EXPECT_EQ(instance->stats().faults, 0u);
    EXPECT_EQ(instance->stats().in_flight, 0);
    EXPECT_GT(instance->stats().busy_ns, 0u);
}

TEST_F(MachineTest, runs_a_streamed_exchange) {
    const auto instance = make("good.so", "good");
    ASSERT_NE(instance, nullptr);
    RecordingOut out{std::string(kBody)};
    auto machine = open(*instance);
    EXPECT_EQ(feed_request(machine, out, BAY_REQ_STREAM), BAY_OK);
    out.actions.clear();
    EXPECT_EQ(feed_http(machine, out, BAY_EV_HTTP_HEAD, 200, ""), BAY_OK);
    EXPECT_EQ(feed_http(machine, out, BAY_EV_HTTP_DONE, 200, ""), BAY_OK);
    EXPECT_THAT(out.actions, ElementsAre("pass_through 1", "done"));
}

TEST_F(MachineTest, an_upstream_error_is_no_fault) {
    const auto instance = make("good.so", "good");
    ASSERT_NE(instance, nullptr);
    RecordingOut out{std::string(kBody)};
    auto machine = open(*instance);
    feed_request(machine, out);
    out.actions.clear();
    EXPECT_EQ(feed_http(machine, out, BAY_EV_HTTP_DONE, 429, "slow down"), BAY_OK);
    EXPECT_THAT(out.actions, ElementsAre("fail 5 upstream error"));
    EXPECT_EQ(instance->stats().faults, 0u);
}

TEST_F(MachineTest, config_holds_defaults_prefix_and_row) {
    const auto instance = make("good.so", "good-eu");
    ASSERT_NE(instance, nullptr);
    RecordingOut out{std::string(kBody)};
    auto machine = open(*instance);
    EXPECT_EQ(feed_request(machine, out, 0, "show-config"), BAY_OK);
    ASSERT_EQ(out.actions.size(), 1u);
    const auto config = boost::json::parse(out.actions[0].substr(std::string("result ").size()));
    EXPECT_EQ(config.at("greeting").as_string(), "hello");
    EXPECT_EQ(config.at("prefix").as_string(), "good-eu");
    EXPECT_EQ(config.at("row").at("quirk").at("max_tokens").as_string(), "max_completion_tokens");
}

TEST_F(MachineTest, a_feed_that_fails_is_its_callers_to_count) {
    const auto instance = make("fails_in_feed.so", "fails-in-feed");
    ASSERT_NE(instance, nullptr);
    RecordingOut out{std::string(kBody)};
    auto machine = open(*instance);
    EXPECT_EQ(feed_request(machine, out), BAY_E_INTERNAL);
    EXPECT_EQ(instance->stats().faults, 0u);
    count_fault(*instance);
    EXPECT_EQ(instance->stats().faults, 1u);
}

TEST_F(MachineTest, is_closed_once_when_moved) {
    const auto instance = make("good.so", "good");
    ASSERT_NE(instance, nullptr);
    {
        auto first = open(*instance);
        auto second = open(*instance);
        Machine moved(std::move(first));
        second = std::move(moved);
        EXPECT_EQ(instance->stats().in_flight, 2);
    }
    EXPECT_EQ(instance->stats().in_flight, 0);
}

TEST_F(MachineTest, an_instance_outlives_its_set) {
    const auto instance = make("good.so", "good");
    ASSERT_NE(instance, nullptr);
    set.reset();
    RecordingOut out{std::string(kBody)};
    auto machine = open(*instance);
    EXPECT_EQ(feed_request(machine, out), BAY_OK);
}

}  // namespace
}  // namespace patchbay
