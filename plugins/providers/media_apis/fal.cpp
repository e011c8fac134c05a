// SPDX-License-Identifier: Apache-2.0
#include "fal.hpp"

#include <algorithm>
#include <patchbay/sdk.hpp>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/percent.hpp"

namespace patchbay::media_apis {

namespace json = boost::json;

namespace {

struct Form {
    std::string_view part;  ///< of the model's name
    bool ratio;             ///< "aspect_ratio", else "image_size"
    bool counts;            ///< "num_images"
    bool tells = false;     ///< LiteLLM tells the size and the type of its pictures, too
};
// The models' own pages; the first row that fits counts.
constexpr Form kForms[] = {
    {"bria/", true, false},
    {"recraft/", false, false},
    {"v1.1-ultra", true, true, true},
    {"imagen", true, true},
    {"nano-banana", true, true, true},
    {"ideogram", false, true},
    {"stable-diffusion", false, true},
    {"", false, true, true},
};

struct Named {
    shared::PictureSize size;
    std::string_view name;
};
constexpr Named kSizes[] = {
    {{1024, 1024}, "square_hd"},    {{512, 512}, "square"},         {{768, 1024}, "portrait_4_3"},
    {{576, 1024}, "portrait_16_9"}, {{1024, 768}, "landscape_4_3"}, {{1024, 576}, "landscape_16_9"},
};

const Form& form_of(std::string_view model) {
    return *std::find_if(std::begin(kForms), std::end(kForms), [&](const Form& form) {
        return model.find(form.part) != std::string_view::npos;
    });
}

json::value size_of(const shared::PictureSize& size) {
    for (const Named& row : kSizes) {
        if (row.size.width == size.width && row.size.height == size.height) {
            return json::value(row.name);
        }
    }
    return json::object{{"width", size.width}, {"height", size.height}};
}

/// {"url", "width", "height", "content_type"} in OpenAI's words; empty if it is none.
json::object picture_of(const json::object* given, bool tells) {
    const std::string_view url = shared::text(given, "url");
    if (url.empty()) return {};
    json::object made = openai::picture_at(url);
    if (!tells) return made;
    json::object fields;
    for (const char* name : {"width", "height", "content_type"}) {
        if (const json::value* value = shared::find(given, name)) fields[name] = *value;
    }
    if (!fields.empty()) made["provider_specific_fields"] = std::move(fields);
    return made;
}

class FalReader : public openai::WholeReader {
  public:
    explicit FalReader(bool tells) : tells_(tells) {}

    openai::Read<json::object> whole(const json::object& document) override {
        json::array data;
        if (const json::array* given = shared::find_array(document, "images")) {
            for (const json::value& value : *given) {
                data.push_back(picture_of(value.if_object(), tells_));
            }
        } else if (const json::object* one = shared::find_object(document, "image")) {
            data.push_back(picture_of(one, tells_));
        }
        const bool empty = std::any_of(data.begin(), data.end(), [](const json::value& picture) {
            return picture.get_object().empty();
        });
        if (data.empty() || empty) return openai::unreadable("fal", "there are no images");
        return openai::picture_list(std::move(data));
    }

  private:
    bool tells_;
};

}  // namespace

openai::Dialect fal_dialect() {
    openai::Dialect dialect;
    dialect.provider = "fal_ai";
    dialect.base_url = "https://fal.run";
    dialect.key_names = {"FAL_AI_API_KEY", "FAL_KEY"};
    dialect.bearer = false;
    dialect.headers = {{"authorization", "Key {api_key}"}};
    dialect.operations = {{BAY_OP_IMAGES_GENERATE, {}, openai::openais_own()}};
    return dialect;
}

json::object fal_body(std::string_view model, openai::Pictures pictures) {
    const Form& form = form_of(model);
    json::object body = std::move(pictures.others);
    body["prompt"] = std::move(pictures.prompt);
    if (form.counts && pictures.n > 0) body.emplace("num_images", pictures.n);
    if (pictures.size && form.ratio) {
        body.emplace("aspect_ratio", shared::aspect_ratio(*pictures.size));
    } else if (pictures.size) {
        body.emplace("image_size", size_of(*pictures.size));
    }
    // The answer has the data in the place of an address.
    if (pictures.base64) body.emplace("sync_mode", true);
    return body;
}

openai::Written<openai::Translated> FalExchange::translate(const bay_ev_request& request,
                                                           std::string_view address) const {
    const std::string_view model = bay::sv(request.target->model);
    auto pictures = openai::read_pictures(request, dialect_);
    if (!pictures) return pictures.error();
    if (pictures->n > 1 && !form_of(model).counts) {
        return openai::Refusal{BAY_ERR_UNSUPPORTED, "n: this model makes one picture", "n"};
    }
    openai::Translated made;
    made.dropped = pictures->dropped;
    const std::string path = "/" + bay::percent_encoded(model, "/");
    made.url = std::string(openai::without_endings(address, {path})).append(path);
    made.body = shared::to_text(fal_body(model, std::move(*pictures)));
    made.reader = std::make_unique<FalReader>(form_of(model).tells);
    return made;
}

}  // namespace patchbay::media_apis
