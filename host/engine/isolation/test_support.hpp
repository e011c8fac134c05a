// Helpers of this folder's tests: the processes that the test's own has started.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/types.h>
#include <vector>

namespace patchbay::test {

/// Processes whose parent is this one, whichever of its threads started them.
inline std::vector<pid_t> pids_of_children() {
    std::vector<pid_t> pids;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream file(thread.path() / "children");
        for (pid_t pid = 0; file >> pid;) pids.push_back(pid);
    }
    return pids;
}

inline std::size_t children() {
    return pids_of_children().size();
}

/// The first of them with this name; 0 if there is none.
inline pid_t the_child_named(const std::string& name) {
    for (const pid_t pid : pids_of_children()) {
        std::string found;
        std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/comm"), found);
        if (found == name) return pid;
    }
    return 0;
}

}  // namespace patchbay::test
