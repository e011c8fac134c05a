#include "engine/shared/lane_talk.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/json.hpp>
#include <spdlog/spdlog.h>

#include "engine/router/rests.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace {

using std::chrono::milliseconds;

constexpr const char* kForget = "120";        ///< seconds after which a minute's count is of no use
constexpr const char* kVersion = "pb:rests";  ///< counts what gateways tell of rests

std::string rest_key(const SharedLane& lane) {
    return "deployment:" + lane.id + ":cooldown";
}

// LiteLLM's value of such a key.
std::string rest_value(milliseconds left, const Now& now) {
    constexpr double kSecond = 1'000;
    return json_tree::write(
        boost::json::object{{"exception_received", "told by another gateway"},
                            {"status_code", ""},
                            {"timestamp", static_cast<double>(now.unix_ms) / kSecond},
                            {"cooldown_time", static_cast<double>(left.count()) / kSecond}});
}

std::int64_t number_of(const RedisReply& reply) {
    if (reply.kind == RedisReply::Kind::number) return reply.number;
    std::int64_t number = 0;
    const char* const end = reply.text.data() + reply.text.size();
    const auto read = std::from_chars(reply.text.data(), end, number);
    return read.ec == std::errc() && read.ptr == end ? number : 0;
}

}  // namespace

void LaneTalk::use(std::shared_ptr<const Snapshot> world) {
    lanes_ = shared_lanes(*world, std::move(lanes_));
    world_ = std::move(world);
}

void LaneTalk::round() {
    if (!world_) return;
    const Now now = watch_();
    asked_.clear();
    read_ = {"MGET", kVersion};
    bool told = false;
    for (SharedLane& lane : lanes_) {
        add_count(lane.requests, table().requests(lane.lane), now);
        add_count(lane.tokens, table().tokens(lane.lane), now);
        add_count(lane.prompt_tokens, table().prompt_tokens(lane.lane), now);
        add_count(lane.answer_tokens, table().answer_tokens(lane.lane), now);
        told = tell_rest(lane, now) || told;
    }
    if (told) send_({"INCR", kVersion}, [](const RedisReply&) {});
    send_(std::move(read_), [this](const RedisReply& reply) { read_sums(reply); });
}

void LaneTalk::add_count(std::optional<MinuteShare>& share, MinuteCount& count, const Now& now) {
    if (!share) return;
    const std::int64_t more = share->begin(count, now.minute());
    const std::string key = share->key();
    if (more == 0) {
        read_.push_back(key);
        asked_.push_back({&*share, &count});
        return;
    }
    // It must not outlive its day: tomorrow's minute has the same name.
    const bool first = share->first();
    if (first) send_({"SET", key, "0", "EX", kForget, "NX"}, [](const RedisReply&) {});
    send_({"INCRBY", key, std::to_string(more)}, [this, &share, &count](const RedisReply& reply) {
        if (reply.kind == RedisReply::Kind::number) {
            share->answered(count, reply.number, watch_().minute());
        } else {
            share->lost();
            note_refusal(reply);
        }
    });
    if (first) send_({"EXPIRE", key, kForget}, [](const RedisReply&) {});
}

// What rests by a failure here, and not because others said so. True: it is told.
bool LaneTalk::tell_rest(SharedLane& lane, const Now& now) {
    if (!lane.rests) return false;
    const std::int64_t until = table().rest_until(lane.lane).load(std::memory_order_relaxed);
    const milliseconds left = rest_left(table(), lane.lane, now);
    if (until == lane.rest_seen || left.count() == 0) return false;
    std::string value = rest_value(left, now);
    send_({"SET", rest_key(lane), value, "PX", std::to_string(left.count())},
          [this, &lane, until, value](const RedisReply& reply) {
              if (reply.kind != RedisReply::Kind::text) return note_refusal(reply);
              lane.rest_seen = until;
              lane.rest_text = value;
              ++rests_told_;
          });
    return true;
}

void LaneTalk::read_sums(const RedisReply& reply) {
    if (reply.kind != RedisReply::Kind::list || reply.list.size() != asked_.size() + 1) {
        for (const Asked& one : asked_) one.share->lost();
        return note_refusal(reply);
    }
    const Now now = watch_();
    for (std::size_t i = 0; i < asked_.size(); ++i) {
        asked_[i].share->answered(*asked_[i].count, number_of(reply.list[i + 1]), now.minute());
    }
    if (reply.list[0].text == version_ && now.steady - looked_ < kLook) return;
    version_ = reply.list[0].text;
    looked_ = now.steady;
    look_at_rests();
}

void LaneTalk::look_at_rests() {
    std::vector<std::string> words{"MGET"};
    for (const SharedLane& lane : lanes_) {
        if (lane.rests) words.push_back(rest_key(lane));
    }
    if (words.size() == 1) return;
    send_(std::move(words), [this](const RedisReply& reply) { read_rests(reply); });
}

void LaneTalk::read_rests(const RedisReply& reply) {
    if (reply.kind != RedisReply::Kind::list) {
        version_.clear();  // they are looked at again
        return;
    }
    std::size_t at = 0;
    for (SharedLane& lane : lanes_) {
        if (!lane.rests || at == reply.list.size()) continue;
        const std::string& text = reply.list[at++].text;
        if (text.empty()) {
            lane.rest_text.clear();
        } else if (text != lane.rest_text) {
            hear_rest(lane, text);
        }
    }
}

// How long it lasts is what the server knows: clocks of gateways may differ.
void LaneTalk::hear_rest(SharedLane& lane, const std::string& text) {
    send_({"PTTL", rest_key(lane)}, [this, &lane, text](const RedisReply& reply) {
        if (reply.kind != RedisReply::Kind::number) return version_.clear();
        lane.rest_text = text;
        const milliseconds left(reply.number);
        const std::int64_t until = learn_rest(table(), lane.lane, left, watch_());
        if (until == 0) return;
        lane.rest_seen = until;
        ++rests_heard_;
        spdlog::warn("deployment {} rests for {} ms: another gateway says so", lane.id,
                     left.count());
    });
}

// A server that answers, but not so: a wrong user's rights, a key of another kind, no memory left.
void LaneTalk::note_refusal(const RedisReply& reply) {
    if (reply.kind != RedisReply::Kind::error || reply.text == refusal_) return;
    refusal_ = reply.text;
    spdlog::warn("the state of deployments is not shared: redis: {}", refusal_);
}

bool LaneTalk::hurries() const {
    if (!world_) return false;
    const std::uint32_t minute = watch_().minute();
    return std::any_of(lanes_.begin(), lanes_.end(),
                       [&](const SharedLane& lane) { return lane.near_limit(table(), minute); });
}

}  // namespace patchbay
