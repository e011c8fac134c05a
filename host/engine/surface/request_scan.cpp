// Why not simdjson's parsers: the DOM gives no byte offsets, copies every string and takes memory
// of many times the body per thread; On-Demand checks only what is visited. Both refuse numbers
// beyond 64 bits and lone surrogates, which are valid JSON and none of our business, and need
// padding behind the body. simdjson checks the UTF-8 here, and is the oracle of the tests.
#include "engine/surface/request_scan.hpp"

#include <utility>

#include <simdjson.h>

#include "contract/json/json_reader.hpp"
#include "contract/json/member_walker.hpp"

namespace patchbay {

namespace {

Error bad_request(std::string code, std::string param, std::string message) {
    Error error = patchbay::bad_request(std::move(message), std::move(param));
    error.code = std::move(code);
    return error;
}

Error invalid_json(std::string_view what, std::size_t at) {
    return bad_request("invalid_json", "",
                       "The request body is not valid JSON: " + std::string(what) + " at byte " +
                           std::to_string(at) + ".");
}

Error missing(std::string_view param) {
    return bad_request("missing_required_parameter", std::string(param),
                       "The required parameter '" + std::string(param) + "' is missing.");
}

std::string_view kind_of(std::string_view value) {
    switch (value[0]) {
        case '{':
            return "an object";
        case '[':
            return "an array";
        case '"':
            return "a string";
        case 't':
        case 'f':
            return "a boolean";
        case 'n':
            return "null";
        default:
            return "a number";
    }
}

Error wrong_type(std::string_view param, std::string_view expected, std::string_view value) {
    return bad_request("invalid_type", std::string(param),
                       "The parameter '" + std::string(param) + "' must be " +
                           std::string(expected) + ", not " + std::string(kind_of(value)) + ".");
}

// `raw` without quotes is the name `wanted`, which needs no escapes but may be written with some.
bool is_name(std::string_view raw, std::string_view wanted) {
    if (raw == wanted) return true;
    if (raw.size() <= wanted.size() || raw.find('\\') == std::string_view::npos) return false;
    std::string decoded;
    return decode_json_string(raw, decoded) && decoded == wanted;
}

boost::system::result<bool, Error> bool_or_null(std::string_view param, std::string_view value) {
    if (value == "true") return true;
    if (value == "false" || value == "null") return false;
    return wrong_type(param, "a boolean", value);
}

// The parameters that the gateway acts on, as raw text; empty = absent.
struct Known {
    const RequestForm& form;
    std::string_view model{}, content{}, stream{}, stream_options{};

    void note(std::string_view name, std::string_view value) {
        if (is_name(name, "model")) {
            model = value;
        } else if (is_name(name, form.content)) {
            content = value;
        } else if (!form.streams) {
            return;
        } else if (is_name(name, "stream")) {
            stream = value;
        } else if (is_name(name, "stream_options")) {
            stream_options = value;
        }
    }
};

// The members of the object at the reader's cursor. False: reader.what() and at() say why.
bool read_members(JsonReader& reader, std::string_view body, RequestScan& scan, Known& known) {
    if (!reader.take('{', "'{' expected")) return false;
    reader.skip_space();
    if (reader.peek() == '}') return reader.take('}', "");
    for (;;) {
        reader.skip_space();
        const std::size_t name_off = reader.at();
        if (reader.peek() != '"') return reader.take('"', "a member name expected");
        if (!reader.take_string()) return false;
        const auto name = body.substr(name_off + 1, reader.at() - name_off - 2);
        reader.skip_space();
        if (!reader.take(':', "':' expected")) return false;
        reader.skip_space();
        const std::size_t value_off = reader.at();
        if (!reader.take_value()) return false;
        const auto value = body.substr(value_off, reader.at() - value_off);
        if (scan.members.size() == kMaxMembers) return reader.refuse("too many members");
        scan.members.push_back({.name = {name.data(), name.size()},
                                .value = {value.data(), value.size()},
                                .name_off = name_off,
                                .value_off = value_off});
        known.note(name, value);
        reader.skip_space();
        if (reader.peek() != ',') return reader.take('}', "',' or '}' expected");
        reader.take(',', "");
    }
}

boost::system::result<void, Error> read_model(std::string_view body, std::string_view value,
                                              RequestScan& scan) {
    if (value.empty()) return missing("model");
    if (value[0] != '"') return wrong_type("model", "a string", value);
    scan.model_off = static_cast<std::size_t>(value.data() - body.data());
    scan.model_len = value.size();
    scan.model_raw = value.substr(1, value.size() - 2);
    if (scan.model_raw.empty()) {
        return bad_request("invalid_value", "model", "The parameter 'model' must not be empty.");
    }
    if (scan.model_raw.find('\\') != std::string_view::npos &&
        !decode_json_string(scan.model_raw, scan.model_decoded)) {
        return bad_request("invalid_value", "model",
                           "The parameter 'model' holds half of a surrogate pair.");
    }
    return {};
}

boost::system::result<bool, Error> read_include_usage(std::string_view options) {
    if (options.empty() || options == "null") return false;
    if (options[0] != '{') return wrong_type("stream_options", "an object", options);
    std::string_view include_usage = "null";
    MemberWalker walker(options);
    for (JsonMember member; walker.next(member);) {
        if (is_name(member.name, "include_usage")) include_usage = member.value;
    }
    return bool_or_null("stream_options.include_usage", include_usage);
}

}  // namespace

Result<RequestScan> scan_request(std::string_view body, const RequestForm& form) {
    if (!simdjson::validate_utf8(body.data(), body.size())) {
        return bad_request("invalid_json", "", "The request body is not valid UTF-8.");
    }
    Result<RequestScan> result{RequestScan{}};
    RequestScan& scan = *result;
    Known known{form};
    JsonReader reader(body);
    reader.skip_space();
    if (reader.at_end()) return bad_request("invalid_json", "", "The request body is empty.");
    const bool object = reader.peek() == '{';
    if (!(object ? read_members(reader, body, scan, known) : reader.take_value())) {
        return invalid_json(reader.what(), reader.at());
    }
    reader.skip_space();
    if (!reader.at_end()) return invalid_json("end expected", reader.at());
    if (!object) {
        return bad_request("invalid_type", "", "The request body must be a JSON object.");
    }

    if (auto model = read_model(body, known.model, scan); !model) return model.error();
    const bool asked = !known.content.empty() && (form.list || known.content != "null");
    if (!asked && !form.optional) return missing(form.content);
    if (form.list && known.content[0] != '[') {
        return wrong_type(form.content, "an array", known.content);
    }
    scan.content = known.content;
    if (!known.stream.empty()) {
        auto stream = bool_or_null("stream", known.stream);
        if (!stream) return stream.error();
        scan.stream = *stream;
    }
    auto include_usage = read_include_usage(known.stream_options);
    if (!include_usage) return include_usage.error();
    scan.include_usage = *include_usage;
    return result;
}

}  // namespace patchbay
