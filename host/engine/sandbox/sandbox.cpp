// Tested by attempts_test.cpp, with a plugin that tries.
#include "engine/sandbox/sandbox.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <system_error>
#include <type_traits>
#include <ucontext.h>
#include <unistd.h>

#include "engine/sandbox/syscall_filter.hpp"

namespace patchbay::isolation {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kWhole = false;
#else
constexpr bool kWhole = true;
#endif

// Newer than some headers; the numbers are those of every architecture.
constexpr int kPidfdGetfd = 438;
constexpr int kProcessMadvise = 440;

std::string failed(const char* what) {
    return std::string(what) + ": " + std::generic_category().message(errno);
}

std::string limit(int what, rlim_t value, const char* name) {
    const rlimit both{value, value};
    return ::setrlimit(static_cast<__rlimit_resource>(what), &both) == 0 ? std::string()
                                                                         : failed(name);
}

/// The file that end_loading() has not closed the door to, behind "/proc/self/fd/"; else -1.
constexpr char kOpenFiles[] = "/proc/self/fd/";
bool loading = true;

int open_file_of(const char* name) {
    if (!loading || name == nullptr || std::strncmp(name, kOpenFiles, sizeof kOpenFiles - 1) != 0)
        return -1;
    int fd = -1;
    const char* const digits = name + sizeof kOpenFiles - 1;
    const auto [end, error] = std::from_chars(digits, digits + std::strlen(digits), fd);
    return error == std::errc() && *end == '\0' ? fd : -1;
}

[[noreturn]] void end_by_filter() {
    ::syscall(SYS_getppid);  // not on the list
    ::_exit(1);
}

/// In place of the two system calls of the dynamic linker that have a name as an argument. Runs in
/// the middle of dlopen(): it may only look at its arguments and make system calls.
void answer_linker(int, siginfo_t* info, void* context) {
    auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
    auto& result = registers.gregs[REG_RAX];
    const long arguments[] = {registers.gregs[REG_RDI], registers.gregs[REG_RSI],
                              registers.gregs[REG_RDX]};
#else
    auto& result = registers.regs[0];
    const long arguments[] = {static_cast<long>(registers.regs[0]),
                              static_cast<long>(registers.regs[1]),
                              static_cast<long>(registers.regs[2])};
#endif
    const auto* const name = reinterpret_cast<const char*>(arguments[1]);
    if (info->si_syscall == SYS_newfstatat && name != nullptr && *name == '\0') {
        const long done = ::syscall(SYS_fstat, arguments[0], arguments[2]);
        result = static_cast<std::remove_reference_t<decltype(result)>>(done == 0 ? 0 : -errno);
        return;
    }
    const int fd = info->si_syscall == SYS_openat ? open_file_of(name) : -1;
    if (fd < 0) end_by_filter();
    result = static_cast<std::remove_reference_t<decltype(result)>>(fd);
}

/// Root without its capabilities is a user like any other: not all that they allow is a system call
/// that the filter forbids (madvise(MADV_HWPOISON) is one that it does not).
std::string drop_capabilities() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
    return ::syscall(SYS_capset, &header, none) == 0 ? std::string() : failed("capset");
}

}  // namespace

std::string loadable_name(int fd) {
    return kOpenFiles + std::to_string(fd);
}

void end_loading() {
    loading = false;
}

bool sandbox_is_whole() {
    return kWhole;
}

std::string confine_process(int socket) {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("PR_SET_NO_NEW_PRIVS");
    if (::prctl(PR_SET_DUMPABLE, 0) != 0) return failed("PR_SET_DUMPABLE");
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
    if (!kWhole) return {};  // UndefinedBehaviorSanitizer looks at memory through a pipe
    // No descriptor and no process or thread may be added; the filter says the same, twice is
    // cheap.
    if (auto wrong = limit(RLIMIT_NOFILE, 0, "RLIMIT_NOFILE"); !wrong.empty()) return wrong;
    if (auto wrong = limit(RLIMIT_NPROC, 0, "RLIMIT_NPROC"); !wrong.empty()) return wrong;
    if (auto wrong = limit(RLIMIT_FSIZE, 0, "RLIMIT_FSIZE"); !wrong.empty()) return wrong;
    if (auto wrong = drop_capabilities(); !wrong.empty()) return wrong;
    struct sigaction handler {};
    handler.sa_sigaction = answer_linker;
    handler.sa_flags = SA_SIGINFO;
    if (::sigaction(SIGSYS, &handler, nullptr) != 0) return failed("sigaction");

    const auto fd = static_cast<std::uint32_t>(socket);
    const auto self = static_cast<std::uint32_t>(::getpid());
    Filter filter;
    for (const long call : {SYS_write, SYS_recvfrom, SYS_sendto, SYS_recvmsg, SYS_sendmsg}) {
        filter.allow_if_equal(call, 0, fd);
    }
    // The linker's; all that is open is the socket, /dev/null and files to be mapped.
    for (const long call : {SYS_read, SYS_pread64, SYS_lseek, SYS_fstat, SYS_close}) {
        filter.allow(call);
    }
    filter.trap(SYS_openat);
    filter.trap(SYS_newfstatat);
    filter.allow_mmap();
    filter.allow_without(SYS_mprotect, 2, PROT_EXEC);
    for (const long call :
         {SYS_futex, SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise, SYS_clock_gettime,
          SYS_gettimeofday, SYS_getrandom, SYS_rt_sigreturn, SYS_rt_sigprocmask, SYS_rt_sigaction,
          SYS_getpid, SYS_gettid, SYS_sched_yield, SYS_restart_syscall, SYS_exit, SYS_exit_group}) {
        filter.allow(call);
    }
    // abort() and raise(): signals to this process alone.
    filter.allow_if_equal(SYS_tgkill, 0, self);
    if (!filter.install()) return failed("seccomp");
    return {};
}

std::string forbid_reaching_others() {
    if (!kWhole) return {};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("PR_SET_NO_NEW_PRIVS");
    const auto self = static_cast<std::uint32_t>(::getpid());
    Filter filter;
    for (const long call :
         {SYS_kill, SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo}) {
        filter.forbid_unless_equal(call, 0, self);
    }
    filter.forbid_unless_equal(SYS_prlimit64, 0, 0);
    for (const int call : {SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev,
                           SYS_pidfd_send_signal, kPidfdGetfd, kProcessMadvise}) {
        filter.forbid(call);
    }
    filter.allow_the_rest();
    return filter.install() ? std::string() : failed("seccomp");
}

}  // namespace patchbay::isolation
