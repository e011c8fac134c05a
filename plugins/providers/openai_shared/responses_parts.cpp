#include "responses_parts.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace patchbay::openai {

namespace {

using Append = Result<void> (*)(const json::object& part, const std::string& place,
                                ListText& parts);

void append_words(std::string_view type, std::string_view member, std::string_view words,
                  ListText& parts) {
    ObjectText part(parts.element());
    part.words("type", type);
    part.words(member, words);
    part.end();
}

/// The member `from` of the part as the member `to` of one of the type `type`.
template <const char* from, const char* type, const char* to>
Result<void> words(const json::object& part, const std::string& place, ListText& parts) {
    const auto* value = part.if_contains(from);
    const auto* string = value ? value->if_string() : nullptr;
    if (!string) return bad_request(place + "." + from, "must be a string");
    append_words(type, to, *string, parts);
    return {};
}

constexpr char kInputText[] = "input_text";
constexpr char kOutputText[] = "output_text";
constexpr char kRefusal[] = "refusal";
constexpr char kText[] = "text";

Result<void> image(const json::object& part, const std::string& place, ListText& parts) {
    const auto* object = find_object(part, "image_url");
    const auto url = object ? text(*object, "url") : text(part, "image_url");
    if (url.empty()) return bad_request(place + ".image_url.url", "must be a string");
    const auto detail = object ? text(*object, "detail") : std::string_view();
    ObjectText written(parts.element());
    written.words("type", "input_image");
    written.words("image_url", url);
    if (!detail.empty()) written.words("detail", detail);
    written.end();
    return {};
}

/// A file's id may be the address of one that somebody has to fetch (LiteLLM's word for it), and the
/// file may be an image.
Result<void> file(const json::object& part, const std::string& place, ListText& parts) {
    const auto* given = find_object(part, "file");
    if (!given) return bad_request(place + ".file", "must be an object");
    const auto id = text(*given, "file_id");
    const auto url = text(*given, "file_url");
    const auto data = text(*given, "file_data");
    if (id.empty() && url.empty() && data.empty()) {
        return bad_request(place + ".file", "must have file_data, file_id or file_url");
    }
    const bool at_address = id.starts_with("https://") || id.starts_with("http://");
    const bool is_image = text(*given, "format").starts_with("image/");
    ObjectText written(parts.element());
    written.words("type", is_image ? "input_image" : "input_file");
    if (!id.empty() && !at_address) written.words("file_id", id);
    const auto address = at_address ? id : url;
    if (!address.empty()) written.words(is_image ? "image_url" : "file_url", address);
    if (!data.empty()) written.words(is_image ? "image_url" : "file_data", data);
    const auto name = text(*given, "filename");
    if (!name.empty() && !is_image) written.words("filename", name);
    written.end();
    return {};
}

Result<void> own(const json::object& part, const std::string&, ListText& parts) {
    json_tree::append(part, parts.element());
    return {};
}

Result<void> nothing(const json::object&, const std::string&, ListText&) {
    return {};
}

struct PartWriter {
    std::string_view type;
    Append append;
};

constexpr std::array kInputParts{
    PartWriter{"text", words<kText, kInputText, kText>},
    PartWriter{"image_url", image},
    PartWriter{"file", file},
    PartWriter{"input_audio", own},
    PartWriter{"refusal", words<kRefusal, kInputText, kText>},
    PartWriter{"input_text", own},
    PartWriter{"input_image", own},
    PartWriter{"input_file", own},
};

constexpr std::array kOutputParts{
    PartWriter{"text", words<kText, kOutputText, kText>},
    PartWriter{"refusal", words<kRefusal, kRefusal, kRefusal>},
    PartWriter{"output_text", own},
    PartWriter{"thinking", nothing},
    PartWriter{"redacted_thinking", nothing},
    PartWriter{"image_url", nothing},
};

bool says_nothing(const json::object& part) {
    return text(part, "type") == "text" && text(part, "text").empty() && find(part, "text");
}

}  // namespace

Result<void> append_parts(const json::value& content, Speaker speaker, const std::string& place,
                          ListText& parts) {
    const bool output = speaker == Speaker::output;
    if (const auto* string = content.if_string()) {
        if (output && string->empty()) return {};
        append_words(output ? kOutputText : kInputText, kText, *string, parts);
        return {};
    }
    const auto* list = content.if_array();
    if (!list) return bad_request(place, "must be a string or an array");
    const std::span<const PartWriter> writers = output ? std::span<const PartWriter>(kOutputParts)
                                                       : std::span<const PartWriter>(kInputParts);
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string at = place_of(place, i);
        const auto* part = (*list)[i].if_object();
        if (!part) return bad_request(at, "must be an object");
        if (output && says_nothing(*part)) continue;
        const auto type = text(*part, "type");
        const auto writer = std::find_if(writers.begin(), writers.end(),
                                         [&](const PartWriter& row) { return row.type == type; });
        if (writer == writers.end()) {
            return not_sayable(at, "content of the type '" + std::string(type) + "'");
        }
        if (auto written = writer->append(*part, at, parts); !written) return written;
    }
    return {};
}

}  // namespace patchbay::openai
