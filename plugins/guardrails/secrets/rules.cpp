#include "rules.hpp"

#include <algorithm>
#include <set>

#include <boost/json.hpp>

#include "detectors.hpp"

namespace patchbay::secrets {

namespace json = boost::json;
using text_filter::Action;
using text_filter::Rule;

namespace {

std::string text_of(const json::object& object, std::string_view name, std::string_view otherwise) {
    const auto* value = object.if_contains(name);
    return std::string(value && value->is_string() ? std::string_view(value->get_string())
                                                   : otherwise);
}

/// The detectors that are named; empty = all.
std::set<std::string, std::less<>> wanted(const json::object& config, bay::Diag& diag) {
    std::set<std::string, std::less<>> names;
    const auto* section = config.if_contains("detect_secrets_config");
    const auto* list = section ? section->get_object().if_contains("plugins_used") : nullptr;
    if (!list) return names;
    const auto all = detectors();
    for (std::size_t i = 0; i < list->get_array().size(); ++i) {
        const std::string name = text_of(list->get_array()[i].get_object(), "name", "");
        if (std::none_of(all.begin(), all.end(), [&](const auto& d) { return d.name == name; })) {
            diag.error("/detect_secrets_config/plugins_used/" + std::to_string(i) + "/name",
                       "there is no detector \"" + name + "\"");
        }
        names.insert(name);
    }
    return names;
}

}  // namespace

std::vector<Rule> read_rules(std::string_view config, bay::Diag& diag) {
    const json::value document = json::parse(config);
    const json::object& object = document.as_object();
    const auto names = wanted(object, diag);
    std::vector<Rule> rules;
    for (const Detector& detector : detectors()) {
        if (!names.empty() && !names.contains(detector.name)) continue;
        Rule rule;
        rule.name = detector.name;
        rule.action = text_of(object, "action", "REDACT") == "BLOCK" ? Action::block : Action::mask;
        rule.redaction = text_of(object, "redaction", "[REDACTED]");
        re2::RE2::Options options;
        options.set_longest_match(true);
        rule.regex = std::make_shared<const re2::RE2>(
            re2::StringPiece(detector.regex.data(), detector.regex.size()), options);
        rule.alphabet = text_filter::alphabet_of(detector.regex);
        rule.max_length = detector.max_length;
        rule.keep_prefix = detector.keep_prefix;
        rule.accept = detector.accept;
        rules.push_back(std::move(rule));
    }
    return rules;
}

}  // namespace patchbay::secrets
