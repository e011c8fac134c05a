#include "engine/isolation/plugin_host.hpp"

int main() {
    return patchbay::isolation::run_plugin_host();
}
