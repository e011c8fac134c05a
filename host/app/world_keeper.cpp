#include "app/world_keeper.hpp"

#include <algorithm>
#include <utility>

#include "app/release_at_once.hpp"
#include "app/reload_guard.hpp"
#include "app/time_zone.hpp"
#include "config/problems.hpp"
#include "engine/plugins/private_copy.hpp"
#include "engine/plugins/setting_files.hpp"

namespace patchbay::app {

namespace {

std::size_t errors_in(const std::vector<Problem>& problems) {
    return static_cast<std::size_t>(std::count_if(
        problems.begin(), problems.end(),
        [](const Problem& problem) { return problem.severity == Problem::Severity::error; }));
}

/// The first error that `before` did not have.
std::string first_new_error(const std::vector<Problem>& problems,
                            const std::vector<Problem>& before) {
    for (const Problem& problem : problems) {
        if (problem.severity != Problem::Severity::error) continue;
        const bool known = std::any_of(before.begin(), before.end(), [&](const Problem& other) {
            return other.text() == problem.text();
        });
        if (!known) return problem.message;
    }
    return "the configuration cannot be served with it";
}

/// What is left out counts as an error from here on.
void make_strict(std::vector<Problem>& problems) {
    for (Problem& problem : problems) {
        if (problem.left_out) problem.severity = Problem::Severity::error;
    }
}

/// What is left out keeps nothing from being served.
void make_lenient(std::vector<Problem>& problems) {
    for (Problem& problem : problems) {
        if (problem.left_out) problem.severity = Problem::Severity::warning;
    }
}

/// A zone that the system has not is UTC, as for LiteLLM.
store::BudgetDays budget_days_of(const BudgetSettings& settings, std::vector<Problem>& problems) {
    const auto& [name, place] = settings.time_zone;
    store::BudgetDays days;
    days.begin = std::chrono::microseconds(settings.day_begins).count();
    if (name.empty() || name == "UTC") return days;
    days.zone = time_zone(name);
    if (!days.zone) {
        problems.push_back({Problem::Severity::warning, place,
                            "`litellm_settings.timezone` is no zone of this system's database "
                            "(as Europe/Berlin is): the days of budgets begin in UTC",
                            true});
    }
    return days;
}

/// The same snapshot, which ends in the retirement.
std::shared_ptr<const Snapshot> retiring(std::shared_ptr<const Snapshot> snapshot,
                                         const std::shared_ptr<Retirement>& retirement) {
    const Snapshot* raw = snapshot.get();
    return share_with(retirement, raw,
                      [held = std::move(snapshot)](const Snapshot*) mutable { held.reset(); });
}

}  // namespace

struct WorldKeeper::Built {
    std::shared_ptr<const Snapshot> snapshot;
    store::BudgetDays budget_days;
    std::vector<Problem> problems;

