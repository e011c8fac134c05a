#include "app/plugin_watcher.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/inotify.h>
#include <system_error>
#include <unistd.h>

namespace patchbay::app {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t kGone = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED;
constexpr std::uint32_t kEvents = IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO |
                                  IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF |
                                  IN_MOVE_SELF | IN_ONLYDIR;

/// Plugins, and the data files that lie beside them.
bool matters(std::string_view name) {
    return !name.starts_with('.') && (name.ends_with(".so") || name.ends_with(".json"));
}

}  // namespace

PluginWatcher::~PluginWatcher() {
    close();
}

void PluginWatcher::close() {
    if (inotify_ >= 0) ::close(inotify_);
    inotify_ = -1;
    watches_.clear();
    missing_.clear();
    open_.clear();
    first_.reset();
}

std::string PluginWatcher::watch(const std::vector<fs::path>& directories) {
    std::set<fs::path> watched = missing_;
    for (const auto& [number, directory] : watches_) watched.insert(directory);
    const std::set<fs::path> wanted(directories.begin(), directories.end());
    if (wanted == watched) return {};
    close();
    if (wanted.empty()) return {};
    inotify_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (inotify_ < 0) {
        return "plugin directories cannot be watched: " + std::generic_category().message(errno);
    }
    for (const fs::path& directory : wanted) {
        if (!add(directory)) missing_.insert(directory);
    }
    look_again_ = Clock::now() + kMissing;
    return {};
}

bool PluginWatcher::add(const fs::path& directory) {
    const int number = ::inotify_add_watch(inotify_, directory.c_str(), kEvents);
    if (number >= 0) watches_[number] = directory;
    return number >= 0;
}

void PluginWatcher::changed(Clock::time_point now) {
    if (!first_) first_ = now;
    last_ = now;
}

void PluginWatcher::read(Clock::time_point now) {
    alignas(inotify_event) char buffer[16384];
    for (;;) {
        const ssize_t size = ::read(inotify_, buffer, sizeof buffer);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return;
        for (const char* at = buffer; at < buffer + size;) {
            inotify_event event;
            std::memcpy(&event, at, sizeof event);
            const char* name = at + sizeof event;
            took(event.wd, event.mask, {name, ::strnlen(name, event.len)}, now);
            at += sizeof event + event.len;
        }
    }
}

void PluginWatcher::took(int watch, std::uint32_t mask, std::string_view name,
                         Clock::time_point now) {
    if ((mask & IN_Q_OVERFLOW) != 0) {
        open_.clear();
        return changed(now);
    }
    const auto found = watches_.find(watch);
    if (found == watches_.end()) return;
    if ((mask & kGone) != 0) {
        // What has its name now is another directory, if it is there at all.
        ::inotify_rm_watch(inotify_, watch);
        missing_.insert(found->second);
        watches_.erase(found);
        std::erase_if(open_, [&](const Name& file) { return file.first == watch; });
        look_again_ = now;
        return changed(now);
    }
    if (!matters(name)) return;
    if ((mask & IN_MODIFY) != 0) {
        open_.emplace(watch, name);
    } else if ((mask & (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)) != 0) {
        open_.erase({watch, std::string(name)});
    }
    changed(now);
}

std::optional<PluginWatcher::Clock::time_point> PluginWatcher::due() const {
    std::optional<Clock::time_point> next;
    if (!missing_.empty()) next = look_again_;
    if (first_) {
        const auto rested = open_.empty() ? last_ + kRest : *first_ + kMaxWait;
        next = next ? std::min(*next, rested) : rested;
    }
    return next;
}

bool PluginWatcher::settled(Clock::time_point now) {
    if (!missing_.empty() && now >= look_again_) {
        const std::size_t before = missing_.size();
        std::erase_if(missing_, [this](const fs::path& directory) { return add(directory); });
        if (missing_.size() != before) changed(now);
        look_again_ = now + kMissing;
    }
    if (!first_) return false;
    const bool rested = open_.empty() && now - last_ >= kRest;
    if (!rested && now - *first_ < kMaxWait) return false;
    first_.reset();
    return true;
}

}  // namespace patchbay::app
