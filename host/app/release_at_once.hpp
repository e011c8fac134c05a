// What reading a configuration and plugin files takes for a moment, given back.
#pragma once

namespace patchbay::app {

/// While one lives, memory that is freed goes back to the system at once. mimalloc does so after
/// 25 ms, when the thread next frees something: right for workers, but a thread that then waits for
/// signals keeps 8 MB for ever. Not to be nested. [control; other threads may run]
class ReleaseAtOnce {
  public:
    ReleaseAtOnce();
    ~ReleaseAtOnce();
    ReleaseAtOnce(const ReleaseAtOnce&) = delete;
    ReleaseAtOnce& operator=(const ReleaseAtOnce&) = delete;

  private:
    long usual_ = 0;
};

}  // namespace patchbay::app
