#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <Poco/Exception.h>
#include <spdlog/spdlog.h>

#include "app/application.hpp"
#include "app/command_line.hpp"
#include "app/env_file.hpp"
#include "app/signals.hpp"
#include "app/variables.hpp"
#include "engine/plugins/probe.hpp"

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (!arguments.empty() && arguments[0] == "plugin-probe") {
        return patchbay::run_plugin_probe({arguments.begin() + 1, arguments.end()});
    }
    patchbay::app::CommandLine line;
    if (const auto slip = patchbay::app::read_command_line(arguments, line)) {
        std::cerr << "patchbay: " << *slip << "; see patchbay --help\n";
        return Poco::Util::Application::EXIT_USAGE;
    }
    // Before anything else looks at the environment, and before there are threads.
    for (std::string& problem : patchbay::app::use_env_file())
        line.warnings.push_back(std::move(problem));
    const auto variable = [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value ? std::optional<std::string>(value) : std::nullopt;
    };
    if (const auto refused = patchbay::app::read_variables(variable, line)) {
        std::cerr << "patchbay: " << *refused << "\n";
        return Poco::Util::Application::EXIT_CONFIG;
    }
    patchbay::app::pass_over_signals();
    patchbay::app::Application::block_signals();
    try {
        int status = 0;
        {
            patchbay::app::Application application(std::move(line.warnings));
            line.arguments.insert(line.arguments.begin(), argv[0]);
            status = application.run(line.arguments);
        }
        spdlog::shutdown();  // after the last plugin is gone: plugins log, too
        return status;
    } catch (const Poco::Exception& e) {
        std::cerr << "patchbay: " << e.displayText() << "; see patchbay --help\n";
    } catch (const std::exception& e) {
        std::cerr << "patchbay: " << e.what() << "\n";
    }
    return Poco::Util::Application::EXIT_USAGE;
}
