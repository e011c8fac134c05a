// Tests on making and destroying instances.
#include <algorithm>
#include <functional>

#include <boost/json.hpp>

#include "leaks.hpp"
#include "loaded.hpp"
#include "progress.hpp"
#include "settings.hpp"
#include "test.hpp"

namespace patchbay::check {
namespace {

namespace json = boost::json;

constexpr int kFuzzCases = 300;

std::string shown(const json::object& settings) {
    std::string text = json::serialize(settings);
    constexpr std::size_t kMost = 300;
    if (text.size() > kMost) text = text.substr(0, kMost) + "...";
    return text;
}

std::string words_of(const Created& created) {
    std::string text = "status " + std::to_string(created.status);
    for (const auto& report : created.reports) {
        text += "; " + report.pointer + ": " + report.message;
    }
    return text;
}

// Refused as bad settings, with an error: some rules a schema cannot express.
bool says_why(const Created& created) {
    return created.status == BAY_E_INVALID &&
           std::any_of(created.reports.begin(), created.reports.end(),
                       [](const auto& report) { return report.severity >= BAY_LOG_ERROR; });
}

// Settings to begin with: the defaults, and those that transcripts use.
std::vector<json::object> known_settings(const Subject& subject,
                                         const ManifestComponent& component) {
    constexpr std::size_t kMost = 8;
    std::vector<json::object> known{
        default_settings(component, subject.path).value_or(json::object())};
    const bool first = component.id == subject.manifest->components.front().id;
    for (const auto& transcript : subject.transcripts) {
        if (transcript.component != component.id && !(first && transcript.component.empty())) {
            continue;
        }
        boost::system::error_code error;
        const json::value value = json::parse(transcript.config, error);
        if (error || !value.is_object() || known.size() == kMost) continue;
        const json::object& settings = value.get_object();
        if (std::find(known.begin(), known.end(), settings) == known.end()) {
            known.push_back(settings);
        }
    }
    return known;
}

// Calls `use` for every component of the manifest, with the file loaded and initialised.
void for_each_component(const Subject& subject,
                        const std::function<void(const bay_kind&, const ManifestComponent&)>& use) {
    Loaded loaded(subject.path);
    loaded.init();
    for (const auto& component : subject.manifest->components) {
        doing("component " + component.id);
        if (const bay_kind* kind = loaded.kind(component.kind)) use(*kind, component);
    }
    loaded.deinit();
}

void destroy(const bay_kind& kind, bay_instance* instance) {
    const Inside inside("destroy");
    if (instance) kind.destroy(instance);
}

void default_creates(const Subject& subject, Findings& findings) {
    for_each_component(subject, [&](const bay_kind& kind, const ManifestComponent& component) {
        bool invented = false;
        const auto settings = default_settings(component, subject.path, &invented);
        if (!settings) {
            findings.note(component.id + ": its schema needs settings that cannot be made up");
            return;
        }
        const Created made = create(kind, component.id, json::serialize(*settings));
        if (made.status == BAY_OK && made.instance) return destroy(kind, made.instance);
        if (made.status == BAY_OK) {
            findings.broken(component.id + ": create() returned BAY_OK and no instance");
        } else if (invented || says_why(made)) {
            findings.note(component.id + ": needs settings (" + words_of(made) + ")");
        } else {
            findings.broken(component.id + ": create() refused " + shown(*settings) + ": " +
                            words_of(made));
        }
    });
}

// Settings that the schema allows, some of which create() may refuse.
void for_odd_settings(const Subject& subject,
                      const std::function<void(const std::string&, const Created&)>& use) {
    for_each_component(subject, [&](const bay_kind& kind, const ManifestComponent& component) {
        const auto known = known_settings(subject, component);
        std::mt19937_64 random(subject.seed);
        for (int i = 0; i < kFuzzCases; ++i) {
            const json::object settings =
                odd_settings(component, known[static_cast<std::size_t>(i) % known.size()], random);
            const std::string text = component.id + " with " + shown(settings);
            doing(text);
            const Created made = create(kind, component.id, json::serialize(settings));
            use(text, made);
            if (made.status == BAY_OK) destroy(kind, made.instance);
        }
    });
}

bool is_pointer(const std::string& text) {
    return text.empty() || text[0] == '/';
}

void invalid_reports_pointer(const Subject& subject, Findings& findings) {
    int refused = 0;
    for_odd_settings(subject, [&](const std::string& what, const Created& made) {
        if (made.status == BAY_OK || findings.full()) return;
        ++refused;
        bool error = false;
        for (const auto& report : made.reports) {
            error = error || report.severity >= BAY_LOG_ERROR;
            if (!is_pointer(report.pointer)) {
                findings.problem("'" + report.pointer + "' is no JSON pointer; " + what);
            }
            if (report.message.empty()) findings.problem("a report without words; " + what);
        }
        if (!error) findings.problem("refused without an error (" + words_of(made) + "): " + what);
    });
    findings.note(std::to_string(refused) + " settings were refused");
}

void config_fuzz(const Subject& subject, Findings& findings) {
    for_odd_settings(subject, [&](const std::string& what, const Created& made) {
        if (findings.full()) return;
        if (made.status == BAY_OK && !made.instance) {
            findings.problem("create() returned BAY_OK and no instance; " + what);
        }
        if (made.status != BAY_OK && made.instance) {
            findings.problem("create() failed, but gave an instance; " + what);
        }
        if (made.status == BAY_E_INTERNAL) {
            findings.problem("an exception escaped create() (BAY_E_INTERNAL); " + what);
        }
    });
    findings.note("seed " + std::to_string(subject.seed));
}

void create_destroy_leaks(const Subject& subject, Findings& findings) {
    for_each_component(subject, [&](const bay_kind& kind, const ManifestComponent& component) {
        for (const json::object& settings : known_settings(subject, component)) {
            const std::string text = json::serialize(settings);
            doing(component.id + " with " + shown(settings));
            const std::string growth = growth_of([&] {
                const Created made = create(kind, component.id, text);
                if (made.status == BAY_OK) destroy(kind, made.instance);
            });
            if (!growth.empty()) {
                findings.problem(component.id + " with " + shown(settings) + ": " + growth);
            }
        }
    });
}

constexpr Test kTests[] = {
    {"config-default-creates", Severity::error, "load-now-local",
     "Settings that the schema allows should do: give defaults that create() accepts, or refuse "
     "them "
     "with BAY_E_INVALID and an error that says what is needed.",
     default_creates},
    {"config-fuzz", Severity::error, "load-now-local",
     "Any settings that the schema allows may come: refuse them with BAY_E_INVALID, give an "
     "instance only with BAY_OK, and tighten the schema.",
     config_fuzz},
    {"config-invalid-reports-pointer", Severity::error, "config-fuzz",
     "The operator must learn which setting is wrong: report() an error with its JSON pointer "
     "before create() fails.",
     invalid_reports_pointer},
    {"create-destroy-leaks", Severity::error, "config-default-creates",
     "Instances are made anew at every reload: let destroy() free what create() took.",
     create_destroy_leaks},
};

}  // namespace

std::span<const Test> config_tests() {
    return kTests;
}

}  // namespace patchbay::check
