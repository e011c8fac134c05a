#include "picture_forms.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <boost/json.hpp>

#include "chat/own_words.hpp"
#include "json/access.hpp"
#include "patchbay/operations.h"
#include "upstream.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

std::string sides(const shared::PictureSize& size, std::string_view between) {
    return std::to_string(size.width).append(between).append(std::to_string(size.height));
}

// "Qwen-Image" of Alibaba's Model Studio: a conversation, and parameters beside it.
json::object dashscope_body(Pictures pictures) {
    json::object parameters = std::move(pictures.others);
    if (pictures.n > 0) parameters["n"] = pictures.n;
    if (pictures.size) parameters["size"] = sides(*pictures.size, "*");
    json::array content{json::object{{"text", std::move(pictures.prompt)}}};
    json::array messages{json::object{{"role", "user"}, {"content", std::move(content)}}};
    return {{"input", json::object{{"messages", std::move(messages)}}},
            {"parameters", std::move(parameters)}};
}

json::object dashscope_answer(const json::object& document) {
    const json::object* output = shared::find_object(document, "output");
    const json::array* choices = shared::find_array(output, "choices");
    json::array data;
    for (const json::value& choice : choices ? *choices : json::array()) {
        const json::object* message = shared::find_object(choice.if_object(), "message");
        const json::array* content = shared::find_array(message, "content");
        for (const json::value& part : content ? *content : json::array()) {
            const auto url = shared::text(part.if_object(), "image");
            if (!url.empty()) data.push_back(picture_at(url));
        }
    }
    if (data.empty()) return {};
    json::object made = picture_list(std::move(data));
    const json::object* usage = shared::find_object(document, "usage");
    const auto width = shared::count(usage, "width");
    const auto height = shared::count(usage, "height");
    if (width > 0 && height > 0) {
        made["size"] = std::to_string(width).append("x").append(std::to_string(height));
    }
    // Pictures are counted there, not tokens; OpenAI's clients read tokens.
    made["usage"] = {{"input_tokens", 0},
                     {"output_tokens", 0},
                     {"total_tokens", 0},
                     {"input_tokens_details", {{"image_tokens", 0}, {"text_tokens", 0}}}};
    return made;
}

json::object aiml_body(Pictures pictures) {
    json::object body = std::move(pictures.others);
    body["prompt"] = std::move(pictures.prompt);
    if (pictures.n > 0) body["num_images"] = pictures.n;
    if (pictures.size) {
        body["image_size"] = {{"width", pictures.size->width}, {"height", pictures.size->height}};
    }
    return body;
}

// One picture, in OpenAI's words otherwise.
json::object tencent_body(Pictures pictures) {
    json::object body = std::move(pictures.others);
    body["prompt"] = std::move(pictures.prompt);
    if (pictures.n > 1) body["n"] = pictures.n;
    if (pictures.size) body["size"] = sides(*pictures.size, "x");
    if (pictures.base64) body["response_format"] = "b64_json";
    return body;
}

constexpr shared::OwnWord kResolutions[] = {
    {"low", "1K"}, {"standard", "1K"}, {"medium", "2K"}, {"high", "4K"}, {"hd", "4K"},
};

// "Image generation" of OpenRouter: chat with a model that draws. `modalities` are not said, since a
// model that has not all of them is not found.
json::object chat_body(Pictures pictures) {
    json::object body = std::move(pictures.others);
    json::object image;
    if (const json::object* own = shared::find_object(body, "image_config")) image = *own;
    if (pictures.size) image.emplace("aspect_ratio", shared::aspect_ratio(*pictures.size));
    const std::string quality(shared::text(body, "quality"));
    body.erase("quality");
    if (!quality.empty() && quality != "auto") {
        const auto own = shared::own_word(kResolutions, quality);
        image.emplace("image_size", own.empty() ? quality : own);
    }
    if (!image.empty()) body["image_config"] = std::move(image);
    if (pictures.n > 1) body["n"] = pictures.n;
    json::object turn{{"role", "user"}, {"content", std::move(pictures.prompt)}};
    body["messages"] = json::array{std::move(turn)};
    return body;
}

