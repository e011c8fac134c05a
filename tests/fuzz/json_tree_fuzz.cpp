// A tree is made of exactly the texts that JsonReader and the check of UTF-8 take, what is written
// of it reads back as the same tree, and its UTF-8 form is UTF-8.
#include <simdjson.h>

#include "contract/json/json_oracle.hpp"
#include "fuzz.hpp"
#include "patchbay/json_tree.hpp"

using namespace patchbay;
using fuzz::require;

namespace {

bool is_too_deep(std::string_view text) {
    JsonReader reader(text);
    return !reader.take_value() && std::string_view(reader.what()) == "nested too deeply";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    json_tree::Tree tree = json_tree::read(text);
    // A tree may be deeper than what a client may send.
    require(tree || !reader_accepts(text), "a tree of all that the reader takes");
    require(!tree || reader_accepts(text) || is_too_deep(text), "of nothing else");
    if (!tree) {
        require(tree.at <= size && tree.value.is_null(), "a place within the text, and no tree");
        return 0;
    }
    const std::string written = json_tree::write(tree.value);
    const json_tree::Tree again = json_tree::read(written);
    require(again && again.value == tree.value, "the same tree again");
    require(!again.repeated, "no member twice");
    require(json_tree::write(again.value) == written, "the same text again");
    json_tree::make_utf8(tree.value);
    const std::string shown = json_tree::write(tree.value);
    require(simdjson::validate_utf8(shown.data(), shown.size()) && !json_tree::has_half(shown),
            "UTF-8");
    return 0;
}
