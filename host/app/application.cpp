#include "app/application.hpp"

#include <algorithm>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <iostream>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

#include <Poco/Exception.h>
#include <Poco/Util/Option.h>
#include <boost/system/system_error.hpp>
#include <spdlog/spdlog.h>

#include "app/command_line.hpp"
#include "app/control_thread.hpp"
#include "app/key_services.hpp"
#include "app/ledger_command.hpp"
#include "app/logging.hpp"
#include "app/mailing.hpp"
#include "app/manage_command.hpp"
#include "app/prices_command.hpp"
#include "app/signals.hpp"
#include "app/start_pages.hpp"
#include "control/service.hpp"
#include "engine/alerts/alert_service.hpp"
#include "engine/cache/disk.hpp"
#include "engine/cache/redis_cache.hpp"
#include "engine/cache/response_cache.hpp"
#include "engine/health/prober.hpp"
#include "engine/ledger/ledger_service.hpp"
#include "engine/plugins/crash_report.hpp"
#include "engine/shared/state_sync.hpp"
#include "engine/version.hpp"

namespace patchbay::app {

using Poco::Util::Option;

namespace {

std::string environment_or(const char* name, std::string otherwise) {
    const char* value = std::getenv(name);
    return value && *value ? value : otherwise;
}

// An address of IPv6 may stand in the brackets that it has in a URL.
std::string without_brackets(std::string host) {
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    return bracketed ? host.substr(1, host.size() - 2) : host;
}

int number_from(const std::string& name, const std::string& text, int low, int high) {
    std::size_t used = 0;
    int value = 0;
    try {
        value = std::stoi(text, &used);
    } catch (const std::exception&) {
        used = 0;
    }
    if (used == 0 || used != text.size() || value < low || value > high) {
        throw Poco::InvalidArgumentException(name + " must be a number from " +
                                             std::to_string(low) + " to " + std::to_string(high));
    }
    return value;
}

// What is kept of responses for clients that name them again.
std::size_t kept_bytes() {
    constexpr const char* kName = "PATCHBAY_KEPT_RESPONSES_MB";
    constexpr int kMost = 1 << 20;
    const int megabytes = number_from(kName, environment_or(kName, "64"), 0, kMost);
    return static_cast<std::size_t>(megabytes) << 20;
}

// Every connection is a file descriptor; take what the system allows. And take the room for them
// before there are threads: Linux doubles the table of descriptors when it is full, and in a
// process with threads the call that does so, an accept() of a worker, waits for an RCU grace
// period (expand_fdtable() in fs/file.c; measured: 14 ms in which all its streams stood still).
void make_room_for_descriptors() {
    constexpr rlim_t kMost = 65536;  // half a megabyte of the kernel's memory
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    const auto last = static_cast<int>(std::min(limit.rlim_cur, kMost)) - 1;
    const int descriptor = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, last);
    if (descriptor >= 0) ::close(descriptor);
}

// What stands behind the memory of the response cache; nullptr: nothing.
boost::system::result<std::unique_ptr<CacheBehind>, std::string> store_behind(
    const CacheSettings& settings) {
    if (settings.type == CacheType::disk) {
        auto disk = DiskCache::open(settings.directory, settings.disk_bytes);
        if (!disk) return disk.error();
        return std::unique_ptr<CacheBehind>(std::move(*disk));
    }
    if (settings.type == CacheType::redis) return redis_cache(settings.redis);
    return std::unique_ptr<CacheBehind>();
}

}  // namespace

Application::Application(std::vector<std::string> warnings)
    : places_(find_places()), warnings_(std::move(warnings)) {
    setUnixOptions(true);
    options_.config = environment_or("CONFIG_FILE_PATH", "");
    options_.host = without_brackets(environment_or("HOST", options_.host));
    options_.port = number_from("PORT", environment_or("PORT", "4000"), 0, 65535);
    options_.num_workers = number_from(
        "NUM_WORKERS",
        environment_or("NUM_WORKERS", environment_or("DEFAULT_NUM_WORKERS_LITELLM_PROXY", "0")), 0,
        1024);
}

Secret Application::hmac_key(const Secret& master_key) {
    return Secret(environment_or("LITELLM_SALT_KEY", std::string(master_key.reveal())));
}

