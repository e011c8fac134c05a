#include "count_machine.hpp"

#include <array>
#include <patchbay/sdk.hpp>
#include <span>
#include <utility>

#include "camel.hpp"
#include "chat/count_tokens.hpp"
#include "errors.hpp"
#include "json.hpp"
#include "json/is_among.hpp"
#include "request.hpp"

namespace patchbay::google {

namespace {

/// Members of `from` by these names in either of Google's spellings, in camelCase.
json::object those_of(const json::object& from, std::span<const std::string_view> names) {
    json::object those;
    for (const auto& [name, value] : from) {
        const std::string member = camel_case(name);
        if (shared::is_among(std::string_view(member), names)) those[member] = value;
    }
    return those;
}

}  // namespace

std::string count_body(std::string_view generate_request, std::string_view model,
                       GeneratePass::Counted counted) {
    constexpr auto kRead = std::to_array<std::string_view>(
        {"contents", "systemInstruction", "tools", "cachedContent"});
    constexpr auto kForm = std::to_array<std::string_view>(
        {"responseMimeType", "responseSchema", "responseJsonSchema"});
    const auto parsed = parse_json(generate_request);
    const auto* request = parsed ? parsed->if_object() : nullptr;
    if (!request) return {};
    auto body = those_of(*request, kRead);
    if (const auto* config = find_object(*request, "generationConfig")) {
        auto form = those_of(*config, kForm);
        // The kind alone is no text that the model is given.
        if (form.contains("responseSchema") || form.contains("responseJsonSchema")) {
            body["generationConfig"] = std::move(form);
        }
    }
    if (counted == GeneratePass::Counted::within) {
        body["model"] = std::string("models/").append(model);
        body = json::object{{"generateContentRequest", std::move(body)}};
    } else {
        body.erase("cachedContent");
    }
    return to_text(body);
}

Result<void> CountMachine::begin(const bay_ev_request& request, const RequestOptions& options) {
    auto call = translate_request(request, options);
    if (!call) return call.error();
    body_ = count_body(call->body, bay::sv(request.target->model), counted_);
    dropped_ = std::move(call->dropped);
    return {};
}

bay_status CountMachine::send(bay::HttpRequest& call, bay::Out out) {
    dropped_.tell(out);
    call.header("content-type", "application/json");
    call.flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE).decode(BAY_DECODE_BUFFER).body_view(body_);
    return call.send(out);
}

bay_status CountMachine::done(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE) return report(failure_of_call(done), out);
    if (done.status / 100 != 2) return report(failure_of_answer(done), out);
    const auto counted = shared::count_of(bay::sv(done.data), "totalTokens");
    if (counted) return out.result(*counted);
    return report(shared::unreadable("Google", "no count of tokens", done), out);
}

}  // namespace patchbay::google
