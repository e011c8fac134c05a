#include "engine/cache/response_cache.hpp"

#include <utility>

#include "engine/cache/forms.hpp"

namespace patchbay {

ResponseCache::ResponseCache(const CacheSettings& settings)
    : type_(settings.type),
      most_bytes_(settings.item_bytes),
      memory_({.bytes = settings.bytes, .one = settings.item_bytes}) {}

ResponseCache::~ResponseCache() = default;

std::shared_ptr<const CacheEntry> ResponseCache::find(const CacheKey& key, const CacheWish& wish) {
    auto entry = memory_.find(key, wish.now_ms);
    if (!entry) return nullptr;
    if (wish.max_age && wish.now_ms - entry->stored_ms > wish.max_age->count()) return nullptr;
    return in_form(key, wish.stream, std::move(entry));
}

std::shared_ptr<const CacheEntry> ResponseCache::in_form(const CacheKey& key, bool stream,
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
    if (memory_.takes(made->bytes())) memory_.put(key, made);
    return made;
}

std::shared_ptr<const CacheEntry> ResponseCache::put(const CacheKey& key, CacheEntry entry) {
    const auto before = memory_.find(key, entry.stored_ms);
    if (before && before->operation == entry.operation && before->deployment == entry.deployment) {
        if (entry.whole.empty()) entry.whole = before->whole;
        if (entry.events.empty()) entry.events = before->events;
        entry.expires_ms = std::min(entry.expires_ms, before->expires_ms);
    }
    auto kept = std::make_shared<const CacheEntry>(std::move(entry));
    memory_.put(key, kept);
    return kept;
}

bool ResponseCache::erase(const CacheKey& key) {
    return memory_.erase(key);
}

void ResponseCache::clear() {
    memory_.clear();
}

CacheFigures ResponseCache::figures() const {
    CacheFigures figures;
    figures.bytes = memory_.bytes();
    figures.entries = memory_.count();
    return figures;
}

}  // namespace patchbay
