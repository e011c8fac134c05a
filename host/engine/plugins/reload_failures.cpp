#include "engine/plugins/reload_failures.hpp"

namespace patchbay {

void ReloadFailures::set(const std::string& name, const std::string& file,
                         const std::string& what) {
    const std::lock_guard lock(mutex_);
    if (failures_.size() >= kMaxNames && !failures_.contains(name)) return;
    Failure& failure = failures_[name];
    ++failure.count;
    failure.what = what;
    failure.time = std::chrono::system_clock::now();
    failure.file = file;
}

void ReloadFailures::clear(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto found = failures_.find(name);
    if (found != failures_.end()) found->second.what.reset();
}

std::map<std::string, ReloadFailures::Failure> ReloadFailures::all() const {
    const std::lock_guard lock(mutex_);
    return failures_;
}

}  // namespace patchbay
