#include "engine/shared/lane_talk.hpp"

#include <deque>
#include <map>

#include <gtest/gtest.h>

#include "engine/router/rests.hpp"
#include "engine/router/test_support.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// What this room uses of a server's commands, in a time that the test sets.
class FakeRedis {
  public:
    explicit FakeRedis(Now& now) : now_(now) {}

    RedisReply run(const std::vector<std::string>& words) {
        const std::string& name = words[0];
        if (name == "MGET") return list(words);
        const std::string& key = words[1];
        if (name == "SET") return set(words);
        if (name == "INCR") return add(key, 1);
        if (name == "INCRBY") return add(key, std::stoll(words[2]));
        if (name == "EXPIRE" && find(key)) {
            find(key)->until = now_.unix_ms + 1000 * std::stoll(words[2]);
            return number(1);
        }
        if (name == "PTTL") return number(find(key) ? find(key)->until - now_.unix_ms : -2);
        return number(0);
    }
    void clear() { all_.clear(); }
    std::string text(const std::string& key) { return find(key) ? find(key)->text : ""; }
    std::int64_t left(const std::string& key) {
        return find(key) ? find(key)->until - now_.unix_ms : -2;
    }

  private:
    struct Value {
        std::string text;
        std::int64_t until = INT64_MAX;
    };
    static RedisReply number(std::int64_t n) {
        RedisReply reply;
        reply.kind = RedisReply::Kind::number;
        reply.number = n;
        return reply;
    }
    Value* find(const std::string& key) {
        const auto found = all_.find(key);
        if (found == all_.end() || found->second.until <= now_.unix_ms) return nullptr;
        return &found->second;
    }
    RedisReply set(const std::vector<std::string>& words) {
        RedisReply ok;
        ok.kind = RedisReply::Kind::text;
        ok.text = "OK";
        const bool only_new = words.back() == "NX";
        if (only_new && find(words[1])) return {};
        Value value{words[2]};
        if (words[3] == "EX") value.until = now_.unix_ms + 1000 * std::stoll(words[4]);
        if (words[3] == "PX") value.until = now_.unix_ms + std::stoll(words[4]);
        all_[words[1]] = value;
        return ok;
    }
    RedisReply add(const std::string& key, std::int64_t n) {
        if (!find(key)) all_[key] = {"0"};
        Value& value = all_[key];
        value.text = std::to_string(std::stoll(value.text) + n);
        return number(std::stoll(value.text));
    }
    RedisReply list(const std::vector<std::string>& words) {
        RedisReply reply;
        reply.kind = RedisReply::Kind::list;
        for (std::size_t i = 1; i < words.size(); ++i) {
            RedisReply one;
            if (const Value* value = find(words[i])) {
                one.kind = RedisReply::Kind::text;
                one.text = value->text;
            }
            reply.list.push_back(one);
        }
        return reply;
    }

    Now& now_;
    std::map<std::string, Value> all_;
};

class LaneTalkTest : public testing::Test {
  protected:
    /// A gateway with the deployments "a", which has limits, and "b", which has none.
    struct Gateway {
        Gateway(FakeRedis& server, Now& now)
            : talk(
                  [this, &server](std::vector<std::string> words, RedisLink::Answered answered) {
                      pending.emplace_back(std::move(words), std::move(answered), &server);
                  },
                  [&now] { return now; }) {
            Deployment& a = world.add("g", "a");
            a.rpm = 10;
            a.tpm = 1000;
            a.itpm = 1000;
            world.add("g", "b");
            world.finish();
            use();
        }
        void use() {
            talk.use(std::shared_ptr<const Snapshot>(std::shared_ptr<void>(), &world.snapshot));
        }
        /// `dead`: nothing reaches the server.
        void round(bool dead = false) {
            talk.round();
            while (!pending.empty()) {
                auto [words, answered, server] = std::move(pending.front());
                pending.pop_front();
                answered(dead ? RedisReply{} : server->run(words));
            }
        }
        LaneIndex lane(const std::string& id) { return world.lanes().take(id)->index(); }
        MinuteCount& requests() { return world.lanes().requests(lane("a")); }
        bool rests(const std::string& id, const Now& now) {
            return awake(world.lanes(), lane(id), now) == Awake::no;
        }
        bool fail(const std::string& id, const Now& now,
                  std::optional<milliseconds> retry_after = {}) {
            LaneFailure failure{Cause::rate_limit, retry_after};
            failure.company = true;
            return note_failure(world.lanes(), lane(id), failure, world.settings(), now);
        }

        test::RoutedWorld world;
        std::deque<std::tuple<std::vector<std::string>, RedisLink::Answered, FakeRedis*>> pending;
        LaneTalk talk;
    };

    void pass(milliseconds time) {
        now.steady += time;
        now.unix_ms += time.count();
    }

    Now now{std::chrono::steady_clock::time_point(1h), 1'800'000'000'000};
    FakeRedis server{now};
    Gateway one{server, now};
    Gateway two{server, now};
};

