// A mapping is one per process: dlopen() of a file that is mapped gives the same code and the same
// statics again, and init() may run only once for it. Two generations that use the same file must
// therefore share one Plugin. `LoadedPlugins` keeps track of them by the name of the private copy,
// which holds the hash of the content.
//
// A Plugin whose last reference goes away is deinitialised under the control lock, by whoever runs
// the retirement. Between the loss of the last reference and the end of deinit() the entry is still
// listed but cannot be locked; a loader that meets it helps the retirement on, or waits. Tested by
// plugin_set_test.cpp.
#include "engine/plugins/plugin.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>
#include <tuple>

#include "engine/plugins/control_lock.hpp"
#include "engine/plugins/crash_report.hpp"

namespace patchbay {

namespace {

using boost::system::in_place_error;
using boost::system::in_place_value;

constexpr std::uint32_t kMaxComponents = 4096;
constexpr std::string_view kKnownKinds[] = {BAY_KIND_PROVIDER, BAY_KIND_GUARDRAIL, BAY_KIND_LOGGER};

struct LoadedPlugins {
    std::mutex mutex;
    std::condition_variable removed;
    std::map<std::filesystem::path, std::weak_ptr<const Plugin>> by_copy;
    /// Locks on the copies that were mapped: they stay mapped, so they stay locked.
    std::map<std::filesystem::path, std::shared_ptr<const LockedFile>> locks;
    std::map<std::string, std::uint64_t> generations;
    /// Plugin id -> hash of the file with STB_GNU_UNIQUE symbols that was mapped for it; see
    /// ElfFacts.
    std::map<std::string, std::string> pinned;
};

LoadedPlugins& loaded_plugins() {
    static auto& plugins = *new LoadedPlugins;  // outlives every static object that holds a plugin
    return plugins;
}

/// The plugin if it is loaded; otherwise makes its entry, so that nobody else loads it meanwhile.
std::shared_ptr<const Plugin> find_or_reserve(const std::filesystem::path& copy,
                                              const std::shared_ptr<Retirement>& retirement) {
    auto& loaded = loaded_plugins();
    std::unique_lock lock(loaded.mutex);
    while (true) {
        const auto found = loaded.by_copy.find(copy);
        if (found == loaded.by_copy.end()) break;
        if (auto plugin = found->second.lock()) return plugin;
        if (retirement && !retirement->empty()) {
            lock.unlock();
            retirement->run();
            lock.lock();
        } else {
            loaded.removed.wait(lock);
        }
    }
    loaded.by_copy[copy];
    return nullptr;
}

/// Remembers a file whose statics are one per process. False if another version of the plugin has
/// claimed them: the two would share them, and each would see the other's values.
bool claim_statics(const PluginFile& file) {
    if (!file.gnu_unique) return true;
    auto& loaded = loaded_plugins();
    const std::lock_guard lock(loaded.mutex);
    return loaded.pinned.emplace(file.manifest.id, file.sha256).first->second == file.sha256;
}

void forget(const std::filesystem::path& copy) {
    auto& loaded = loaded_plugins();
    const std::lock_guard lock(loaded.mutex);
    loaded.by_copy.erase(copy);
    loaded.removed.notify_all();
}

/// In place of the reservation.
void list(const std::filesystem::path& copy, const std::shared_ptr<const Plugin>& plugin) {
    auto& loaded = loaded_plugins();
    const std::lock_guard lock(loaded.mutex);
    loaded.generations[plugin->manifest().id] = plugin->generation();
    loaded.by_copy[copy] = plugin;
    loaded.removed.notify_all();
}

std::uint64_t next_generation(const std::string& id) {
    auto& loaded = loaded_plugins();
    const std::lock_guard lock(loaded.mutex);
    return loaded.generations[id] + 1;
}

/// Keeps the lock of a file that is mapped from now on.
void keep_lock(const PluginFile& file) {
    auto& loaded = loaded_plugins();
    const std::lock_guard lock(loaded.mutex);
    loaded.locks[file.copy] = file.lock;
}

std::string_view trimmed_of_nul(bay_str text) {
    const std::string_view view(text.ptr == nullptr ? "" : text.ptr,
                                text.ptr == nullptr ? 0 : text.len);
    return view.substr(0, view.find_last_not_of('\0') + 1);
}

CallNote note_of(const PluginFile& file, const char* what) {
    return {file.manifest.id.c_str(), "", file.sha256.c_str(), what, 0};
}

bool complete(const bay_kind& kind) {
    return BAY_HAS(kind.size, bay_kind, close) && kind.component != nullptr &&
           kind.create != nullptr && kind.destroy != nullptr && kind.open != nullptr &&
           kind.feed != nullptr && kind.close != nullptr;
}

std::string check_entry(const bay_entry& entry, const Manifest& manifest) {
    if (entry.min_host_minor > BAY_ABI_MINOR) {
        return "needs a host with plugin ABI 0." + std::to_string(entry.min_host_minor) +
               ", this host speaks 0." + std::to_string(BAY_ABI_MINOR);
    }
    if (entry.init == nullptr || entry.deinit == nullptr || entry.get_kind == nullptr) {
        return "its entry table lacks init, deinit or get_kind";
    }
    if (trimmed_of_nul(entry.manifest) != manifest.text) {
        return "the manifest in its entry table differs from the one in section .bay_manifest";
    }
    if (entry.get_kind("bay.no-such-kind/1") != nullptr) {
        return "get_kind() answers for a kind that does not exist";
    }
    return {};
}

}  // namespace

Plugin::Plugin(const PluginFile& file, std::uint64_t generation)
    : file_(file), generation_(generation), services_(file.manifest.id) {
    file_.bytes = {};
    for (const auto& component : file_.manifest.components) {
        auto stats = std::make_shared<ComponentStats>();
        stats->plugin = file_.manifest.id;
        stats->component = component.id;
        stats->kind = component.kind;
        stats->generation = generation_;
        stats->sha256 = file_.sha256;
        stats_.push_back(std::move(stats));
    }
}

std::string Plugin::map() const {
    std::string wrong;
    try {
        const CallScope scope(note_of(file_, "load"));
        if (!claim_statics(file_)) {
            return "cannot replace the version that was loaded before, because it defines "
                   "STB_GNU_UNIQUE symbols (build it with -fno-gnu-unique, or restart)";
        }
        auto library = Library::open(file_.copy);
        if (!library) return library.error();
        keep_lock(file_);
        library_.emplace(std::move(*library));
        wrong = check();
    } catch (const std::exception& error) {
        wrong = error.what();
    }
    if (!wrong.empty()) {
        library_.reset();
        kinds_.clear();
    }
    return wrong;
}

std::string Plugin::prepare() const {
    const std::lock_guard control(plugin_control_mutex());
    return library_ || home_ ? std::string() : map();
}

std::shared_ptr<const Plugin> Plugin::share(std::unique_ptr<Plugin> plugin,
                                            const std::filesystem::path& copy,
                                            const std::shared_ptr<Retirement>& retirement) {
    const auto end = [copy](Plugin* last) {
        {
            const std::lock_guard lock(plugin_control_mutex());
            const CallScope scope(
                {last->file_.manifest.id.c_str(), "", last->file_.sha256.c_str(), "deinit", 0});
            if (last->library_) last->library_->entry().deinit();
            delete last;
        }
        forget(copy);
    };
    const auto retire = [end, retirement](Plugin* last) {
        retirement->take(
            std::shared_ptr<const void>(last, [end, last](const void*) { end(last); }));
        const std::lock_guard lock(loaded_plugins().mutex);
        loaded_plugins().removed.notify_all();
    };
    const std::shared_ptr<const Plugin> shared =
        retirement ? std::shared_ptr<const Plugin>(plugin.release(), retire)
                   : std::shared_ptr<const Plugin>(plugin.release(), end);
    list(copy, shared);
    return shared;
}

boost::system::result<std::shared_ptr<const Plugin>, std::string> Plugin::load(
    const PluginFile& file, const std::shared_ptr<Retirement>& retirement) {
    if (auto plugin = find_or_reserve(file.copy, retirement)) {
        if (auto wrong = plugin->prepare(); !wrong.empty())
            return {in_place_error, std::move(wrong)};
        return {in_place_value, std::move(plugin)};
    }
    std::unique_ptr<Plugin> plugin(new Plugin(file, next_generation(file.manifest.id)));
    std::unique_lock control(plugin_control_mutex());
    if (auto wrong = plugin->map(); !wrong.empty()) {
        plugin.reset();
        control.unlock();
        forget(file.copy);
        return {in_place_error, std::move(wrong)};
    }
    control.unlock();
    return {in_place_value, share(std::move(plugin), file.copy, retirement)};
}

std::shared_ptr<const Plugin> Plugin::load_deferred(const PluginFile& file,
                                                    const std::shared_ptr<Retirement>& retirement) {
    if (auto plugin = find_or_reserve(file.copy, retirement)) return plugin;
    std::unique_ptr<Plugin> plugin(new Plugin(file, next_generation(file.manifest.id)));
    return share(std::move(plugin), file.copy, retirement);
}

std::vector<std::shared_ptr<const Plugin>> Plugin::alive() {
    std::vector<std::shared_ptr<const Plugin>> all;
    {
        auto& loaded = loaded_plugins();
        const std::lock_guard lock(loaded.mutex);
        for (const auto& [copy, known] : loaded.by_copy) {
            if (auto plugin = known.lock()) all.push_back(std::move(plugin));
        }
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        return std::tie(a->file_.manifest.id, a->generation_) <
               std::tie(b->file_.manifest.id, b->generation_);
    });
    return all;
}

