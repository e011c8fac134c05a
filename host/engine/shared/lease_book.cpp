#include "engine/shared/lease_book.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "engine/shared/lease_script.hpp"

namespace patchbay {

namespace {

std::vector<std::string> call_of(const std::string& digest, std::vector<std::string> rest) {
    std::vector<std::string> words{"EVALSHA", digest};
    words.insert(words.end(), std::make_move_iterator(rest.begin()),
                 std::make_move_iterator(rest.end()));
    return words;
}

}  // namespace

void LeaseBook::add(std::unique_ptr<SharedCount> count, std::function<void()> first) {
    auto entry = std::make_shared<Entry>();
    entry->number = ++last_entry_;
    entry->count = std::move(count);
    entry->first = std::move(first);
    entries_.push_back(entry);
    ++figures_.held;
    if (!heard()) return tell_first(*entry);
    const LeaseNow now = watch_();
    entry->count->use(terms_, now);
    const auto state = entry->count->look(now);
    if (!state || grant_digest_.empty()) return tell_first(*entry);
    if (const auto due = entry->lease.next(*entry->count, *state, terms_, now)) {
        ask(entry, *due);
    } else {
        tell_first(*entry);
    }
}

void LeaseBook::tell_first(Entry& entry) {
    if (const auto tell = std::exchange(entry.first, nullptr)) tell();
}

// The server answers with the script's digest, by which it is called from then on.
void LeaseBook::load(std::string_view script, std::string& digest) {
    send_({"SCRIPT", "LOAD", std::string(script)}, [this, &digest](const RedisReply& reply) {
        if (reply.kind == RedisReply::Kind::text) {
            digest = reply.text;
        } else {
            note_refusal(reply);
        }
    });
}

// True: the server does not have the scripts any more.
bool LeaseBook::note_refusal(const RedisReply& reply) {
    if (reply.kind != RedisReply::Kind::error) return false;
    if (reply.text.rfind("NOSCRIPT", 0) == 0) {
        beat_digest_.clear();
        grant_digest_.clear();
        return true;
    }
    if (reply.text != refusal_) spdlog::warn("limits are not shared: redis: {}", reply.text);
    refusal_ = reply.text;
    return false;
}

void LeaseBook::beat(const LeaseNow& now, bool leaves) {
    if (beat_digest_.empty() || (!leaves && (beating_ || now.ms - beat_at_ < kBeat))) return;
    beat_at_ = now.ms;
    beating_ = true;
    send_(call_of(beat_digest_, lease_script::beat_keys_and_words(node_, leaves)),
          [this](const RedisReply& reply) { hear_beat(reply); });
}

void LeaseBook::hear_beat(const RedisReply& reply) {
    beating_ = false;
    const auto beat = lease_script::read_beat(reply);
    if (!beat) {
        note_refusal(reply);
        return;
    }
    const LeaseNow now = watch_();
    terms_.nodes = std::max<std::int64_t>(beat->nodes, 1);
    // A clock that is read through a network is a moment late, and never the same twice.
    const auto ahead = static_cast<std::uint32_t>(beat->unix_s - now.seconds);
    if (terms_.ahead == 0 || ahead - terms_.ahead + 1 > 2) terms_.ahead = ahead;
    const bool forgotten = !epoch_.empty() && epoch_ != beat->epoch;
    if (forgotten) spdlog::warn("redis has lost what gateways share; it is told again");
    epoch_ = beat->epoch;
    for (const auto& entry : entries_) {
        entry->count->use(terms_, now);
        if (forgotten) entry->lease.restore();
    }
    figures_.nodes = static_cast<std::uint64_t>(terms_.nodes);
}

void LeaseBook::round() {
    hurries_ = false;
    if (beat_digest_.empty()) load(lease_script::beat(), beat_digest_);
    if (grant_digest_.empty()) load(lease_script::grant(), grant_digest_);
    const LeaseNow now = watch_();
    beat(now, false);
    if (!heard() || grant_digest_.empty()) return;
    figures_.oldest_s = 0;
    std::size_t asks = 0;
    const std::size_t most = std::min(entries_.size(), kMostLooks);
    for (std::size_t i = 0; i < most && asks < kMostAsks; ++i) {
        next_ = (next_ + 1) % entries_.size();
        const auto entry = entries_[next_];
        entry->dropped = entry->count->gone();
        const auto state = entry->dropped ? std::nullopt : entry->count->look(now);
        if (!state) continue;
        if (state->need > 0) {
            ++figures_.wanted;
            hurries_ = true;
        }
        note_age(*entry, now);
        const auto due = entry->lease.next(*entry->count, *state, terms_, now);
        if (!due) continue;
        ++asks;
        if (due->used > 0) hurries_ = true;
        ask(entry, *due);
    }
    std::erase_if(entries_, [](const auto& entry) { return entry->dropped; });
    figures_.held = entries_.size();
}

void LeaseBook::note_age(const Entry& entry, const LeaseNow& now) {
    constexpr double kSecond = 1'000;
    if (entry.lease.answered_at() == 0) return;
    const auto ms = static_cast<double>(now.ms - entry.lease.answered_at());
    figures_.oldest_s = std::max(figures_.oldest_s, ms / kSecond);
}

void LeaseBook::ask(const std::shared_ptr<Entry>& entry, const LeaseAsk& ask) {
    ++figures_.asked;
    send_(call_of(grant_digest_,
                  lease_script::grant_keys_and_words(node_ + "." + std::to_string(entry->number),
                                                     entry->count->name(), ask)),
          [this, entry, window = ask.window](const RedisReply& reply) {
              hear(*entry, window, reply);
          });
}

void LeaseBook::hear(Entry& entry, std::uint64_t window, const RedisReply& reply) {
    const auto answer = lease_script::read_grant(reply);
    if (!answer) {
        ++figures_.lost;
        entry.lease.lost();
        note_refusal(reply);
    } else if (answer->epoch != epoch_) {
        entry.lease.lost();
        entry.lease.restore();
    } else if (entry.lease.answered(*entry.count, window, *answer, watch_())) {
        ++figures_.refilled;
    }
    tell_first(entry);
}

void LeaseBook::away() {
    hurries_ = false;
    if (!heard()) return;
    const LeaseNow now = watch_();
    figures_.oldest_s = 0;
    for (const auto& entry : entries_) {
        const auto state = entry->count->look(now);
        if (!state) continue;
        if (state->need > 0) ++figures_.wanted;
        note_age(*entry, now);
        entry->lease.away(*entry->count, *state, terms_);
    }
}

void LeaseBook::leave() {
    if (!heard() || grant_digest_.empty()) return;
    const LeaseNow now = watch_();
    for (const auto& entry : entries_) {
        const auto state = entry->count->look(now);
        if (!state) continue;
        if (const auto last = entry->lease.leave(*entry->count, *state)) ask(entry, *last);
    }
    beat(now, true);
}

}  // namespace patchbay
