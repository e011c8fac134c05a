#include "app/world_builder.hpp"

#include "app/logging.hpp"
#include "engine/state_directory.hpp"

namespace patchbay::app {

namespace fs = std::filesystem;

Places find_places() {
    Places places;
    std::error_code ec;
    places.program = fs::read_symlink("/proc/self/exe", ec);
    places.plugins = places.program.parent_path().parent_path() / "lib/patchbay/plugins";
    const fs::path state = state_directory();
    places.plugin_cache = state / "plugins";
    places.log_spool = state / "log";
    places.ledger = state / "ledger";
    places.control = state;
    places.fork_server = std::make_shared<isolation::ForkServer>(places.program.parent_path() /
                                                                 "patchbay-plugin-host");
    return places;
}

bool is_built_in(const Options& options) {
    return options.config.empty() && options.model.empty();
}

LoadedConfig read_config(const Options& options) {
    LoadedConfig loaded = options.config.empty()
                              ? load_config_text("", "the command line", process_environment())
                              : load_config(options.config, process_environment());
    auto& config = loaded.config ? loaded.config : loaded.draft;
    if (config && !options.model.empty()) {
        DeploymentConfig entry;
        entry.model_name = options.alias.empty() ? options.model : options.alias;
        entry.model = options.model;
        entry.api_base = options.api_base;
        entry.place.file = "--model";
        config->any_name = entry.model_name;
        config->model_list.push_back(std::move(entry));
    }
    if (config && options.request_timeout)
        config->litellm.request_timeout = *options.request_timeout;
    if (config && options.drop_params) config->litellm.drop_params = true;
    if (config && json_logs_in_environment()) config->litellm.json_logs = true;
    return loaded;
}

PluginSetOptions plugin_set_options(const Config& config, const Places& places) {
    PluginSetOptions options;
    for (const PlacedText& directory : config.plugins.directories) {
        options.directories.push_back(directory.text);
        options.directory_places.emplace(directory.text, directory.place);
    }
    if (options.directories.empty()) options.directories.push_back(places.plugins);
    options.cache_directory = places.plugin_cache;
    options.probe_program = places.program;
    options.make_home = isolation::homes({.fork_server = places.fork_server});
    options.settings = config.plugins;
    return options;
}

void add_built_in_models(Config& config, const PluginSet& plugins, const Environment& environment) {
    const auto add = [&](std::string name, std::string model) {
        DeploymentConfig entry;
        entry.model_name = std::move(name);
        entry.model = std::move(model);
        entry.place.file = "built in";
        config.model_list.push_back(std::move(entry));
    };
    if (plugins.provider("demo")) add("demo", "demo/echo");
    for (const auto& [prefix, row] : plugins.providers()) {
        const bool reachable = !row.base_url.empty();
        for (const std::string& name : row.api_key_env) {
            const auto key = environment(name);
            if (reachable && key && !key->empty()) {
                add(prefix + "/*", prefix + "/*");
                break;
            }
        }
    }
}

}  // namespace patchbay::app
