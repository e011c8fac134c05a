// Tested by engine/exchange/parts_test.cpp.
#include "contract/actions/form_part.hpp"

namespace patchbay {

namespace {

/// Not absent, even if it is a view of nothing.
bay_str present(std::string_view text) {
    return {text.data() != nullptr ? text.data() : "", text.size()};
}

}  // namespace

bay_part to_part(const http::FormPart& from, std::uint64_t blob) {
    bay_part part{};
    part.name = present(from.name);
    if (from.filename) part.filename = present(*from.filename);
    part.content_type = present(from.content_type);
    if (from.data.size() <= kMaxShownPart) part.data = present(from.data);
    part.blob = blob;
    part.length = from.data.size();
    return part;
}

}  // namespace patchbay
