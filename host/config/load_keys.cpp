#include "config/load_keys.hpp"

#include <cmath>

#include "config/sections.hpp"

namespace patchbay {

namespace {

constexpr double kMostMegabytes = 1u << 20;  ///< one TiB; more is a slip of the pen

// nullopt: none is given, or it was told what is wrong.
std::optional<std::uint64_t> read_megabytes(Reader& reader, const Entry& entry) {
    std::optional<double> megabytes;
    reader.read(entry, megabytes);
    if (!megabytes) return std::nullopt;
    if (*megabytes > kMostMegabytes) {
        reader.wrong(entry.quoted(), entry.place(), "a number of megabytes",
                     "a number that is too large");
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(std::llround(*megabytes * (1u << 20)));
}

// What LiteLLM ignores with a line in its log.
void ignore(Reader& reader, const Entry& entry, std::string_view expected) {
    reader.problems().left_out(entry.place(),
                               entry.quoted() + ": expected " + std::string(expected) +
                                   ": ignored, so an event loop serves as many requests as come");
}

}  // namespace

void read_max_request_size(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    settings.max_request_size = read_megabytes(reader, entry).value_or(settings.max_request_size);
}

void read_max_response_size(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    const auto size = read_megabytes(reader, entry);
    if (size == 0u) {
        return reader.wrong(entry.quoted(), entry.place(), "a number of megabytes above 0", "0");
    }
    settings.max_response_size = size.value_or(0);
}

void read_loop_bounds(Reader& reader, const Entry& section, GeneralSettings& settings) {
    std::optional<std::int64_t> in_flight;
    std::optional<std::int64_t> queued;
    std::chrono::milliseconds wait = LoopBounds{}.wait;
    bool ignored = false;
    for (const yaml::Member& member : section.value->members) {
        const Entry entry{section.name(), member.key, member.value};
        if (entry.name() == "max_in_flight_requests_per_worker") {
            reader.read(entry, in_flight);
            if (in_flight != 0) continue;
            ignore(reader, entry, "a whole number above 0");
            ignored = true;
        } else if (entry.name() == "max_queued_requests_per_worker") {
            reader.read(entry, queued);
        } else if (entry.name() == "admission_queue_timeout_seconds") {
            reader.read(entry, wait);
            if (wait.count() > 0) continue;
            ignore(reader, entry, "a number of seconds above 0");
            ignored = true;
        }
    }
    if (!in_flight || ignored) return;
    settings.loop_bounds = LoopBounds{*in_flight, queued.value_or(*in_flight), wait};
}

}  // namespace patchbay
