#include "gateway/guardrail_pages.hpp"

#include <algorithm>
#include <optional>

#include <boost/json.hpp>

#include "engine/call/set_guard.hpp"
#include "engine/call/settle.hpp"
#include "engine/records/log_guard.hpp"
#include "engine/version.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

json::value modes_json(unsigned modes) {
    json::array names;
    for (const unsigned mode : {kPreCall, kDuringCall, kPostCall, kLoggingOnly}) {
        if ((modes & mode) != 0) names.emplace_back(guard::mode_name(mode));
    }
    if (names.size() == 1) return names.front();
    return names;
}

struct Question {
    const Guardrail* guardrail = nullptr;
    std::string text;
    json::object params;
};

Result<Question> read_question(const Served& served) {
    const json_tree::Tree body = json_tree::read(served.request.body());
    if (!body) return bad_request("The body is not valid JSON: " + body.error() + ".", "");
    if (!body.value.is_object()) return bad_request("The body must be a JSON object.", "");
    const json::object& object = body.value.get_object();
    const auto text = [&](std::string_view name) -> std::optional<std::string> {
        const auto* value = object.if_contains(name);
        if (!value || !value->is_string()) return std::nullopt;
        return std::string(value->get_string());
    };
    Question question;
    const auto name = text("guardrail_name");
    if (!name) return bad_request("'guardrail_name' must be a string.", "guardrail_name");
    const auto given = text("text");
    if (!given) return bad_request("'text' must be a string.", "text");
    question.text = *given;
    const auto& all = served.snapshot->guardrails;
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& guardrail) {
        return guardrail->config.guardrail_name == *name;
    });
    if (found == all.end()) {
        Error error = bad_request(
            "Guardrail '" + json_tree::to_utf8(*name) + "' is not configured on this gateway.",
            "guardrail_name");
        error.cls = ErrorClass::not_found;
        return error;
    }
    question.guardrail = found->get();
    for (const std::string_view member : {"language", "entities"}) {
        if (const auto* value = object.if_contains(member)) question.params[member] = *value;
    }
    return question;
}

std::string request_of(const std::string& text) {
    json::array messages;
    messages.push_back(json::object{{"role", "user"}, {"content", text}});
    return json_tree::write(json::object{{"messages", std::move(messages)}});
}

std::string answer_of(const std::string& text) {
    return json_tree::write(json::object{{"response_text", text}});
}

}  // namespace

Page guardrails_page(const Snapshot& snapshot) {
    json::array list;
    for (const auto& guardrail : snapshot.guardrails) {
        const GuardrailConfig& config = guardrail->config;
        list.push_back(json::object{{"guardrail_name", config.guardrail_name},
                                    {"litellm_params",
                                     {{"guardrail", config.guardrail},
                                      {"mode", modes_json(config.modes)},
                                      {"default_on", config.default_on}}},
                                    {"guardrail_info", config.guardrail_info}});
    }
    Page page;
    page.body = json::serialize(json::object{{"guardrails", std::move(list)}});
    return page;
}

asio::awaitable<void> apply_guardrail(Served& served) {
    auto question = read_question(served);
    if (!question) {
        co_await refuse(served, question.error());
        co_return;
    }
    guard::Selected selected;
    selected.guardrail = question->guardrail;
    selected.modes = kPreCall;
    selected.params = json_tree::write(question->params);
    std::vector<guard::Selected> only;
    only.push_back(std::move(selected));
    Engine& engine = served.server.engine;
    guard::CallGuard guard(engine.context(), std::move(only), facts_of(served.id, served.caller()));
    const std::string body = request_of(question->text);
    std::string changed;
    const auto stopped = co_await guard.pre_call(body, changed);
    count_guardrails(engine.metrics, guard);
    if (stopped) {
        co_await refuse(served, *stopped);
        co_return;
    }
    std::string text = question->text;
    if (!changed.empty()) {
        json::error_code failed;
        const json::value document = json_tree::read(changed).value;
        const auto* content = document.find_pointer("/messages/0/content", failed);
        if (content && content->is_string()) text = std::string(content->get_string());
    }
    ResponseHead head = served.head(200);
    head.add("content-type", "application/json");
    head.add("x-litellm-applied-guardrails", guard.applied());
    count_request(engine, served.route, 200, {}, Served::Clock::now() - served.started);
    const std::string answer = answer_of(text);
    co_await send_answer(served, std::move(head), answer);
}

}  // namespace patchbay::gateway
