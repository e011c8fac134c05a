#include "engine/surface/answer_scan.hpp"

#include <simdjson.h>

namespace patchbay {

AnswerScan scan_chat_answer(std::string_view json) {
    const AnswerScan scan = walk_chat_answer(json);
    if (!scan.object || !simdjson::validate_utf8(json.data(), json.size())) return {};
    return scan;
}

}  // namespace patchbay
