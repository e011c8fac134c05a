#include "usage.hpp"

#include <algorithm>
#include <utility>

namespace patchbay::google {

void Modalities::read(const json::array* details) {
    *this = {};
    if (!details) return;
    for (const auto& value : *details) {
        const auto* detail = value.if_object();
        if (!detail) continue;
        const auto name = google::text(*detail, "modality");
        const auto tokens = count(*detail, "tokenCount");
        if (name == "TEXT") this->text += tokens;
        if (name == "IMAGE" || name == "DOCUMENT") image += tokens;
        if (name == "AUDIO") audio += tokens;
        if (name == "VIDEO") video += tokens;
    }
}

void Modalities::write(json::object& to) const {
    const std::pair<std::string_view, std::uint64_t> counts[] = {{"text_tokens", text},
                                                                 {"image_tokens", image},
                                                                 {"audio_tokens", audio},
                                                                 {"video_tokens", video}};
    for (const auto& [name, tokens] : counts) {
        if (tokens > 0) to[name] = tokens;
    }
}

void Usage::take(const json::object& metadata) {
    known_ = true;
    prompt_ = count(metadata, "promptTokenCount");
    tool_use_ = count(metadata, "toolUsePromptTokenCount");
    cached_ = count(metadata, "cachedContentTokenCount");
    answered_ = count(metadata, "candidatesTokenCount");
    answer_told_ = find(metadata, "candidatesTokenCount") || find(metadata, "thoughtsTokenCount");
    prompt_told_ = find(metadata, "promptTokensDetails") != nullptr;
    thoughts_ = count(metadata, "thoughtsTokenCount");
    total_ = count(metadata, "totalTokenCount");
    prompt_by_.read(find_array(metadata, "promptTokensDetails"));
    cached_by_.read(find_array(metadata, "cacheTokensDetails"));
    answered_by_.read(find_array(metadata, "candidatesTokensDetails"));
    // Some models count thoughts among the candidates: the total tells.
    const bool inside =
        thoughts_ > 0 && thoughts_ <= answered_ && total_ == prompt_ + tool_use_ + answered_;
    if (inside) answered_ -= thoughts_;
}

json::object Usage::to_openai() const {
    const auto prompt = prompt_ + tool_use_;
    const auto completion = answered_ + thoughts_;
    json::object usage{{"prompt_tokens", prompt},
                       {"completion_tokens", completion},
                       {"total_tokens", std::max(total_, prompt + completion)}};
    json::object details;
    prompt_by_.write(details);
    if (cached_ > 0) {
        details["cached_tokens"] = cached_;
        usage["cache_read_input_tokens"] = cached_;
        json::object by;
        cached_by_.write(by);
        if (!by.empty()) details["cached_tokens_details"] = std::move(by);
    }
    if (tool_use_ > 0) details["tool_use_tokens"] = tool_use_;
    if (searches_ > 0) details["web_search_requests"] = searches_;
    if (!details.empty() || (known_ && !prompt_told_)) {
        usage["prompt_tokens_details"] = std::move(details);
    }
    if (!answer_told_) return usage;
    json::object made;
    answered_by_.write(made);
    if (made.empty()) made["text_tokens"] = answered_;
    if (thoughts_ > 0) made["reasoning_tokens"] = thoughts_;
    usage["completion_tokens_details"] = std::move(made);
    return usage;
}

bay_usage Usage::to_host(const ModelTraits& traits) const {
    bay_usage usage{};
    usage.size = sizeof usage;
    usage.input_tokens = prompt_ + tool_use_;
    usage.output_tokens = answered_ + thoughts_;
    usage.cached_input_tokens = cached_;
    usage.reasoning_tokens = thoughts_;
    usage.audio_input_tokens = prompt_by_.audio;
    usage.audio_output_tokens = answered_by_.audio;
    usage.image_input_tokens = prompt_by_.image;
    usage.image_output_tokens = answered_by_.image;
    usage.searches = traits.third ? searches_ : std::min<std::uint64_t>(searches_, 1);
    return usage;
}

}  // namespace patchbay::google
