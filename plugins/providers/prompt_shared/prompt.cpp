// SPDX-License-Identifier: Apache-2.0
#include "prompt.hpp"

#include <algorithm>
#include <utility>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>

#include "client_request.hpp"
#include "json/access.hpp"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::prompt {

namespace json = boost::json;

namespace {

/// A family of models, known by words that are all in its names.
struct Family {
    std::string_view words[2];
    std::string_view begin;
    std::string_view system[2], user[2], assistant[2];
    std::string_view end;
};

// The templates that their makers publish, in tokenizer_config.json or a model's card. The first row
// that fits counts.
constexpr Family kFamilies[] = {
    {{"meta-llama/llama-2", "chat"},
     "<s>",
     {"[INST] <<SYS>>\n", "\n<</SYS>>\n [/INST]\n"},
     {"[INST] ", " [/INST]\n"},
     {"", "\n</s>"},
     ""},
    {{"meta-llama-3", "instruct"},
     "<|begin_of_text|>",
     {"<|start_header_id|>system<|end_header_id|>\n\n", "<|eot_id|>"},
     {"<|start_header_id|>user<|end_header_id|>\n\n", "<|eot_id|>"},
     {"<|start_header_id|>assistant<|end_header_id|>\n\n", "<|eot_id|>"},
     "<|start_header_id|>assistant<|end_header_id|>\n\n"},
    {{"meta-llama/llama-3", "instruct"},
     "<|begin_of_text|>",
     {"<|start_header_id|>system<|end_header_id|>\n\n", "<|eot_id|>"},
     {"<|start_header_id|>user<|end_header_id|>\n\n", "<|eot_id|>"},
     {"<|start_header_id|>assistant<|end_header_id|>\n\n", "<|eot_id|>"},
     "<|start_header_id|>assistant<|end_header_id|>\n\n"},
    {{"mistralai/", "instruct"},
     "<s>",
     {"[INST] ", " [/INST]"},
     {"[INST] ", " [/INST]"},
     {"", "</s>"},
     ""},
    {{"ibm/granite-3", "instruct"},
     "",
     {"<|start_of_role|>system<|end_of_role|>", "<|end_of_text|>\n"},
     {"<|start_of_role|>user<|end_of_role|>", "<|end_of_text|>\n"},
     {"<|start_of_role|>assistant<|end_of_role|>", "<|end_of_text|>\n"},
     "<|start_of_role|>assistant<|end_of_role|>"},
    {{"ibm/granite-13b-chat", ""},
     "",
     {"<|system|>\n", "\n"},
     {"<|user|>\n", "\n"},
     {"<|assistant|>\n", "\n"},
     "<|assistant|>\n"},
    {{"qwen/qwen", "instruct"},
     "",
     {"<|im_start|>system\n", "<|im_end|>\n"},
     {"<|im_start|>user\n", "<|im_end|>\n"},
     {"<|im_start|>assistant\n", "<|im_end|>\n"},
     "<|im_start|>assistant\n"},
    {{"google/gemma", "-it"},
     "<bos>",
     {"<start_of_turn>user\n", "<end_of_turn>\n"},
     {"<start_of_turn>user\n", "<end_of_turn>\n"},
     {"<start_of_turn>model\n", "<end_of_turn>\n"},
     "<start_of_turn>model\n"},
};

Turn turn(const std::string_view (&around)[2]) {
    return {std::string(around[0]), std::string(around[1])};
}

Template of_family(const Family& family) {
    return {std::string(family.begin), turn(family.system),     turn(family.user),
            turn(family.assistant),    std::string(family.end), {}};
}

Turn turn_in(const json::object& roles, std::string_view role) {
    const json::object* given = shared::find_object(roles, role);
    return {std::string(shared::text(given, "pre_message")),
            std::string(shared::text(given, "post_message"))};
}

/// A template in LiteLLM's settings; an assistant's turn ends with the end of the sequence.
Template own_template(const json::object& roles, const json::object& settings) {
    Template made;
    made.begin = std::string(shared::text(settings, "bos_token"))
                     .append(shared::text(settings, "initial_prompt_value"));
    made.system = turn_in(roles, "system");
    made.user = turn_in(roles, "user");
    made.assistant = turn_in(roles, "assistant");
    made.assistant.after.append(shared::text(settings, "eos_token"));
    made.end = shared::text(settings, "final_prompt_value");
    return made;
}

json::object object_of(std::string_view text) {
    auto parsed = shared::parse_json(text);
    return parsed && parsed->is_object() ? std::move(parsed->get_object()) : json::object();
}

const Turn& turn_of(const Template& how, std::string_view role) {
    if (role == "system" || role == "developer") return how.system;
    return role == "assistant" ? how.assistant : how.user;
}

/// The words of one message's content.
openai::Written<std::string> words_of(const json::object& message, const std::string& place) {
    const json::value* content = shared::find(message, "content");
    if (content == nullptr) return std::string();
    if (content->is_string()) return std::string(std::string_view(content->get_string()));
    const json::array* parts = content->if_array();
    if (parts == nullptr) return bad_place(place + ".content", "must be a text or a list of texts");
    std::string words;
    for (const json::value& part : *parts) {
        const json::object* object = part.if_object();
        if (shared::text(object, "type") != "text") {
            return bad_place(place + ".content[" + std::to_string(&part - parts->data()) + "]",
                             "this model takes text alone");
        }
        words += shared::text(object, "text");
    }
    return words;
}

}  // namespace

