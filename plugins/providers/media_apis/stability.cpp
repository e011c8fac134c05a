// SPDX-License-Identifier: Apache-2.0
#include "stability.hpp"

#include <algorithm>
#include <patchbay/sdk.hpp>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/operations.h"

namespace patchbay::media_apis {

namespace json = boost::json;

namespace {

constexpr std::string_view kPath = "/v2beta/stable-image/generate/";
constexpr std::string_view kDefaultModel = "sd3.5-large";  // of sd3, if the form names none
// In Stability AI's own examples every form ends with an empty file.
constexpr std::string_view kNoFile =
    "\r\ncontent-disposition: form-data; name=\"none\"; filename=\"upload\"\r\n"
    "content-type: application/octet-stream\r\n\r\n\r\n";

std::string_view kind_of(std::string_view model) {
    if (model.find("ultra") != std::string_view::npos) return "ultra";
    return model.find("core") != std::string_view::npos ? "core" : "sd3";
}

/// True for what may stand in the header of a part.
bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

void add_part(std::string_view name, std::string_view text, std::string_view boundary,
              std::string& form) {
    form.append("--").append(boundary).append("\r\ncontent-disposition: form-data; name=\"");
    form.append(name).append("\"\r\n\r\n").append(text).append("\r\n");
}

class StabilityReader : public openai::WholeReader {
  public:
    openai::Read<json::object> whole(const json::object& document) override {
        const std::string_view reason = shared::text(document, "finish_reason");
        if (reason == "CONTENT_FILTERED") {
            shared::Failure failure;
            failure.cls = BAY_ERR_CONTENT_POLICY;
            failure.message = "Content was filtered by Stability AI safety systems";
            return failure;
        }
        const std::string_view data = shared::text(document, "image");
        if (data.empty()) return openai::unreadable("Stability AI", "there is no image");
        json::array list;
        list.push_back(json::object{{"b64_json", data}});
        return openai::picture_list(std::move(list));
    }
};

}  // namespace

openai::Dialect stability_dialect() {
    openai::Dialect dialect;
    dialect.provider = "stability";
    dialect.base_url = "https://api.stability.ai";
    dialect.key_names = {"STABILITY_API_KEY"};
    dialect.headers = {{"accept", "application/json"}};
    dialect.operations = {{BAY_OP_IMAGES_GENERATE, {}, openai::openais_own()}};
    dialect.operations.front().unsupported.emplace_back("n");
    return dialect;
}

std::string stability_url(std::string_view base, std::string_view model) {
    std::string path(kPath);
    path.append(kind_of(model));
    base = openai::without_endings(base, {path, "/v2beta"});
    return std::string(base).append(path);
}

std::string stability_model(std::string_view model) {
    constexpr std::string_view kOld = "sd3-";
    if (kind_of(model) != "sd3" || !model.starts_with("sd3")) return {};
    std::string name(model);
    if (model.starts_with(kOld)) name = std::string("sd3.5-").append(model.substr(kOld.size()));
    return name == kDefaultModel ? std::string() : name;
}

bay_status StabilityExchange::on_request(const bay_ev_request& request, bay::Out out) {
    constexpr std::size_t kDigits = 32;
    boundary_ = "patchbay-" + bay::Host::random_hex(kDigits);
    return TranslatedExchange::on_request(request, out);
}

std::string StabilityExchange::content_type() const {
    return "multipart/form-data; boundary=" + boundary_;
}

openai::Written<openai::Translated> StabilityExchange::translate(const bay_ev_request& request,
                                                                 std::string_view address) const {
    const std::string_view model = bay::sv(request.target->model);
    auto pictures = openai::read_pictures(request, dialect_);
    if (!pictures) return pictures.error();
    openai::Translated made;
    made.dropped = pictures->dropped;
    json::object& fields = pictures->others;
    fields.emplace("output_format", "png");
    if (pictures->size) fields.emplace("aspect_ratio", shared::aspect_ratio(*pictures->size));
    if (std::string name = stability_model(model); !name.empty()) fields.emplace("model", name);
    add_part("prompt", pictures->prompt, boundary_, made.body);
    for (const auto& [name, value] : fields) {
        if (!is_name(name)) {
            return openai::Refusal{BAY_ERR_BAD_REQUEST,
                                   std::string(name) + ": is no name of Stability AI's", name};
        }
        add_part(name,
                 value.is_string() ? std::string(std::string_view(value.get_string()))
                                   : shared::to_text(value),
                 boundary_, made.body);
    }
    made.body.append("--").append(boundary_).append(kNoFile);
    made.body.append("--").append(boundary_).append("--\r\n");
    made.url = stability_url(address, model);
    made.reader = std::make_unique<StabilityReader>();
    return made;
}

}  // namespace patchbay::media_apis
