#include "engine/plugins/plugin_update.hpp"

#include <map>
#include <utility>

#include "engine/plugins/plugin_scan.hpp"
#include "engine/plugins/private_copy.hpp"

namespace patchbay {

namespace fs = std::filesystem;

namespace {

using Kind = PluginChange::Kind;

/// The share of calls that a new version of the plugin gets on trial; nullopt = all, at once.
std::optional<double> canary_share(const PluginSettings& settings, const std::string& id) {
    const auto found = settings.plugins.find(id);
    return found == settings.plugins.end() ? std::nullopt : found->second.canary;
}

/// What `ours` would take from `theirs`; empty = nothing.
std::string conflict(const PluginEntry& theirs, const Manifest& ours, const ProviderRows& rows) {
    for (const PluginVersion* version :
         {&theirs.serving, theirs.canary ? &*theirs.canary : nullptr}) {
        if (version == nullptr) continue;
        for (const auto& their : version->plugin->manifest().components) {
            for (const auto& our : ours.components) {
                if (our.id == their.id && our.kind == their.kind) {
                    return "component \"" + our.id + "\" is taken by " + version->file.string();
                }
            }
        }
        for (const auto& [prefix, row] : rows) {
            if (version->rows.contains(prefix)) {
                return "prefix \"" + prefix + "\" is taken by plugin " + theirs.id();
            }
        }
    }
    return {};
}

void bind(PluginVersion& version, const Manifest& read_from) {
    for (auto& [prefix, row] : version.rows) {
        const auto index = row.component - read_from.components.data();
        row.component = version.plugin->manifest().components.data() + index;
        row.plugin = version.plugin.get();
    }
}

class Look {
  public:
    Look(const PluginSetOptions& options, const PluginSet* before)
        : options_(options),
          before_(before ? before->entries() : std::vector<PluginEntry>()),
          claims_(before_) {}

    std::vector<PluginChange> run(std::vector<Problem>& problems) {
        const TrustPolicy trust(options_.settings.trust, problems);
        const PluginScan scan =
            scan_plugin_directories(options_.directories, options_.directory_places, problems);
        for (const auto& file : scan.files) {
            auto inspected = inspect_candidate(file, trust);
            if (inspected) {
                decide(std::move(*inspected));
            } else {
                fail_file(file, inspected.error());
            }
        }
        look_for_missing(scan);
        load_candidates();
        return std::move(changes_);
    }

  private:
    struct Candidate {
        std::size_t change;
        PluginFile file;
    };

    const PluginEntry* before(const std::string& id) const {
        for (const PluginEntry& entry : before_)
            if (entry.id() == id) return &entry;
        return nullptr;
    }

    PluginChange& add(Kind kind, std::string id, const fs::path& file, const PluginEntry* entry) {
        PluginChange change;
        change.kind = kind;
        change.plugin = std::move(id);
        change.file = file;
        if (entry != nullptr) change.before = change.after = *entry;
        changes_.push_back(std::move(change));
        return changes_.back();
    }

    /// A file that cannot be read as a plugin. If it was one, that one stays.
    void fail_file(const fs::path& file, const std::string& why) {
        for (const PluginEntry& entry : before_) {
            const bool was =
                entry.serving.file == file || (entry.canary && entry.canary->file == file);
            if (!was || !ids_.emplace(entry.id(), file).second) continue;
            add(Kind::failed, entry.id(), file, &entry).why = why;
            return;
        }
        add(Kind::failed, {}, file, nullptr).why = why;
    }

    void decide(PluginFile file) {
        const std::string& id = file.manifest.id;
        const auto [claimed, first] = ids_.emplace(id, file.file);
        if (!first) {
            add(Kind::failed, {}, file.file, nullptr).why =
                "plugin id \"" + id + "\" is taken by " + claimed->second.string();
            return;
        }
        const PluginEntry* entry = before(id);
        if (entry == nullptr) return add_candidate(Kind::loaded, std::move(file), nullptr);
        if (is_running(file, *entry->serving.plugin)) return keep_serving(file, *entry);
        if (entry->canary && is_running(file, *entry->canary->plugin)) {
            return keep_canary(file, *entry);
        }
        if (file.sha256 == entry->rolled_back_sha256) {
            add(Kind::failed, id, file.file, entry).why =
                "this version was rolled back: " + entry->rolled_back_why;
            return;
        }
        const bool trial = canary_share(options_.settings, id).has_value();
        add_candidate(trial ? Kind::on_trial : Kind::replaced, std::move(file), entry);
    }

