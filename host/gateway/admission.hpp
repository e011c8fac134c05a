// How much the gateway takes on at once; over the bound clients get a clear refusal instead of a
// queue.
#pragma once

#include <atomic>
#include <cstdint>

namespace patchbay::gateway {

/// Shared by all workers; every function from any thread.
class Admission {
  public:
    struct Bounds {
        std::int64_t connections = 50'000;
        std::int64_t in_flight = 20'000;
    };

    explicit Admission(Bounds bounds) : bounds_(bounds) {}

    bool enter_connection() { return enter(connections_, bounds_.connections); }
    void leave_connection() { connections_.fetch_sub(1, std::memory_order_relaxed); }
    bool enter_request() { return enter(in_flight_, bounds_.in_flight); }
    void leave_request() { in_flight_.fetch_sub(1, std::memory_order_acq_rel); }

    /// A client has begun to send a request; it is under way until its answer is out.
    void begin_request() { under_way_.fetch_add(1, std::memory_order_relaxed); }
    void end_request() { under_way_.fetch_sub(1, std::memory_order_relaxed); }
    std::int64_t under_way() const { return under_way_.load(std::memory_order_relaxed); }

    std::int64_t connections() const { return connections_.load(std::memory_order_relaxed); }
    std::int64_t in_flight() const { return in_flight_.load(std::memory_order_acquire); }

    void start_draining() { draining_.store(true, std::memory_order_relaxed); }
    bool draining() const { return draining_.load(std::memory_order_relaxed); }

  private:
    static bool enter(std::atomic<std::int64_t>& count, std::int64_t bound) {
        if (count.fetch_add(1, std::memory_order_acq_rel) < bound) return true;
        count.fetch_sub(1, std::memory_order_acq_rel);
        return false;
    }

    Bounds bounds_;
    alignas(64) std::atomic<std::int64_t> connections_{0};
    alignas(64) std::atomic<std::int64_t> in_flight_{0};
    alignas(64) std::atomic<std::int64_t> under_way_{0};
    std::atomic<bool> draining_{false};
};

/// One request's place; given back on destruction.
class RequestPlace {
  public:
    explicit RequestPlace(Admission& admission)
        : admission_(admission), entered_(admission.enter_request()) {}
    ~RequestPlace() {
        if (entered_) admission_.leave_request();
    }
    RequestPlace(const RequestPlace&) = delete;
    RequestPlace& operator=(const RequestPlace&) = delete;
    explicit operator bool() const { return entered_; }

  private:
    Admission& admission_;
    bool entered_;
};

}  // namespace patchbay::gateway
