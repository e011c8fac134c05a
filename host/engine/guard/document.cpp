#include "engine/guard/document.hpp"

#include <boost/json.hpp>

namespace patchbay::guard {

namespace json = boost::json;

Document::Document(std::string_view text, bool answer) : answer_(answer) {
    json::error_code failed;
    // Clients may nest as deep as the scanner of requests allows.
    value_ = json::parse(text, failed, {}, {.max_depth = 600});
    if (failed) return;
    texts_ = answer ? answer_texts(value_) : request_texts(value_);
    views_ = views(texts_);
}

std::string Document::edited(std::span<const TextEdit> edits) {
    for (const TextEdit& edit : edits) {
        if (edit.text) *texts_[edit.index].value = *edit.text;
    }
    auto* choices =
        answer_ && value_.is_object() ? value_.get_object().if_contains("choices") : nullptr;
    if (choices && choices->is_array()) {
        for (json::value& choice : choices->get_array()) drop_logprobs(choice);
    }
    return json::serialize(value_);
}

}  // namespace patchbay::guard
