#include "stage.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <variant>

#include <boost/json.hpp>

#include "boundary.hpp"
#include "patchbay/guardrail.h"
#include "progress.hpp"
#include "settings.hpp"

namespace patchbay::check {
namespace {

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
    t.target = {"m", "https://upstream.example.org/v1", "sk-check", "{}"};
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

std::optional<transcript::Kind> kind_of(const ManifestComponent& component) {
    if (component.kind == BAY_KIND_PROVIDER) return transcript::Kind::provider;
    if (component.kind == BAY_KIND_GUARDRAIL) return transcript::Kind::guardrail;
    if (component.kind == BAY_KIND_LOGGER) return transcript::Kind::logger;
    return std::nullopt;
}

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

// Whether a transcript shows more of a component than how a request is translated.
bool plays(const Transcript& t, const ManifestComponent& component, transcript::Kind kind,
           bool first) {
    if (t.kind.value_or(kind) != kind ||
        !(t.component == component.id || (t.component.empty() && first))) {
        return false;
    }
    return kind != transcript::Kind::provider ||
           std::any_of(t.steps.begin(), t.steps.end(),
                       [](const auto& step) { return std::holds_alternative<Upstream>(step); });
}

}  // namespace

Stage::Stage(const Subject& subject)
    : file_(subject.path, across_boundary), all_(subject.transcripts) {
    std::set<transcript::Kind> met;
    for (const auto& component : subject.manifest->components) {
        const auto kind = kind_of(component);
        if (!kind) continue;
        const bool first = met.insert(*kind).second;
        const bool played = std::any_of(all_.begin(), all_.end(), [&](const Transcript& t) {
            return plays(t, component, *kind, first);
        });
        const auto settings = default_settings(component, subject.path);
        if (played || !settings) continue;
        for (Transcript& one : made_up(component, *kind, *settings)) all_.push_back(std::move(one));
    }
}

const std::vector<Stage::Case>& Stage::good() {
    if (judged_) return good_;
    judged_ = true;
    for (const Transcript& one : all_) {
        Run run = play(one, "as it is");
        if (fault_of(run).empty()) good_.push_back({&one, std::move(run)});
    }
    return good_;
}

Run Stage::play(const Transcript& transcript, const std::string& how, Cuts cuts,
                std::size_t max_events) {
    doing(short_name(transcript) + ", " + how);
    return transcript::play(file_, transcript, cuts, max_events);
}

std::string fault_of(const Run& run) {
    for (const Action& action : run.actions) {
        if (action.kind == "fault") return action.text;
    }
    return {};
}

std::string short_name(const Transcript& transcript) {
    return std::filesystem::path(transcript.file).filename();
}

void on_stage(const Subject& subject, Findings& findings, const std::function<void(Stage&)>& use) {
    const auto& components = subject.manifest->components;
    const bool playable = std::any_of(components.begin(), components.end(),
                                      [](const auto& one) { return kind_of(one).has_value(); });
    if (!playable && subject.transcripts.empty()) {
        return findings.skip("no transcript to play");
    }
    Stage stage(subject);
    if (stage.all().empty()) return findings.skip("no transcript to play");
    use(stage);
}

}  // namespace patchbay::check
