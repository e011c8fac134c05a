// Tested by http_answer_test.cpp and tests/e2e/test_bedrock.py.
#include "gateway/aws_events.hpp"

#include "contract/framing/aws_eventstream_writer.hpp"
#include "engine/surface/hub/base64.hpp"

namespace patchbay::gateway {

namespace {

constexpr std::string_view kJson = "application/json";

}  // namespace

void append_aws_event(Framing framing, std::string_view name, const Restamped& json,
                      std::string& out) {
    const bool chunk = framing == Framing::aws_chunks;
    http::AwsMessage message(out);
    message.header(":event-type", chunk ? "chunk" : name);
    message.header(":content-type", kJson);
    message.header(":message-type", "event");
    message.begin_payload();
    if (chunk) {
        std::string inner;
        json.append_to(inner);
        out.append(R"({"bytes":")").append(surface::base64_of(inner)).append(R"("})");
    } else {
        json.append_to(out);
    }
    message.end();
}

void append_aws_exception(std::string_view type, std::string_view json, std::string& out) {
    http::AwsMessage message(out);
    message.header(":exception-type", type);
    message.header(":content-type", kJson);
    message.header(":message-type", "exception");
    message.begin_payload();
    out += json;
    message.end();
}

}  // namespace patchbay::gateway
