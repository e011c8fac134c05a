#include "engine/call/answer_sink.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include "engine/surface/openai/response_id.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace asio = boost::asio;

namespace {

// Of a whole answer of the chat API; any other says nothing by this member.
bool is_filtered(std::string_view json) {
    if (json.find("content_filter") == std::string_view::npos) return false;
    const json_tree::Tree tree = json_tree::read(json);
    if (!tree || !tree.value.is_object()) return false;
    const auto* choices = tree.value.get_object().if_contains("choices");
    if (choices == nullptr || !choices->is_array()) return false;
    for (const boost::json::value& choice : choices->get_array()) {
        if (!choice.is_object()) continue;
        const auto* reason = choice.get_object().if_contains("finish_reason");
        if (reason && reason->is_string() && reason->get_string() == "content_filter") return true;
    }
    return false;
}

// Embeddings write nothing, of which most providers say nothing; LiteLLM's clients read a zero there.
Restamped::Stamp written_tokens(std::string_view json, const TextRange& usage) {
    const std::string_view counts = json.substr(usage.off, usage.len);
    const bool told = counts.find("\"completion_tokens\"") != std::string_view::npos;
    if (told || counts.find('"') == std::string_view::npos) return {};
    return {TextRange{usage.off, 1}, R"({"completion_tokens":0,)"};
}

}  // namespace

AnswerSink::AnswerSink(Call& call, Answer& answer)
    : call_(call),
      answer_(answer),
      quoted_model_(boost::json::serialize(boost::json::string(call.ask.model))),
      emit_([this](std::string_view name, std::string_view json) { tell(name, json); }),
      cost_(call) {}

// An event that was translated.
void AnswerSink::tell(std::string_view name, std::string_view json) {
    Restamped::Stamp cost;
    if (cost_.told() && StreamCost::may_tell(json)) {
        cost = cost_.stamp(json, call_.surface.operation->shape->scan(name, json));
    }
    answer_.event(name, Restamped(json, {cost}));
}

void AnswerSink::begin() {
    answer_.restart();
    if (call_.log) call_.log->restart();
    call_.first_token = {};
    held_ = 0;
    filtered_ = false;
    sealed_ = {};
    sealed_previous_ = {};
    said_ = false;
    fault_ = {};
    call_.translator = call_.translated() ? call_.translation->translator() : nullptr;
}

// Ids of resources go out sealed, and all of a call's events name the same one.
std::string_view AnswerSink::seal(std::string_view quoted_id, Sealed& kept) {
    if (kept.own == quoted_id) return kept.shown;
    kept.own = quoted_id;
    const auto& known = call_.ask.previous;
    if (known && quoted_id.substr(1, quoted_id.size() - 2) == known->id) {
        return kept.shown = known->quoted;
    }
    const ResponseAsker& asker = call_.ask.kept.asker();
    std::optional<ResponseOwner> owner;
    if (asker.known) owner = asker.owner;
    // What an answer that was made before says of others is its owner's, whoever looks at it.
    if (known && !call_.surface.operation->resource.empty()) owner = known->owner;
    kept.shown =
        seal_response_id(call_.world->resource_key, call_.deployment->id, quoted_id, owner);
    return kept.shown;
}

Restamped AnswerSink::restamped(std::string_view json, const AnswerFacts& facts) {
    const auto sealed = [&](const TextRange& id, Sealed& kept) {
        return Restamped::Stamp{id,
                                id ? seal(json.substr(id.off, id.len), kept) : std::string_view()};
    };
    // As LiteLLM: who stood in is named.
    const bool own_name = call_.engine.own_calls || call_.fallbacks > 0 || call_.ask.model.empty();
    const TextRange model = own_name ? TextRange{} : facts.model;
    Restamped::Stamp third;
    if (call_.ask.previous) third = sealed(facts.previous, sealed_previous_);
    if (call_.operation == &kEmbeddings) third = written_tokens(json, facts.usage);
    return {json,
            {Restamped::Stamp{model, quoted_model_}, sealed(facts.id, sealed_), third,
             cost_.stamp(json, facts)}};
}

// Nobody can read it, and it must not pass for an answer.
bool AnswerSink::is_object(const AnswerFacts& facts) {
    if (facts.object) return true;
    if (!fault_) {
        fault_ = Error();
        fault_->cls = ErrorClass::upstream;
        fault_->message = "The provider's plugin gave an answer that is no JSON object";
    }
    return false;
}

void AnswerSink::result(std::string_view json, const AnswerFacts& facts) {
    if (!is_object(facts)) return;
    if (call_.log) call_.log->result(restamped(json, facts));
    if (watch_filter_) filtered_ = is_filtered(json);
    if (call_.translator) {
        const std::string own = call_.translator->whole(json);
        answer_.whole(Restamped(own));
    } else {
        answer_.whole(restamped(json, facts));
    }
}

void AnswerSink::chunk(std::string_view event, std::string_view json, const AnswerFacts& facts) {
    if (!is_object(facts)) return;
    if (call_.log) call_.log->chunk(json);
    if (facts.usage_only && !call_.translator && !call_.ask.scan.include_usage) return;
    if (call_.first_token == Call::Clock::time_point{}) call_.first_token = Call::Clock::now();
    if (!said_) {
        held_ += json.size();
        said_ = held_ > kMostHeld || call_.operation->shape->meaningful(event, json);
    }
    if (call_.translator) {
        if (fault_) return;
        if (auto told = call_.translator->event(json, emit_); !told) fault_ = told.error();
    } else {
        answer_.event(event, restamped(json, facts));
    }
}

asio::awaitable<bool> AnswerSink::flush() {
    if (fault_) co_return false;
    co_return co_await answer_.flush();
}

void AnswerSink::end() {
    if (call_.translator && !fault_ && call_.ask.scan.stream) call_.translator->end(emit_);
}

}  // namespace patchbay
