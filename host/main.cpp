#include <iostream>
#include <string>
#include <vector>

#include <Poco/Exception.h>
#include <spdlog/spdlog.h>

#include "app/application.hpp"
#include "engine/plugins/probe.hpp"

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (!arguments.empty() && arguments[0] == "plugin-probe") {
        return patchbay::run_plugin_probe({arguments.begin() + 1, arguments.end()});
    }
    patchbay::app::Application::block_signals();
    try {
        int status = 0;
        {
            patchbay::app::Application application;
            status = application.run(argc, argv);
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
