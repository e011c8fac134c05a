// SPDX-License-Identifier: Apache-2.0
#include "generate_pass.hpp"

#include "errors.hpp"
#include "failure/error_text.hpp"
#include "json.hpp"

namespace patchbay::google {

namespace {

constexpr std::string_view kCounted = "generateContentRequest";
/// What Vertex AI counts of a request; it refuses what else a request may have.
constexpr std::string_view kCountedMembers[] = {"contents",           "systemInstruction",
                                                "system_instruction", "tools",
                                                "generationConfig",   "generation_config"};

std::optional<Failure> error_in_response(const bay_ev_http& answer) {
    const auto data = bay::sv(answer.data);
    if (!shared::read_error(data).error_member) return std::nullopt;
    return failure_of_event(data);
}
constexpr shared::PassedApi kGenerateApi{"event-stream", "the stream holds what is no response",
                                         "no answer of this API", failure_of_answer,
                                         error_in_response};

}  // namespace

std::string counted_request(std::string_view client_json, std::string_view model) {
    auto parsed = parse_json(client_json);
    auto* client = parsed ? parsed->if_object() : nullptr;
    auto* counted = client ? find_object(*client, kCounted) : nullptr;
    if (!counted) return {};
    (*counted)["model"] = std::string("models/").append(model);
    return to_text(*counted);
}

void GeneratePass::begin(const bay_ev_request& request, std::string_view model) {
    streamed_ = (request.flags & BAY_REQ_STREAM) != 0;
    answer_.emplace(kGenerateApi, "Google", streamed_);
    body_.emplace(request);
    body_->drop("model");  // the address says it; here stands the client's name for it
    if (what_ == What::count && counted_ == Counted::within) {
        const std::string counted = counted_request(bay::sv(request.json), model);
        if (!counted.empty()) body_->set(kCounted, counted);
    } else if (what_ == What::count) {
        const auto parsed = parse_json(bay::sv(request.json));
        const auto* client = parsed ? parsed->if_object() : nullptr;
        const auto* counted = client ? find_object(*client, kCounted) : nullptr;
        body_->drop(kCounted);
        for (const std::string_view name : kCountedMembers) {
            const auto* value = counted ? counted->if_contains(name) : nullptr;
            if (value) body_->set(name, to_text(*value));
        }
    }
    segments_ = body_->segments();
}

std::string_view GeneratePass::method() const {
    if (what_ == What::count) return "countTokens";
    return streamed_ ? "streamGenerateContent?alt=sse" : "generateContent";
}

bay_status GeneratePass::send(bay::HttpRequest& call, bay::Out out) {
    call.header("content-type", "application/json");
    call.flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    call.decode(streamed_ ? BAY_DECODE_SSE : BAY_DECODE_BUFFER).body(segments_);
    return call.send(out);
}

}  // namespace patchbay::google
