#include "stage.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <variant>

#include <boost/json.hpp>

#include "boundary.hpp"
#include "made_up.hpp"
#include "patchbay/provider.h"
#include "progress.hpp"
#include "settings.hpp"

namespace patchbay::check {
namespace {

using transcript::Upstream;

std::optional<transcript::Kind> kind_of(const ManifestComponent& component) {
    if (component.kind == BAY_KIND_PROVIDER) return transcript::Kind::provider;
    if (component.kind == BAY_KIND_GUARDRAIL) return transcript::Kind::guardrail;
    if (component.kind == BAY_KIND_LOGGER) return transcript::Kind::logger;
    return std::nullopt;
}

// Whether a transcript shows more of a component than how a request is translated.
bool plays(const Transcript& t, const ManifestComponent& component, transcript::Kind kind,
           bool first) {
    if (t.kind.value_or(kind) != kind ||
        !(t.component == component.id || (t.component.empty() && first))) {
        return false;
    }
    return kind != transcript::Kind::provider ||
           std::any_of(t.steps.begin(), t.steps.end(), [](const auto& step) {
               return std::holds_alternative<Upstream>(step) ||
                      std::holds_alternative<transcript::SocketEvent>(step);
           });
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
