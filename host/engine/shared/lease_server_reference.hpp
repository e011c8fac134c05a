// Test support: the server that grants shares, in virtual time: what the scripts of lease_script.cpp do, in C++. That the
// scripts do the same is tested by tests/e2e/test_lease_script.py with a real server.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/redis/link.hpp"

namespace patchbay::test {

class LeaseServer {
  public:
    std::int64_t now = 1'800'000'000'000;  ///< its clock, ms since 1970

    RedisReply answer(const std::vector<std::string>& words) {
        if (words[0] == "SCRIPT") {
            const std::string digest =
                words[2].find("ZCOUNT") != std::string::npos ? "beat" : "grant";
            scripts_.insert(digest);
            return text(digest);
        }
        if (!scripts_.contains(words[1])) return {RedisReply::Kind::error, "NOSCRIPT", 0, {}};
        return words[1] == "beat" ? beat(words) : grant(words);
    }
    /// It is started anew with nothing.
    void forget() {
        scripts_.clear();
        windows_.clear();
        seen_.clear();
        epoch_.clear();
    }

    struct Node {
        std::int64_t number, used, share, at, own;
    };
    struct Window {
        std::int64_t base = 0, posted = 0, wait = 0;
        bool restored = false;
        std::map<std::string, Node> nodes;
    };
    const std::map<std::string, Window>& windows() const { return windows_; }
    /// The most that shares and what was used ever came to beyond the limit.
    std::int64_t most_over = 0;

  private:
    static RedisReply text(std::string words) {
        return {RedisReply::Kind::text, std::move(words), 0, {}};
    }
    static RedisReply list(std::vector<RedisReply> values) {
        return {RedisReply::Kind::list, {}, 0, std::move(values)};
    }
    static RedisReply number(std::int64_t n) { return {RedisReply::Kind::number, {}, n, {}}; }

    RedisReply beat(const std::vector<std::string>& words) {
        const std::string& node = words[5];
        if (words[6] == "1") {
            seen_.erase(node);
        } else {
            seen_[node] = now;
        }
        if (epoch_.empty()) epoch_ = node + std::to_string(now);
        const auto living = std::count_if(seen_.begin(), seen_.end(), [this](const auto& one) {
            return one.second >= now - 3'000;
        });
        return list({number(living), text(epoch_), number(now / 1000)});
    }

    RedisReply grant(const std::vector<std::string>& words) {
        const auto n = [&](std::size_t i) { return std::stoll(words[i]); };
        const std::string& node = words[6];
        const std::int64_t ask = n(7), limit = n(8), base = n(9), used = n(12);
        const std::int64_t need = n(14), parts = n(15), nodes = n(16);
        const bool restores = words[10] == "2", gauge = words[17] == "1",
                   is_new = !windows_.contains(words[3]);
        std::int64_t share = n(13);
        Window& w = windows_[words[3]];
        if (is_new || (restores && !w.restored)) {
            w.base = base;
            if (words[10] != "0") w.wait = now + 1'500;
        } else if (restores) {
            w.base = std::max(w.base, base);
        }
        std::int64_t others = 0, out = 0;
        for (auto at = w.nodes.begin(); at != w.nodes.end();) {
            Node& one = at->second;
            if (at->first == node) {
                if (one.number >= ask) return {RedisReply::Kind::error, "OLD", 0, {}};
            } else if (now - one.at > 60'000) {
                if (!gauge) w.base += one.used;
                at = w.nodes.erase(at);
                continue;
            } else {
                const auto seen = seen_.find(at->first.substr(0, at->first.find('.')));
                const bool late = seen == seen_.end() || seen->second < now - 1'000;
                const std::int64_t its =
                    one.share > one.used && late ? std::max(one.share, one.own) : one.share;
                others += one.used;
                out += std::max(one.used, its);
            }
            ++at;
        }
        w.posted = std::max<std::int64_t>(w.posted, n(11));
        const std::int64_t spent = w.base + others + used, total = std::max(spent, w.posted);
        const std::int64_t left = limit - total;
        const std::int64_t free = limit - w.base - out - std::max(used, share) - (total - spent);
        std::int64_t part = 0;
        if (left > 0 && parts > 0) part = nodes <= 1 ? left : left / (parts * nodes);
        std::int64_t more = std::min(std::max(part, need) - (share - used), free);
        if (parts == 0 || more < 0 || now < w.wait) more = 0;
        share += more;
        if (more > 0) most_over = std::max(most_over, more - free);
        std::int64_t own = share;
        if (left > 0 && parts > 0)
            own = std::max(share, used + left / std::max<std::int64_t>(nodes, 1));
        w.restored = w.restored || restores;
        w.nodes[node] = {ask, used, share, now, own};
        return list({text(std::to_string(share)), text(std::to_string(left)),
                     text(std::to_string(total)), text(std::to_string(w.base)), text(epoch_)});
    }

    std::set<std::string> scripts_;
    std::map<std::string, Window> windows_;
    std::map<std::string, std::int64_t> seen_;
    std::string epoch_;
};

}  // namespace patchbay::test