    bool good() const { return snapshot && errors_in(problems) == 0; }
};

WorldKeeper::WorldKeeper(const Options& options, const Places& places,
                         std::shared_ptr<Retirement> retirement, Hooks hooks)
    : options_(options),
      places_(places),
      retirement_(std::move(retirement)),
      hooks_(std::move(hooks)) {}

PluginSetOptions WorldKeeper::plugin_options(const Config& config) const {
    PluginSetOptions options = plugin_set_options(config, places_);
    options.retirement = retirement_;
    options.trial_failed = hooks_.trial_failed;
    return options;
}

std::vector<std::filesystem::path> WorldKeeper::directories() const {
    return plugin_options(*running_.config).directories;
}

WorldKeeper::Built WorldKeeper::build(const LoadedConfig& loaded,
                                      const PluginUpdate& update) const {
    Built built;
    Config config = *loaded.config;
    auto plugins = update.assemble(plugin_options(config), built.problems);
    built.budget_days = budget_days_of(config.litellm.budgets, built.problems);
    if (is_built_in(options_)) add_built_in_models(config, *plugins, loaded.environment);
    built.snapshot = build_snapshot(std::move(config), loaded.environment, std::move(plugins),
                                    generation_ + 1, built.problems, current_.get());
    if (options_.strict) {
        make_strict(built.problems);
    } else if (!options_.check) {
        make_lenient(built.problems);
    }
    if (errors_in(built.problems) > 0 && (options_.strict || options_.check)) {
        built.snapshot.reset();
    }
    // Where all is left out for variables that are not set (a file that is checked elsewhere) a
    // warning says so; but nothing takes the place of something.
    const bool file = !options_.config.empty();
    const bool wanted =
        loaded.config->model_list.empty() || (current_ && !current_->deployments.empty());
    if (built.snapshot && built.snapshot->deployments.empty() && file && wanted &&
        !loaded.half_read) {
        built.problems.push_back({Problem::Severity::error,
                                  {options_.config, 0, 0},
                                  "there is no model to serve: `model_list` has no entry that can "
                                  "be used"});
        built.snapshot.reset();
    }
    return built;
}

WorldKeeper::Built WorldKeeper::without_what_fails(const LoadedConfig& loaded, PluginUpdate& update,
                                                   Built all) {
    PluginUpdate fewer = update;
    for (PluginChange& change : fewer.changes())
        if (change.can_be_taken_back()) take_back(change, {});
    Built good = build(loaded, fewer);
    if (!good.snapshot) return all;  // it is not for the plugins
    for (std::size_t i = 0; i < update.changes().size(); ++i) {
        PluginChange& wanted = update.changes()[i];
        if (!wanted.can_be_taken_back()) continue;
        PluginUpdate more = fewer;
        more.changes()[i] = wanted;
        Built tried = build(loaded, more);
        if (tried.snapshot && errors_in(tried.problems) <= errors_in(good.problems)) {
            fewer = std::move(more);
            good = std::move(tried);
        } else {
            take_back(wanted, first_new_error(tried.problems, good.problems));
            fewer.changes()[i] = wanted;
        }
    }
    return good;
}

WorldChange WorldKeeper::change(LoadedConfig loaded, PluginUpdate update) {
    Built built = build(loaded, update);
    const bool any = std::any_of(update.changes().begin(), update.changes().end(),
                                 [](const auto& change) { return change.can_be_taken_back(); });
    if (!built.good() && any && current_) {
        built = without_what_fails(loaded, update, std::move(built));
    }
    WorldChange result;
    result.problems = update.problems();
    if (options_.strict && !current_) {
        make_strict(result.problems);
        if (errors_in(result.problems) > 0) built.snapshot.reset();
    }
    if (built.snapshot) {
        store::set_budget_days(std::move(built.budget_days));
        result.snapshot = current_ = retiring(std::move(built.snapshot), retirement_);
        current_->plugins->apply_options();
        ++generation_;
        running_ = std::move(loaded);
        for (const PluginChange& change : update.changes()) note(change);
    }
    for (const PluginChange& change : update.changes())
        if (auto problem = problem_of(change)) result.problems.push_back(std::move(*problem));
    if (result.snapshot) result.changes = std::move(update.changes());
    for (Problem& problem : built.problems) result.problems.push_back(std::move(problem));
    retirement_->run();
    prune_private_copies(places_.plugin_cache);
    return result;
}

void WorldKeeper::note(const PluginChange& change) {
    const std::string file = change.file.string();
    const std::string name =
        change.plugin.empty() ? change.file.filename().string() : change.plugin;
    const bool failed =
        change.kind == PluginChange::Kind::failed || change.kind == PluginChange::Kind::rolled_back;
    if (failed) {
        failures_.set(name, file, change.why);
    } else {
        failures_.clear(name);
        failures_.clear(change.file.filename().string());
    }
}

WorldChange WorldKeeper::start() {
    return from_file();
}

WorldChange WorldKeeper::reload() {
    return from_file();
}

WorldChange WorldKeeper::from_file() {
    const ReleaseAtOnce memory;
    LoadedConfig loaded = read_config(options_);
    std::vector<Problem> problems = loaded.problems;
    if (loaded.config && current_) {
        const Place file{options_.config, 0, 0};
        auto lost = lost_locks(*running_.config, *loaded.config, file);
        problems.insert(problems.end(), lost.begin(), lost.end());
    }
    if (options_.strict) make_strict(problems);
    if (loaded.config && errors_in(problems) > 0) {
        loaded.draft = std::move(loaded.config);
        loaded.config.reset();
    }
    const std::vector<std::string> files = loaded.files;
    WorldChange result;
    if (loaded.config) {
        const PluginSetOptions options = plugin_options(*loaded.config);
        hooks_.before_look(options.settings, options.directories);
        PluginUpdate update =
            current_ && loaded.config->plugins.reload == PluginReload::off
                ? PluginUpdate::keep(*current_->plugins)
                : PluginUpdate::look(options, current_ ? current_->plugins.get() : nullptr);
        result = change(std::move(loaded), std::move(update));
    } else if (loaded.draft) {
        result.problems = what_else_is_wrong(loaded);
    }
    result.problems.insert(result.problems.begin(), problems.begin(), problems.end());
    sort_by_place(result.problems, files);
    return result;
}

// Whoever mends a file wants to see all that is wrong with it, not the half that is read first.
std::vector<Problem> WorldKeeper::what_else_is_wrong(const LoadedConfig& loaded) const {
    LoadedConfig draft = loaded;
    draft.config = draft.draft;
    const PluginUpdate update = PluginUpdate::look(plugin_options(*draft.config),
                                                   current_ ? current_->plugins.get() : nullptr);
    std::vector<Problem> problems = update.problems();
    for (const PluginChange& change : update.changes())
        if (auto problem = problem_of(change)) problems.push_back(std::move(*problem));
    Built built = build(draft, update);
    problems.insert(problems.end(), built.problems.begin(), built.problems.end());
    if (options_.strict) make_strict(problems);
    return problems;
}

WorldChange WorldKeeper::reload_plugins() {
    const ReleaseAtOnce memory;
    return change(running_,
                  PluginUpdate::look(plugin_options(*running_.config), current_->plugins.get()));
}

std::optional<WorldChange> WorldKeeper::reload_files() {
    if (!any_changed(current_->plugins->setting_files())) return std::nullopt;
    const ReleaseAtOnce memory;
    return change(running_, PluginUpdate::keep(*current_->plugins));
}

bool WorldKeeper::has_files() const {
    return current_ && !current_->plugins->setting_files().empty();
}

std::optional<WorldChange> WorldKeeper::promote(const std::string& plugin) {
    auto update = PluginUpdate::promote(*current_->plugins, plugin);
    if (!update) return std::nullopt;
    return change(running_, std::move(*update));
}

std::optional<WorldChange> WorldKeeper::roll_back(const std::string& plugin,
                                                  const std::string& why) {
    auto update = PluginUpdate::roll_back(*current_->plugins, plugin, why);
    if (!update) return std::nullopt;
    return change(running_, std::move(*update));
}

std::optional<WorldChange> WorldKeeper::roll_back_failed() {
    for (const PluginEntry& entry : current_->plugins->entries()) {
        if (!entry.trial || !entry.trial->over()) continue;
        return roll_back(entry.id(), entry.trial->reason());
    }
    return std::nullopt;
}

}  // namespace patchbay::app
