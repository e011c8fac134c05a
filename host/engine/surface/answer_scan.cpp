#include "engine/surface/answer_scan.hpp"

#include <simdjson.h>

#include "engine/surface/member_walker.hpp"

namespace patchbay {

namespace {

bool is_empty_array(std::string_view value) {
    return value[0] == '[' && value.find_first_not_of(" \t\r\n", 1) == value.size() - 1;
}

}  // namespace

AnswerScan scan_chat_answer(std::string_view json) {
    AnswerScan scan;
    const auto range_if = [json](std::string_view value, char first) {
        if (value[0] != first) return TextRange{};
        return TextRange{static_cast<std::size_t>(value.data() - json.data()), value.size()};
    };
    MemberWalker walker(json);
    for (JsonMember m; walker.next(m);) {
        if (m.name == "model") {
            scan.model = range_if(m.value, '"');
        } else if (m.name == "usage") {
            scan.usage = range_if(m.value, '{');
        } else if (m.name == "error") {
            scan.error = m.value != "null";
        } else if (m.name == "choices") {
            scan.choices_empty = is_empty_array(m.value);
            scan.choices = range_if(m.value, '[');
        }
    }
    if (!walker.complete() || !simdjson::validate_utf8(json.data(), json.size())) return {};
    scan.object = true;
    return scan;
}

}  // namespace patchbay
