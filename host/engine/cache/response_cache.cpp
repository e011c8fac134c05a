#include "engine/cache/response_cache.hpp"

#include <utility>

#include "engine/cache/forms.hpp"

namespace patchbay {

namespace asio = boost::asio;

namespace {

// Other gateways may delete what they share with this one: its memory does not hold it for longer.
constexpr std::int64_t kSharedMs = 5'000;

}  // namespace

ResponseCache::ResponseCache(const CacheSettings& settings, std::unique_ptr<CacheBehind> behind)
    : type_(settings.type),
      most_bytes_(settings.item_bytes),
      memory_({.bytes = settings.bytes, .one = settings.item_bytes}),
      behind_(std::move(behind)) {}

ResponseCache::~ResponseCache() = default;

std::shared_ptr<const CacheEntry> ResponseCache::find(const CacheKey& key, const CacheWish& wish) {
    const CacheAsk since = ask(key);
    return wanted(since, wish, memory_.find(key, wish.now_ms));
}

asio::awaitable<std::shared_ptr<const CacheEntry>> ResponseCache::find_behind(CacheKey key,
                                                                              CacheWish wish,
                                                                              Loop loop) {
    const CacheAsk since = ask(key);
    auto entry = co_await behind_->find(key, wish.now_ms, loop);
    if (!entry) co_return nullptr;
    co_return wanted(since, wish, remember(since, std::move(entry), wish.now_ms));
}

std::shared_ptr<const CacheEntry> ResponseCache::wanted(const CacheAsk& ask, const CacheWish& wish,
                                                        std::shared_ptr<const CacheEntry> entry) {
    if (!entry) return nullptr;
    if (wish.max_age && wish.now_ms - entry->stored_ms > wish.max_age->count()) return nullptr;
    return in_form(ask, wish.stream, std::move(entry));
}

// The entry as the memory has it.
std::shared_ptr<const CacheEntry> ResponseCache::remember(const CacheAsk& ask,
                                                          std::shared_ptr<const CacheEntry> entry,
                                                          std::int64_t now_ms) {
    if (type_ == CacheType::redis && entry->expires_ms > now_ms + kSharedMs) {
        auto shorter = std::make_shared<CacheEntry>(*entry);
        shorter->expires_ms = now_ms + kSharedMs;
        entry = std::move(shorter);
    }
    memory_.put(ask, entry);
    return entry;
}

std::shared_ptr<const CacheEntry> ResponseCache::in_form(const CacheAsk& ask, bool stream,
                                                         std::shared_ptr<const CacheEntry> entry) {
    if (stream ? !entry->events.empty() : !entry->whole.empty()) return entry;
    CacheEntry both = *entry;
    if (stream) {
        auto events = unfolded(*entry->operation, entry->whole);
        if (!events) return nullptr;
        both.events = std::move(*events);
    } else {
        auto whole = folded(*entry->operation, entry->events);
        if (!whole) return nullptr;
        both.whole = std::move(*whole);
    }
    auto made = std::make_shared<const CacheEntry>(std::move(both));
    // An answer that is too large in both forms stays in the one.
    if (memory_.takes(made->bytes())) memory_.put(ask, made);
    return made;
}

std::shared_ptr<const CacheEntry> ResponseCache::put(const CacheAsk& ask, CacheEntry entry,
                                                     const Loop& loop) {
    const auto before = memory_.find(ask.key(), entry.stored_ms);
    // Of what is shared the memory does not know when it expires.
    const bool known = before && type_ != CacheType::redis;
    if (known && before->operation == entry.operation && before->deployment == entry.deployment) {
        if (entry.whole.empty()) entry.whole = before->whole;
        if (entry.events.empty()) entry.events = before->events;
        entry.expires_ms = std::min(entry.expires_ms, before->expires_ms);
    }
    auto kept = std::make_shared<const CacheEntry>(std::move(entry));
    remember(ask, kept, kept->stored_ms);
    if (behind_) behind_->put(ask, kept, loop);
    return kept;
}

asio::awaitable<bool> ResponseCache::erase(CacheKey key, Loop loop) {
    const auto span = forgotten_.forget(key);
    memory_.erase(key);
    if (!behind_) co_return true;
    co_return co_await behind_->erase(key, loop);
}

asio::awaitable<bool> ResponseCache::clear(Loop loop) {
    const auto span = forgotten_.forget_all();
    memory_.clear();
    near_.clear();
    if (!behind_) co_return true;
    co_return co_await behind_->clear(loop);
}

asio::awaitable<std::optional<CacheBehind::ServerTexts>> ResponseCache::server_texts(Loop loop) {
    if (!behind_) co_return std::nullopt;
    co_return co_await behind_->server_texts(loop);
}

void ResponseCache::stop() {
    if (behind_) behind_->stop();
}

CacheFigures ResponseCache::figures() const {
    CacheFigures figures;
    figures.bytes = memory_.bytes();
    figures.entries = memory_.count();
    figures.faults = behind_ ? behind_->faults() : 0;
    return figures;
}

}  // namespace patchbay
