// The filter is a list of allowed calls, written as classic BPF by hand: libseccomp would be one
// more library in a process whose point is to hold little. Arguments are compared by their low 32
// bits where they are descriptors, flags or process ids, all of which the kernel takes as ints.
// Tested by isolated_test.cpp, with plugins that try.
#include "engine/isolation/sandbox.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace patchbay::isolation {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kWhole = false;
#else
constexpr bool kWhole = true;
#endif

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "no system call filter for this architecture"
#endif

std::string failed(const char* what) {
    return std::string(what) + ": " + std::generic_category().message(errno);
}

class Filter {
  public:
    Filter() {
        load(offsetof(seccomp_data, arch));
        jump(BPF_JEQ, kArchitecture, 1, 0);
        answer(SECCOMP_RET_KILL_PROCESS);
        load_number();
    }
    /// The call is allowed whatever its arguments.
    void allow(long number) {
        jump(BPF_JEQ, static_cast<std::uint32_t>(number), 0, 1);
        answer(SECCOMP_RET_ALLOW);
    }
    /// Allowed if the argument has this value.
    void allow_if_equal(long number, unsigned argument, std::uint32_t value) {
        jump(BPF_JEQ, static_cast<std::uint32_t>(number), 0, 4);
        load(low_half(argument));
        jump(BPF_JEQ, value, 0, 1);
        answer(SECCOMP_RET_ALLOW);
        load_number();
    }
    /// Allowed if none of the bits is set in the argument.
    void allow_without(long number, unsigned argument, std::uint32_t bits) {
        jump(BPF_JEQ, static_cast<std::uint32_t>(number), 0, 4);
        load(low_half(argument));
        jump(BPF_JSET, bits, 1, 0);
        answer(SECCOMP_RET_ALLOW);
        load_number();
    }
    std::vector<sock_filter>& finish() {
        answer(SECCOMP_RET_KILL_PROCESS);
        return code_;
    }

  private:
    static std::uint32_t low_half(unsigned argument) {
        return static_cast<std::uint32_t>(offsetof(seccomp_data, args) + 8 * argument);
    }
    void load_number() { load(offsetof(seccomp_data, nr)); }
    void load(std::size_t offset) {
        code_.push_back({BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<std::uint32_t>(offset)});
    }
    void jump(unsigned short how, std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
        code_.push_back({static_cast<std::uint16_t>(BPF_JMP | how | BPF_K), yes, no, value});
    }
    void answer(std::uint32_t what) { code_.push_back({BPF_RET | BPF_K, 0, 0, what}); }

    std::vector<sock_filter> code_;
};

std::string limit(int what, rlim_t value, const char* name) {
    const rlimit both{value, value};
    return ::setrlimit(static_cast<__rlimit_resource>(what), &both) == 0 ? std::string()
                                                                         : failed(name);
}

}  // namespace

bool sandbox_is_whole() {
    return kWhole;
}

std::string confine_process(int socket) {
    // If the gateway is gone already, the end of the socket says so.
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return failed("PR_SET_PDEATHSIG");
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("PR_SET_NO_NEW_PRIVS");
    const auto first = static_cast<unsigned>(socket);
    if (first > 3 && ::close_range(3, first - 1, 0) != 0) return failed("close_range");
    if (::close_range(first + 1, ~0u, 0) != 0) return failed("close_range");
    if (auto wrong = limit(RLIMIT_CORE, 0, "RLIMIT_CORE"); !wrong.empty()) return wrong;
    if (kWhole) {
        if (auto wrong = limit(RLIMIT_AS, kMaxMemory, "RLIMIT_AS"); !wrong.empty()) return wrong;
    }
    return {};
}

std::string forbid_system_calls(int socket) {
    if (::prctl(PR_SET_DUMPABLE, 0) != 0) return failed("PR_SET_DUMPABLE");
    if (!kWhole) return {};  // UndefinedBehaviorSanitizer looks at memory through a pipe
    // No descriptor and no process or thread may be added; the filter says the same, twice is
    // cheap.
    if (auto wrong = limit(RLIMIT_NOFILE, 0, "RLIMIT_NOFILE"); !wrong.empty()) return wrong;
    if (auto wrong = limit(RLIMIT_NPROC, 0, "RLIMIT_NPROC"); !wrong.empty()) return wrong;

    const auto fd = static_cast<std::uint32_t>(socket);
    const auto self = static_cast<std::uint32_t>(::getpid());
    Filter filter;
    for (const long call :
         {SYS_read, SYS_write, SYS_recvfrom, SYS_sendto, SYS_recvmsg, SYS_sendmsg}) {
        filter.allow_if_equal(call, 0, fd);
    }
    filter.allow_without(SYS_mmap, 2, PROT_EXEC);
    filter.allow_without(SYS_mprotect, 2, PROT_EXEC);
    for (const long call :
         {SYS_futex, SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise, SYS_clock_gettime,
          SYS_gettimeofday, SYS_getrandom, SYS_rt_sigreturn, SYS_rt_sigprocmask, SYS_rt_sigaction,
          SYS_getpid, SYS_gettid, SYS_sched_yield, SYS_restart_syscall, SYS_exit, SYS_exit_group}) {
        filter.allow(call);
    }
    // abort() and raise(): signals to this process alone.
    filter.allow_if_equal(SYS_tgkill, 0, self);
    auto& code = filter.finish();
    const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) return failed("seccomp");
    return {};
}

}  // namespace patchbay::isolation
