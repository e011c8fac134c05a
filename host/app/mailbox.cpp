#include "app/mailbox.hpp"

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace patchbay::app {

Mailbox::Mailbox() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Mailbox::~Mailbox() {
    ::close(event_);
}

void Mailbox::wake() {
    const std::uint64_t one = 1;
    // Fails only if the counter is full: then the thread is woken anyway.
    [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
}

bool Mailbox::post(Job job) {
    {
        const std::lock_guard lock(mutex_);
        if (closed_ || jobs_.size() >= kMaxJobs) return false;
        jobs_.push_back(std::move(job));
    }
    wake();
    return true;
}

std::deque<Mailbox::Job> Mailbox::take() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto read = ::read(event_, &count, sizeof count);
    const std::lock_guard lock(mutex_);
    return std::exchange(jobs_, {});
}

void Mailbox::run() {
    for (const Job& job : take()) job(false);
}

void Mailbox::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    for (const Job& job : take()) job(true);
}

}  // namespace patchbay::app
