// Answers of which nothing is known but that they are JSON objects.
//
// Tested by object_answer_test.cpp.
#include <simdjson.h>

#include "contract/json/json_walk.hpp"
#include "contract/json/member_walker.hpp"
#include "contract/shape/shape.hpp"

namespace patchbay {

namespace {

AnswerFacts scan_object(std::string_view, std::string_view json) {
    AnswerFacts facts;
    MemberWalker walker(json);
    for (JsonMember m; walker.next(m);) {
        if (m.name == "model") {
            facts.model = range_if(json, m.value, '"');
        } else if (m.name == "usage") {
            facts.usage = range_if(json, m.value, '{');
        } else if (m.name == "error") {
            facts.error = says_something(m.value);
        }
    }
    if (!walker.complete() || !simdjson::validate_utf8(json.data(), json.size())) return {};
    facts.object = true;
    facts.answer = !facts.error;
    return facts;
}

}  // namespace

const Shape kObjectShape{
    .name = "object",
    .named_events = true,
    .scan = scan_object,
    .read_usage = read_usage,
    .meaningful = [](std::string_view, std::string_view) { return true; },
};

}  // namespace patchbay
