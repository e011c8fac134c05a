// Tests on the bytes of the file; nothing of it runs.
#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>

#include "contract/manifest/schema.hpp"
#include "elf_image.hpp"
#include "patchbay/entry.h"
#include "spdx.hpp"
#include "test.hpp"

namespace patchbay::check {
namespace {

std::string list_of(const std::vector<std::string>& names) {
    constexpr std::size_t kMost = 8;
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i) {
        text += (i ? ", " : "") + names[i];
    }
    if (names.size() > kMost) text += " and " + std::to_string(names.size() - kMost) + " more";
    return text;
}

void only_entry_exported(const Subject& subject, Findings& findings) {
    std::vector<std::string> others = read_elf_image(subject.bytes).exported;
    const auto entry = std::find(others.begin(), others.end(), BAY_ENTRY_SYMBOL);
    if (entry == others.end()) {
        findings.broken("there is no " BAY_ENTRY_SYMBOL
                        ": built for another ABI major, or not a plugin");
    } else {
        others.erase(entry);
        if (!others.empty()) findings.problem("also exported: " + list_of(others));
    }
}

void no_gnu_unique(const Subject& subject, Findings& findings) {
    const ElfImage image = read_elf_image(subject.bytes);
    if (!image.unique.empty()) {
        findings.problem("STB_GNU_UNIQUE: " + list_of(image.unique));
    }
}

void no_textrel_execstack(const Subject& subject, Findings& findings) {
    const ElfImage image = read_elf_image(subject.bytes);
    if (image.text_relocations) findings.problem("the code has relocations (built without -fPIC)");
    if (image.executable_stack) {
        findings.problem("asks for an executable stack (assembly without .note.GNU-stack?)");
    }
}

// The C names of what a plugin may never do. The host does it; exit() and abort() are not here,
// because language runtimes call them when they cannot go on.
constexpr std::string_view kNever[] = {
    // the network
    "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "send", "sendto",
    "sendmsg", "recv", "recvfrom", "recvmsg", "getaddrinfo", "gethostbyname", "res_query",
    "res_search",
    // threads and processes
    "pthread_create", "thrd_create",
    "_ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE", "fork",
    "vfork", "clone", "_Fork", "posix_spawn", "posix_spawnp", "system", "popen", "execl", "execle",
    "execlp", "execv", "execve", "execveat", "execvp", "execvpe", "fexecve", "kill", "ptrace",
    // code from elsewhere
    "dlopen", "dlmopen",
    // what belongs to the whole process
    "sigaction", "signal", "sigaltstack", "sigprocmask", "pthread_sigmask", "pthread_atfork",
    "setlocale", "setenv", "unsetenv", "putenv", "clearenv", "chdir", "fchdir", "umask",
    "setrlimit", "setrlimit64", "alarm", "setitimer", "setuid", "setgid",
    // waiting
    "sleep", "usleep", "nanosleep", "clock_nanosleep", "pause", "select", "pselect", "epoll_wait",
    "epoll_pwait", "sigwait", "thrd_sleep"};

// Files. Runtimes that are linked in (a static libstdc++, Rust's) bring these along unused, so they
// are only worth a look; no-io-seccomp sees the use.
constexpr std::string_view kFiles[] = {
    "open",    "open64",  "openat",    "openat64", "creat",    "fopen",
    "fopen64", "freopen", "opendir",   "unlink",   "rename",   "mkdir",
    "tmpfile", "mkstemp", "mkstemp64", "syscall",  "shm_open", "inotify_init"};

void import_denylist(const Subject& subject, Findings& findings) {
    std::vector<std::string> never, files;
    for (const std::string& name : read_elf_image(subject.bytes).imported) {
        const auto is = [&](std::string_view one) { return one == name; };
        if (std::any_of(std::begin(kNever), std::end(kNever), is)) never.push_back(name);
        if (std::any_of(std::begin(kFiles), std::end(kFiles), is)) files.push_back(name);
    }
    if (!never.empty()) findings.problem("imports " + list_of(never));
    if (!files.empty()) findings.warning("imports " + list_of(files));
}

// "GLIBC_2.34" -> {2, 34, 0}
std::vector<int> numbers_of(std::string_view version) {
    std::vector<int> numbers;
    for (std::size_t at = version.find('_'); at < version.size();) {
        int number = 0;
        const auto [end, error] =
            std::from_chars(version.data() + at + 1, version.data() + version.size(), number);
        if (error != std::errc()) break;
        numbers.push_back(number);
        at = static_cast<std::size_t>(end - version.data());
    }
    return numbers;
}

void floors(const Subject& subject, Findings& findings) {
    const ElfImage image = read_elf_image(subject.bytes);
    std::map<std::string, std::string> highest;
    for (const std::string& version : image.versions) {
        std::string& best = highest[version.substr(0, version.find('_'))];
        if (best.empty() || numbers_of(best) < numbers_of(version)) best = version;
    }
    std::string line;
    for (const char* family : {"GLIBC", "GLIBCXX", "CXXABI", "GCC"}) {
        if (highest.contains(family)) line += (line.empty() ? "" : ", ") + highest[family];
    }
    findings.note("needs " + (line.empty() ? std::string("no versioned symbol") : line) +
                  "; libraries: " + list_of(image.needed));
}

void manifest_valid(const Subject& subject, Findings& findings) {
    if (!subject.manifest) findings.broken(subject.manifest_problem);
}

void schema_compiles(const Subject& subject, Findings& findings) {
    for (const ManifestComponent& component : subject.manifest->components) {
        const std::string problem = check_schema(component.config_schema);
        if (!problem.empty()) findings.broken(component.id + ": " + problem);
    }
}

void license_spdx(const Subject& subject, Findings& findings) {
    const std::string problem = spdx_problem(subject.manifest->license);
    if (!problem.empty()) findings.problem("\"" + subject.manifest->license + "\": " + problem);
}

constexpr Test kTests[] = {
    {"elf-entry-only-export", Severity::error, nullptr,
     "Other exported names meet those of other plugins in one process: build with "
     "patchbay_add_plugin(), or hide symbols and link with the SDK's plugin.map.",
     only_entry_exported},
    {"elf-no-gnu-unique", Severity::error, nullptr,
     "Two versions of the file would share such an object, so it could not be replaced while "
     "running: compile with -fno-gnu-unique or hidden visibility.",
     no_gnu_unique},
    {"elf-no-textrel-execstack", Severity::error, nullptr,
     "Hardened hosts refuse writable code and executable stacks: compile everything with -fPIC and "
     "mark assembly files.",
     no_textrel_execstack},
    {"elf-import-denylist", Severity::error, nullptr,
     "A plugin does no I/O, starts nothing and changes nothing of the process: ask the host with "
     "an action instead.",
     import_denylist},
    {"elf-floors", Severity::info, nullptr,
     "The file loads only where the C and C++ libraries are at least this new: build in the oldest "
     "image you support.",
     floors},
    {"manifest-valid", Severity::error, nullptr,
     "The gateway reads the manifest before it loads the file and refuses it otherwise: correct "
     "manifest.json, or build for the ABI that is asked for.",
     manifest_valid},
    {"manifest-schema-compiles", Severity::error, "manifest-valid",
     "Settings are checked against config_schema, which must be JSON Schema draft 7: correct it.",
     schema_compiles},
    {"license-spdx", Severity::warning, "manifest-valid",
     "Tools that list licenses read SPDX expressions: use an id of spdx.org/licenses or "
     "LicenseRef-NAME.",
     license_spdx},
};

}  // namespace

std::span<const Test> static_tests() {
    return kTests;
}

}  // namespace patchbay::check