    void keep_serving(const PluginFile& file, const PluginEntry& entry) {
        PluginChange& change = add(Kind::kept, entry.id(), file.file, &entry);
        PluginVersion& serving = change.after->serving;
        auto rows = rows_of_plugin(serving.plugin->manifest(), file.file);
        std::string wrong = rows ? taken(serving.plugin->manifest(), *rows) : rows.error();
        if (!wrong.empty()) return take_back(change, wrong);
        serving.file = file.file;
        serving.rows = std::move(*rows);
        bind(serving, serving.plugin->manifest());
        if (entry.canary) change.why = "its file is the old version again: the trial is over";
        change.after->canary.reset();
        change.after->trial.reset();
        change.after->file_gone = false;
        change.after->rolled_back_sha256.clear();
        change.after->rolled_back_why.clear();
        claims_.push_back(*change.after);
    }

    void keep_canary(const PluginFile& file, const PluginEntry& entry) {
        PluginChange& change = add(Kind::kept, entry.id(), file.file, &entry);
        if (canary_share(options_.settings, entry.id()) || entry.trial->over()) return;
        change.kind = Kind::promoted;
        change.why = "the configuration no longer asks for a trial";
        change.after->serving = *change.after->canary;
        change.after->canary.reset();
        change.after->trial.reset();
    }

    /// With its private copy, so that the bytes of one file at a time are in memory.
    void add_candidate(Kind kind, PluginFile file, const PluginEntry* entry) {
        PluginChange& change = add(kind, file.manifest.id, file.file, entry);
        const auto made = make_private_copy(file, options_.cache_directory);
        if (!made) return take_back(change, "no private copy could be made: " + made.error());
        file.bytes = {};
        candidates_.push_back({changes_.size() - 1, std::move(file)});
    }

    void look_for_missing(const PluginScan& scan) {
        for (const PluginEntry& entry : before_) {
            if (ids_.contains(entry.id())) continue;
            const fs::path& file = entry.serving.file;
            if (scan.unreadable.contains(file.parent_path())) {
                add(Kind::kept, entry.id(), file, &entry).why = "its directory cannot be read";
            } else {
                add(Kind::removed, entry.id(), file, &entry).after.reset();
            }
        }
    }

    /// What another plugin has, in this set or the one before; empty = nothing.
    std::string taken(const Manifest& manifest, const ProviderRows& rows) const {
        for (const PluginEntry& entry : claims_) {
            if (entry.id() == manifest.id) continue;
            if (auto wrong = conflict(entry, manifest, rows); !wrong.empty()) return wrong;
        }
        return {};
    }

    /// The very file, where the operator wants it to run.
    bool is_running(const PluginFile& file, const Plugin& plugin) const {
        return file.sha256 == plugin.sha256() &&
               is_isolated(file.manifest.id) == (plugin.home() != nullptr);
    }
    bool is_isolated(const std::string& id) const {
        const auto found = options_.settings.plugins.find(id);
        return found != options_.settings.plugins.end() && found->second.isolated;
    }

    void load_candidates() {
        // Isolated ones have their trial in the process that they run in.
        std::vector<fs::path> copies;
        for (const Candidate& candidate : candidates_) {
            if (!is_isolated(candidate.file.manifest.id)) copies.push_back(candidate.file.copy);
        }
        const auto bad = trial_load(options_.probe_program, copies);
        for (const Candidate& candidate : candidates_) {
            PluginChange& change = changes_[candidate.change];
            const auto found = bad.find(candidate.file.copy);
            const std::string wrong = found != bad.end() ? found->second : load(change, candidate);
            if (!wrong.empty()) take_back(change, wrong);
        }
    }

    boost::system::result<std::shared_ptr<const Plugin>, std::string> load_plugin(
        Kind kind, const PluginFile& file) const {
        if (is_isolated(file.manifest.id))
            return Plugin::load_isolated(file, options_.make_home, options_.retirement);
        // One that was tried and that nothing asked for yet is not mapped until something does.
        const bool tried = !options_.probe_program.empty() || options_.map_late;
        if (kind == Kind::loaded && tried && !file.gnu_unique)
            return Plugin::load_deferred(file, options_.retirement);
        return Plugin::load(file, options_.retirement);
    }

    std::string load(PluginChange& change, const Candidate& candidate) {
        // The rows first: they need none of the plugin's code.
        PluginVersion version;
        version.file = candidate.file.file;
        auto rows = rows_of_plugin(candidate.file.manifest, version.file);
        if (!rows) return rows.error();
        version.rows = std::move(*rows);
        if (auto wrong = taken(candidate.file.manifest, version.rows); !wrong.empty()) return wrong;
        auto plugin = load_plugin(change.kind, candidate.file);
        if (!plugin) return plugin.error();
        version.plugin = std::move(*plugin);
        bind(version, candidate.file.manifest);
        if (!change.after) change.after.emplace();
        if (change.kind == Kind::on_trial) {
            change.after->trial =
                std::make_shared<CanaryTrial>(version.plugin->stats(), options_.trial_failed);
            change.after->canary = std::move(version);
        } else {
            change.after->canary.reset();
            change.after->trial.reset();
            change.after->serving = std::move(version);
        }
        change.after->file_gone = false;
        change.after->rolled_back_sha256.clear();
        change.after->rolled_back_why.clear();
        claims_.push_back(*change.after);
        return {};
    }

