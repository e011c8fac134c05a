// SPDX-License-Identifier: Apache-2.0
#include "images.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "chat/picture_size.hpp"

namespace patchbay::bedrock {

struct ImagesForm {
    std::string_view begin;  ///< of the name
    json::object (*write)(const json::object& client);
    std::string_view pictures;  ///< the list: of base64, or of objects ...
    std::string_view member;    ///< ... with it in this member
    bool several = false;       ///< more than one picture a call
    bool quality = false;       ///< `quality` can be said
};

namespace {

// Members of OpenAI's API: what is not here is the model's own.
constexpr std::array<std::string_view, 15> kOpenAis{"model",
                                                    "prompt",
                                                    "n",
                                                    "size",
                                                    "quality",
                                                    "style",
                                                    "response_format",
                                                    "user",
                                                    "background",
                                                    "moderation",
                                                    "output_compression",
                                                    "output_format",
                                                    "partial_images",
                                                    "stream",
                                                    "input_fidelity"};

bool is_openais(std::string_view name) {
    return std::find(kOpenAis.begin(), kOpenAis.end(), name) != kOpenAis.end();
}

void copy_own(const json::object& client, json::object& body) {
    for (const auto& [name, value] : client) {
        if (!value.is_null() && !is_openais(name)) body[name] = value;
    }
}

std::optional<shared::PictureSize> size_of(const json::object& client) {
    return shared::picture_size(text(client, "size"));
}

// "Stable Image" and "Stable Diffusion 3.5": the ratio of the sides, 1:1 if nothing is said.
json::object stable_image(const json::object& client) {
    json::object body{{"prompt", text(client, "prompt")}};
    if (const auto size = size_of(client)) {
        const auto ratio = shared::aspect_ratio(*size);
        if (ratio != "1:1") body["aspect_ratio"] = ratio;
    }
    copy_own(client, body);
    return body;
}

json::object stable_diffusion_xl(const json::object& client) {
    const json::object prompt{{"text", text(client, "prompt")}, {"weight", 1}};
    json::object body{{"text_prompts", json::array{prompt}}};
    if (const auto size = size_of(client)) {
        body["width"] = size->width;
        body["height"] = size->height;
    }
    copy_own(client, body);
    return body;
}

// Titan Image Generator and Nova Canvas.
json::object amazon(const json::object& client) {
    json::object config;
    if (const auto* count = find(client, "n")) config["numberOfImages"] = *count;
    if (const auto size = size_of(client)) {
        config["width"] = size->width;
        config["height"] = size->height;
    }
    const auto quality = text(client, "quality");
    if (quality == "hd" || quality == "premium") config["quality"] = "premium";
    if (quality == "standard") config["quality"] = quality;
    json::object params{{"text", text(client, "prompt")}};
    for (const std::string_view name : {"cfgScale", "seed"}) {
        if (const auto* value = find(client, name)) config[name] = *value;
    }
    if (const auto* value = find(client, "negativeText")) params["negativeText"] = *value;
    return {{"taskType", "TEXT_IMAGE"},
            {"textToImageParams", std::move(params)},
            {"imageGenerationConfig", std::move(config)}};
}

// The pages of the models in AWS's user guide.
constexpr std::array kImagesForms{
    ImagesForm{"amazon.titan-image-generator", amazon, "images", {}, true, true},
    ImagesForm{"amazon.nova-canvas", amazon, "images", {}, true, true},
    ImagesForm{"stability.stable-diffusion-xl", stable_diffusion_xl, "artifacts", "base64"},
    ImagesForm{"stability.sd3", stable_image, "images", {}},
    ImagesForm{"stability.stable-image", stable_image, "images", {}},
};

struct Set {
    const ImagesForm& form;
};
using Rule = shared::ParameterRule<Set>;
using shared::never;
using shared::Verdict;

Verdict how_many(const json::value& value, const Set& set) {
    const auto wanted = json_tree::number(value);
    if (wanted == 1.0) return set.form.several ? Verdict::keep : Verdict::leave_out;
    return set.form.several ? Verdict::keep : Verdict::refuse;
}
Verdict quality(const json::value&, const Set& set) {
    return set.form.quality ? Verdict::keep : Verdict::refuse;
}
Verdict in_base64(const json::value& value, const Set&) {
    return value == json::value("b64_json") ? Verdict::leave_out : Verdict::refuse;
}
Verdict hint(const json::value&, const Set&) {
    return Verdict::leave_out;
}
Verdict known_size(const json::value& value, const Set&) {
    const auto* words = value.if_string();
    if (words && *words == "auto") return Verdict::leave_out;
    return words && shared::picture_size(view(*words)) ? Verdict::keep : Verdict::refuse;
}

constexpr std::array kRules{
    Rule{"n", how_many, "one picture a call"},
    Rule{"size", known_size, "width x height"},
    Rule{"quality", quality},
    Rule{"response_format", in_base64, "pictures come in base64"},
    Rule{"style", never},
    Rule{"background", never},
    Rule{"moderation", never},
    Rule{"output_compression", never},
    Rule{"output_format", never},
    Rule{"partial_images", never},
    Rule{"input_fidelity", never},
    Rule{"user", hint},
};

Failure makes_none(std::string_view name) {
    Failure failure;
    failure.cls = BAY_ERR_UNSUPPORTED;
    failure.retry = BAY_RETRY_OTHER;
    failure.message = std::string(name) + " makes no pictures that are known here";
    return failure;
}

// Titan says it in `error`, Stability's models in the reason of a picture.
std::string_view held_back(const json::object& answer) {
    const auto error = text(answer, "error");
    if (!error.empty()) return error;
    const auto* reasons = find_array(answer, "finish_reasons");
    if (!reasons) return {};
    for (const auto& value : *reasons) {
        if (const auto* words = value.if_string()) return view(*words);
    }
    return {};
}

}  // namespace

Result<ImagesCall> images_request(std::string_view client_json, std::string_view name,
                                  const shared::Leniency& leniency) {
    auto parsed = parse_json(client_json);
    auto* client = parsed ? parsed->if_object() : nullptr;
    if (!client) return bad_request("body", "must be a JSON object");
    if (text(*client, "prompt").empty()) return bad_request("prompt", "must be a text");
    const auto* form =
        std::find_if(kImagesForms.begin(), kImagesForms.end(),
                     [&](const ImagesForm& row) { return name.starts_with(row.begin); });
    if (form == kImagesForms.end()) return makes_none(name);
    ImagesCall call;
    call.form = form;
    const auto settled = shared::settle(*client, kRules, Set{*form}, leniency, call.dropped);
    if (!settled) return settled.error();
    call.body = to_text(form->write(*client));
    return call;
}

Result<std::string> images_answer(std::string_view answer_json, const ImagesForm& form,
                                  std::int64_t created) {
    const auto parsed = parse_json(answer_json);
    const auto* told = parsed ? parsed->if_object() : nullptr;
    if (!told) return unreadable("not a JSON object");
    if (const auto why = held_back(*told); !why.empty()) {
        Failure failure;
        failure.cls = BAY_ERR_CONTENT_POLICY;
        failure.message = why;
        return failure;
    }
    const auto* pictures = find_array(*told, form.pictures);
    if (!pictures || pictures->empty()) return unreadable("it holds no pictures");
    json::array data;
    for (const auto& value : *pictures) {
        const auto* alone = value.if_string();
        const auto picture = alone ? view(*alone) : text(value.if_object(), form.member);
        if (picture.empty()) return unreadable("it holds no pictures");
        data.emplace_back(json::object{{"b64_json", picture}});
    }
    return to_text(json::object{{"created", created}, {"data", std::move(data)}});
}

}  // namespace patchbay::bedrock
