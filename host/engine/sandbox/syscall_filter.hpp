// A filter of system calls (seccomp), rule by rule.
//
// Written as classic BPF by hand: libseccomp would be one more library in a process whose point is
// to hold little. Arguments are compared by their low 32 bits where they are descriptors, flags or
// process ids, all of which the kernel takes as ints.
#pragma once

#include <cstddef>
#include <cstdint>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <vector>

namespace patchbay::isolation {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "no system call filter for this architecture"
#endif

/// The rules are asked in their order, the first that speaks of a call decides; a call that none
/// speaks of ends the process with SIGSYS, and so does one of another architecture.
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
    /// Answered by the handler of SIGSYS.
    void trap(long number) {
        jump(BPF_JEQ, static_cast<std::uint32_t>(number), 0, 1);
        answer(SECCOMP_RET_TRAP);
    }
    /// mmap(): what is executable must come from a file and must not be writable.
    void allow_mmap() {
        jump(BPF_JEQ, SYS_mmap, 0, 8);
        load(low_half(2));
        jump(BPF_JSET, PROT_EXEC, 1, 0);
        answer(SECCOMP_RET_ALLOW);
        jump(BPF_JSET, PROT_WRITE, 3, 0);
        load(low_half(3));
        jump(BPF_JSET, MAP_ANONYMOUS, 1, 0);
        answer(SECCOMP_RET_ALLOW);
        load_number();
    }
    /// The call ends the process.
    void forbid(long number) {
        jump(BPF_JEQ, static_cast<std::uint32_t>(number), 0, 1);
        answer(SECCOMP_RET_KILL_PROCESS);
    }
    /// Ends the process unless the argument has this value.
    void forbid_unless_equal(long number, unsigned argument, std::uint32_t value) {
        jump(BPF_JEQ, static_cast<std::uint32_t>(number), 0, 4);
        load(low_half(argument));
        jump(BPF_JEQ, value, 1, 0);
        answer(SECCOMP_RET_KILL_PROCESS);
        load_number();
    }
    /// What no rule has spoken of is allowed (else it ends the process).
    void allow_the_rest() {
        jump(BPF_JGE, kOtherTables, 0, 1);
        answer(SECCOMP_RET_KILL_PROCESS);
        answer(SECCOMP_RET_ALLOW);
    }
    /// For this thread and those it starts; takes PR_SET_NO_NEW_PRIVS. False: see errno.
    bool install() {
        answer(SECCOMP_RET_KILL_PROCESS);
        const sock_fprog program{static_cast<unsigned short>(code_.size()), code_.data()};
        return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
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

    /// x32 has the numbers of x86-64 with this bit set.
    static constexpr std::uint32_t kOtherTables = 0x40000000;

    std::vector<sock_filter> code_;
};

}  // namespace patchbay::isolation
