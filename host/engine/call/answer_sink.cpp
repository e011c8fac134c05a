#include "engine/call/answer_sink.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace patchbay {

namespace asio = boost::asio;

AnswerSink::AnswerSink(Call& call, Answer& answer)
    : call_(call),
      answer_(answer),
      quoted_model_(boost::json::serialize(boost::json::string(call.ask.model))),
      emit_([&answer](std::string_view name, std::string_view json) {
          answer.event(name, {.before = json});
      }) {}

void AnswerSink::begin() {
    answer_.restart();
    if (call_.log) call_.log->restart();
    call_.first_token = {};
    held_ = 0;
    said_ = false;
    fault_.reset();
    call_.translator = call_.translated() ? call_.translation->translator() : nullptr;
}

Restamped AnswerSink::restamped(std::string_view json, const AnswerFacts& facts) const {
    if (!facts.model) return {.before = json};
    return {json.substr(0, facts.model.off), quoted_model_,
            json.substr(facts.model.off + facts.model.len)};
}

void AnswerSink::result(std::string_view json, const AnswerFacts& facts) {
    if (call_.log) call_.log->result(restamped(json, facts));
    if (call_.translator) {
        const std::string own = call_.translator->whole(json);
        answer_.whole({.before = own});
    } else {
        answer_.whole(restamped(json, facts));
    }
}

void AnswerSink::chunk(std::string_view event, std::string_view json, const AnswerFacts& facts) {
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
