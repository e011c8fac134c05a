#include "engine/kept/kept_responses.hpp"

#include <patchbay/json_tree.hpp>

#include <gtest/gtest.h>

#include "engine/kept/client_responses.hpp"
#include "engine/kept/test_support.hpp"

namespace patchbay {
namespace {

using test::asker;
using Clock = KeptResponses::Clock;

const ResponseAsker kAnn = asker(1);
const ResponseAsker kBob = asker(2);

KeptResponse response(const std::string& id, std::size_t size = 0,
                      std::shared_ptr<const KeptResponse> previous = nullptr) {
    KeptResponse made;
    made.id = id;
    made.response = std::string(size, 'x');
    made.previous = std::move(previous);
    return made;
}

TEST(KeptResponses, are_found_by_their_owner_alone) {
    KeptResponses all({});
    const auto now = Clock::now();
    all.keep(kAnn.owner, response("resp_1"), now);
    EXPECT_NE(all.find(kAnn, "resp_1", now), nullptr);
    EXPECT_EQ(all.find(kBob, "resp_1", now), nullptr);
    EXPECT_EQ(all.find(kAnn, "resp_2", now), nullptr);
    EXPECT_FALSE(all.drop(kBob, "resp_1", now));
    EXPECT_TRUE(all.drop(kAnn, "resp_1", now));
    EXPECT_FALSE(all.drop(kAnn, "resp_1", now));
    EXPECT_EQ(all.bytes(), 0u);
}

TEST(KeptResponses, are_found_by_who_may_use_those_of_all) {
    KeptResponses all({});
    const auto now = Clock::now();
    ResponseAsker admin = asker(3);
    admin.all = true;
    all.keep(kAnn.owner, response("resp_1"), now);
    EXPECT_FALSE(all.has_anothers(kAnn, "resp_1"));
    EXPECT_TRUE(all.has_anothers(kBob, "resp_1"));
    EXPECT_FALSE(all.has_anothers(kBob, "resp_2"));
    EXPECT_FALSE(all.has_anothers(admin, "resp_1"));
    EXPECT_NE(all.find(admin, "resp_1", now), nullptr);
    EXPECT_TRUE(all.drop(admin, "resp_1", now));
    EXPECT_EQ(all.find(kAnn, "resp_1", now), nullptr);
}

TEST(KeptResponses, give_way_when_their_place_is_needed_or_nobody_asks) {
    KeptResponses all({.bytes = 10'000, .one = 5'000, .unused = std::chrono::minutes(10)});
    auto now = Clock::now();
    all.keep(kAnn.owner, response("a", 4'000), now);
    all.keep(kAnn.owner, response("b", 4'000), now);
    EXPECT_NE(all.find(kAnn, "a", now), nullptr) << "used last";
    all.keep(kAnn.owner, response("c", 4'000), now);
    EXPECT_NE(all.find(kAnn, "a", now), nullptr);
    EXPECT_EQ(all.find(kAnn, "b", now), nullptr);
    EXPECT_LE(all.bytes(), 10'000u);
    all.keep(kAnn.owner, response("large", 5'000), now);
    EXPECT_EQ(all.find(kAnn, "large", now), nullptr);
    now += std::chrono::minutes(9);
    EXPECT_NE(all.find(kAnn, "c", now), nullptr);
    now += std::chrono::minutes(9);
    EXPECT_EQ(all.find(kAnn, "a", now), nullptr);
    EXPECT_NE(all.find(kAnn, "c", now), nullptr);
    EXPECT_EQ(all.count(), 1u);
}

TEST(KeptResponses, live_while_a_later_one_needs_them_and_count_as_long) {
    KeptResponses all({.bytes = 10'000, .one = 5'000});
    const auto now = Clock::now();
    all.keep(kAnn.owner, response("a", 4'000), now);
    all.keep(kAnn.owner, response("b", 4'000, all.find(kAnn, "a", now)), now);
    EXPECT_TRUE(all.drop(kAnn, "a", now));
    EXPECT_GT(all.bytes(), 8'000u);
    ASSERT_NE(all.find(kAnn, "b", now)->previous, nullptr);
    all.keep(kAnn.owner, response("c", 4'000), now);
    EXPECT_EQ(all.find(kAnn, "b", now), nullptr);
    EXPECT_LT(all.bytes(), 5'000u);
}

TEST(KeptResponses, come_apart_however_long_their_chain_is) {
    KeptResponses all({.bytes = std::size_t{1} << 30});
    const auto now = Clock::now();
    std::shared_ptr<const KeptResponse> last;
    for (int i = 0; i < 200'000; ++i) {
        const std::string id = std::to_string(i);
        all.keep(kAnn.owner, response(id, 0, std::move(last)), now);
        last = all.find(kAnn, id, now);
        all.drop(kAnn, id, now);
    }
    last.reset();
    EXPECT_EQ(all.bytes(), 0u);
}

TEST(KeptResponses, are_not_kept_where_there_is_no_place) {
    KeptResponses none({.bytes = 0});
    EXPECT_FALSE(none.keeps());
    none.keep(kAnn.owner, response("a"), Clock::now());
    EXPECT_EQ(none.find(kAnn, "a", Clock::now()), nullptr);
    EXPECT_FALSE(ClientResponses(&none, kAnn).keeps());
    EXPECT_FALSE(ClientResponses(nullptr, kAnn).keeps());
}

TEST(ClientResponses, of_another_are_told_where_callers_are_known) {
    KeptResponses all({});
    all.keep(kAnn.owner, response("resp_1"), Clock::now());
    ResponseAsker nobody = kBob;
    nobody.known = false;
    EXPECT_TRUE(ClientResponses(&all, kBob).is_anothers("resp_1"));
    EXPECT_FALSE(ClientResponses(&all, nobody).is_anothers("resp_1"));
    EXPECT_FALSE(ClientResponses(&all, nobody).find("resp_1"));
    EXPECT_FALSE(ClientResponses(nullptr, kBob).is_anothers("resp_1"));
}

TEST(ClientResponses, find_items_and_conversations) {
    KeptResponses all({});
    const ClientResponses ann(&all, kAnn);
    const std::string id = KeptResponses::new_id();
    ASSERT_EQ(id.size(), 32u);
    EXPECT_NE(id, KeptResponses::new_id());
    KeptResponse first;
    first.id = "resp_" + id;
    first.input = R"([{"role":"user","content":"a"}])";
    first.response = R"({"output":[{"type":"message","id":"msg_)" + id + R"(_0"}]})";
    ann.keep(std::move(first));
    KeptResponse second;
    second.id = "resp_2";
    second.input = R"([{"role":"user","content":"b"}])";
    second.response = R"({"output":[{"id":"c"}]})";
    second.previous = ann.find("resp_" + id);
    ann.keep(std::move(second));
    EXPECT_TRUE(ann.item("msg_" + id + "_0"));
    EXPECT_FALSE(ann.item("msg_" + id + "_1"));
    EXPECT_FALSE(ann.item("msg_"));
    EXPECT_FALSE(ann.item("msg"));
    EXPECT_FALSE(ClientResponses(&all, kBob).item("msg_" + id + "_0"));
    const auto last = ann.find("resp_2");
    EXPECT_EQ(asked_items(*last).size(), 3u);
    const auto items = conversation_items(*last);
    ASSERT_EQ(items.size(), 4u);
    EXPECT_EQ(json_tree::write(items[2]), R"({"role":"user","content":"b"})");
    EXPECT_EQ(json_tree::write(items[3]), R"({"id":"c"})");
}

}  // namespace
}  // namespace patchbay
