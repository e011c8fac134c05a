#include "engine/links/request_links.hpp"

#include <algorithm>
#include <array>

#include <boost/json/array.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <simdjson.h>

#include "contract/crypto/base64.hpp"
#include "contract/http/header.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay {

namespace {

namespace json = boost::json;

/// A part of a certain type: the member that names its file, within another one or in the part itself.
struct Form {
    std::string_view type;
    std::string_view within;  ///< empty: the part
    std::string_view member;
};

constexpr std::array kForms{
    Form{"image_url", "image_url", "url"}, Form{"image_url", "", "image_url"},
    Form{"video_url", "video_url", "url"}, Form{"video_url", "", "video_url"},
    Form{"input_image", "", "image_url"},  Form{"input_image", "image_url", "url"},
    Form{"input_file", "", "file_url"},    Form{"file", "file", "file_data"},
    Form{"file", "file", "file_id"},
};

/// Members of a body, of a message and of a part that may hold parts.
constexpr std::array<std::string_view, 3> kLists{"messages", "input", "system"};
constexpr std::array<std::string_view, 2> kContents{"content", "output"};
/// Deeper than any API nests parts.
constexpr int kMostDepth = 8;

bool has_scheme(std::string_view url, std::span<const std::string> schemes) {
    return std::any_of(schemes.begin(), schemes.end(), [url](std::string_view scheme) {
        return url.size() > scheme.size() + 3 &&
               http::iequals(url.substr(0, scheme.size()), scheme) &&
               url.substr(scheme.size()).starts_with("://");
    });
}

class Search {
  public:
    Search(std::span<const std::string> schemes, std::vector<RequestLink>& found)
        : schemes_(schemes), found_(found) {}

    /// Messages, items or parts.
    void list(json::value& value, const std::string& place, int depth = 0) {
        auto* const items = value.if_array();
        if (items == nullptr || depth > kMostDepth) return;
        for (std::size_t i = 0; i < items->size(); ++i) {
            auto* const item = (*items)[i].if_object();
            if (item == nullptr) continue;
            const std::string at = place + "[" + std::to_string(i) + "]";
            part(*item, at);
            for (const std::string_view name : kContents) {
                if (auto* const within = item->if_contains(name)) {
                    list(*within, at + "." + std::string(name), depth + 1);
                }
            }
        }
    }

  private:
    // What stands within the part first: put() of what stands in the part itself moves it.
    void part(json::object& part, const std::string& place) {
        if (auto* const source = part.if_contains("source"); source && source->is_object()) {
            auto& within = source->get_object();
            if (surface::text(within, "type") == "url") take(within, "url", place + ".source");
        }
        const std::string_view type = surface::text(part, "type");
        for (const Form& form : kForms) {
            if (form.type != type) continue;
            if (form.within.empty()) {
                take(part, form.member, place);
            } else if (auto* within = part.if_contains(form.within);
                       within != nullptr && within->is_object()) {
                take(within->get_object(), form.member, place + "." + std::string(form.within));
            }
        }
    }
    void take(json::object& holder, std::string_view member, const std::string& place) {
        const std::string_view url = surface::text(holder, member);
        if (!has_scheme(url, schemes_)) return;
        found_.push_back({std::string(url), place + "." + std::string(member), &holder, member});
    }

    std::span<const std::string> schemes_;
    std::vector<RequestLink>& found_;
};

// Anthropic's: text is a source of its own.
void put_source(json::object& source, const LinkedFile& file) {
    const bool text = file.media_type == "text/plain" && simdjson::validate_utf8(file.bytes);
    std::string data;
    if (text) {
        data = file.bytes;
    } else {
        append_base64(data, file.bytes);
    }
    source = {{"type", text ? "text" : "base64"}, {"media_type", file.media_type}, {"data", data}};
}

}  // namespace

void RequestLink::put(const LinkedFile& file) const {
    if (member == "url" && surface::text(*holder, "type") == "url") {
        return put_source(*holder, file);
    }
    const bool is_file = member.starts_with("file_");
    if (is_file && !file.name.empty() && surface::text(*holder, "filename").empty()) {
        (*holder)["filename"] = file.name;
    }
    if (is_file) holder->erase(member);
    (*holder)[is_file ? std::string_view("file_data") : member] = file.data_url();
}

bool may_have_links(std::string_view body, std::span<const std::string> schemes) {
    return !schemes.empty() && (body.find("\"http") != std::string_view::npos ||
                                body.find("\"HTTP") != std::string_view::npos);
}

std::vector<RequestLink> find_links(json::object& body, std::span<const std::string> schemes) {
    std::vector<RequestLink> found;
    Search search(schemes, found);
    for (const std::string_view name : kLists) {
        if (auto* const list = body.if_contains(name)) search.list(*list, std::string(name));
    }
    return found;
}

}  // namespace patchbay
