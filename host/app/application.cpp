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
#include <Poco/Util/HelpFormatter.h>
#include <Poco/Util/Option.h>
#include <boost/system/system_error.hpp>
#include <spdlog/spdlog.h>

#include "app/control_thread.hpp"
#include "app/logging.hpp"
#include "app/signals.hpp"
#include "engine/plugins/crash_report.hpp"
#include "engine/version.hpp"

namespace patchbay::app {

using Poco::Util::Option;

namespace {

std::string environment_or(const char* name, std::string otherwise) {
    const char* value = std::getenv(name);
    return value && *value ? value : otherwise;
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

}  // namespace

Application::Application() : places_(find_places()) {
    setUnixOptions(true);
    options_.config = environment_or("CONFIG_FILE_PATH", "");
    options_.host = environment_or("HOST", options_.host);
    options_.port = number_from("PORT", environment_or("PORT", "4000"), 0, 65535);
    options_.num_workers = number_from(
        "NUM_WORKERS",
        environment_or("NUM_WORKERS", environment_or("DEFAULT_NUM_WORKERS_LITELLM_PROXY", "0")), 0,
        1024);
}

void Application::block_signals() {
    const sigset_t set = awaited_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

void Application::defineOptions(Poco::Util::OptionSet& options) {
    ServerApplication::defineOptions(options);
    const auto valued = [&](const char* name, const char* letter, const char* what,
                            const char* value) {
        options.addOption(
            Option(name, letter, what).required(false).repeatable(false).argument(value));
    };
    const auto flag = [&](const char* name, const char* letter, const char* what) {
        options.addOption(Option(name, letter, what).required(false).repeatable(true));
    };
    valued("config", "c", "LiteLLM's config.yaml", "FILE");
    valued("model", "m", "serve this model without a config file, e.g. openai/gpt-4o", "MODEL");
    valued("alias", "", "the name under which --model is served", "NAME");
    valued("api_base", "", "the provider's address for --model", "URL");
    valued("host", "", "address to listen on (default 0.0.0.0)", "ADDRESS");
    valued("port", "", "port to listen on (default 4000; 0 takes a free one)", "PORT");
    valued("num_workers", "", "event loops (default: one per core)", "N");
    valued("drain_timeout", "", "how long streams may go on after SIGTERM (default 120)",
           "SECONDS");
    flag("debug", "", "log more");
    flag("detailed_debug", "", "log everything");
    flag("version", "v", "print the version");
    flag("help", "h", "print this");
}

void Application::handleOption(const std::string& name, const std::string& value) {
    ServerApplication::handleOption(name, value);
    if (name == "config") options_.config = value;
    if (name == "model") options_.model = value;
    if (name == "alias") options_.alias = value;
    if (name == "api_base") options_.api_base = value;
    if (name == "host") options_.host = value;
    if (name == "port") options_.port = number_from("--port", value, 0, 65535);
    if (name == "num_workers") options_.num_workers = number_from("--num_workers", value, 1, 1024);
    if (name == "drain_timeout")
        options_.drain_seconds = number_from("--drain_timeout", value, 0, 86400);
    if (name == "debug") options_.debug = true;
    if (name == "detailed_debug") options_.detailed_debug = true;
    if (name == "version" || name == "help") {
        (name == "version" ? options_.version : options_.help) = true;
        stopOptionsProcessing();
    }
}

int Application::main(const std::vector<std::string>& arguments) {
    options_.arguments = arguments;
    if (options_.version) {
        std::cout << "Patchbay " PATCHBAY_VERSION "\n";
        return EXIT_OK;
    }
    if (options_.help) return show_help();
    if (arguments.empty()) make_room_for_descriptors();  // before logging, which has a thread
    start_logging(options_.detailed_debug ? 2 : options_.debug ? 1 : 0);
    if (arguments.empty()) return serve();
    if (arguments[0] == "check" && arguments.size() == 2) return check(arguments[1]);
    if (arguments[0] == "plugins" && arguments.size() == 1) return list_plugins();
    std::cerr << "patchbay: unknown command '" << arguments[0] << "'; see patchbay --help\n";
    return EXIT_USAGE;
}

int Application::show_help() {
    Poco::Util::HelpFormatter formatter(options());
    formatter.setCommand("patchbay");
    formatter.setUsage("[flags] | check FILE | plugins");
    formatter.setHeader("An LLM gateway: serves LiteLLM's config.yaml to OpenAI clients.");
    formatter.setUnixStyle(true);
    formatter.setWidth(100);
    formatter.format(std::cout);
    return EXIT_OK;
}

int Application::check(const std::string& file) {
    options_.config = file;
    WorldKeeper keeper(options_, places_, std::make_shared<Retirement>([] {}), {});
    const WorldChange world = keeper.start();
    for (const Problem& problem : world.problems) std::cout << problem.text() << "\n";
    if (!world.snapshot) return EXIT_CONFIG;
    const std::size_t deployments = world.snapshot->deployments.size();
    std::cout << file << ": good: " << deployments << " deployment" << (deployments == 1 ? "" : "s")
              << "\n";
    return EXIT_OK;
}

int Application::list_plugins() {
    std::vector<Problem> problems;
    LoadedConfig loaded = read_config(options_);
    problems = loaded.problems;
    std::shared_ptr<const PluginSet> plugins;
    if (loaded.config)
        plugins = PluginSet::load(plugin_set_options(*loaded.config, places_), problems);
    for (const Problem& problem : problems) std::cerr << problem.text() << "\n";
    if (!plugins) return EXIT_CONFIG;
    for (const PluginInfo& plugin : plugins->list()) {
        std::cout << plugin.id << " " << plugin.version << "\n  file: " << plugin.file
                  << "\n  sha256: " << plugin.sha256 << "\n";
        for (const ManifestComponent& component : plugin.components) {
            std::cout << "  component: " << component.id << " (" << component.kind << ")";
            for (std::size_t i = 0; i < component.operations.size(); ++i) {
                std::cout << (i == 0 ? ": " : ", ") << component.operations[i];
            }
            std::cout << "\n";
            std::string prefixes;
            for (const auto& [prefix, row] : plugins->providers()) {
                if (row.component->id != component.id) continue;
                prefixes += (prefixes.empty() ? "" : ", ") + prefix;
            }
            if (!prefixes.empty()) std::cout << "  serves: " << prefixes << "\n";
        }
    }
    return EXIT_OK;
}

int Application::serve() {
    install_crash_report();
    ControlThread control(options_, places_);
    auto snapshot = control.start();
    if (!snapshot) return EXIT_CONFIG;
    const Secret& master_key = snapshot->config.general.master_key;
    if (master_key.empty()) {
        spdlog::warn(
            "no master key is configured: anyone who reaches this port can use every model "
            "(general_settings.master_key)");
    } else if (master_key.equals("sk-1234")) {
        spdlog::warn(
            "the master key is the one of the documentation: change it before anyone else can "
            "reach this port");
    }

    gateway::ServerOptions server_options;
    server_options.host = options_.host;
    server_options.port = static_cast<std::uint16_t>(options_.port);
    server_options.workers =
        options_.num_workers > 0
            ? options_.num_workers
            : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    server_options.client = http::client_options_from_environment();
    LogService logs({.directory = places_.log_spool,
                     .workers = server_options.workers,
                     .client = server_options.client});
    server_options.logs = &logs;
    server_options.control = &control;
    server_options.cors = gateway::Cors(environment_or("LITELLM_CORS_ORIGINS", ""));
    gateway::Server server(server_options);
    try {
        server.start(snapshot);
    } catch (const boost::system::system_error& e) {
        spdlog::error("cannot listen on {}:{}: {}", options_.host, options_.port,
                      e.code().message());
        return EXIT_UNAVAILABLE;
    }
    for (const std::string& model : snapshot->listed) spdlog::info("serving {}", model);
    const bool v6 = options_.host.find(':') != std::string::npos;
    spdlog::info("Patchbay " PATCHBAY_VERSION " listening on http://{}{}{}:{}", v6 ? "[" : "",
                 options_.host, v6 ? "]" : "", server.port());

    snapshot.reset();
    control.run(server);
    drain(server);
    logs.stop();
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
