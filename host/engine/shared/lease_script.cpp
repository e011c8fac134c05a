#include "engine/shared/lease_script.hpp"

#include <charconv>

namespace patchbay::lease_script {

namespace {

// KEYS: nodes, epoch. ARGV: node, 1 = it leaves.
constexpr std::string_view kBeat = R"(
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if ARGV[2] == '1' then
  redis.call('ZREM', KEYS[1], ARGV[1])
else
  redis.call('ZADD', KEYS[1], now, ARGV[1])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 60000)
redis.call('PEXPIRE', KEYS[1], 120000)
local epoch = redis.call('GET', KEYS[2])
if not epoch then
  epoch = ARGV[1] .. '-' .. string.format('%.0f', now)
end
redis.call('SET', KEYS[2], epoch, 'PX', 86400000)
return {redis.call('ZCOUNT', KEYS[1], now - 3000, '+inf'), epoch, tonumber(t[1])}
)";

// KEYS: window, nodes, epoch. A field of the window for each gateway: number, used, share, time of its last ask, its own part
// when it is cut off. `b`: used before the gateways counted; `h`: that was told by one that knew it before the
// data was lost; `p`: what the store has; `w`: nothing is granted before, so that all have said what they hold.
constexpr std::string_view kGrant = R"(
local node, number, limit, base = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local knows, restores = ARGV[5] ~= '0', ARGV[5] == '2'
local posted, used, share = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local need, parts, nodes, gauge = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11]), ARGV[12] == '1'
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local whole = function(x) return string.format('%.0f', x) end
local h = {}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do h[all[i]] = all[i + 1] end
local wait = tonumber(h.w or '0')
local known = tonumber(h.b)
if not known then
  known = base
  if knows then wait = now + 1500 end
elseif restores and h.h ~= '1' then
  known = base
  wait = now + 1500
elseif restores then
  known = math.max(known, base)
end
local others, out, late_by = 0, 0, now - 1000
for field, text in pairs(h) do
  if string.sub(field, 1, 2) == 'n:' then
    local n, u, s, at, own = string.match(text, '^(%S+) (%S+) (%S+) (%S+) (%S+)$')
    n, u, s, at, own = tonumber(n), tonumber(u), tonumber(s), tonumber(at), tonumber(own)
    if field == 'n:' .. node then
      if n >= number then return redis.error_reply('OLD an ask that is not newer') end
    elseif now - at > 60000 then
      if not gauge then known = known + u end
      redis.call('HDEL', KEYS[1], field)
    else
      local name = string.match(field, '^n:([^.]+)')
      local seen = redis.call('ZSCORE', KEYS[2], name)
      if s > u and (not seen or tonumber(seen) < late_by) then s = math.max(s, own) end
      others = others + u
      out = out + math.max(u, s)
    end
  end
end
posted = math.max(posted, tonumber(h.p or '0'))
local spent = known + others + used
local total = math.max(spent, posted)
local left = limit - total
local free = limit - known - out - math.max(used, share) - (total - spent)
local part = 0
if left > 0 and parts > 0 then
  if nodes <= 1 then part = left else part = math.floor(left / (parts * nodes)) end
end
local grant = math.min(math.max(part, need) - (share - used), free)
if parts == 0 or grant < 0 or now < wait then grant = 0 end
share = share + grant
local own = share
if left > 0 and parts > 0 then own = math.max(share, used + math.floor(left / math.max(nodes, 1))) end
redis.call('HSET', KEYS[1], 'b', whole(known), 'p', whole(posted), 'w', whole(wait),
  'h', (restores or h.h == '1') and '1' or '0',
  'n:' .. node, whole(number) .. ' ' .. whole(used) .. ' ' .. whole(share) .. ' ' .. whole(now) .. ' ' .. whole(own))
redis.call('EXPIRE', KEYS[1], ARGV[13])
return {whole(share), whole(left), whole(total), whole(known), redis.call('GET', KEYS[3]) or ''}
)";

std::optional<std::int64_t> number_of(const RedisReply& reply) {
    if (reply.kind == RedisReply::Kind::number) return reply.number;
    std::int64_t number = 0;
    const char* const end = reply.text.data() + reply.text.size();
    const auto read = std::from_chars(reply.text.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return number;
}

bool is_list(const RedisReply& reply, std::size_t size) {
    return reply.kind == RedisReply::Kind::list && reply.list.size() == size;
}

}  // namespace

std::string_view beat() {
    return kBeat;
}

std::vector<std::string> beat_keys_and_words(const std::string& node, bool leaves) {
    return {"2", std::string(kNodes), std::string(kEpoch), node, leaves ? "1" : "0"};
}

std::optional<Beat> read_beat(const RedisReply& reply) {
    if (!is_list(reply, 3)) return std::nullopt;
    const auto nodes = number_of(reply.list[0]);
    const auto unix_s = number_of(reply.list[2]);
    if (!nodes || !unix_s) return std::nullopt;
    return Beat{*nodes, reply.list[1].text, *unix_s};
}

std::string_view grant() {
    return kGrant;
}

std::vector<std::string> grant_keys_and_words(const std::string& node, const std::string& count,
                                              const LeaseAsk& ask) {
    const auto text = [](auto number) { return std::to_string(number); };
    return {"3",
            "pb:lease:" + count + ":" + text(ask.window),
            std::string(kNodes),
            std::string(kEpoch),
            node + "-" + text(ask.life),
            text(ask.number),
            text(ask.limit),
            text(ask.base),
            ask.restores ? "2"
            : ask.knows  ? "1"
                         : "0",
            text(ask.posted),
            text(ask.used),
            text(ask.share),
            text(ask.need),
            text(ask.parts),
            text(ask.nodes),
            ask.gauge ? "1" : "0",
            text(ask.keep_s)};
}

std::optional<LeaseAnswer> read_grant(const RedisReply& reply) {
    if (!is_list(reply, 5)) return std::nullopt;
    const auto share = number_of(reply.list[0]), left = number_of(reply.list[1]);
    const auto all = number_of(reply.list[2]), base = number_of(reply.list[3]);
    if (!share || !left || !all || !base) return std::nullopt;
    return LeaseAnswer{*share, *left, *all, *base, reply.list[4].text};
}

}  // namespace patchbay::lease_script
