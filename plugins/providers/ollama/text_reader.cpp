#include "text_reader.hpp"

#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"
#include "reader.hpp"

namespace patchbay::ollama {

namespace json = boost::json;

namespace {

/// "text_completion" with these choices.
json::object completion(const shared::ChatHead& head, json::array choices) {
    return {{"id", head.id},
            {"object", "text_completion"},
            {"created", head.created},
            {"model", head.model},
            {"choices", std::move(choices)}};
}

json::array one_choice(const json::object& document, bool done) {
    json::value reason = nullptr;
    if (done) reason = shared::text(document, "done_reason") == "length" ? "length" : "stop";
    json::array choices;
    choices.emplace_back(json::object{{"index", 0},
                                      {"text", shared::text(document, "response")},
                                      {"finish_reason", std::move(reason)},
                                      {"logprobs", nullptr}});
    return choices;
}

}  // namespace

openai::Read<json::object> TextReader::whole(const json::object& document) {
    if (!document.contains("response")) {
        return openai::unreadable("Ollama", "there is no response");
    }
    usage_ = host_usage_of(document);
    json::object answer = completion(head_, one_choice(document, true));
    answer["usage"] = usage_of(document);
    return answer;
}

openai::Read<void> TextReader::event(const json::object& document,
                                     std::vector<std::string>& chunks) {
    if (complete_) return {};
    const bool done = shared::is_true(&document, "done");
    if (!document.contains("response") && !done) {
        return openai::unreadable("Ollama", "a line has no response");
    }
    chunks.push_back(json_tree::write(completion(head_, one_choice(document, done))));
    if (!done) return {};
    complete_ = true;
    usage_ = host_usage_of(document);
    if (!want_usage_) return {};
    json::object last = completion(head_, {});
    last["usage"] = usage_of(document);
    chunks.push_back(json_tree::write(last));
    return {};
}

}  // namespace patchbay::ollama
