#include "chat_exchange.hpp"

#include "errors.hpp"
#include "families.hpp"
#include "json/access.hpp"

namespace patchbay::openai {

namespace {

/// Did the client itself ask for the usage of its stream?
bool asks_for_usage(const bay_ev_request& request) {
    for (std::uint64_t i = 0; i < request.member_count; ++i) {
        if (bay::sv(request.members[i].name) != "stream_options") continue;
        const auto options = shared::parse_json(bay::sv(request.members[i].value));
        return options && shared::is_true(options->if_object(), "include_usage");
    }
    return false;
}

/// Of OpenAI's provider, for models of other makers that write thoughts into their answers, for calls that
/// were forced, which end as if there were none, and for calls of servers that are not OpenAI's.
constexpr AnswerRules kTagged{.shape = true};

bool forces_a_call(std::string_view tool_choice) {
    return tool_choice == R"("required")" || tool_choice.starts_with('{');
}

bool has_tools(std::string_view tools) {
    return tools.starts_with('[') && tools.find('{') != std::string_view::npos;
}

/// A server of one's own, or somebody else's, behind "openai/".
bool is_elsewhere(std::string_view base_url) {
    constexpr std::string_view kOpenAis = "api.openai.com";  // regions stand before it
    return !base_url.empty() && base_url.find(kOpenAis) == std::string_view::npos;
}

}  // namespace

std::optional<Refusal> ChatExchange::write(const bay_ev_request& request, bay::HttpRequest& call,
                                           bay::Out out) {
    body_.emplace(request);
    bay::Dropped dropped;
    bool by_tool = false;
    if (auto refusal = write_body(request, dialect_, *body_, &dropped, &by_tool)) return refusal;
    if (auto refusal = amend(request, *body_)) return refusal;
    dropped.tell(out);
    call.body(body_->segments());
    const bool passes = dialect_.openai_families && !rules_->any();
    const bool calls_elsewhere =
        is_elsewhere(bay::sv(request.target->base_url)) && has_tools(body_->value("tools"));
    if (passes && (thinks_in_tags(bay::sv(request.target->model)) ||
                   forces_a_call(body_->value("tool_choice")) || calls_elsewhere)) {
        rules_ = &kTagged;
    }
    own_rules_ = *rules_;
    own_rules_.schema_tool = by_tool;
    // Other APIs have a place for it, and know no "reasoning".
    const bool translated = request.hint_params.len != 0;
    own_rules_.hides_usage = streamed_ && !translated && rules_->any() && !asks_for_usage(request);
    own_rules_.reasoning_stays = rules_->reasoning_stays && !translated;
    rules_ = &own_rules_;
    return std::nullopt;
}

bool ChatExchange::reads(std::string_view content_type) const {
    return rules_->any() || PassExchange::reads(content_type);
}

bay_status ChatExchange::on_http_head(const bay_ev_http& head, bay::Out out) {
    const std::string_view type = bay::find(head.headers, head.header_count, "content-type");
    document_ = streamed_ && type.find("json") != std::string_view::npos;
    return PassExchange::on_http_head(head, out);
}

bay_status ChatExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    begun_ = true;
    if (finished_) return BAY_OK;
    const std::string_view data = bay::sv(frame.data);
    const Answer answer = read_answer(*rules_, data, &stream_);
    if (answer.error || bay::sv(frame.event) == "error") {
        finished_ = true;
        return report(answer_error(dialect_.errors, data), out);
    }
    if (!answer.readable) {
        return refuse_answer(frame.status, data,
                             "the provider's stream holds an event that is not JSON", out);
    }
    // The host forwards what belongs into a stream. A document that is no answer says what is wrong
    // in other members, or nothing.
    const bool nothing = !answer.choices && !answer.usage && (document_ || says_error(data));
    if (passing_ || nothing) {
        return refuse_answer(frame.status, data,
                             "the provider answered a request for a stream with a document", out);
    }
    if (answer.usage) {
        if (const bay_status status = out.usage(*answer.usage); status != BAY_OK) return status;
    }
    if (answer.withheld) return BAY_OK;
    if (answer.given_up != nullptr) {
        finished_ = true;
        return report(given_up_answer(*answer.given_up, frame.status), out);
    }
    end_.take(answer.seen, answer.finished);
    if (answer.whole) return whole_as_stream(data, out);
    return out.chunk(answer.json ? std::string_view(*answer.json) : data);
}

bay_status ChatExchange::whole_as_stream(std::string_view data, bay::Out out) {
    for (const std::string& chunk : answer_chunks(*rules_, data)) {
        if (const bay_status status = out.chunk(chunk); status != BAY_OK) return status;
    }
    return BAY_OK;
}

bay_status ChatExchange::unpassed(const bay_ev_http& done, bay::Out out) {
    if (streamed_) return stream_over(done, out);
    if (done.failure == BAY_FAIL_NONE) return whole_answer(done, out);
    finished_ = true;
    return report(transport_error(done.failure, done.status, bay::sv(done.error)), out);
}

bay_status ChatExchange::stream_over(const bay_ev_http& done, bay::Out out) {
    finished_ = true;
    const bool end_mark = done.last != 0;
    if (end_mark || end_.complete()) return out.done();
    if (done.failure != BAY_FAIL_NONE) {
        return report(transport_error(done.failure, done.status, bay::sv(done.error)), out);
    }
    if (begun_) {
        return report(
            transport_error(BAY_FAIL_RESET, done.status, "the stream ended before its answer did"),
            out);
    }
    return report(transport_error(BAY_FAIL_FRAMING, done.status,
                                  "the answer is not an event stream, or an empty one"),
                  out);
}

bay_status ChatExchange::whole_answer(const bay_ev_http& done, bay::Out out) {
    const std::string_view data = bay::sv(done.data);
    const Answer answer = read_answer(*rules_, data);
    if (!answer.is_answer()) {
        return refuse_answer(
            done.status, data,
            answer.readable ? not_an_answer() : "the provider's answer is not a JSON object", out);
    }
    finished_ = true;
    if (answer.usage) {
        if (const bay_status status = out.usage(*answer.usage); status != BAY_OK) return status;
    }
    if (answer.given_up != nullptr) {
        return report(given_up_answer(*answer.given_up, done.status), out);
    }
    return out.result(answer.json ? std::string_view(*answer.json) : data);
}

}  // namespace patchbay::openai
