#include "progress.hpp"

#include <algorithm>
#include <atomic>
#include <new>
#include <sys/mman.h>

namespace patchbay::check {
namespace {

template <class T>
void note(T& to, T value) {
    std::atomic_ref(to).store(value, std::memory_order_relaxed);
}

template <std::size_t N>
void copy(char (&to)[N], std::string_view from) {
    const std::size_t size = std::min(from.size(), N - 1);
    for (std::size_t i = 0; i < size; ++i) note(to[i], from[i]);
    note(to[size], '\0');
}

}  // namespace

std::string Progress::text() const {
    std::string line = what;
    if (function[0]) line += (line.empty() ? "in " : ", in ") + std::string(function) + "()";
    if (function[0] && event) line += " of event " + std::to_string(event);
    return line;
}

Progress& progress() {
    static Progress* const shared = [] {
        void* memory = mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw std::bad_alloc();
        return new (memory) Progress;
    }();
    return *shared;
}

void doing(std::string_view what) {
    copy(progress().what, what);
}

Inside::Inside(const char* function, std::uint32_t event) {
    copy(progress().function, function);
    note(progress().event, event);
}

Inside::~Inside() {
    note(progress().function[0], '\0');
}

}  // namespace patchbay::check
