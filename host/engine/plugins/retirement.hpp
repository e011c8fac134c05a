// Where the last references to plugins, instances and snapshots go to be destroyed.
//
// The last call of an old generation ends on an event loop, and with it go the old snapshot, its
// instances and their plugins. Destroying those runs the plugins' destroy() and deinit(), which
// take their time and wait for the control lock: nothing that may happen on a loop. So whoever
// holds the last reference only puts the object here, and the control thread destroys it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace patchbay {

/// Thread-safe. Bounded by what was alive.
class Retirement {
  public:
    /// `wake` is called after each arrival, on the thread that let go; it must not block.
    explicit Retirement(std::function<void()> wake) : wake_(std::move(wake)) {}
    ~Retirement() { close(); }
    Retirement(const Retirement&) = delete;
    Retirement& operator=(const Retirement&) = delete;

    /// Leaves `object` to the control thread. After close() it is destroyed at once.
    void take(std::shared_ptr<const void> object);
    /// Destroys what has arrived, and what that brings. [control]
    void run();
    bool empty() const;
    /// From now on objects are destroyed where they are let go; what has arrived is destroyed here.
    void close();

  private:
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<const void>> arrived_;
    bool closed_ = false;
    std::function<void()> wake_;
};

/// Shares `object` in such a way that its end happens in `retirement` (null: wherever it is).
template <class T, class Deleter>
std::shared_ptr<T> share_with(const std::shared_ptr<Retirement>& retirement, T* object,
                              Deleter deleter) {
    if (!retirement) return std::shared_ptr<T>(object, std::move(deleter));
    return std::shared_ptr<T>(object, [retirement, deleter = std::move(deleter)](T* last) {
        retirement->take(std::shared_ptr<const void>(
            last, [deleter, last](const void*) mutable { deleter(last); }));
    });
}

}  // namespace patchbay
