// Whatever bytes a client sends, however they are cut: every answer is whole HTTP/1.1, each request
// has at most one, the connection does not hang, and requests come out the same as when the bytes
// come at once.
//
// The first byte of the input says how many of the next bytes are lengths of pieces; the rest is
// sent in pieces of those lengths, the last of them to the end.
#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz.hpp"
#include "gateway/test_support.hpp"

using namespace patchbay;
using fuzz::require;

namespace {

struct Outcome {
    std::vector<gateway::test::StubHandler::Seen> seen;
    std::string answers;
    bool closed = false;
};

std::size_t number(std::string_view text, int base) {
    std::size_t value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    require(ec == std::errc() && end == text.data() + text.size() && !text.empty(), "a number");
    return value;
}

/// Takes one answer from the front and gives its status.
std::size_t take_answer(std::string_view& text) {
    require(text.starts_with("HTTP/1.1 "), "a status line");
    const std::size_t end = text.find("\r\n\r\n");
    require(end != std::string_view::npos, "a whole head");
    const std::size_t status = number(text.substr(9, 3), 10);
    std::string_view lines = text.substr(text.find("\r\n") + 2, end - text.find("\r\n"));
    std::size_t length = 0;
    std::size_t lengths = 0;
    while (!lines.empty()) {
        const std::size_t stop = lines.find("\r\n");
        if (stop == std::string_view::npos) break;
        const std::string_view line = lines.substr(0, stop);
        lines.remove_prefix(stop + 2);
        const std::size_t colon = line.find(": ");
        require(line.empty() || colon != std::string_view::npos, "a header has a name and a value");
        require(line.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos,
                "a header is one line");
        if (line.starts_with("content-length: ")) {
            length = number(line.substr(colon + 2), 10);
            ++lengths;
        }
    }
    text.remove_prefix(end + 4);
    require(status == 100 || lengths == 1, "an answer has one length");
    require(text.size() >= length, "a body is whole");
    text.remove_prefix(length);
    return status;
}

Outcome exchange(std::string_view bytes, const std::vector<std::size_t>& pieces) {
    gateway::test::Harness harness;
    gateway::test::StubHandler handler;
    gateway::ConnectionLimits limits;
    limits.header_bytes = 512;
    limits.body_bytes = 1024;
    Outcome outcome;
    {
        const auto client = harness.connect(handler, limits);
        for (const std::size_t piece : pieces) {
            harness.say(*client, bytes.substr(0, piece));
            bytes.remove_prefix(std::min(piece, bytes.size()));
        }
        harness.say(*client, bytes);
        outcome.answers = client->received;
        outcome.closed = client->closed;
        client->hang_up();
        harness.settle();
        require(handler.closed == 1, "a connection ends with its client");
        require(harness.last.expired(), "a connection that ended is gone");
    }
    outcome.seen = std::move(handler.seen);
    return outcome;
}

void check(const Outcome& outcome) {
    std::string_view rest = outcome.answers;
    std::size_t good = 0;
    bool refused = false;
    while (!rest.empty()) {
        require(!refused, "a refusal is the last answer");
        const std::size_t status = take_answer(rest);
        if (status == 200) {
            ++good;
        } else {
            refused = status != 100;
            require(status == 100 || status == 400 || status == 413 || status == 431,
                    "a known refusal");
        }
    }
    require(good == outcome.seen.size(), "one answer for each request");
    require(!refused || outcome.closed, "a refused client is closed");
    for (const auto& seen : outcome.seen) {
        require(seen.body.size() <= 1024, "a body within the limit");
        require(!seen.method.empty(), "a method");
        require(seen.path.find('?') == std::string::npos, "a path without query");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t count = std::min<std::size_t>(data[0] % 16, size - 1);
    const std::vector<std::size_t> pieces(data + 1, data + 1 + count);
    const std::string_view bytes = fuzz::text_of(data + 1 + count, size - 1 - count);
    const Outcome cut = exchange(bytes, pieces);
    check(cut);
    const Outcome whole = exchange(bytes, {});
    check(whole);
    require(cut.seen == whole.seen, "the same requests however the bytes are cut");
    return 0;
}
