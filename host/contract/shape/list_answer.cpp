// Answers that are lists, or a count.
//
// Tested by list_answer_test.cpp.
#include <simdjson.h>

#include "contract/json/member_walker.hpp"
#include "contract/shape/shape.hpp"
#include "contract/shape/token_count.hpp"

namespace patchbay {

namespace {

// What Cohere bills of a ranking stands in its `meta`.
AnswerFacts scan_list(std::string_view, std::string_view json) {
    AnswerFacts facts;
    TextRange meta;
    bool ranking = false;
    MemberWalker walker(json);
    for (JsonMember m; walker.next(m);) {
        if (m.name == "model") {
            facts.model = range_if(json, m.value, '"');
        } else if (m.name == "usage") {
            facts.usage = range_if(json, m.value, '{');
        } else if (m.name == "meta") {
            meta = range_if(json, m.value, '{');
        } else if (m.name == "data" || m.name == "results") {
            facts.answer = m.value[0] == '[';
            ranking = m.name == "results";
        } else if (m.name == "error") {
            facts.error = m.value[0] == '{' || m.value[0] == '"';
        }
    }
    if (!walker.complete() || !simdjson::validate_utf8(json.data(), json.size())) return {};
    facts.object = true;
    facts.error = facts.error && !facts.answer;
    if (!facts.usage && ranking) facts.usage = meta;
    return facts;
}

bool read_list_usage(std::string_view json, Usage& usage) {
    if (read_usage(json, usage)) return true;
    MemberWalker meta(json);
    for (JsonMember m; meta.next(m);) {
        if (m.name != "billed_units") continue;
        MemberWalker units(m.value);
        for (JsonMember unit; units.next(unit);) {
            if (unit.name == "search_units") usage.searches = token_count(unit.value).value_or(0);
        }
    }
    return usage.searches > 0;
}

}  // namespace

const Shape kListShape{
    .name = "list",
    .named_events = false,
    .scan = scan_list,
    .read_usage = read_list_usage,
    .meaningful = [](std::string_view, std::string_view) { return true; },
};

namespace {

// The last event of a stream is "image_generation.completed" or "image_edit.completed".
AnswerFacts scan_images(std::string_view event, std::string_view json) {
    AnswerFacts facts = scan_list(event, json);
    if (event.empty() || !facts.object) return facts;
    facts.seen = bay::choice_bit(0);
    if (event.ends_with(".completed")) facts.finished = facts.seen;
    return facts;
}

bool itemizes_output(std::string_view usage) {
    MemberWalker walker(usage);
    for (JsonMember m; walker.next(m);) {
        if (usage_member(m.name) == UsageMember::completion_details && m.value[0] == '{')
            return true;
    }
    return false;
}

// OpenAI tells one number for what was made: the picture, whose tokens have a price of their own.
bool read_image_usage(std::string_view json, Usage& known) {
    Usage told;
    if (!read_usage(json, told)) return false;
    if (!itemizes_output(json)) told.image_completion = told.completion;
    merge_usage(known, told);
    return true;
}

}  // namespace

const Shape kImageShape{
    .name = "image",
    .named_events = true,
    .scan = scan_images,
    .read_usage = read_image_usage,
    .meaningful = [](std::string_view, std::string_view) { return true; },
};

namespace {

AnswerFacts scan_count(std::string_view, std::string_view json) {
    AnswerFacts facts;
    MemberWalker walker(json);
    for (JsonMember m; walker.next(m);) {
        if (m.name == "input_tokens") {
            facts.answer = m.value[0] >= '0' && m.value[0] <= '9';
        } else if (m.name == "error") {
            facts.error = m.value[0] == '{' || m.value[0] == '"';
        }
    }
    if (!walker.complete() || !simdjson::validate_utf8(json.data(), json.size())) return {};
    facts.object = true;
    return facts;
}

}  // namespace

const Shape kCountShape{
    .name = "count",
    .named_events = false,
    .scan = scan_count,
    .read_usage = [](std::string_view, Usage&) { return false; },
    .meaningful = [](std::string_view, std::string_view) { return true; },
};

}  // namespace patchbay
