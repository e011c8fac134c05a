#include <charconv>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include "patchbay/json_tree.hpp"
#include "spelling.hpp"

namespace patchbay::json_tree {

namespace json = boost::json;

namespace {

template <typename T>
void append_whole(T number, std::string& out) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

}  // namespace

void append(const json::value& value, std::string& out) {
    switch (value.kind()) {
        case json::kind::null:
            out += "null";
            return;
        case json::kind::bool_:
            out += value.get_bool() ? "true" : "false";
            return;
        case json::kind::int64:
            return append_whole(value.get_int64(), out);
        case json::kind::uint64:
            return append_whole(value.get_uint64(), out);
        case json::kind::double_:
            return append_double(value.get_double(), out);
        case json::kind::string:
            return append_string({value.get_string().data(), value.get_string().size()}, out);
        case json::kind::array: {
            char separator = '[';
            for (const json::value& item : value.get_array()) {
                out += std::exchange(separator, ',');
                append(item, out);
            }
            out += value.get_array().empty() ? "[]" : "]";
            return;
        }
        case json::kind::object: {
            if (const std::string_view number = number_text_of(value); !number.empty()) {
                out += number;
                return;
            }
            char separator = '{';
            for (const auto& member : value.get_object()) {
                out += std::exchange(separator, ',');
                append_string(member.key(), out);
                out += ':';
                append(member.value(), out);
            }
            out += value.get_object().empty() ? "{}" : "}";
            return;
        }
    }
}

std::string write(const json::value& value) {
    std::string out;
    append(value, out);
    return out;
}

}  // namespace patchbay::json_tree