boost::system::result<std::shared_ptr<const Plugin>, std::string> Plugin::load_isolated(
    const PluginFile& file, const MakeHome& make_home,
    const std::shared_ptr<Retirement>& retirement) {
    // Beside the same file in this process, should the operator change his mind.
    const std::filesystem::path key = file.copy.native() + " isolated";
    if (auto plugin = find_or_reserve(key, retirement)) return {in_place_value, std::move(plugin)};
    auto home = make_home(file);
    if (!home) {
        forget(key);
        return {in_place_error, home.error()};
    }
    std::unique_ptr<Plugin> plugin(new Plugin(file, next_generation(file.manifest.id)));
    plugin->home_ = std::move(*home);
    const auto end = [key, lock = file.lock](Plugin* last) {
        delete last;
        forget(key);
    };
    const std::shared_ptr<const Plugin> shared(plugin.release(), end);
    list(key, shared);
    return {in_place_value, shared};
}

const bay_kind* Plugin::kind(std::string_view id) const {
    const auto found = kinds_.find(id);
    return found == kinds_.end() ? nullptr : found->second;
}

std::shared_ptr<const ComponentStats> Plugin::stats(const ManifestComponent& component) const {
    for (std::size_t i = 0; i < file_.manifest.components.size(); ++i) {
        const auto& mine = file_.manifest.components[i];
        if (mine.id == component.id && mine.kind == component.kind) return stats_[i];
    }
    return nullptr;
}

