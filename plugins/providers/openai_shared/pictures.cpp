#include "pictures.hpp"

#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/host.hpp"

namespace patchbay::openai {

namespace json = boost::json;

std::vector<std::string> openais_own() {
    return {"quality", "style",  "background",     "moderation",    "output_compression",
            "user",    "stream", "partial_images", "input_fidelity"};
}

Written<Pictures> read_pictures(const bay_ev_request& request, const Dialect& dialect) {
    const auto parsed = shared::parse_json(bay::sv(request.json));
    const json::object* const client = parsed ? parsed->if_object() : nullptr;
    Pictures made;
    made.prompt = shared::text(client, "prompt");
    if (made.prompt.empty()) return bad_member("prompt", "must be a text");
    Unsupported unsupported(request, dialect, dialect.find(BAY_OP_IMAGES_GENERATE));
    for (const auto& [key, value] : *client) {
        const std::string_view name = key;
        if (value.is_null() || name == "model" || name == "prompt") continue;
        if (name == "n") {
            constexpr double kMost = 10;
            const double n = json_tree::number(value).value_or(0);
            if (n < 1 || n > kMost) return bad_member("n", "must be 1 to 10");
            if (n != 1 && unsupported.leaves_out(name, shared::to_text(value))) continue;
            made.n = static_cast<std::uint64_t>(n);
        } else if (name == "size") {
            const std::string_view size =
                value.is_string() ? std::string_view(value.get_string()) : std::string_view();
            made.size = shared::picture_size(size);
            if (!made.size && size != "auto") return bad_member("size", "must be as 1024x1024");
        } else if (name == "response_format") {
            made.base64 = value == json::value("b64_json");
        } else if (!unsupported.leaves_out(name, shared::to_text(value))) {
            made.others[name] = value;
        }
    }
    if (auto refusal = unsupported.refusal()) return *refusal;
    made.dropped = unsupported.dropped();
    return made;
}

json::object picture_at(std::string_view url) {
    constexpr std::string_view kMark = ";base64,";
    const auto mark = url.find(kMark);
    if (!url.starts_with("data:") || mark == std::string_view::npos) return {{"url", url}};
    return {{"b64_json", url.substr(mark + kMark.size())}};
}

json::object picture_list(json::array data) {
    return {{"created", bay::Host::unix_ms() / 1000}, {"data", std::move(data)}};
}

}  // namespace patchbay::openai
