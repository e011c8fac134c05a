#include "app/control_thread.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <poll.h>
#include <sys/signalfd.h>
#include <system_error>
#include <unistd.h>

#include <boost/json.hpp>
#include <spdlog/spdlog.h>

#include "app/budget_seed.hpp"
#include "app/key_services.hpp"
#include "app/logging.hpp"
#include "app/signals.hpp"
#include "control/service.hpp"

namespace patchbay::app {

namespace json = boost::json;

namespace {

using ChangeKind = PluginChange::Kind;

class SignalDescriptor {
  public:
    SignalDescriptor() {
        const sigset_t set = awaited_signals();
        fd_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
        if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
    }
    ~SignalDescriptor() { ::close(fd_); }
    SignalDescriptor(const SignalDescriptor&) = delete;
    SignalDescriptor& operator=(const SignalDescriptor&) = delete;

    int get() const { return fd_; }
    /// The next signal; 0 = none.
    int take() const {
        signalfd_siginfo info{};
        return ::read(fd_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo)
                                                              : 0;
    }

  private:
    int fd_ = -1;
};

/// How often files of credentials are looked at: tokens in them live for minutes at least.
constexpr std::chrono::milliseconds kLookAtFiles{10'000};

/// How soon the books are asked again that could not say what was spent.
constexpr std::chrono::milliseconds kSeedAgain{500};

Error conflict(std::string message) {
    Error error = bad_request(std::move(message));
    error.http_status = 409;
    return error;
}

void log_change(const PluginChange& change) {
    const std::uint64_t before = change.before ? change.before->serving.plugin->generation() : 0;
    const auto canary = [](const std::optional<PluginEntry>& entry) {
        return entry && entry->canary ? entry->canary->plugin->generation() : 0;
    };
    switch (change.kind) {
        case ChangeKind::loaded:
            spdlog::info("plugin {}: generation {} loaded from {}", change.plugin,
                         change.generation(), change.file.string());
            break;
        case ChangeKind::replaced:
            spdlog::info("plugin {}: generation {} takes over from generation {}", change.plugin,
                         change.generation(), before);
            break;
        case ChangeKind::on_trial:
            spdlog::info("plugin {}: generation {} is on trial beside generation {}", change.plugin,
                         canary(change.after), before);
            break;
        case ChangeKind::promoted:
            spdlog::info("plugin {}: generation {} is promoted and takes over from generation {}",
                         change.plugin, change.generation(), before);
            break;
        case ChangeKind::rolled_back:
            spdlog::error("plugin {}: generation {} is rolled back to generation {}: {}",
                          change.plugin, canary(change.before), before, change.why);
            break;
        case ChangeKind::removed:
            spdlog::info("plugin {}: removed, as its file is gone", change.plugin);
            break;
        case ChangeKind::kept:
        case ChangeKind::failed:  // a warning says so already
            break;
    }
}

// A timeout of poll() that is over at `due` at the latest; -1 = none.
int sooner(int timeout, PluginWatcher::Clock::time_point due) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(due - PluginWatcher::Clock::now());
    const int rest = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
    return timeout < 0 ? rest : std::min(timeout, rest);
}

}  // namespace

ControlThread::ControlThread(const Options& options, const Places& places)
    : retirement_(std::make_shared<Retirement>([this] { mailbox_.wake(); })),
      keeper_(std::make_unique<WorldKeeper>(
          options, places, retirement_,
          WorldKeeper::Hooks{[this] { mailbox_.wake(); },
                             // Before they are read: no change in between is missed.
                             [this](const auto& settings, const auto& directories) {
                                 watch(settings, directories);
                             }})) {}

ControlThread::~ControlThread() {
    keeper_.reset();
    retirement_->close();
}

std::shared_ptr<const Snapshot> ControlThread::start() {
    const WorldChange change = keeper_->start();
    log_problems(change.problems);
    return change.snapshot;
}

void ControlThread::run(gateway::Server& server) {
    server_ = &server;
    const SignalDescriptor signals;
    for (;;) {
        int timeout = keeper_->has_files() ? static_cast<int>(kLookAtFiles.count()) : -1;
        if (const auto due = watcher_.due()) timeout = sooner(timeout, *due);
        if (seed_at_) timeout = sooner(timeout, *seed_at_);
        pollfd waiting[] = {{signals.get(), POLLIN, 0},
                            {mailbox_.descriptor(), POLLIN, 0},
                            {watcher_.descriptor(), POLLIN, 0}};
        if (::poll(waiting, std::size(waiting), timeout) < 0 && errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "poll");
        }
        while (const int signal = signals.take()) {
            if (signal == SIGHUP) {
                reload();
                continue;
            }
            mailbox_.close();
            return;
        }
        mailbox_.run();
        while (const auto change = keeper_->roll_back_failed()) use(*change);
        retirement_->run();
        watcher_.read(PluginWatcher::Clock::now());
        if (watcher_.settled(PluginWatcher::Clock::now())) watched_change();
        look_at_files();
        if (seed_at_ && PluginWatcher::Clock::now() >= *seed_at_) seed(*keeper_->current());
    }
}

