// Texts are found in every document that is JSON, and in no other; they are UTF-8, and a document
// with all of them edited is JSON again, in which the edits stand.
#include <simdjson.h>

#include "contract/json/json_oracle.hpp"
#include "contract/texts/document.hpp"
#include "fuzz.hpp"
#include "patchbay/sdk/text.hpp"

using namespace patchbay;
using fuzz::require;

namespace {

bool is_too_deep(std::string_view text) {
    JsonReader reader(text);
    return !reader.take_value() && std::string_view(reader.what()) == "nested too deeply";
}

void check(std::string_view text, guard::DocumentKind kind) {
    const guard::Document document(text, kind);
    const bool json = reader_accepts(text);
    if (document.fault()) return require(!json && !document.fault()->message.empty(), "a reason");
    require(json || is_too_deep(text), "only JSON is read");
    const auto found = guard::find_texts(text, kind);
    std::vector<TextEdit> edits;
    std::size_t index = 0;
    for (const bay_text& one : document.texts()) {
        for (const bay_str part : {one.path, one.role, one.text}) {
            require(simdjson::validate_utf8(part.ptr, part.len), "UTF-8");
        }
        const guard::DocumentText& place = found->texts[index];
        require(place.begin <= place.end && place.end <= text.size(), "within the document");
        if (place.change != guard::Change::none) edits.push_back({index, "\"edit\"", 0});
        ++index;
    }
    const auto edited = document.edited(edits);  // an answer also loses its token probabilities
    require(edited && (reader_accepts(*edited) || is_too_deep(*edited)), "JSON again");
    const guard::Document again(*edited, kind);
    require(!again.fault(), "which is read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    for (const auto kind : {guard::DocumentKind::request, guard::DocumentKind::logged_request,
                            guard::DocumentKind::answer}) {
        check(text, kind);
    }
    return 0;
}