    const PluginSetOptions& options_;
    std::vector<PluginEntry> before_;
    std::vector<PluginEntry> claims_;
    std::map<std::string, fs::path> ids_;
    std::vector<PluginChange> changes_;
    std::vector<Candidate> candidates_;
};

PluginChange unchanged(const PluginEntry& entry) {
    PluginChange change;
    change.plugin = entry.id();
    change.file = entry.serving.file;
    change.before = change.after = entry;
    return change;
}

}  // namespace

bool PluginChange::can_be_taken_back() const {
    return kind != Kind::kept && kind != Kind::failed && kind != Kind::rolled_back;
}

std::uint64_t PluginChange::generation() const {
    return after ? after->serving.plugin->generation() : 0;
}

std::string_view change_name(PluginChange::Kind kind) {
    switch (kind) {
        case Kind::kept:
            return "kept";
        case Kind::loaded:
            return "loaded";
        case Kind::replaced:
            return "replaced";
        case Kind::on_trial:
            return "on_trial";
        case Kind::promoted:
            return "promoted";
        case Kind::rolled_back:
            return "rolled_back";
        case Kind::removed:
            return "removed";
        case Kind::failed:
            return "failed";
    }
    return "unknown";
}

std::optional<Problem> problem_of(const PluginChange& change) {
    Problem problem{Problem::Severity::warning, Place{change.file.string(), 0, 0}, change.why};
    const bool gone = change.after && change.after->file_gone;
    if (change.kind == Kind::failed && change.after) {
        problem.message += "; generation " + std::to_string(change.generation()) + " of plugin " +
                           change.plugin + " stays in use";
    } else if (change.kind == Kind::failed) {
        problem.message += "; plugin left out";
    } else if (!gone) {
        return std::nullopt;
    }
    return problem;
}

void take_back(PluginChange& change, const std::string& why) {
    change.after = change.before;
    if (change.kind == Kind::removed) {
        change.kind = Kind::kept;
        change.why = "its file is gone, and it is still needed: " + why;
        change.after->file_gone = true;
    } else {
        change.kind = Kind::failed;
        change.why = why;
    }
}

PluginUpdate PluginUpdate::look(const PluginSetOptions& options, const PluginSet* before) {
    PluginUpdate update;
    update.changes_ = Look(options, before).run(update.problems_);
    return update;
}

PluginUpdate PluginUpdate::keep(const PluginSet& before) {
    PluginUpdate update;
    for (const PluginEntry& entry : before.entries()) update.changes_.push_back(unchanged(entry));
    return update;
}

std::optional<PluginUpdate> PluginUpdate::promote(const PluginSet& before, const std::string& id) {
    std::optional<PluginUpdate> update;
    PluginUpdate all = keep(before);
    for (PluginChange& change : all.changes_) {
        if (change.plugin != id || !change.after->canary) continue;
        change.kind = Kind::promoted;
        change.file = change.after->canary->file;
        change.after->serving = *change.after->canary;
        change.after->canary.reset();
        change.after->trial.reset();
        update = std::move(all);
        break;
    }
    return update;
}

std::optional<PluginUpdate> PluginUpdate::roll_back(const PluginSet& before, const std::string& id,
                                                    const std::string& why) {
    std::optional<PluginUpdate> update;
    PluginUpdate all = keep(before);
    for (PluginChange& change : all.changes_) {
        if (change.plugin != id || !change.after->canary) continue;
        change.kind = Kind::rolled_back;
        change.file = change.after->canary->file;
        change.why = why;
        change.after->rolled_back_sha256 = change.after->canary->plugin->sha256();
        change.after->rolled_back_why = why;
        change.after->canary.reset();
        change.after->trial.reset();
        update = std::move(all);
        break;
    }
    return update;
}

std::shared_ptr<PluginSet> PluginUpdate::assemble(const PluginSetOptions& options,
                                                  std::vector<Problem>& problems) const {
    std::vector<PluginEntry> entries;
    for (const PluginChange& change : changes_)
        if (change.after) entries.push_back(*change.after);
    return PluginSet::assemble(options, std::move(entries), problems);
}

}  // namespace patchbay
