#include "engine/isolation/plugin_host.hpp"

int main(int argc, char** argv) {
    return patchbay::isolation::run_plugin_host(argc, argv);
}
