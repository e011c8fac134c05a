#include "form.hpp"

#include <algorithm>
#include <span>

#include "patchbay/sdk/host.hpp"
#include "responses_models.hpp"

namespace patchbay::openai {

namespace {

constexpr std::size_t kBoundaryDigits = 32;

std::span<const bay_part> parts_of(const bay_ev_request& request) {
    return {request.parts, static_cast<std::size_t>(request.part_count)};
}

/// A name in quotes, as browsers write it (WHATWG HTML, "multipart/form-data encoding algorithm").
std::string quoted(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) {
        switch (c) {
            case '"':
                text += "%22";
                break;
            case '\r':
                text += "%0D";
                break;
            case '\n':
                text += "%0A";
                break;
            default:
                text += c;
        }
    }
    return text += '"';
}

}  // namespace

Form::Form(const bay_ev_request& request) : request_(request) {
    if (request.part_count != 0) boundary_ = bay::Host::random_hex(kBoundaryDigits);
}

std::string Form::head(const bay_part& part) const {
    std::string text = "--" + boundary_ + "\r\ncontent-disposition: form-data; name=";
    text += quoted(bay::sv(part.name));
    if (bay::present(part.filename)) text += "; filename=" + quoted(bay::sv(part.filename));
    if (part.content_type.len != 0) {
        text += "\r\ncontent-type: ";
        for (const char c : bay::sv(part.content_type)) {
            if (c != '\r' && c != '\n') text += c;
        }
    }
    return text += "\r\n\r\n";
}

std::optional<Refusal> Form::write(const Dialect& dialect, const OperationRule* rule,
                                   bay::HttpRequest& call) const {
    Unsupported unsupported(request_, dialect, rule);
    bool model_written = false;
    const std::string_view upstream = upstream_model(request_, dialect);
    for (const bay_part& part : parts_of(request_)) {
        const std::string_view name = bay::sv(part.name);
        if (is_ours(name)) continue;
        if (unsupported.leaves_out(name, bay::sv(part.data))) continue;
        call.body(head(part));
        if (name == "model") {
            call.body(upstream);
            model_written = true;
        } else if (part.length != 0) {
            call.blob(static_cast<std::uint32_t>(part.blob), 0, part.length);
        }
        call.body("\r\n");
    }
    if (!model_written && !upstream.empty()) write_text("model", upstream, call);
    for (const auto& [name, text] : ours_) write_text(name, text, call);
    call.body("--" + boundary_ + "--\r\n");
    return unsupported.refusal();
}

void Form::write_text(std::string_view name, std::string_view text, bay::HttpRequest& call) const {
    bay_part part{};
    part.name = bay::str(name);
    call.body(head(part)).body(text).body("\r\n");
}

bool Form::is_ours(std::string_view name) const {
    return std::any_of(ours_.begin(), ours_.end(),
                       [&](const auto& part) { return part.first == name; });
}

bool asks_for_text(const bay_ev_request& request) {
    const auto parts = parts_of(request);
    return std::any_of(parts.begin(), parts.end(), [](const bay_part& part) {
        if (bay::sv(part.name) != "response_format") return false;
        const std::string_view format = bay::sv(part.data);
        return format == "text" || format == "srt" || format == "vtt";
    });
}

}  // namespace patchbay::openai
