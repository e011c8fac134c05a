// Tested by multipart_test.cpp.
#include "contract/framing/multipart.hpp"

#include <algorithm>
#include <utility>

#include <simdjson.h>

#include "contract/http/header.hpp"
#include "contract/http/header_parameters.hpp"
#include "contract/http/percent.hpp"

namespace patchbay::http {

namespace {

constexpr std::string_view kLineEnd = "\r\n";

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

bool is_control(char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
}

/// The text of an RFC 8187 value; nullopt if it is none, or not in UTF-8.
std::optional<std::string> extended(std::string_view value) {
    constexpr std::string_view kCharset = "UTF-8'";
    if (!iequals(value.substr(0, kCharset.size()), kCharset)) return std::nullopt;
    const std::size_t language_end = value.find('\'', kCharset.size());
    if (language_end == std::string_view::npos) return std::nullopt;
    value.remove_prefix(language_end + 1);
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '%' && !percent_escape(value.substr(i))) return std::nullopt;
    }
    return percent_decoded(value);
}

class Parser {
  public:
    Parser(std::string_view body, std::string_view boundary)
        : body_(body), line_("\n--" + std::string(boundary)) {}

    bool parse() {
        if (!find_first()) return false;
        for (;;) {
            bool last = false;
            if (!end_of_delimiter(last)) return false;
            if (last) return true;
            if (form.parts.size() == kMaxFormParts) {
                return wrong(at_,
                             "The form has more than " + std::to_string(kMaxFormParts) + " parts.");
            }
            FormPart part;
            if (!take_headers(part) || !take_data(part)) return false;
            form.parts.push_back(part);
        }
    }

    MultipartForm form;
    MultipartError error;

  private:
    bool wrong(std::size_t offset, std::string text) {
        error = {offset, std::move(text)};
        return false;
    }
    bool wrong(std::string_view place, std::string text) {
        return wrong(static_cast<std::size_t>(place.data() - body_.data()), std::move(text));
    }
    /// "--" and the boundary.
    std::string_view delimiter() const { return std::string_view(line_).substr(1); }

    /// Steps behind the first delimiter.
    bool find_first() {
        if (body_.starts_with(delimiter())) {
            at_ = delimiter().size();
            return true;
        }
        std::size_t end = 0;
        return find_next(end);
    }

    /// Steps behind the next delimiter; `end` is where the bytes before it end.
    bool find_next(std::size_t& end) {
        const std::size_t found = body_.find(line_, at_);
        if (found == std::string_view::npos) {
            return wrong(body_.size(), "The form ends without its closing boundary.");
        }
        if (found == at_ || body_[found - 1] != '\r') {
            return wrong(found, "The line before a boundary does not end in CRLF.");
        }
        end = found - 1;
        at_ = found + line_.size();
        return true;
    }

    /// What may stand behind a delimiter on its line.
    bool end_of_delimiter(bool& last) {
        last = body_.substr(at_).starts_with("--");
        if (last) at_ += 2;
        at_ = std::min(body_.find_first_not_of(" \t", at_), body_.size());
        if (last && at_ == body_.size()) return true;
        if (!body_.substr(at_).starts_with(kLineEnd)) {
            return wrong(at_, "Behind a boundary stands something else than CRLF.");
        }
        at_ += kLineEnd.size();
        return true;
    }

    bool take_headers(FormPart& part) {
        const std::string_view window = body_.substr(at_, kMaxPartHeaderBytes);
        const std::size_t begin = at_;
        for (std::size_t line_at = 0;;) {
            const std::size_t end = window.find(kLineEnd, line_at);
            if (end == std::string_view::npos) {
                if (window.size() < kMaxPartHeaderBytes) {
                    return wrong(body_.size(), "The form ends within the headers of a part.");
                }
                return wrong(begin, "The headers of a part are larger than " +
                                        std::to_string(kMaxPartHeaderBytes) + " bytes.");
            }
            const std::string_view line = window.substr(line_at, end - line_at);
            line_at = end + kLineEnd.size();
            if (line.empty()) {
                at_ = begin + line_at;
                break;
            }
            if (!take_header(line, part)) return false;
        }
        const bool named = seen_disposition_;
        seen_disposition_ = seen_type_ = seen_encoding_ = false;
        if (!named) return wrong(begin, "A part has no Content-Disposition.");
        return true;
    }

    bool take_header(std::string_view line, FormPart& part) {
        if (line.front() == ' ' || line.front() == '\t') {
            return wrong(line, "A header of a part is folded.");
        }
        if (const auto bad = std::find_if(line.begin(), line.end(), is_control);
            bad != line.end()) {
            return wrong(line.substr(static_cast<std::size_t>(bad - line.begin())),
                         "A header of a part holds a control character.");
        }
        std::string_view rest = line;
        const std::string_view name = take_token(rest);
        if (name.empty() || !rest.starts_with(':')) {
            return wrong(line, "A header of a part is not \"name: value\".");
        }
        const std::string_view value = trimmed(rest.substr(1));
        const auto once = [&](bool& seen) {
            if (!seen) return seen = true;
            return wrong(line, "A part has " + std::string(name) + " twice.");
        };
        if (iequals(name, "content-disposition")) {
            return once(seen_disposition_) && take_disposition(value, part);
        }
        if (iequals(name, "content-type")) {
            part.content_type = value;
            return once(seen_type_);
        }
        if (iequals(name, "content-transfer-encoding")) {
            if (!once(seen_encoding_)) return false;
            if (!iequals(value, "7bit") && !iequals(value, "8bit") && !iequals(value, "binary")) {
                return wrong(value,
                             "A part has a Content-Transfer-Encoding that is not supported.");
            }
        }
        return true;
    }

