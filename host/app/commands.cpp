// The commands that need a configuration: the other half of application.cpp.
#include <iostream>
#include <utility>

#include "app/application.hpp"
#include "app/import_command.hpp"
#include "app/key_services.hpp"
#include "app/manage_command.hpp"
#include "app/reconcile_command.hpp"
#include "app/reprice_command.hpp"
#include "app/world_keeper.hpp"

namespace patchbay::app {

int Application::check(const std::string& file) {
    options_.config = file;
    options_.check = true;
    WorldKeeper keeper(options_, places_, std::make_shared<Retirement>([] {}), {});
    const WorldChange world = keeper.start();
    for (const Problem& problem : world.problems) std::cout << problem.text() << "\n";
    if (!world.snapshot) return EXIT_CONFIG;
    const std::size_t deployments = world.snapshot->deployments.size();
    std::cout << (file.empty() ? "the command line" : file) << ": good: " << deployments
              << " deployment" << (deployments == 1 ? "" : "s") << "\n";
    return EXIT_OK;
}

int Application::reprice() {
    const std::string model = std::exchange(options_.model, {});  // no model that is to be served
    WorldKeeper keeper(options_, places_, std::make_shared<Retirement>([] {}), {});
    const WorldChange world = keeper.start();
    if (!world.snapshot) {
        for (const Problem& problem : world.problems) std::cerr << problem.text() << "\n";
        return EXIT_CONFIG;
    }
    const auto books = store::Address::read(world.snapshot->config.general.ledger);
    const bool good = reprice_spend({.from = options_.from,
                                     .until = options_.to,
                                     .model = model,
                                     .apply = options_.apply,
                                     .json = options_.json,
                                     .store = books},
                                    *world.snapshot, std::cout);
    return good ? EXIT_OK : EXIT_UNAVAILABLE;
}

int Application::manage_store() {
    const LoadedConfig loaded = read_config(options_);
    for (const Problem& problem : loaded.problems) {
        if (!loaded.config) std::cerr << problem.text() << "\n";
    }
    if (!loaded.config) return EXIT_CONFIG;
    const GeneralSettings& general = loaded.config->general;
    const auto books = store::Address::read(general.ledger);
    if (options_.arguments[0] == "import") {
        const control::Settings settings = plane_settings(*loaded.config);
        const bool taken = import_from_litellm({.from = options_.from,
                                                .store = books,
                                                .store_url = general.ledger,
                                                .hmac_key = hmac_key(general.master_key),
                                                .dry_run = options_.dry_run,
                                                .update = options_.update,
                                                .guardrails = settings.guardrails},
                                               std::cout);
        return taken ? EXIT_OK : EXIT_UNAVAILABLE;
    }
    if (options_.arguments[0] == "reconcile") {
        const auto found =
            reconcile({.files = {options_.arguments.begin() + 1, options_.arguments.end()},
                       .json = options_.json,
                       .store = books},
                      std::cout);
        return found == Reconciled::same        ? EXIT_OK
               : found == Reconciled::different ? EXIT_DATAERR
                                                : EXIT_UNAVAILABLE;
    }
    const Managed done =
        manage({.command = options_.arguments[0],
                .verb = options_.arguments[1],
                .operand = options_.arguments.size() > 2 ? options_.arguments[2] : "",
                .json = options_.json,
                .store = books,
                .settings = plane_settings(*loaded.config),
                .hmac_key = hmac_key(general.master_key)},
               std::cout);
    switch (done) {
        case Managed::done:
            return EXIT_OK;
        case Managed::slip:
            return EXIT_USAGE;
        case Managed::refused:
            return EXIT_DATAERR;
        case Managed::unavailable:
            break;
    }
    return EXIT_UNAVAILABLE;
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

}  // namespace patchbay::app
