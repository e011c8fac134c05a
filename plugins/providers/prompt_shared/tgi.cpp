// SPDX-License-Identifier: Apache-2.0
#include "tgi.hpp"

#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"
#include "prompt.hpp"

namespace patchbay::prompt {

namespace json = boost::json;
using openai::Param;

namespace {

constexpr double kLeastTemperature = 0.01;

struct Reason {
    std::string_view tgi;
    std::string_view openai;
};
// FinishReason of TGI's API.
constexpr Reason kReasons[] = {
    {"length", "length"}, {"eos_token", "stop"}, {"stop_sequence", "stop"}};

std::string_view finish_reason(const json::object* details) {
    const std::string_view given = shared::text(details, "finish_reason");
    for (const Reason& reason : kReasons) {
        if (reason.tgi == given) return reason.openai;
    }
    return "stop";
}

/// Values that TGI takes in another form.
void mend(json::object& parameters) {
    if (json::value* temperature = shared::find(parameters, "temperature");
        temperature != nullptr && json_tree::number(*temperature) == 0.0) {
        *temperature = kLeastTemperature;
    }
    make_list(parameters, "stop");
    // Several answers are several tries, which are told apart by chance.
    if (parameters.contains("best_of")) parameters["do_sample"] = true;
}

}  // namespace

openai::Dialect tgi_dialect(std::string_view provider) {
    openai::Dialect dialect;
    dialect.provider = provider;
    dialect.supported = {Param::stream,     Param::temperature,           Param::top_p,
                         Param::max_tokens, Param::max_completion_tokens, Param::stop,
                         Param::n};
    dialect.renames = {{"max_completion_tokens", "max_new_tokens"},
                       {"max_tokens", "max_new_tokens"},
                       {"n", "best_of"}};
    dialect.stream_options = false;
    return dialect;
}

openai::Written<json::object> tgi_body(const bay_ev_request& request,
                                       const openai::Dialect& dialect, std::string prompt,
                                       const json::object& more, bay::Dropped& dropped) {
    auto parameters = parameters_of(request, dialect, dropped);
    if (!parameters) return parameters.error();
    for (const auto& member : more) parameters->emplace(member.key(), member.value());
    mend(*parameters);
    json::object body{{"inputs", std::move(prompt)}, {"parameters", std::move(*parameters)}};
    if ((request.flags & BAY_REQ_STREAM) != 0) body["stream"] = true;
    return body;
}

json::object TgiReader::take_usage(const json::object* details) {
    const std::uint64_t written = shared::count(details, "generated_tokens");
    std::uint64_t read = shared::count(details, "prompt_tokens");
    const json::array* prefill = shared::find_array(details, "prefill");
    if (read == 0 && prefill != nullptr) read = prefill->size();
    if (read + written > 0) {
        usage_ = bay_usage{};
        usage_->size = sizeof(bay_usage);
        usage_->input_tokens = read;
        usage_->output_tokens = written;
    }
    return {
        {"prompt_tokens", read}, {"completion_tokens", written}, {"total_tokens", read + written}};
}

bool TgiReader::is_whole(const json::object& document) const {
    return !document.contains("token") && shared::find(document, "generated_text") != nullptr;
}

openai::Read<json::object> TgiReader::whole(const json::object& document) {
    const json::value* text = shared::find(document, "generated_text");
    if (text == nullptr || !text->is_string()) {
        return openai::unreadable(whose_, "there is no generated_text");
    }
    const json::object* details = shared::find_object(document, "details");
    return shared::whole_chat(writer_.head(), {{"role", "assistant"}, {"content", *text}},
                              finish_reason(details), take_usage(details));
}

openai::Read<json::object> TgiReader::list(const json::array& document) {
    const json::object* only = document.size() == 1 ? document.front().if_object() : nullptr;
    if (only == nullptr) return openai::unreadable(whose_, "a list is no answer");
    return whole(*only);
}

openai::Read<void> TgiReader::event(const json::object& document,
                                    std::vector<std::string>& chunks) {
    if (complete_) return {};
    const json::object* token = shared::find_object(document, "token");
    // Marks of the model's, such as that of its end, are no text.
    if (!shared::is_true(token, "special")) {
        writer_.text("content", shared::text(token, "text"), chunks);
    }
    const json::object* details = shared::find_object(document, "details");
    if (details == nullptr && shared::find(document, "generated_text") == nullptr) return {};
    complete_ = true;
    writer_.finish(finish_reason(details), chunks);
    json::object usage = take_usage(details);
    if (want_usage_ && usage_) writer_.usage(std::move(usage), chunks);
    return {};
}

}  // namespace patchbay::prompt