    bool take_disposition(std::string_view value, FormPart& part) {
        std::string_view rest = value;
        if (!iequals(take_token(rest), "form-data")) {
            return wrong(value, "A part is not form-data.");
        }
        bool named = false;
        std::optional<std::string_view> extended_name;
        Parameter parameter;
        while (take_parameter(rest, parameter)) {
            const auto twice = [&] {
                return wrong(parameter.name,
                             "A part has \"" + std::string(parameter.name) + "\" twice.");
            };
            if (iequals(parameter.name, "name")) {
                if (named) return twice();
                named = true;
                if (!take_text(parameter, part.name)) return false;
            } else if (iequals(parameter.name, "filename")) {
                if (part.filename) return twice();
                if (!take_text(parameter, part.filename.emplace())) return false;
            } else if (iequals(parameter.name, "filename*")) {
                if (extended_name) return twice();
                auto text = parameter.quoted ? std::nullopt : extended(parameter.value);
                if (!text) return wrong(parameter.value, "A part's filename* is not in UTF-8.");
                if (!take_decoded(std::move(*text), parameter, extended_name.emplace())) {
                    return false;
                }
            }
        }
        if (!rest.empty()) {
            return wrong(rest, "A part's Content-Disposition has a parameter that makes no sense.");
        }
        if (!named) return wrong(value, "A part has no name.");
        if (extended_name) part.filename = extended_name;
        return true;
    }

    bool take_text(const Parameter& parameter, std::string_view& text) {
        if (parameter.quoted && parameter.value.find('\\') != std::string_view::npos) {
            return take_decoded(unescaped(parameter.value), parameter, text);
        }
        text = parameter.value;
        return check_utf8(text, parameter);
    }
    bool take_decoded(std::string decoded, const Parameter& parameter, std::string_view& text) {
        text = form.decoded.emplace_back(std::move(decoded));
        return check_utf8(text, parameter);
    }
    bool check_utf8(std::string_view text, const Parameter& parameter) {
        if (simdjson::validate_utf8(text.data(), text.size())) return true;
        return wrong(parameter.value,
                     "A part's " + std::string(parameter.name) + " is not in UTF-8.");
    }

    bool take_data(FormPart& part) {
        // Without this the blank line could be taken for the line end of the delimiter as well.
        if (body_.substr(at_).starts_with(delimiter())) {
            return wrong(at_, "A part has no line between its headers and the next boundary.");
        }
        const std::size_t begin = at_;
        std::size_t end = 0;
        if (!find_next(end)) return false;
        part.data = body_.substr(begin, end - begin);
        return true;
    }

    std::string_view body_;
    std::string line_;  ///< a delimiter with the LF in front
    std::size_t at_ = 0;
    bool seen_disposition_ = false;
    bool seen_type_ = false;
    bool seen_encoding_ = false;
};

}  // namespace

std::optional<std::string> form_boundary(std::string_view content_type) {
    constexpr std::string_view kType = "multipart/form-data";
    constexpr std::size_t kMaxBoundary = 70;
    constexpr std::string_view kPunctuation = "'()+_,-./:=? ";
    std::string_view rest = trimmed(content_type);
    if (!iequals(rest.substr(0, kType.size()), kType)) return std::nullopt;
    rest.remove_prefix(kType.size());
    std::optional<std::string> boundary;
    Parameter parameter;
    while (take_parameter(rest, parameter)) {
        if (!iequals(parameter.name, "boundary")) continue;
        if (boundary) return std::nullopt;
        boundary = parameter.quoted ? unescaped(parameter.value) : std::string(parameter.value);
    }
    if (!rest.empty() || !boundary || boundary->empty() || boundary->size() > kMaxBoundary ||
        boundary->ends_with(' ')) {
        return std::nullopt;
    }
    const bool good = std::all_of(boundary->begin(), boundary->end(), [=](char c) {
        const char lower = static_cast<char>(c | 0x20);
        return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') ||
               kPunctuation.find(c) != std::string_view::npos;
    });
    return good ? boundary : std::nullopt;
}

boost::system::result<MultipartForm, MultipartError> parse_multipart(std::string_view body,
                                                                     std::string_view boundary) {
    Parser parser(body, boundary);
    if (!parser.parse()) return {boost::system::in_place_error, std::move(parser.error)};
    return {boost::system::in_place_value, std::move(parser.form)};
}

}  // namespace patchbay::http