Template template_for(std::string_view model, const json::object& settings) {
    if (const json::object* roles = shared::find_object(settings, "roles")) {
        return own_template(*roles, settings);
    }
    const std::string name = boost::algorithm::to_lower_copy(std::string(model));
    const auto* family =
        std::find_if(std::begin(kFamilies), std::end(kFamilies), [&](const Family& row) {
            return std::all_of(std::begin(row.words), std::end(row.words),
                               [&](auto word) { return name.find(word) != std::string::npos; });
        });
    if (family != std::end(kFamilies)) return of_family(*family);
    Template none;
    none.between = " ";
    return none;
}

openai::Written<std::string> prompt_of(const json::object& client, const Template& how) {
    const json::array* messages = shared::find_array(client, "messages");
    if (messages == nullptr || messages->empty()) {
        return bad_place("messages", "must be a list of messages");
    }
    std::string prompt = how.begin;
    for (const json::value& value : *messages) {
        const auto at = &value - messages->data();
        const std::string place = "messages[" + std::to_string(at) + "]";
        const json::object* message = value.if_object();
        if (message == nullptr) return bad_place(place, "must be an object");
        auto words = words_of(*message, place);
        if (!words) return words.error();
        if (const json::array* calls = shared::find_array(message, "tool_calls")) {
            words->append(shared::to_text(*calls));
        }
        const Turn& around = turn_of(how, shared::text(message, "role"));
        if (at != 0) prompt += how.between;
        prompt.append(around.before).append(*words).append(around.after);
    }
    return prompt.append(how.end);
}

openai::Written<std::string> prompt_of(const bay_ev_request& request, std::string_view model) {
    return prompt_of(object_of(bay::sv(request.json)),
                     template_for(model, object_of(bay::sv(request.target->params))));
}

openai::Written<json::object> parameters_of(const bay_ev_request& request,
                                            const openai::Dialect& dialect, bay::Dropped& dropped) {
    bay::Splice written(request);
    if (auto refusal = openai::write_body(request, dialect, written, &dropped)) return *refusal;
    json::object parameters = object_of(written.text());
    for (const std::string_view name : {"model", "messages", "stream", "stream_options", "user"}) {
        parameters.erase(name);
    }
    return parameters;
}

void make_list(json::object& parameters, std::string_view name) {
    json::value* value = shared::find(parameters, name);
    if (value == nullptr || !value->is_string()) return;
    json::array one;
    one.push_back(std::move(*value));
    *value = std::move(one);
}

}  // namespace patchbay::prompt
