// A program that knows nothing but "plugin-probe FILE...".
#include <string>
#include <vector>

#include "engine/plugins/probe.hpp"

int main(int argc, char** argv) {
    if (argc < 2 || std::string(argv[1]) != "plugin-probe") return 2;
    return patchbay::run_plugin_probe(std::vector<std::string>(argv + 2, argv + argc));
}