std::string Plugin::check() const {
    if (auto wrong = check_entry(library_->entry(), file_.manifest); !wrong.empty()) return wrong;
    for (const auto& component : file_.manifest.components) {
        const bool known = std::find(std::begin(kKnownKinds), std::end(kKnownKinds),
                                     component.kind) != std::end(kKnownKinds);
        if (!known || kinds_.contains(component.kind)) continue;
        if (auto wrong = check_kind(component.kind); !wrong.empty()) return wrong;
    }
    return initialise();
}

std::string Plugin::check_kind(const std::string& kind_id) const {
    const bay_kind* kind = library_->entry().get_kind(kind_id.c_str());
    if (kind == nullptr)
        return "its manifest names kind " + kind_id + ", its code does not offer it";
    if (!complete(*kind))
        return "its table of kind " + kind_id + " is too small or has empty slots";

    std::set<std::string, std::less<>> expected;
    for (const auto& component : file_.manifest.components) {
        if (component.kind == kind_id) expected.insert(component.id);
    }
    for (std::uint32_t i = 0; i < kMaxComponents; ++i) {
        const bay_component* component = kind->component(i);
        if (component == nullptr) break;
        if (!BAY_HAS(component->size, bay_component, id) || component->id.ptr == nullptr) {
            return "component " + std::to_string(i) + " of kind " + kind_id + " has no id";
        }
        const std::string id(component->id.ptr, component->id.len);
        if (expected.erase(id) == 0) {
            return "its code offers component \"" + printable(component->id) + "\" of kind " +
                   kind_id + ", which its manifest does not name (or offers it twice)";
        }
    }
    if (!expected.empty()) {
        return "its manifest names component \"" + *expected.begin() + "\" of kind " + kind_id +
               ", its code does not offer it";
    }
    kinds_.emplace(kind_id, kind);
    return {};
}

std::string Plugin::initialise() const {
    Diagnostics diagnostics;
    bay_status status = BAY_OK;
    {
        const CallScope scope({file_.manifest.id.c_str(), "", file_.sha256.c_str(), "init", 0});
        status = library_->entry().init(services_.table(), diagnostics.table());
    }
    if (status == BAY_OK) return {};
    std::string text = "init failed (" + status_name(status) + ")";
    for (const auto& item : diagnostics.items()) text += ": " + item.message;
    return text;
}

}  // namespace patchbay
