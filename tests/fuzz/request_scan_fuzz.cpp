// The scan takes a body only if it is valid JSON by simdjson's verdict too, and refuses it as no
// JSON only if simdjson does; what it gives lies within the body.
#include <vector>

#include "contract/json/json_oracle.hpp"
#include "engine/surface/request_scan.hpp"
#include "fuzz.hpp"

using namespace patchbay;
using fuzz::require;

namespace {

void check_members(const RequestScan& scan, std::string_view body) {
    std::size_t end = 0;
    for (const bay_member& m : scan.members) {
        require(m.name_off >= end && m.name_off < body.size(), "members in order");
        require(body.data() + m.name_off + 1 == m.name.ptr, "name at its offset");
        require(m.value_off > m.name_off + m.name.len, "value behind its name");
        require(body.data() + m.value_off == m.value.ptr, "value at its offset");
        end = m.value_off + m.value.len;
        require(end <= body.size() && m.value.len != 0, "value within the body");
        require(reader_accepts({m.value.ptr, m.value.len}), "value is JSON");
    }
    require(body.substr(scan.model_off, scan.model_len).ends_with('"'), "range of the model");
    require(!scan.model().empty() && scan.content.starts_with('['), "model and messages");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body = fuzz::text_of(data, size);
    const JsonVerdict verdict = simdjson_verdict(body);
    const auto scan = scan_request(body, kMessagesForm);
    if (scan) {
        require(verdict != JsonVerdict::invalid, "an accepted body is JSON");
        check_members(*scan, body);
    } else {
        require(scan.error().status() == 400 && !scan.error().message.empty(), "a clear refusal");
        if (scan.error().code == "invalid_json") {
            require(verdict != JsonVerdict::valid, "a body refused as no JSON is none");
        } else {
            require(verdict != JsonVerdict::invalid, "a body refused for its content is JSON");
        }
    }
    return 0;
}