void Application::block_signals() {
    const sigset_t set = awaited_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

void Application::defineOptions(Poco::Util::OptionSet& options) {
    ServerApplication::defineOptions(options);
    for (const Flag& flag : flags()) {
        if (flag.kind != Flag::Kind::done) continue;
        Option option{std::string(flag.name), std::string(flag.letter), std::string(flag.help)};
        option.required(false).repeatable(flag.value.empty());
        if (!flag.value.empty()) option.argument(std::string(flag.value));
        options.addOption(option);
    }
}

void Application::handleOption(const std::string& name, const std::string& value) {
    ServerApplication::handleOption(name, value);
    if (name == "config") options_.config = value;
    if (name == "model") options_.model = value;
    if (name == "alias") options_.alias = value;
    if (name == "api_base") options_.api_base = value;
    if (name == "host") options_.host = without_brackets(value);
    // read_command_line() has let through numbers in their range only.
    if (name == "port") options_.port = std::stoi(value);
    if (name == "num_workers") options_.num_workers = std::stoi(value);
    if (name == "drain_timeout") options_.drain_seconds = std::stoi(value);
    if (name == "request_timeout")
        options_.request_timeout = std::chrono::seconds(std::stoi(value));
    if (name == "drop_params") options_.drop_params = true;
    if (name == "skip_server_startup") options_.skip_server_startup = true;
    if (name == "from") options_.from = value;
    if (name == "to") options_.to = value;
    if (name == "dry-run") options_.dry_run = true;
    if (name == "update") options_.update = true;
    if (name == "apply") options_.apply = true;
    if (name == "json") options_.json = true;
    if (name == "no_access_log") options_.no_access_log = true;
    if (name == "strict") options_.strict = true;
    if (name == "debug") options_.debug = true;
    if (name == "detailed_debug") options_.detailed_debug = true;
    if (name == "version" || name == "help") {
        (name == "version" ? options_.version : options_.help) = true;
        stopOptionsProcessing();
    }
}

int Application::main(const std::vector<std::string>& arguments) {
    options_.arguments = arguments;
    const std::string command = arguments.empty() ? "" : arguments[0];
    if (options_.version || command == "version") {
        std::cout << "Patchbay " PATCHBAY_VERSION "\n";
        return EXIT_OK;
    }
    if (options_.help || command == "help") {
        std::cout << help_text();
        return EXIT_OK;
    }
    if (command.empty()) make_room_for_descriptors();  // before logging, which has a thread
    start_logging(options_.detailed_debug ? 2 : options_.debug ? 1 : 0);
    for (const std::string& warning : warnings_) spdlog::warn("{}", warning);
    if (command == "check") return check(arguments[1]);
    if (command == "plugins") return list_plugins();
    if (command == "ledger") {
        if (arguments[1] == "check") {
            const Books found = check_ledger(arguments[2], std::cout);
            return found == Books::agree      ? EXIT_OK
                   : found == Books::disagree ? EXIT_DATAERR
                                              : EXIT_UNAVAILABLE;
        }
        const bool good = close_ledger(arguments[2], options_.from, std::cout);
        return good ? EXIT_OK : EXIT_UNAVAILABLE;
    }
    if (command == "spend" && arguments[1] == "reprice") return reprice();
    if (is_managed(command) || command == "import" || command == "reconcile") {
        return manage_store();
    }
    if (command == "prices") {
        const bool good =
            import_prices({arguments[2], options_.to.empty() ? "prices.jsonl" : options_.to,
                           options_.from, options_.dry_run, options_.strict},
                          std::cout);
        return good ? EXIT_OK : EXIT_CONFIG;
    }
    return options_.skip_server_startup ? check(options_.config) : serve();
}

int Application::serve() {
    install_crash_report();
    ControlThread control(options_, places_);
    auto snapshot = control.start();
    if (!snapshot) return EXIT_CONFIG;
    log_as_configured(snapshot->config);
    const Secret& master_key = snapshot->config.general.master_key;
    warn_of_open_door(master_key);

    gateway::ServerOptions server_options;
    server_options.host = options_.host;
    server_options.port = static_cast<std::uint16_t>(options_.port);
    server_options.workers =
        options_.num_workers > 0
            ? options_.num_workers
            : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    server_options.client = http::client_options_from_environment();
    // The prober of health checks writes, too.
    const int writers = server_options.workers + 1;
    LogService logs(
        {.directory = places_.log_spool, .workers = writers, .client = server_options.client});
    server_options.logs = &logs;
    std::unique_ptr<LedgerService> ledger;
    const auto books = store::Address::read(snapshot->config.general.ledger);
    if (!books.empty()) {
        auto started =
            LedgerService::start({.directory = places_.ledger, .store = books, .workers = writers});
        if (!started) {
            spdlog::error("the books cannot be kept: {}", started.error());
            return EXIT_UNAVAILABLE;
        }
        ledger = std::move(*started);
        server_options.ledger = ledger.get();
    } else if (const auto& budgets = snapshot->config.litellm.budgets;
               budgets.max_end_user_nano || !budgets.max_end_user_budget_id.empty() ||
               !budgets.tags.empty()) {
        spdlog::warn(
            "budgets of customers and tags are configured and do not hold: spend is counted in a "
            "database, and there is none (general_settings.database_url)");
    }
    auto plane = control::Service::start(
        {.directory = places_.control, .store = books, .hmac_key = hmac_key(master_key)});
    if (plane) {
        (*plane)->use(plane_settings(snapshot->config));
        server_options.plane = {control::managed_path, (*plane)->socket()};
        control.set_plane(plane->get());
    } else if (ledger) {
        spdlog::error("keys cannot be managed: {}", plane.error());
        return EXIT_UNAVAILABLE;
    } else {
        spdlog::warn("management requests are not served: {}", plane.error());
    }
    const auto shared = start_sharing(snapshot->config);
    server_options.shared = shared.get();
    KeyServices keys;
    std::optional<SpendRetention> retention;
    if (ledger) {
        const GeneralSettings& general = snapshot->config.general;
        retention.emplace(books);
        retention->use(general.spend_logs_kept, general.spend_logs_interval);
        control.set_retention(&*retention);
        auto reader = store::KeyReader::open(books);
        if (!reader) {
            spdlog::error("what budgets have spent cannot be read: {}", reader.error().text);
            return EXIT_UNAVAILABLE;
        }
        control.set_books(std::move(*reader), *snapshot);
        auto started = start_keys(books, snapshot->config, server_options.shared);
        if (!started) {
            spdlog::error("{}", started.error());
            return EXIT_UNAVAILABLE;
        }
        keys = std::move(*started);
        server_options.keys = keys.keys.get();
        server_options.parties = keys.parties.get();
    }
    AlertService alerts(
        {.client = server_options.client,
         .addressees = [&books](const BudgetAlert& alert) { return addressees_of(books, alert); }});
    alerts.use(snapshot->config.general.alerts);
    server_options.alerts = &alerts;
    KeptResponses kept({.bytes = kept_bytes()});
    server_options.kept = &kept;
    std::optional<ResponseCache> cache;
    if (const auto& settings = snapshot->config.litellm.cache) {
        auto behind = store_behind(*settings);
        if (!behind) {
            spdlog::error("the response cache cannot be used: {}", behind.error());
            return EXIT_UNAVAILABLE;
        }
        cache.emplace(*settings, std::move(*behind));
        server_options.cache = &*cache;
    }
    const auto last = static_cast<std::size_t>(server_options.workers);
    HealthProber prober({.client = server_options.client,
                         .ledger = ledger ? &ledger->ring(last) : nullptr,
                         .logs = &logs,
                         .index = last});
    server_options.health = &prober;
    server_options.control = &control;
    server_options.cors = gateway::Cors(environment_or("LITELLM_CORS_ORIGINS", ""));
    gateway::RequestLog request_log(write_log_lines);
    if (!options_.no_access_log) server_options.request_log = &request_log;
    gateway::Server server(server_options);
    try {
        server.start(snapshot);
    } catch (const boost::system::system_error& e) {
        spdlog::error("cannot listen on {}:{}: {}", options_.host, options_.port,
                      e.code().message());
        return EXIT_UNAVAILABLE;
    }
    for (const std::string& model : snapshot->listed) {
        spdlog::info("serving {}{}", model,
                     model == snapshot->config.any_name ? ", under any name" : "");
    }
    const bool v6 = options_.host.find(':') != std::string::npos;
    spdlog::info("Patchbay " PATCHBAY_VERSION " listening on http://{}{}{}:{}", v6 ? "[" : "",
                 options_.host, v6 ? "]" : "", server.port());

    snapshot.reset();
    release_start_pages();
    control.run(server);
    drain(server);
    prober.stop();
    keys.stop();
    if (shared) shared->stop();
    if (cache) cache->stop();
    alerts.stop();
    logs.stop();
    if (retention) retention->stop();
    if (ledger) ledger->stop();
    return EXIT_OK;
}

void Application::drain(gateway::Server& server) {
    server.start_draining();
    spdlog::info("draining: {} requests in flight, up to {} s", server.under_way(),
                 options_.drain_seconds);
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::seconds(options_.drain_seconds);
    const sigset_t signals = awaited_signals();
    while (server.under_way() > 0 && std::chrono::steady_clock::now() < deadline) {
        const timespec pause{0, 10'000'000};
        const int signal = sigtimedwait(&signals, nullptr, &pause);
        if (signal == SIGTERM || signal == SIGINT) {
            spdlog::warn("told to stop again: not waiting any longer");
            break;
        }
    }
    if (server.under_way() > 0) spdlog::warn("{} requests are cut off", server.under_way());
    server.stop();
    spdlog::info("stopped");
}

}  // namespace patchbay::app
