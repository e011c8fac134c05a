#include "sandbox.hpp"

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "progress.hpp"

namespace patchbay::check {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#elif defined(__riscv)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_RISCV64;
#endif

// Memory, locks, random numbers for hash tables, and how a process ends, also by abort().
constexpr int kAllowed[] = {
    SYS_mmap,           SYS_munmap,    SYS_mremap,       SYS_mprotect,    SYS_brk,    SYS_madvise,
    SYS_futex,          SYS_getrandom, SYS_exit,         SYS_exit_group,  SYS_gettid, SYS_getpid,
    SYS_rt_sigprocmask, SYS_tgkill,    SYS_rt_sigreturn, SYS_sched_yield,
#if defined(__SANITIZE_ADDRESS__)
    SYS_sigaltstack,  // AddressSanitizer asks for the stack's bounds when something is thrown
#endif
};

constexpr std::pair<int, const char*> kNames[] = {
    {SYS_socket, "socket"},
    {SYS_connect, "connect"},
    {SYS_openat, "openat"},
    {SYS_read, "read"},
    {SYS_write, "write"},
    {SYS_close, "close"},
    {SYS_clone, "clone"},
    {SYS_clock_nanosleep, "clock_nanosleep"},
    {SYS_nanosleep, "nanosleep"},
    {SYS_execve, "execve"},
    {SYS_sendto, "sendto"},
    {SYS_recvfrom, "recvfrom"},
    {SYS_ioctl, "ioctl"},
    {SYS_fcntl, "fcntl"},
    {SYS_chdir, "chdir"},
    {SYS_umask, "umask"},
    {SYS_kill, "kill"},
    {SYS_getcwd, "getcwd"},
    {SYS_rt_sigaction, "rt_sigaction"},
    {SYS_writev, "writev"},
    {SYS_unlinkat, "unlinkat"},
    {SYS_bind, "bind"},
    {SYS_prctl, "prctl"},
    {SYS_clock_gettime, "clock_gettime"},
    {SYS_newfstatat, "fstatat"},
#ifdef SYS_clone3
    {SYS_clone3, "clone3"},
#endif
#ifdef SYS_open
    {SYS_open, "open"},
#endif
#ifdef SYS_fork
    {SYS_fork, "fork"},
    {SYS_vfork, "vfork"},
#endif
#ifdef SYS_poll
    {SYS_poll, "poll"},
    {SYS_select, "select"},
#endif
};

void on_refused(int, siginfo_t* info, void*) {
    progress().syscall = info->si_syscall;
    // Back to the default, so that the process ends as by the signal itself.
    syscall(SYS_exit_group, 128 + SIGSYS);
}

}  // namespace

bool enter_sandbox(int result) {
    struct sigaction action {};
    action.sa_sigaction = on_refused;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSYS, &action, nullptr);

    std::vector<sock_filter> code;
    const auto load = [&](std::size_t offset) {
        code.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
    };
    // Skips the next instruction unless the loaded word is `value`.
    const auto unless = [&](std::uint32_t value) {
        code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
    };
    const auto end = [&](std::uint32_t verdict) {
        code.push_back(BPF_STMT(BPF_RET | BPF_K, verdict));
    };
    load(offsetof(seccomp_data, arch));
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0));
    end(SECCOMP_RET_KILL_PROCESS);
    load(offsetof(seccomp_data, nr));
    for (const int number : kAllowed) {
        unless(static_cast<std::uint32_t>(number));
        end(SECCOMP_RET_ALLOW);
    }
    // rt_sigaction() of the signals from 32 on, which glibc keeps some of for itself and
    // pthread_create() sets up before anything else: that a thread is started should be what is
    // found.
    constexpr std::uint32_t kGlibcSignals = 32;
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigaction, 0, 4));
    load(offsetof(seccomp_data, args[0]));
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kGlibcSignals, 0, 1));
    end(SECCOMP_RET_ALLOW);
    end(SECCOMP_RET_TRAP);
    // write() to the one descriptor (the low half of the argument; the kernel reads an int).
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_write, 1, 0));
    end(SECCOMP_RET_TRAP);
    load(offsetof(seccomp_data, args[0]));
    unless(static_cast<std::uint32_t>(result));
    end(SECCOMP_RET_ALLOW);
    end(SECCOMP_RET_TRAP);

    const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

std::string syscall_name(int number) {
    const auto* found = std::find_if(std::begin(kNames), std::end(kNames),
                                     [&](const auto& one) { return one.first == number; });
    return found != std::end(kNames) ? found->second : "system call " + std::to_string(number);
}

}  // namespace patchbay::check
