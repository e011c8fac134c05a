// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "prompt_shared/prompt.hpp"

namespace patchbay::watsonx {

namespace json = boost::json;

namespace {

struct Reason {
    std::string_view watsonx;
    std::string_view openai;  ///< empty: the provider gave the answer up
};
// "stop_reason" in the reference of text generation.
constexpr Reason kReasons[] = {
    {"eos_token", "stop"},     {"stop_sequence", "stop"},
    {"completed", "stop"},     {"max_tokens", "length"},
    {"token_limit", "length"}, {"time_limit", "length"},
    {"cancelled", ""},         {"error", ""},
};
constexpr std::string_view kNotYet = "not_finished";

openai::Read<std::string_view> finish_reason(std::string_view given) {
    const auto* row = std::find_if(std::begin(kReasons), std::end(kReasons),
                                   [&](const Reason& known) { return known.watsonx == given; });
    if (row == std::end(kReasons)) return std::string_view("stop");
    if (!row->openai.empty()) return row->openai;
    shared::Failure failure;
    failure.message = "watsonx gave the answer up: stop_reason ";
    failure.message += given;
    return failure;
}

const json::object* result_of(const json::object& document) {
    const json::array* results = shared::find_array(document, "results");
    return results != nullptr && !results->empty() ? results->front().if_object() : nullptr;
}

}  // namespace

openai::Written<std::string> write_text(const bay_ev_request& request,
                                        const openai::Dialect& dialect, const Account& account,
                                        bay::Dropped& dropped) {
    auto prompt = prompt::prompt_of(request, bay::sv(request.target->model));
    if (!prompt) return prompt.error();
    auto parameters = prompt::parameters_of(request, dialect, dropped);
    if (!parameters) return parameters.error();
    prompt::make_list(*parameters, "stop_sequences");
    json::object body{{"input", std::move(*prompt)}};
    // Beside the parameters, in the reference.
    if (const json::value* moderations = shared::find(*parameters, "moderations")) {
        body["moderations"] = *moderations;
        parameters->erase("moderations");
    }
    body["parameters"] = std::move(*parameters);
    account.put_into(body);
    return shared::to_text(body);
}

json::object TextReader::take_usage(const json::object& result) {
    if (!usage_) {
        usage_.emplace();
        usage_->size = sizeof(bay_usage);
    }
    usage_->input_tokens =
        std::max(usage_->input_tokens, shared::count(result, "input_token_count"));
    usage_->output_tokens =
        std::max(usage_->output_tokens, shared::count(result, "generated_token_count"));
    return {{"prompt_tokens", usage_->input_tokens},
            {"completion_tokens", usage_->output_tokens},
            {"total_tokens", usage_->input_tokens + usage_->output_tokens}};
}

openai::Read<json::object> TextReader::whole(const json::object& document) {
    const json::object* result = result_of(document);
    const json::value* text = shared::find(result, "generated_text");
    if (text == nullptr || !text->is_string()) {
        return openai::unreadable(kWhose, "there is no generated_text");
    }
    const auto reason = finish_reason(shared::text(result, "stop_reason"));
    if (!reason) return reason.error();
    return shared::whole_chat(writer_.head(), {{"role", "assistant"}, {"content", *text}}, *reason,
                              take_usage(*result));
}

openai::Read<void> TextReader::event(const json::object& document,
                                     std::vector<std::string>& chunks) {
    const json::object* result = result_of(document);
    if (complete_ || result == nullptr) return {};
    json::object usage = take_usage(*result);
    writer_.text("content", shared::text(result, "generated_text"), chunks);
    const std::string_view told = shared::text(result, "stop_reason");
    if (told.empty() || told == kNotYet) return {};
    const auto reason = finish_reason(told);
    if (!reason) return reason.error();
    complete_ = true;
    writer_.finish(*reason, chunks);
    if (want_usage_) writer_.usage(std::move(usage), chunks);
    return {};
}

}  // namespace patchbay::watsonx
