// Where the processes of isolated plugins come from: one process of patchbay-plugin-host that is
// started and linked once and forks, because a plugin that crashes must be back for little
// processor time: it is the other plugins' time. It runs no code of a plugin.
#pragma once

#include <cstddef>
#include <filesystem>
#include <mutex>
#include <string>
#include <sys/types.h>

#include <boost/system/result.hpp>

#include "engine/isolation/child_process.hpp"

namespace patchbay::isolation {

/// The gateway's side; the program's is fork_loop.cpp. Thread-safe.
class ForkServer {
  public:
    /// `program` is patchbay-plugin-host. It is started when it is first needed, and again should
    /// it have ended.
    explicit ForkServer(std::filesystem::path program) : program_(std::move(program)) {}
    /// The processes it made live on.
    ~ForkServer();
    ForkServer(const ForkServer&) = delete;
    ForkServer& operator=(const ForkServer&) = delete;

    /// A process for the plugin file `file` of that hash: a child of this process, in a process
    /// group of its own, with an empty environment, default signal handling and no descriptors but
    /// its socket. On failure the text says why. Blocks until it is there, for 10 s at most.
    /// [any thread; the child dies with the thread that was the first to call it]
    boost::system::result<ChildProcess, std::string> start(const std::filesystem::path& file,
                                                           const std::string& sha256);

    const std::filesystem::path& program() const { return program_; }

  private:
    /// 0 or an errno value.
    int launch();
    void end();
    /// The process that has `socket`, or a negative errno value; 0: the server is gone.
    pid_t ask(const std::string& order, int socket);

    const std::filesystem::path program_;
    std::mutex mutex_;
    pid_t pid_ = -1;
    int socket_ = -1;
};

/// One message to the server: "LEVEL SHA256 FILE", with the child's end of its socket as the only
/// descriptor. LEVEL is spdlog's number of the least level that is logged. The answer is one
/// pid_t: the child, or a negative errno value.
inline constexpr std::size_t kMaxOrder = 8192;

}  // namespace patchbay::isolation
