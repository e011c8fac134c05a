// patchbay_bench_load whole|stream --port N --path P --body FILE ...: sends requests over
// keep-alive connections and prints what came of them as one line of JSON.

#include "load.hpp"

#include <fstream>
#include <iterator>

#include "arguments.hpp"

namespace {

using patchbay::bench::Arguments;
using patchbay::bench::LoadOptions;

constexpr std::uint64_t kMillisecond = 1'000'000;

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) patchbay::bench::give_up("cannot read " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string make_request(const Arguments& arguments) {
    const std::string body = read_file(arguments.text("body"));
    return "POST " + arguments.text("path") +
           " HTTP/1.1\r\nHost: 127.0.0.1:" + arguments.text("port") +
           "\r\nAccept: application/json\r\nUser-Agent: OpenAI/Python 1.99.0\r\nAuthorization: "
           "Bearer " +
           arguments.text("key") +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv);
    if (arguments.words().size() != 1)
        patchbay::bench::give_up("usage: patchbay_bench_load whole|stream ...");
    const std::string mode = arguments.words()[0];
    LoadOptions options;
    options.port = static_cast<std::uint16_t>(arguments.number("port", 1, 65535));
    options.request = make_request(arguments);
    options.connections = static_cast<int>(arguments.number("connections", 1, 15000));
    options.duration_ns =
        static_cast<std::uint64_t>(arguments.number("milliseconds", 1, 600'000)) * kMillisecond;
    options.timeout_ns =
        static_cast<std::uint64_t>(arguments.number("timeout-ms", 1, 600'000, 30'000)) *
        kMillisecond;
    options.expect = arguments.text("expect", "");
    options.same = arguments.text("same", "");
    options.rate = static_cast<double>(arguments.number("rate", 0, 1'000'000, 0));
    if (mode == "whole") return patchbay::bench::load_whole(options);
    if (mode != "stream") patchbay::bench::give_up("unknown mode " + mode);
    options.done = arguments.text("done", "data: [DONE]");
    options.events = arguments.number("events", 1, 1'000'000);
    options.once = arguments.number("once", 0, 1, 0) == 1;
    options.ramp_ns =
        static_cast<std::uint64_t>(arguments.number("ramp-ms", 0, 600'000, 0)) * kMillisecond;
    options.late_ns =
        static_cast<std::uint64_t>(arguments.number("late-us", 0, 600'000'000, 600'000'000)) * 1000;
    return patchbay::bench::load_stream(options);
}
