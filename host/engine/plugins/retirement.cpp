#include "engine/plugins/retirement.hpp"

namespace patchbay {

void Retirement::take(std::shared_ptr<const void> object) {
    {
        const std::lock_guard lock(mutex_);
        // Destroyed on return, without the lock.
        if (closed_) return;
        arrived_.push_back(std::move(object));
    }
    wake_();
}

void Retirement::run() {
    for (;;) {
        std::vector<std::shared_ptr<const void>> going;
        {
            const std::lock_guard lock(mutex_);
            going.swap(arrived_);
        }
        if (going.empty()) return;
    }
}

bool Retirement::empty() const {
    const std::lock_guard lock(mutex_);
    return arrived_.empty();
}

void Retirement::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    run();
}

}  // namespace patchbay
