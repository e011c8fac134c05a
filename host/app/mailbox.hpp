// What other threads want of the control thread.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace patchbay::app {

/// Jobs for the control thread, which waits for descriptor() to become readable and calls run().
class Mailbox {
  public:
    /// More jobs than this cannot wait.
    static constexpr std::size_t kMaxJobs = 64;
    /// Is told whether the process stops: then it only answers whoever waits for it.
    using Job = std::function<void(bool stopping)>;

    /// Throws std::system_error if there is no descriptor left.
    Mailbox();
    ~Mailbox();
    Mailbox(const Mailbox&) = delete;
    Mailbox& operator=(const Mailbox&) = delete;

    int descriptor() const { return event_; }
    /// Makes run() be called soon. Any thread; does not block.
    void wake();
    /// Any thread. False if too many wait or close() was called: the job is dropped then.
    bool post(Job job);
    /// Runs the jobs that wait, in order. [control]
    void run();
    /// No more jobs; those that wait are told that the process stops. [control]
    void close();

  private:
    std::deque<Job> take();

    int event_;
    std::mutex mutex_;
    std::deque<Job> jobs_;
    bool closed_ = false;
};

}  // namespace patchbay::app