void ControlThread::set_books(store::KeyReader books, const Snapshot& first) {
    books_ = std::move(books);
    seed(first);
}

void ControlThread::seed(const Snapshot& snapshot) {
    if (!books_) return;
    const std::string why = seed_route_budgets(snapshot, *books_);
    const bool before = seed_at_.has_value();
    seed_at_.reset();
    if (!why.empty()) seed_at_ = PluginWatcher::Clock::now() + kSeedAgain;
    if (before == seed_at_.has_value()) return;
    if (before) {
        spdlog::info("what budgets of providers and deployments have spent before is known");
    } else {
        spdlog::warn(
            "what budgets of providers and deployments have spent before is not known, so they let "
            "nobody in: {}",
            why);
    }
}

// A token that is renewed in its file is taken over before the old one ends. A world that could not be
// made is tried again at the next look.
void ControlThread::look_at_files() {
    const auto now = PluginWatcher::Clock::now();
    if (now - looked_ < kLookAtFiles) return;
    looked_ = now;
    const auto change = keeper_->reload_files();
    if (!change) return;
    use(*change);
    if (change->snapshot) spdlog::info("files of credentials changed: read again");
}

void ControlThread::watch(const PluginSettings& settings,
                          const std::vector<std::filesystem::path>& directories) {
    const bool wanted = settings.reload == PluginReload::watch;
    const auto wrong = watcher_.watch(wanted ? directories : std::vector<std::filesystem::path>());
    if (!wrong.empty()) spdlog::error("{}: reload them by SIGHUP", wrong);
}

void ControlThread::use(const WorldChange& change) {
    log_problems(change.problems);
    if (!change.snapshot) return;
    for (const PluginChange& plugin : change.changes) log_change(plugin);
    seed(*change.snapshot);
    server_->use(change.snapshot);
    const Config& config = change.snapshot->config;
    if (plane_ != nullptr) plane_->use(plane_settings(config));
    if (retention_ != nullptr) {
        retention_->use(config.general.spend_logs_kept, config.general.spend_logs_interval);
    }
}

void ControlThread::reload() {
    const WorldChange change = keeper_->reload();
    use(change);
    watch(keeper_->plugin_settings(), keeper_->directories());
    if (change.snapshot) {
        log_as_configured(change.snapshot->config);
        spdlog::info("configuration loaded again: generation {}, {} deployments",
                     change.snapshot->generation, change.snapshot->deployments.size());
    } else {
        spdlog::error("the configuration was not loaded again: the one before stays in use");
    }
}

void ControlThread::watched_change() {
    use(keeper_->reload_plugins());
    spdlog::info("plugin directories changed: plugins looked at again");
}

bool ControlThread::submit(gateway::PluginCommand command, std::string plugin,
                           std::function<void(Answer)> done) {
    return mailbox_.post(
        [this, command, plugin = std::move(plugin), done = std::move(done)](bool stopping) {
            if (!stopping) return done(carry_out(command, plugin));
            Error error;
            error.cls = ErrorClass::overloaded;
            error.type = "overloaded";
            error.message = "The gateway stops.";
            done(std::move(error));
        });
}

ControlThread::Answer ControlThread::carry_out(gateway::PluginCommand command,
                                               const std::string& plugin) {
    if (command == gateway::PluginCommand::reload) {
        if (keeper_->plugin_settings().reload == PluginReload::off) {
            return conflict("Plugins are not reloaded: plugins.reload is off.");
        }
        return answer_of(keeper_->reload_plugins());
    }
    const auto& entries = keeper_->current()->plugins->entries();
    const bool known = std::any_of(entries.begin(), entries.end(),
                                   [&](const PluginEntry& entry) { return entry.id() == plugin; });
    if (!known) {
        Error error;
        error.cls = ErrorClass::not_found;
        error.type = "not_found_error";
        error.message = "There is no such plugin.";
        return error;
    }
    const auto change = command == gateway::PluginCommand::promote
                            ? keeper_->promote(plugin)
                            : keeper_->roll_back(plugin, "by the operator");
    if (!change) return conflict("No version of this plugin is on trial.");
    return answer_of(*change);
}

ControlThread::Answer ControlThread::answer_of(const WorldChange& change) {
    use(change);
    if (!change.snapshot) {
        std::string message = "Nothing was changed";
        for (const Problem& problem : change.problems) {
            if (problem.severity == Problem::Severity::error) message += ": " + problem.message;
        }
        return conflict(std::move(message));
    }
    json::array plugins;
    for (const PluginChange& plugin : change.changes) {
        plugins.push_back(json::object{
            {"plugin", plugin.plugin.empty() ? json::value(nullptr) : json::value(plugin.plugin)},
            {"file", plugin.file.string()},
            {"result", change_name(plugin.kind)},
            {"generation", plugin.generation()},
            {"reason", plugin.why.empty() ? json::value(nullptr) : json::value(plugin.why)}});
    }
    return json::serialize(json::object{{"snapshot_generation", change.snapshot->generation},
                                        {"plugins", std::move(plugins)}});
}

}  // namespace patchbay::app
