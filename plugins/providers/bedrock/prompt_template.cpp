// SPDX-License-Identifier: Apache-2.0
#include "prompt_template.hpp"

#include <utility>

#include <boost/algorithm/string/trim.hpp>

namespace patchbay::bedrock {

namespace {

constexpr std::string_view kTextAlone = "the model takes a prompt, which holds text alone";

Result<Speaker> speaker_of(const json::object& message, const std::string& place) {
    const auto role = text(message, "role");
    if (role == "system" || role == "developer") return Speaker::system;
    if (role == "user") return Speaker::user;
    const bool calls = find(message, "tool_calls") || find(message, "function_call");
    if (role == "assistant" && !calls) return Speaker::assistant;
    if (role == "assistant" || role == "tool" || role == "function") {
        return bad_request(place, "calls of tools and their results cannot be said in a prompt");
    }
    return bad_request(place + ".role", "must be system, developer, user or assistant");
}

Result<std::string> words_of(const json::value* content, const std::string& place) {
    if (!content) return std::string();
    if (const auto* words = content->if_string()) return std::string(view(*words));
    const auto* parts = content->if_array();
    if (!parts) return bad_request(place, "must be a string or a list of parts");
    std::string joined;
    for (std::size_t i = 0; i < parts->size(); ++i) {
        const auto* part = (*parts)[i].if_object();
        const auto* words = part ? find(*part, "text") : nullptr;
        if (!words || !words->is_string()) {
            return bad_request(place + "[" + std::to_string(i) + "]", kTextAlone);
        }
        joined += view(words->get_string());
    }
    return joined;
}

const Marks& marks_of(Speaker speaker, const PromptTemplate& form) {
    switch (speaker) {
        case Speaker::system:
            return form.system;
        case Speaker::assistant:
            return form.assistant;
        case Speaker::user:
            break;
    }
    return form.user;
}

}  // namespace

Result<std::vector<Turn>> turns_of(const json::object& client) {
    const auto* messages = find_array(client, "messages");
    if (!messages || messages->empty()) {
        return bad_request("messages", "must be a list that holds a message");
    }
    std::vector<Turn> turns;
    for (std::size_t i = 0; i < messages->size(); ++i) {
        const std::string place = "messages[" + std::to_string(i) + "]";
        const auto* message = (*messages)[i].if_object();
        if (!message) return bad_request(place, "must be an object");
        auto speaker = speaker_of(*message, place);
        if (!speaker) return speaker.error();
        auto words = words_of(find(*message, "content"), place + ".content");
        if (!words) return words.error();
        turns.push_back({*speaker, std::move(*words)});
    }
    return turns;
}

std::string prompt_of(const std::vector<Turn>& turns, const PromptTemplate& form) {
    if (form.bare_alone && turns.size() == 1 && turns[0].speaker == Speaker::user) {
        return turns[0].text;
    }
    std::string prompt(form.begin);
    for (std::size_t i = 0; i < turns.size(); ++i) {
        const auto& turn = turns[i];
        const auto& marks = marks_of(turn.speaker, form);
        const bool last = i + 1 == turns.size();
        if (i > 0) prompt += form.between;
        prompt += marks.before;
        prompt += form.trims ? boost::algorithm::trim_copy(turn.text) : turn.text;
        if (last && turn.speaker == Speaker::assistant) return prompt;
        prompt += marks.after;
    }
    prompt += form.open;
    return prompt;
}

}  // namespace patchbay::bedrock
