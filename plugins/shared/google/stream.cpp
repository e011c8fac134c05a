#include "stream.hpp"

#include <algorithm>
#include <utility>

#include "errors.hpp"
#include "grounding.hpp"

namespace patchbay::google {

namespace {

constexpr std::uint64_t kMaxChoices = 64;  // Google gives 8 at most
// LiteLLM's streams have the ratings under this name, too.
constexpr std::string_view kRatings = "vertex_ai_safety_ratings";

}  // namespace

Result<void> StreamTranslator::feed(std::string_view data, std::vector<std::string>& chunks) {
    const auto parsed = parse_json(data);
    const auto* response = parsed ? parsed->if_object() : nullptr;
    if (!response || find(*response, "error")) {
        return parsed ? failure_of_event(data) : unreadable("an event of the stream is no JSON");
    }
    if (id_.empty()) {
        id_ = answer_id(*response, context_);
        model_ = text(*response, "modelVersion", context_.model);
    }
    if (const auto* usage = find_object(*response, "usageMetadata")) usage_.take(*usage);
    if (auto blocked = blocked_choice(*response, "delta"); !blocked.empty()) {
        blocked_ = json::object(blocked, json::storage_ptr());
    }
    const auto* candidates = find_array(*response, "candidates");
    if (!candidates) return {};
    for (const auto& value : *candidates) {
        const auto* piece = value.if_object();
        if (!piece) return unreadable("a candidate is no object");
        const auto index = count(*piece, "index");
        if (index >= kMaxChoices) return unreadable("too many candidates");
        auto& choice = choices_[index];
        std::vector<json::object> deltas;
        choice.candidate.take(*piece, context_.names, deltas);
        for (auto& delta : deltas) emit(index, std::move(delta), chunks);
        auto logprobs = Candidate::logprobs(*piece);
        if (logprobs.is_null()) continue;
        json::object told{{"index", index}, {"delta", json::object()}, {"finish_reason", nullptr}};
        told["logprobs"] = std::move(logprobs);
        chunks.push_back(to_text(chunk(json::array{std::move(told)})));
    }
    std::uint64_t searches = 0;
    for (const auto& [index, choice] : choices_) {
        searches += searches_of(choice.candidate.grounding());
    }
    usage_.set_searches(searches);
    json::object metadata;
    add_metadata(*candidates, metadata);
    if (!metadata.empty()) {
        auto told = chunk(json::array());
        for (auto& [name, data_of] : metadata) told[name] = std::move(data_of);
        if (const auto* results = find(told, "vertex_ai_safety_results")) {
            auto ratings = *results;
            told[kRatings] = std::move(ratings);
        }
        chunks.push_back(to_text(std::move(told)));
    }
    return {};
}

bool StreamTranslator::complete() const {
    if (choices_.empty()) return !blocked_.empty();
    return std::all_of(choices_.begin(), choices_.end(),
                       [](const auto& choice) { return choice.second.candidate.finished(); });
}

Result<void> StreamTranslator::end(std::vector<std::string>& chunks) {
    const bool broken =
        !choices_.empty() && std::all_of(choices_.begin(), choices_.end(), [](const auto& choice) {
            return choice.second.candidate.is_broken();
        });
    if (broken) return unreadable("a call of the model's that is none");
    if (choices_.empty()) chunks.push_back(to_text(chunk(json::array{blocked_})));
    for (auto& [index, choice] : choices_) {
        auto annotations = choice.candidate.annotations();
        if (!annotations.empty()) emit(index, {{"annotations", std::move(annotations)}}, chunks);
        json::object delta;
        if (!choice.begun) delta = {{"role", "assistant"}, {"content", ""}};
        json::object last{{"index", index},
                          {"delta", std::move(delta)},
                          {"finish_reason", choice.candidate.finish_reason()}};
        last["provider_specific_fields"] =
            json::object{{"native_finish_reason", choice.candidate.native_reason()}};
        chunks.push_back(to_text(chunk(json::array{std::move(last)})));
    }
    if (!want_usage_) return {};
    auto closing = chunk(json::array());
    closing["usage"] = usage_.to_openai();
    chunks.push_back(to_text(std::move(closing)));
    return {};
}

void StreamTranslator::emit(std::uint64_t index, json::object delta,
                            std::vector<std::string>& chunks) {
    if (!std::exchange(choices_[index].begun, true)) delta["role"] = "assistant";
    json::object choice{{"index", index}, {"delta", std::move(delta)}, {"finish_reason", nullptr}};
    auto made = chunk(json::array{std::move(choice)});
    if (!std::exchange(begun_, true)) {
        add_no_metadata(made);
        made[kRatings] = json::array();
    }
    chunks.push_back(to_text(std::move(made)));
}

json::object StreamTranslator::chunk(json::array choices) const {
    return {{"id", id_},
            {"object", "chat.completion.chunk"},
            {"created", context_.created},
            {"model", model_},
            {"choices", std::move(choices)}};
}

}  // namespace patchbay::google
