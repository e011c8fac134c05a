#include "made_up.hpp"

#include <string>

#include <boost/json.hpp>

#include "patchbay/guardrail.h"

namespace patchbay::check {
namespace {

using transcript::Transcript;
using transcript::Upstream;

constexpr const char* kWhole =
    R"({"id":"chatcmpl-1","object":"chat.completion","created":1767225600,"model":"m","choices":[)"
    R"({"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],)"
    R"("usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}})";
constexpr const char* kStream =
    "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1767225600,"
    "\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hi"
    "\"},\"finish_reason\":null}]}\n\n"
    "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1767225600,"
    "\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    "data: [DONE]\n\n";

Transcript made_up(const ManifestComponent& component, const boost::json::object& settings,
                   bool stream) {
    Transcript t;
    t.file = std::string("made-up-") + (stream ? "stream" : "chat") + "-" + component.id;
    t.component = component.id;
    t.config = boost::json::serialize(settings);
    t.target = {.given = true,
                .model = "m",
                .base_url = "https://upstream.example.org/v1",
                .api_key = "sk-check",
                .params = "{}"};
    t.request = R"({"model":"alias","messages":[{"role":"user","content":"Hello"}])";
    t.request += stream ? R"(,"stream":true})" : "}";
    if (stream) t.flags = BAY_REQ_STREAM;
    Upstream upstream;
    upstream.status = 200;
    upstream.headers = {{"content-type", stream ? "text/event-stream" : "application/json"}};
    upstream.body = stream ? kStream : kWhole;
    t.steps.emplace_back(upstream);
    return t;
}

// In texts for guardrails: some of what they look for.
constexpr const char* kTelling =
    "I am Ada, ada@example.org, +1 212 555 0123; my card is 4111 1111 1111 1111, the secret is "
    "password=hunter2.";

Upstream empty_answer() {
    Upstream upstream;
    upstream.status = 200;
    upstream.headers = {{"content-type", "application/json"}};
    upstream.body = "{}";
    return upstream;
}

// A question, answered at most by a service that says nothing.
Transcript made_up_question(std::uint32_t stage) {
    Transcript t;
    const bool answer = stage == BAY_STAGE_POST_CALL;
    const boost::json::object message{{"role", answer ? "assistant" : "user"},
                                      {"content", kTelling}};
    transcript::Inspect inspect;
    inspect.stage = stage;
    inspect.answer = answer;
    inspect.json = boost::json::serialize(
        answer ? boost::json::object{{"id", "chatcmpl-1"},
                                     {"choices", {{{"index", 0}, {"message", message}}}}}
               : boost::json::object{{"model", "m"}, {"messages", {message}}});
    t.file = answer ? "made-up-answer-" : "made-up-request-";
    t.steps.emplace_back(inspect);
    t.steps.emplace_back(empty_answer());
    return t;
}

Transcript made_up_stream_past() {
    Transcript t;
    transcript::StreamText stream;
    stream.channels.push_back({"/choices/0/delta/content", kTelling});
    stream.answers.push_back(empty_answer());
    t.file = "made-up-stream-";
    t.steps.emplace_back(stream);
    return t;
}

Transcript made_up_batch() {
    Transcript t;
    t.file = "made-up-batch-";
    for (const bool failed : {false, true}) {
        const std::string id = failed ? "record-2" : "record-1";
        const boost::json::object json{{"id", id},
                                       {"status", failed ? "failure" : "success"},
                                       {"call_type", "acompletion"},
                                       {"model", "m"},
                                       {"startTime", 1767225600.0},
                                       {"endTime", 1767225601.5}};
        t.batch.push_back({id, boost::json::serialize(json), 1767225601500, failed});
    }
    for (int i = 0; i < 4; ++i) t.steps.emplace_back(empty_answer());
    return t;
}

}  // namespace

std::vector<Transcript> made_up(const ManifestComponent& component, transcript::Kind kind,
                                const boost::json::object& settings) {
    if (kind == transcript::Kind::provider) {
        return {made_up(component, settings, false), made_up(component, settings, true)};
    }
    std::vector<Transcript> all;
    if (kind == transcript::Kind::guardrail) {
        all = {made_up_question(BAY_STAGE_PRE_CALL), made_up_question(BAY_STAGE_POST_CALL),
               made_up_stream_past()};
    } else {
        all = {made_up_batch()};
    }
    for (Transcript& t : all) {
        t.kind = kind;
        t.file += component.id;
        t.component = component.id;
        t.config = boost::json::serialize(settings);
    }
    return all;
}

}  // namespace patchbay::check
