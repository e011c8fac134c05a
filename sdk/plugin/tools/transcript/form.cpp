#include "form.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base64.hpp"
#include "contract/http/header.hpp"

namespace patchbay::transcript {
namespace {

using http::FormPart;
using http::MultipartForm;

constexpr std::string_view kEnd = "--transcript-7f2d3a91c05e--\r\n";
constexpr std::string_view kDelimiter = kEnd.substr(0, kEnd.find("--\r\n"));
constexpr std::string_view kBoundary = kDelimiter.substr(2);

/// Where the data of a section begins: behind the first blank line.
std::size_t data_at(const SectionReader& reader, const Section& section) {
    if (section.text.starts_with('\n')) return 1;
    const std::size_t blank = section.text.find("\n\n");
    if (blank == section.text.npos) {
        reader.fail(section.line, "'== part' needs header lines, a blank line and the data");
    }
    return blank + 2;
}

std::string with_crlf(std::string_view lines) {
    std::string text;
    for (const char c : lines) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
    return text;
}

/// nullopt: there is none that can be read.
std::optional<MultipartForm> read_form(const Headers& headers, std::string_view body) {
    const auto type = std::find_if(headers.begin(), headers.end(), [](const auto& header) {
        return http::iequals(header.first, "content-type");
    });
    if (type == headers.end()) return std::nullopt;
    const auto boundary = http::form_boundary(type->second);
    if (!boundary) return std::nullopt;
    auto form = http::parse_multipart(body, *boundary);
    if (!form) return std::nullopt;
    return std::move(*form);
}

std::string quoted(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + '"';
}

/// The header lines of a part, and the blank line.
std::string head_of(const FormPart& part) {
    std::string head = "content-disposition: form-data; name=" + quoted(part.name);
    if (part.filename) head += "; filename=" + quoted(*part.filename);
    if (!part.content_type.empty()) head.append("\ncontent-type: ").append(part.content_type);
    return head + "\n\n";
}

void diff_part(const std::string& which, const FormPart& expected, const FormPart& got,
               std::vector<std::string>& out) {
    const auto compare = [&](const char* what, std::string_view want, std::string_view have) {
        if (want == have) return;
        out.push_back(which + what + ":\n      expected " + shown(want) + "\n      got      " +
                      shown(have));
    };
    compare("name", expected.name, got.name);
    compare("filename", expected.filename.value_or(""), got.filename.value_or(""));
    if (expected.filename.has_value() != got.filename.has_value()) {
        out.push_back(which + (got.filename ? "it is a file" : "it is no file"));
    }
    compare("content type", expected.content_type, got.content_type);
    compare("data", expected.data, got.data);
}

}  // namespace

std::string form_type() {
    return "multipart/form-data; boundary=" + std::string(kBoundary);
}

void add_part(const SectionReader& reader, const Section& section, std::string& body) {
    const bool base64 = section.words.size() == 1 && section.words[0] == "base64";
    if (!section.words.empty() && !base64) reader.unknown(section, section.words[0]);
    const std::size_t at = data_at(reader, section);
    const std::string_view head = std::string_view(section.text).substr(0, at);
    std::string data = without_last_newline(section.text.substr(at));
    if (base64) {
        const auto lines = static_cast<std::size_t>(std::count(head.begin(), head.end(), '\n'));
        data = read_base64(reader, section.line + 1 + lines, data);
    }
    const std::size_t before = body.empty() ? 0 : form_of(body).parts.size();
    if (!body.empty()) body.resize(body.size() - kEnd.size());
    body.append(kDelimiter).append("\r\n").append(with_crlf(head));
    body.append(data).append("\r\n").append(kEnd);
    const auto form = http::parse_multipart(body, kBoundary);
    if (!form) reader.fail(section.line, form.error().text);
    if (form->parts.size() != before + 1) reader.fail(section.line, "it is not one part");
}

bool is_form(std::string_view body) {
    return http::parse_multipart(body, kBoundary).has_value();
}

MultipartForm form_of(std::string_view body) {
    return std::move(*http::parse_multipart(body, kBoundary));
}

std::vector<std::string> diff_form(std::string_view expected, const Headers& headers,
                                   std::string_view got) {
    const auto form = read_form(headers, got);
    if (!form) return {"the body is no multipart/form-data: " + shown(got)};
    const MultipartForm wanted = form_of(expected);
    std::vector<std::string> out;
    const std::size_t both = std::min(wanted.parts.size(), form->parts.size());
    for (std::size_t i = 0; i < both; ++i) {
        diff_part("part " + std::to_string(i + 1) + ": ", wanted.parts[i], form->parts[i], out);
    }
    if (wanted.parts.size() != form->parts.size()) {
        out.push_back("expected " + std::to_string(wanted.parts.size()) + " parts, got " +
                      std::to_string(form->parts.size()));
    }
    return out;
}

std::string body_of(std::span<const FormPart> parts) {
    std::string body;
    for (const FormPart& part : parts) {
        body.append(kDelimiter).append("\r\n").append(with_crlf(head_of(part)));
        body.append(part.data).append("\r\n");
    }
    return body.append(kEnd);
}

std::string form_sections(const Headers& headers, std::string_view body) {
    const auto form = read_form(headers, body);
    std::string text;
    for (std::size_t i = 0; form && i < form->parts.size(); ++i) {
        const FormPart& part = form->parts[i];
        const bool plain = is_plain(part.data);
        text += (plain ? "== part\n" : "== part base64\n") + head_of(part);
        text += (plain ? std::string(part.data) : base64_lines(part.data)) + "\n";
    }
    return text;
}

}  // namespace patchbay::transcript