// The usage of chat in the words of pictures, with the cost that is told in it.
json::object picture_usage(const json::object& usage) {
    const auto prompt = shared::count(usage, "prompt_tokens");
    const auto made = shared::count(usage, "completion_tokens");
    const json::object* asked = shared::find_object(usage, "prompt_tokens_details");
    const auto pictures = std::min(shared::count(asked, "image_tokens"), prompt);
    json::object told{
        {"input_tokens", prompt},
        {"output_tokens", made},
        {"total_tokens", shared::count(usage, "total_tokens")},
        {"input_tokens_details", {{"image_tokens", pictures}, {"text_tokens", prompt - pictures}}}};
    const json::object* details = shared::find_object(usage, "completion_tokens_details");
    if (shared::find(details, "image_tokens") != nullptr) {
        const auto drawn = std::min(shared::count(details, "image_tokens"), made);
        told["output_tokens_details"] = {{"image_tokens", drawn}, {"text_tokens", made - drawn}};
    }
    if (const json::value* cost = shared::find(usage, "cost")) told["cost"] = *cost;
    return told;
}

json::object chat_answer(const json::object& document) {
    const json::array* choices = shared::find_array(document, "choices");
    json::array data;
    for (const json::value& choice : choices ? *choices : json::array()) {
        const json::object* message = shared::find_object(choice.if_object(), "message");
        const json::array* images = shared::find_array(message, "images");
        for (const json::value& image : images ? *images : json::array()) {
            const auto url =
                shared::text(shared::find_object(image.if_object(), "image_url"), "url");
            if (!url.empty()) data.push_back(picture_at(url));
        }
    }
    if (data.empty()) return {};
    json::object made = picture_list(std::move(data));
    if (const json::object* usage = shared::find_object(document, "usage")) {
        made["usage"] = picture_usage(*usage);
    }
    return made;
}

json::object openai_answer(const json::object& document) {
    const json::array* data = shared::find_array(document, "data");
    return data != nullptr && !data->empty() ? document : json::object();
}

constexpr std::array kPictureForms{
    PictureForm{"dashscope", dashscope_body, dashscope_answer},
    PictureForm{"aiml", aiml_body, openai_answer},
    PictureForm{"tencent", tencent_body, openai_answer},
    PictureForm{"chat", chat_body, chat_answer},
};

class Reader : public WholeReader {
  public:
    Reader(const PictureForm& form, std::string_view provider) : form_(form), provider_(provider) {}

    Read<json::object> whole(const json::object& document) override {
        json::object made = form_.answer(document);
        if (made.empty()) return unreadable(provider_, "there are no images");
        return made;
    }

  private:
    const PictureForm& form_;
    std::string provider_;
};

}  // namespace

const PictureForm* find_picture_form(std::string_view name) {
    const auto* found = std::find_if(kPictureForms.begin(), kPictureForms.end(),
                                     [&](const PictureForm& form) { return form.name == name; });
    return found == kPictureForms.end() ? nullptr : found;
}

Written<Translated> PicturesExchange::translate(const bay_ev_request& request,
                                                std::string_view) const {
    const OperationRule* rule = dialect_.find(BAY_OP_IMAGES_GENERATE);
    const PictureForm& form = *find_picture_form(rule->form);
    auto pictures = read_pictures(request, dialect_);
    if (!pictures) return pictures.error();
    Translated made;
    made.dropped = pictures->dropped;
    made.url = operation_url(address_of(request, dialect_, rule), rule->path);
    json::object body = form.body(std::move(*pictures));
    body["model"] = bay::sv(request.target->model);
    made.body = shared::to_text(body);
    made.reader = std::make_unique<Reader>(form, dialect_.provider);
    return made;
}

}  // namespace patchbay::openai
