#include "engine/records/delivery.hpp"

#include <gmock/gmock.h>

#include "engine/exchange/test_support.hpp"

namespace patchbay {
namespace {

using test::Peer;
using test::ScriptedServer;
using testing::ElementsAre;
using testing::IsEmpty;

/// Deliveries of the fixture "sends-batches" to a scripted sink.
class DeliveryTest : public test::ExchangeTest {
  protected:
    DeliveryTest() {
        directory_.add_fixture("sends_batches.so");
        PluginSetOptions options;
        options.directories = {directory_.path()};
        options.cache_directory = directory_.path() / "copies";
        std::vector<Problem> problems;
        set_ = PluginSet::load(options, problems);
        sink_.config.name = "sink";
        sink_.config.on_success = true;
        sink_.config.flush_interval = std::chrono::milliseconds(0);
        const auto ref = set_->component(BAY_KIND_LOGGER, "sends-batches");
        const Environment environment = [](const std::string&) { return std::nullopt; };
        sink_.component.instance = set_->create_instance(*ref, "sink", {{"url", server_.url()}},
                                                         environment, {}, problems);
        sink_.component.shared = std::make_shared<SharedValues>();
        for (const Problem& problem : problems) ADD_FAILURE() << problem.text();
    }

    Delivery& delivery() {
        if (!delivery_) {
            auto spool = Spool::open(directory_.path() / "spool", 1u << 30);
            EXPECT_TRUE(spool);
            delivery_.emplace(
                context(), std::move(*spool), snapshot_, sink_,
                Delivery::Pauses{std::chrono::milliseconds(1), std::chrono::milliseconds(4)});
        }
        return *delivery_;
    }
    void add(const std::string& id, const char* status = "success") {
        CallEntry entry;
        entry.facts = {{"id", id}, {"status", status}, {"endTime", 1.0}};
        delivery().add(entry, {{"id", id}});
    }
    /// Runs until `batches` answers were given, then stops.
    void run(std::size_t wanted) {
        wanted_ = wanted;
        const auto whole = [](Delivery& d) -> boost::asio::awaitable<bool> {
            co_await d.run();
            co_return true;
        };
        loop.run(whole(delivery()));
    }

    /// Answers of the sink, one a batch; the last one again after that.
    std::vector<std::string> answers_{test::whole(200, "ok")};
    std::vector<std::string> batches;
    std::size_t wanted_ = 0;
    ScriptedServer server_{loop.io, [this](Peer& peer, int) -> boost::asio::awaitable<void> {
                               for (;;) {
                                   const std::string got = co_await peer.request();
                                   if (got.empty()) co_return;
                                   std::string ids = got.substr(got.find("\r\n\r\n") + 4);
                                   std::replace(ids.begin(), ids.end(), '\n', ' ');
                                   batches.push_back(ids);
                                   const std::size_t at = std::min(batches.size(), answers_.size());
                                   co_await peer.send(answers_[at - 1]);
                                   if (batches.size() >= wanted_) delivery_->stop();
                               }
                           }};
    test::TemporaryDirectory directory_;
    std::shared_ptr<PluginSet> set_;
    LogSink sink_;
    std::shared_ptr<Snapshot> snapshot_ = std::make_shared<Snapshot>();
    std::optional<Delivery> delivery_;
};

TEST_F(DeliveryTest, records_go_in_batches_in_order) {
    sink_.config.batch_size = 2;
    for (const char* id : {"a", "b", "c"}) add(id);
    run(2);
    EXPECT_THAT(batches, ElementsAre("a b ", "c "));
    EXPECT_EQ(delivery().stats()->delivered, 3u);
    EXPECT_EQ(delivery().stats()->pending, 0u);
}

TEST_F(DeliveryTest, an_outage_is_waited_out_with_the_same_batch) {
    answers_ = {test::whole(503, ""), test::whole(503, ""), test::whole(200, "ok")};
    for (const char* id : {"a", "b"}) add(id);
    run(3);
    EXPECT_THAT(batches, ElementsAre("a b ", "a b ", "a b "));
    EXPECT_EQ(delivery().stats()->failures, 2u);
    EXPECT_EQ(delivery().stats()->delivered, 2u);
}

TEST_F(DeliveryTest, of_a_partial_failure_only_those_come_again) {
    answers_ = {test::whole(200, "retry 0 2"), test::whole(200, "ok")};
    for (const char* id : {"a", "b", "c"}) add(id);
    run(2);
    EXPECT_THAT(batches, ElementsAre("a b c ", "a c "));
    EXPECT_EQ(delivery().stats()->delivered, 3u);
}

TEST_F(DeliveryTest, a_record_that_is_always_refused_is_found_dropped_and_counted) {
    answers_ = {test::whole(400, ""), test::whole(200, ""), test::whole(400, ""),
                test::whole(200, "")};
    for (const char* id : {"a", "b", "c", "d"}) add(id);
    run(5);
    ASSERT_GE(batches.size(), 4u);
    EXPECT_EQ(batches[0], "a b c d ");
    EXPECT_EQ(batches[1], "a b ");
    EXPECT_EQ(delivery().stats()->delivered + delivery().stats()->dropped, 4u);
    EXPECT_LE(delivery().stats()->dropped, 1u);
    EXPECT_EQ(delivery().stats()->pending, 0u);
}

TEST_F(DeliveryTest,
       a_stop_delivers_what_is_there_and_leaves_the_rest_on_disk_when_it_does_not_work) {
    answers_ = {test::whole(503, "")};
    add("a");
    run(1);
    EXPECT_EQ(delivery().stats()->pending, 1u);
    delivery_.reset();
    answers_ = {test::whole(200, "")};
    batches.clear();
    run(1);
    EXPECT_THAT(batches, ElementsAre("a ")) << "the next process has it";
}

TEST_F(DeliveryTest, a_sink_gets_the_outcomes_it_asked_for) {
    add("failed", "failure");
    EXPECT_EQ(delivery().stats()->pending, 0u);
    sink_.config.on_failure = true;
    add("failed", "failure");
    EXPECT_EQ(delivery().stats()->pending, 1u);
    CallEntry entry;
    entry.facts = {{"id", "x"}, {"status", "success"}, {"disabled_callbacks", {"sink"}}};
    delivery().add(entry, {});
    EXPECT_EQ(delivery().stats()->pending, 1u) << "x-litellm-disable-callbacks";
}

}  // namespace
}  // namespace patchbay
