// Any bytes are safe, ranges lie within the text; for a text that is an object by the checking
// reader, the members are those that it finds.
#include "engine/surface/answer_scan.hpp"
#include "engine/surface/json_oracle.hpp"
#include "engine/surface/member_walker.hpp"
#include "engine/surface/usage.hpp"
#include "fuzz.hpp"

using namespace patchbay;
using fuzz::require;

namespace {

void compare_with_reader(std::string_view text) {
    MemberWalker walker(text);
    JsonReader reader(text);
    reader.skip_space();
    reader.take('{', "");
    for (JsonMember m; walker.next(m);) {
        reader.skip_space();
        if (reader.peek() == ',') reader.take(',', "");
        reader.skip_space();
        const std::size_t name = reader.at();
        require(reader.take_string(), "a name");
        require(m.name == text.substr(name + 1, reader.at() - name - 2), "same name");
        reader.skip_space();
        reader.take(':', "");
        reader.skip_space();
        const std::size_t value = reader.at();
        require(reader.take_value(), "a value");
        require(m.value == text.substr(value, reader.at() - value), "same value");
    }
    require(walker.complete(), "an object is walked to its end");
    reader.skip_space();
    require(reader.peek() == '}', "no member is left out");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    const AnswerScan scan = scan_chat_answer(text);
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
        compare_with_reader(text);
    }
    return 0;
}
