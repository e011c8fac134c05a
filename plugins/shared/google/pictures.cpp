#include "pictures.hpp"

#include <algorithm>
#include <array>
#include <patchbay/sdk.hpp>
#include <utility>

#include "chat/picture_size.hpp"
#include "errors.hpp"

namespace patchbay::google {

namespace {

struct PictureSet {
    bool imagen;
};
using PictureRule = shared::ParameterRule<PictureSet>;
using shared::never;
using shared::Verdict;

Verdict how_many(const json::value& value, const PictureSet& set) {
    if (set.imagen) return Verdict::keep;
    return json_tree::number(value) == 1.0 ? Verdict::leave_out : Verdict::refuse;
}
Verdict known_size(const json::value& value, const PictureSet&) {
    const auto* words = value.if_string();
    if (words && *words == "auto") return Verdict::leave_out;
    const bool known = words && shared::picture_size({words->data(), words->size()});
    return known ? Verdict::keep : Verdict::refuse;
}
Verdict in_base64(const json::value& value, const PictureSet&) {
    return value == json::value("b64_json") ? Verdict::leave_out : Verdict::refuse;
}
Verdict hint(const json::value&, const PictureSet&) {
    return Verdict::leave_out;
}

constexpr std::array kPictureRules{
    PictureRule{"n", how_many, "one picture a call"},
    PictureRule{"size", known_size, "width x height"},
    PictureRule{"response_format", in_base64, "pictures come in base64"},
    PictureRule{"quality", never},
    PictureRule{"style", never},
    PictureRule{"background", never},
    PictureRule{"moderation", never},
    PictureRule{"output_compression", never},
    PictureRule{"output_format", never},
    PictureRule{"partial_images", never},
    PictureRule{"input_fidelity", never},
    PictureRule{"user", hint},
};

constexpr std::uint32_t kLargeSide = 2048;

json::object imagen(const json::object& client) {
    json::object parameters;
    if (const auto* wanted = find(client, "n")) parameters["sampleCount"] = *wanted;
    if (const auto size = shared::picture_size(text(client, "size"))) {
        parameters["aspectRatio"] = shared::aspect_ratio(*size);
        parameters["imageSize"] = std::max(size->width, size->height) < kLargeSide ? "1K" : "2K";
    }
    const json::object instance{{"prompt", text(client, "prompt")}};
    return {{"instances", json::array{instance}}, {"parameters", std::move(parameters)}};
}

json::object drawing(const json::object& client, bool with_words) {
    // Google reads both spellings; these are LiteLLM's.
    json::object config;
    if (with_words) {
        config["response_modalities"] = json::array{"IMAGE", "TEXT"};
    } else {
        config["responseModalities"] = json::array{"IMAGE"};
    }
    if (const auto size = shared::picture_size(text(client, "size"))) {
        config["imageConfig"] = json::object{{"aspectRatio", shared::aspect_ratio(*size)}};
    }
    json::object turn{{"parts", json::array{json::object{{"text", text(client, "prompt")}}}}};
    if (!with_words) turn["role"] = "user";
    return {{"contents", json::array{std::move(turn)}}, {"generationConfig", std::move(config)}};
}

void add_picture(std::string_view data, json::array& pictures) {
    if (!data.empty()) pictures.emplace_back(json::object{{"b64_json", data}});
}

// The pictures among a candidate's parts.
void add_drawn(const json::object* candidate, json::array& pictures) {
    const auto* content = candidate ? find_object(*candidate, "content") : nullptr;
    const auto* parts = content ? find_array(*content, "parts") : nullptr;
    if (!parts) return;
    for (const auto& value : *parts) {
        const auto* part = value.if_object();
        const auto* blob = part ? find_object(*part, "inlineData") : nullptr;
        if (blob && text(*blob, "mimeType").starts_with("image/")) {
            add_picture(text(*blob, "data"), pictures);
        }
    }
}

// Why Google held pictures back; empty if it says nothing of it.
std::string_view held_back(const json::object& answer) {
    for (const std::string_view list : {"predictions", "candidates"}) {
        const auto* rows = find_array(answer, list);
        if (!rows) continue;
        for (const auto& value : *rows) {
            const auto* row = value.if_object();
            if (!row) continue;
            if (const auto why = text(*row, "raiFilteredReason"); !why.empty()) return why;
            const auto reason = text(*row, "finishReason");
            if (!reason.empty() && reason != "STOP" && reason != "MAX_TOKENS") return reason;
        }
    }
    const auto* feedback = find_object(answer, "promptFeedback");
    return feedback ? text(*feedback, "blockReason") : std::string_view();
}

json::object openai_usage(const json::object& metadata) {
    Modalities read;
    read.read(find_array(metadata, "promptTokensDetails"));
    const auto prompt = count(metadata, "promptTokenCount");
    const auto made = count(metadata, "candidatesTokenCount");
    const auto image = std::min(read.image, prompt);
    return {{"input_tokens", prompt},
            {"output_tokens", made},
            {"total_tokens", count(metadata, "totalTokenCount")},
            {"input_tokens_details", {{"image_tokens", image}, {"text_tokens", prompt - image}}},
            {"output_tokens_details", {{"image_tokens", made}, {"text_tokens", 0}}}};
}

}  // namespace

Result<PicturesCall> pictures_request(std::string_view client_json, std::string_view model,
                                      const shared::Leniency& leniency, bool with_words) {
    auto parsed = parse_json(client_json);
    auto* client = parsed ? parsed->if_object() : nullptr;
    if (!client) return bad_request("body", "must be a JSON object");
    if (text(*client, "prompt").empty()) return bad_request("prompt", "must be a text");
    const PictureSet set{model.find("imagen") != std::string_view::npos};
    PicturesCall call;
    if (auto settled = shared::settle(*client, kPictureRules, set, leniency, call.dropped);
        !settled) {
        return settled.error();
    }
    call.method = set.imagen ? "predict" : "generateContent";
    call.body = to_text(set.imagen ? imagen(*client) : drawing(*client, with_words));
    return call;
}

Result<Pictures> pictures_answer(std::string_view answer_json, std::int64_t created) {
    const auto parsed = parse_json(answer_json);
    const auto* told = parsed ? parsed->if_object() : nullptr;
    if (!told) return unreadable("not a JSON object");
    json::array pictures;
    if (const auto* predictions = find_array(*told, "predictions")) {
        for (const auto& value : *predictions) {
            const auto* row = value.if_object();
            if (row) add_picture(text(*row, "bytesBase64Encoded"), pictures);
        }
    }
    if (const auto* candidates = find_array(*told, "candidates")) {
        for (const auto& value : *candidates) add_drawn(value.if_object(), pictures);
    }
    if (pictures.empty()) {
        const auto why = held_back(*told);
        if (why.empty()) return unreadable("it holds no pictures");
        Failure failure;
        failure.cls = BAY_ERR_CONTENT_POLICY;
        failure.message.append("Google made no picture: ").append(why);
        return failure;
    }
    Pictures made;
    json::object list{{"created", created}, {"data", std::move(pictures)}};
    if (const auto* metadata = find_object(*told, "usageMetadata")) {
        made.usage.take(*metadata);
        list["usage"] = openai_usage(*metadata);
    }
    made.json = to_text(list);
    return made;
}

bay_status tell_pictures(const bay_ev_http& done, shared::PictureAudience audience, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE) return report(failure_of_call(done), out);
    if (done.status / 100 != 2) return report(failure_of_answer(done), out);
    const auto made = pictures_answer(bay::sv(done.data), bay::Host::unix_ms() / 1000);
    if (!made) {
        auto failure = made.error();
        failure.upstream_status = done.status;
        return report(failure, out);
    }
    if (made->usage.known()) {
        const auto status = out.usage(made->usage.to_host());
        if (status != BAY_OK) return status;
    }
    return shared::tell_picture_list(made->json, audience, out);
}

}  // namespace patchbay::google
