// Any bytes are safe, ranges lie within the text, and what the checking reader accepts as an object
// is one.
#include "contract/json/json_oracle.hpp"
#include "contract/shape/chat_answer.hpp"
#include "contract/shape/usage.hpp"
#include "fuzz.hpp"

using namespace patchbay;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    const AnswerFacts scan = scan_chat_answer(text);
    for (const TextRange& range : {scan.model, scan.usage}) {
        require(range.off <= size && range.len <= size - range.off, "range within the text");
    }
    require(!scan.model || text[scan.model.off] == '"', "the model is a string");
    if (scan.usage) {
        require(text[scan.usage.off] == '{', "usage is an object");
        parse_usage(text.substr(scan.usage.off, scan.usage.len));
    }
    parse_usage(text);
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && text[first] == '{' && reader_accepts(text)) {
        require(scan.object, "a valid object is one");
    }
    return 0;
}
