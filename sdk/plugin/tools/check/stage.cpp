#include "stage.hpp"

#include <algorithm>
#include <filesystem>
#include <variant>

#include <boost/json.hpp>

#include "boundary.hpp"
#include "patchbay/provider.h"
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

bool plays(const Transcript& t, const ManifestComponent& component, bool first) {
    const bool its = t.component == component.id || (t.component.empty() && first);
    return its && std::any_of(t.steps.begin(), t.steps.end(), [](const auto& step) {
               return std::holds_alternative<Upstream>(step);
           });
}

}  // namespace

Stage::Stage(const Subject& subject)
    : file_(subject.path, across_boundary), all_(subject.transcripts) {
    bool first = true;
    for (const auto& component : subject.manifest->components) {
        if (component.kind != BAY_KIND_PROVIDER) continue;
        const bool played = std::any_of(all_.begin(), all_.end(), [&](const Transcript& t) {
            return plays(t, component, first);
        });
        first = false;
        const auto settings = default_settings(component, subject.path);
        if (played || !settings) continue;
        all_.push_back(made_up(component, *settings, false));
        all_.push_back(made_up(component, *settings, true));
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

std::string difference(const Run& expected, const Run& got) {
    if (expected.actions == got.actions) return {};
    const auto [a, b] = std::mismatch(expected.actions.begin(), expected.actions.end(),
                                      got.actions.begin(), got.actions.end());
    const std::string want = a == expected.actions.end() ? std::string("nothing") : describe(*a);
    const std::string have = b == got.actions.end() ? std::string("nothing") : describe(*b);
    return "action " + std::to_string(a - expected.actions.begin() + 1) + ": expected " + want +
           "; got " + have;
}

std::string short_name(const Transcript& transcript) {
    return std::filesystem::path(transcript.file).filename();
}

void on_stage(const Subject& subject, Findings& findings, const std::function<void(Stage&)>& use) {
    const auto& components = subject.manifest->components;
    const bool provider = std::any_of(components.begin(), components.end(), [](const auto& one) {
        return one.kind == BAY_KIND_PROVIDER;
    });
    if (!provider && subject.transcripts.empty()) {
        return findings.skip("no transcript to play");
    }
    Stage stage(subject);
    if (stage.all().empty()) return findings.skip("no transcript to play");
    use(stage);
}

}  // namespace patchbay::check
