// SPDX-License-Identifier: Apache-2.0
#include "clouds.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <patchbay/sdk.hpp>

#include "cache_marks.hpp"
#include "headers.hpp"
#include "unsigned_thoughts.hpp"

namespace patchbay::anthropic {

namespace {

constexpr std::string_view kMark = "cache_control";
constexpr std::string_view kScope = "scope";
constexpr std::string_view kOldFormat = "output_format";
constexpr std::string_view kConfig = "output_config";
constexpr std::string_view kFormat = "format";
constexpr std::string_view kToolFeatures = "advanced-tool-use-2025-11-20";
constexpr std::string_view kToolSearch = "tool-search-tool-2025-10-19";
constexpr std::string_view kToolExamples = "tool-examples-2025-10-29";

// Which features each cloud knows: AWS's and Google's documentation, and LiteLLM's list.
struct Known {
    std::string_view name;
    bool invoke;
    bool converse;
    bool vertex_ai;
};
constexpr std::array kKnown{
    Known{"compact-2026-01-12", true, false, true},
    Known{"compact-2026-09-04", false, false, true},
    Known{"computer-use-2024-10-22", true, true, true},
    Known{"computer-use-2025-01-24", true, true, true},
    Known{"computer-use-2025-11-24", true, true, true},
    Known{"context-1m-2025-08-07", true, true, true},
    Known{"context-management-2025-06-27", true, false, true},
    Known{"dangerous-tool-use-2026-09-03", true, false, true},
    Known{"dev-full-thinking-2025-05-14", true, true, false},
    Known{"effort-2025-11-24", true, true, false},
    Known{"fine-grained-tool-streaming-2025-05-14", true, true, false},
    Known{kInterleavedThinking, true, true, true},
    Known{"mid-conversation-output-config-2026-07-01", true, false, false},
    Known{"mid-conversation-tool-changes-2026-07-01", true, false, false},
    Known{"output-128k-2025-02-19", true, true, false},
    Known{"per-turn-control-2026-07-01", false, false, true},
    Known{"structured-outputs-2025-11-13", false, true, false},
    Known{"thinking-binding-controls-2026-08-01", true, true, true},
    Known{"thinking-display-updates-2026-08-18", true, true, true},
    Known{"token-efficient-tools-2025-02-19", true, true, false},
    Known{kToolExamples, true, false, false},
    Known{kToolSearch, true, false, true},
    Known{"web-search-2025-03-05", false, false, true},
};

bool knows(Cloud cloud, std::string_view name) {
    const auto row = std::find_if(kKnown.begin(), kKnown.end(),
                                  [&](const Known& known) { return known.name == name; });
    if (row == kKnown.end()) return false;
    switch (cloud) {
        case Cloud::bedrock_invoke:
            return row->invoke;
        case Cloud::bedrock_converse:
            return row->converse;
        case Cloud::vertex_ai:
            return row->vertex_ai;
    }
    return false;
}

// Anthropic has one name for what the clouds have several for. True: nothing of it is lost.
bool add_tool_features(Cloud cloud, std::string_view body, Betas& betas) {
    const bool searches = shared::mentions(body, "\"tool_search_tool_") ||
                          shared::mentions(body, "\"defer_loading\"");
    const bool shows = shared::mentions(body, "\"input_examples\"");
    const auto add = [&](bool used, std::string_view name) {
        const bool there = used && knows(cloud, name);
        if (there) betas.add(name);
        return there || !used;
    };
    const bool all = add(searches, kToolSearch);
    return add(shows, kToolExamples) && all;
}

void take_scopes(json::value& value) {
    if (auto* list = value.if_array()) {
        for (auto& element : *list) take_scopes(element);
        return;
    }
    auto* object = value.if_object();
    if (!object) return;
    auto* mark = object->if_contains(kMark);
    if (mark && mark->is_object()) mark->get_object().erase(kScope);
    if (auto* content = object->if_contains("content")) take_scopes(*content);
}

// Thoughts and empty texts cannot be marked.
bool may_be_marked(const json::object& block) {
    const auto type = text(block, "type");
    if (type == "text") return !text(block, "text").empty();
    return type != "thinking" && type != "redacted_thinking";
}

void mark_last(json::object mark, json::value& messages) {
    auto* turns = messages.if_array();
    auto* turn = turns && !turns->empty() ? turns->back().if_object() : nullptr;
    auto* content = turn ? turn->if_contains("content") : nullptr;
    if (!content) return;
    mark.erase(kScope);
    if (const auto* words = content->if_string(); words && !words->empty()) {
        json::object block{{"type", "text"}, {"text", *words}, {kMark, std::move(mark)}};
        *content = json::array{std::move(block)};
        return;
    }
    auto* blocks = content->if_array();
    if (!blocks) return;
    for (auto block = blocks->rbegin(); block != blocks->rend(); ++block) {
        auto* object = block->if_object();
        if (!object || !may_be_marked(*object)) continue;
        object->insert({{kMark, std::move(mark)}});
        return;
    }
}

// Structured outputs have the name of the feature's first days at Anthropic alone.
void rename_format(bay::Splice& body) {
    const auto format = body.value(kOldFormat);
    if (format.empty() || format == "null") return;
    const auto given = body.value(kConfig);
    auto config = given.empty() ? json::value(json::object()) : parse_json(given).value_or(nullptr);
    auto parsed = parse_json(format);
    if (!parsed || !config.is_object()) return;
    config.get_object().insert({{kFormat, std::move(*parsed)}});
    body.drop(kOldFormat);
    body.set(kConfig, to_text(config));
}

std::size_t count_of(std::string_view text, std::string_view needle) {
    std::size_t count = 0;
    for (auto at = text.find(needle); at != std::string_view::npos; ++count) {
        at = text.find(needle, at + needle.size());
    }
    return count;
}

}  // namespace

Betas betas_at(Cloud cloud, const Betas& wanted, const Betas& operators, std::string_view body,
               bay::Dropped& dropped) {
    Betas betas;
    bool lost = false;
    for (const auto& name : wanted.names()) {
        if (operators.has(name)) continue;
        if (name == kToolFeatures) {
            lost = !add_tool_features(cloud, body, betas) || lost;
        } else if (knows(cloud, name)) {
            betas.add(name);
        } else {
            lost = true;
        }
    }
    for (const auto& name : operators.names()) betas.add(name);
    if (lost) dropped.add("anthropic_beta");
    return betas;
}

Betas betas_at(Cloud cloud, const bay_ev_request& request, const json::object& settings,
               bay::Dropped& dropped) {
    return betas_at(cloud, named_betas(settings, request.headers, request.header_count),
                    named_betas(settings, nullptr, 0), bay::sv(request.json), dropped);
}

void fit_body(json::object& body) {
    if (const auto* format = find(body, kOldFormat)) {
        auto config = find_object(body, kConfig) ? *find_object(body, kConfig) : json::object();
        config.insert({{kFormat, *format}});
        body[kConfig] = std::move(config);
        body.erase(kOldFormat);
    }
    for (const std::string_view name : {"tools", "system", "messages"}) {
        if (auto* member = body.if_contains(name)) take_scopes(*member);
    }
    auto* whole = body.if_contains(kMark);
    if (!whole) return;
    auto* mark = whole->if_object();
    auto* messages = body.if_contains("messages");
    if (mark && messages && count_cache_marks(body) < kMostCacheMarks) {
        mark_last(std::move(*mark), *messages);
    }
    body.erase(kMark);
}

void fit_body(std::string_view text, bay::Splice& body) {
    rename_format(body);
    const auto whole = body.value(kMark);
    const bool scoped = shared::mentions(text, "\"scope\"");
    // A mark that cannot be read as one is the cloud's to refuse.
    const auto mark = whole.empty() ? std::nullopt : parse_json(whole);
    const bool marked = mark && mark->is_object();
    if (marked) body.drop(kMark);
    const bool room = marked && count_of(text, "\"cache_control\"") <= kMostCacheMarks;
    for (const std::string_view name : {"tools", "system", "messages"}) {
        const auto member = body.value(name);
        const bool last = room && name == "messages";
        const bool thoughts = name == "messages" && may_have_unsigned(text);
        if (!last && !thoughts && !(scoped && shared::mentions(member, "\"scope\""))) continue;
        auto parsed = parse_json(member);
        if (!parsed) continue;
        take_scopes(*parsed);
        if (thoughts && take_unsigned(*parsed) && thinks_by_budget(body.value("thinking"))) {
            body.drop("thinking");
        }
        if (last) mark_last(mark->get_object(), *parsed);
        body.replace(name, to_text(*parsed));
    }
}

}  // namespace patchbay::anthropic
