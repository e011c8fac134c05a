// A plugin file that is mapped and initialised, at once or when it is first needed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/system/result.hpp>

#include "contract/manifest/manifest.hpp"
#include "engine/plugins/home.hpp"
#include "engine/plugins/host_services.hpp"
#include "engine/plugins/instance.hpp"
#include "engine/plugins/library.hpp"
#include "engine/plugins/plugin_file.hpp"
#include "engine/plugins/retirement.hpp"

namespace patchbay {

/// One generation of a plugin: a version of its file, from init() to deinit(). Immutable but for
/// prepare(); read from any thread. With the last reference deinit() is called; the file stays
/// mapped.
class Plugin : public std::enable_shared_from_this<Plugin> {
  public:
    /// Maps `file.copy`, compares what its code says with its manifest, calls init(). A file that
    /// is loaded already is not initialised twice: the same object is returned, for the mapping is
    /// one per process. On failure the text says what is wrong. The end of the object happens in
    /// `retirement`; without one, where its last reference is dropped. [control]
    static boost::system::result<std::shared_ptr<const Plugin>, std::string> load(
        const PluginFile& file, const std::shared_ptr<Retirement>& retirement = nullptr);
    /// The same, but mapped and initialised by the first prepare(): until then the gateway knows
    /// its manifest and keeps the copy locked. For a file that went through a trial. [control]
    static std::shared_ptr<const Plugin> load_deferred(
        const PluginFile& file, const std::shared_ptr<Retirement>& retirement = nullptr);
    /// Every plugin of the process, those that only calls under way still hold too, in order of id
    /// and generation. Any thread.
    static std::vector<std::shared_ptr<const Plugin>> alive();

    /// The same for a plugin that runs in processes of its own: nothing of it is mapped or run
    /// here. [control]
    static boost::system::result<std::shared_ptr<const Plugin>, std::string> load_isolated(
        const PluginFile& file, const MakeHome& make_home,
        const std::shared_ptr<Retirement>& retirement = nullptr);

    /// nullptr: it runs in this process.
    Home* home() const { return home_.get(); }

    const Manifest& manifest() const { return file_.manifest; }
    const std::string& sha256() const { return file_.sha256; }
    /// Counts what this process has initialised of a plugin id, from 1. A file that returns to a
    /// version whose calls have not all ended is that generation again.
    std::uint64_t generation() const { return generation_; }
    /// False for a file with STB_GNU_UNIQUE symbols: no other version can be loaded beside it or
    /// after it in this process (see ElfFacts).
    bool replaceable() const { return !file_.gnu_unique; }
    /// Maps and initialises one that waits for it; nothing for any other. Must come before the
    /// first kind(). Empty = done, else what is wrong; it may be tried again. [control]
    std::string prepare() const;
    /// The function table of a kind the manifest names; nullptr for a kind this host does not know,
    /// and for every kind of a plugin that is isolated or not mapped. [control]
    const bay_kind* kind(std::string_view id) const;
    /// Counters of a component of the manifest.
    std::shared_ptr<const ComponentStats> stats(const ManifestComponent& component) const;
    /// Counters of every component, in the manifest's order.
    const std::vector<std::shared_ptr<const ComponentStats>>& stats() const { return stats_; }

  private:
    Plugin(const PluginFile& file, std::uint64_t generation);
    /// Lists it, and sees to its end.
    static std::shared_ptr<const Plugin> share(std::unique_ptr<Plugin> plugin,
                                               const std::filesystem::path& copy,
                                               const std::shared_ptr<Retirement>& retirement);
    /// Under the control lock. Empty = mapped and initialised.
    std::string map() const;
    std::string check() const;
    std::string check_kind(const std::string& kind_id) const;
    std::string initialise() const;

    mutable std::optional<Library> library_;  ///< empty: isolated, or not mapped yet
    mutable std::map<std::string, const bay_kind*, std::less<>> kinds_;
    PluginFile file_;  ///< without its bytes
    std::unique_ptr<Home> home_;
    std::uint64_t generation_;
    HostServices services_;
    std::vector<std::shared_ptr<const ComponentStats>> stats_;
};

/// Collects what a plugin reports while it is initialised or configured.
class Diagnostics {
  public:
    struct Item {
        bool error = false;
        std::string pointer;
        std::string message;
    };

    Diagnostics();
    Diagnostics(const Diagnostics&) = delete;
    Diagnostics& operator=(const Diagnostics&) = delete;

    bay_diag* table() { return &table_; }
    /// At most 100; what comes after is dropped.
    const std::vector<Item>& items() const { return items_; }

  private:
    static void BAY_CALL report(bay_diag* diag, std::uint32_t severity, bay_str pointer,
                                bay_str message) noexcept;
    bay_diag table_;
    std::vector<Item> items_;
};

/// "BAY_E_INVALID", or the number of a status this host does not know.
std::string status_name(bay_status status);

}  // namespace patchbay
