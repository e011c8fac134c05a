#include <algorithm>
#include <string>

#include "contract/framing/multipart.hpp"
#include "fuzz.hpp"

namespace {

using patchbay::fuzz::require;
namespace http = patchbay::http;

bool inside(std::string_view part, std::string_view whole) {
    return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

std::string written_again(const http::MultipartForm& form) {
    std::string body;
    for (const http::FormPart& part : form.parts) {
        body += "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n";
        body.append(part.data).append("\r\n");
    }
    return body + "--b--";
}

}  // namespace

// The boundary is "b", so that inputs find it; the first line is a content type.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = patchbay::fuzz::text_of(data, size);
    const std::size_t line = std::min(input.find('\n'), input.size());
    const auto boundary = http::form_boundary(input.substr(0, line));
    if (boundary) require(!boundary->empty() && boundary->size() <= 70, "size of the boundary");
    const std::string_view body = input.substr(std::min(line + 1, input.size()));
    const auto form = http::parse_multipart(body, "b");
    if (!form) {
        require(form.error().offset <= body.size() && !form.error().text.empty(), "place of error");
        return 0;
    }
    for (const http::FormPart& part : form->parts) {
        require(inside(part.data, body), "data within the body");
        require(part.data.find("\r\n--b") == std::string_view::npos, "no boundary in data");
    }
    const std::string again = written_again(*form);
    const auto same = http::parse_multipart(again, "b");
    require(same && same->parts.size() == form->parts.size(), "parts once more");
    for (std::size_t i = 0; i < form->parts.size(); ++i) {
        require(same->parts[i].data == form->parts[i].data, "data once more");
    }
    return 0;
}
