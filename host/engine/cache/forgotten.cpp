#include "engine/cache/forgotten.hpp"

namespace patchbay {

Forgotten::Span::Span(std::span<std::atomic<std::uint64_t>> parts) : parts_(parts) {
    for (auto& part : parts_) {
        part.fetch_add(CacheAsk::kUnderWay + 2, std::memory_order_acq_rel);
    }
}

Forgotten::Span::~Span() {
    for (auto& part : parts_) part.fetch_sub(1, std::memory_order_acq_rel);
}

}  // namespace patchbay