TEST_F(LaneTalkTest, requests_and_tokens_of_all_gateways_are_in_each_ones_count) {
    one.requests().add(now.minute(), 4);
    one.world.lanes().tokens(one.lane("a")).add(now.minute(), 70);
    one.round();
    two.requests().add(now.minute(), 3);
    two.round();
    one.round();
    EXPECT_EQ(one.requests().get(now.minute()), 7u);
    EXPECT_EQ(two.requests().get(now.minute()), 7u);
    EXPECT_EQ(two.world.lanes().tokens(two.lane("a")).get(now.minute()), 70u);
    const std::string key = "global_router:a:a:rpm:08-00";
    EXPECT_EQ(server.text(key), "7") << "LiteLLM's name and encoding";
    EXPECT_EQ(server.left(key), 120'000) << "tomorrow's minute has the same name";
    EXPECT_EQ(server.text("global_router:b:b:rpm:08-00"), "") << "nothing asks for b's";
}

TEST_F(LaneTalkTest, what_was_held_for_a_call_is_known_to_all_and_taken_back) {
    MinuteCount& here = one.world.lanes().prompt_tokens(one.lane("a"));
    const auto there = [&] {
        return two.world.lanes().prompt_tokens(two.lane("a")).get(now.minute());
    };
    here.add(now.minute(), 60);
    one.world.lanes().answer_tokens(one.lane("a")).add(now.minute(), 9);
    one.round();
    two.round();
    EXPECT_EQ(there(), 60u);
    EXPECT_EQ(server.text("global_router:a:a:itpm:08-00"), "60");
    EXPECT_EQ(server.text("global_router:a:a:otpm:08-00"), "") << "there is no such limit";
    here.take_back(now.minute(), 25);
    one.round();
    two.round();
    EXPECT_EQ(there(), 35u);
    EXPECT_EQ(server.text("global_router:a:a:itpm:08-00"), "35");
}

TEST_F(LaneTalkTest, a_rest_here_is_a_rest_there_for_as_long) {
    ASSERT_TRUE(one.fail("b", now, 20s));
    pass(1s);
    one.round();
    EXPECT_EQ(server.left("deployment:b:cooldown"), 19'000);
    EXPECT_NE(server.text("deployment:b:cooldown").find("\"cooldown_time\":19"), std::string::npos);
    two.round();
    EXPECT_TRUE(two.rests("b", now));
    EXPECT_FALSE(two.rests("a", now));
    EXPECT_EQ(two.talk.rests_heard(), 1u);
    pass(18s);
    EXPECT_TRUE(two.rests("b", now));
    pass(1s);
    EXPECT_FALSE(two.rests("b", now)) << "then each sends its own probe";
    one.round();
    two.round();
    EXPECT_EQ(one.talk.rests_told(), 1u);
    EXPECT_EQ(two.talk.rests_told(), 0u) << "what was heard is not told on";
    EXPECT_EQ(one.talk.rests_heard(), 0u);
}

TEST_F(LaneTalkTest, a_rest_that_litellm_wrote_is_heard_within_a_second) {
    two.round();
    server.run({"SET", "deployment:a:cooldown", "{\"status_code\": \"429\"}", "PX", "5000"});
    two.round();
    EXPECT_FALSE(two.rests("a", now));
    pass(LaneTalk::kLook);
    two.round();
    EXPECT_TRUE(two.rests("a", now));
}

TEST_F(LaneTalkTest, what_a_server_missed_is_told_when_it_is_back) {
    one.requests().add(now.minute(), 4);
    ASSERT_TRUE(one.fail("b", now, 20s));
    one.round(true);
    two.round(true);
    pass(2s);
    one.requests().add(now.minute(), 1);
    one.round();
    two.round();
    EXPECT_EQ(two.requests().get(now.minute()), 5u);
    EXPECT_TRUE(two.rests("b", now));
    server.clear();
    pass(1s);
    for (int i = 0; i < 3; ++i) {
        one.round();
        two.round();
    }
    EXPECT_EQ(server.text("global_router:a:a:rpm:08-00"), "5") << "by who told it before";
    EXPECT_EQ(one.requests().get(now.minute()), 5u);
}

TEST_F(LaneTalkTest, a_reload_keeps_what_was_told_and_what_was_heard) {
    one.requests().add(now.minute(), 4);
    one.round();
    two.round();
    two.use();
    two.round();
    one.round();
    EXPECT_EQ(one.requests().get(now.minute()), 4u);
    EXPECT_EQ(server.text("global_router:a:a:rpm:08-00"), "4");
}

TEST_F(LaneTalkTest, near_a_limit_the_next_round_comes_soon) {
    EXPECT_FALSE(one.talk.hurries());
    one.requests().add(now.minute(), 9);
    EXPECT_TRUE(one.talk.hurries());
    one.requests().add(now.minute(), 1);
    EXPECT_FALSE(one.talk.hurries()) << "there is nothing left to pass";
}

TEST_F(LaneTalkTest, without_cooldowns_nothing_rests_because_others_say_so) {
    two.world.settings().disable_cooldowns = true;
    two.use();
    ASSERT_TRUE(one.fail("b", now));
    one.round();
    two.round();
    EXPECT_FALSE(two.rests("b", now));
}

}  // namespace
}  // namespace patchbay
