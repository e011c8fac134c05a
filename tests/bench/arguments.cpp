#include "arguments.hpp"

#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace patchbay::bench {

void give_up(const std::string& message) {
    std::fprintf(stderr, "bench: %s\n", message.c_str());
    std::exit(2);
}

Arguments::Arguments(int argc, char** argv) {
    int i = 1;
    for (; i < argc && std::string(argv[i]).rfind("--", 0) != 0; ++i) words_.emplace_back(argv[i]);
    for (; i < argc; i += 2) {
        const std::string name = argv[i];
        if (name.rfind("--", 0) != 0 || i + 1 == argc) give_up("expected --name value at " + name);
        values_[name.substr(2)] = argv[i + 1];
    }
}

std::string Arguments::text(const std::string& name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) give_up("--" + name + " is missing");
    return found->second;
}

std::string Arguments::text(const std::string& name, const std::string& otherwise) const {
    return values_.count(name) != 0 ? text(name) : otherwise;
}

long Arguments::number(const std::string& name, long low, long high) const {
    const std::string value = text(name);
    long number = 0;
    const char* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, number);
    if (error != std::errc() || stop != end || number < low || number > high) {
        give_up("--" + name + " must be a number from " + std::to_string(low) + " to " +
                std::to_string(high));
    }
    return number;
}

long Arguments::number(const std::string& name, long low, long high, long otherwise) const {
    return values_.count(name) != 0 ? number(name, low, high) : otherwise;
}

}  // namespace patchbay::bench
