#include "this_process.hpp"

#include <atomic>
#include <new>
#include <pthread.h>

namespace patchbay::client {

namespace {

std::atomic<std::uint32_t> forks{0};

void in_the_child() {
    forks.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

void watch_forks() {
    static const int failed = pthread_atfork(nullptr, nullptr, in_the_child);
    if (failed != 0) throw std::bad_alloc();
}

std::uint32_t this_process() {
    return forks.load(std::memory_order_relaxed);
}

}  // namespace patchbay::client
