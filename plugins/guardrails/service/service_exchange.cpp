#include "service_exchange.hpp"

#include <algorithm>

#include "mask.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::service {

bay_status ServiceExchange::on_inspect(const bay_ev_inspect& question, bay::Out out) {
    asked_ = {};
    asked_.stage = question.stage;
    asked_.last = (question.flags & BAY_INSPECT_LAST) != 0;
    for (const bay_text& text : bay::Texts(question)) {
        asked_.texts.push_back({std::string(bay::sv(text.role)), std::string(bay::sv(text.text)),
                                static_cast<std::size_t>(text.fixed)});
    }
    if (asked_.texts.empty()) return bay::Verdict().send(out);
    return ask(question, out);
}

std::size_t Asked::undecided(std::size_t index) const {
    if (!more()) return 0;
    const Text& text = texts[index];
    return text.shown.size() - std::max(decided_up_to(text.shown, {}), text.fixed);
}

bay_status ServiceExchange::pass(bay::Out out) const {
    bay::Verdict verdict;
    for (std::size_t i = 0; i < asked_.texts.size(); ++i) {
        if (const std::size_t held = asked_.undecided(i)) verdict.hold(i, held);
    }
    return verdict.send(out);
}

bay_status ServiceExchange::on_http_done(const bay_ev_http& answer, bay::Out out) {
    if (answer.failure != BAY_FAIL_NONE) {
        return out.fail(bay::class_of_failure(answer.failure),
                        "the guardrail's service could not be reached", answer.status);
    }
    if (answer.status / 100 != 2) {
        return out.fail(bay::class_of_status(answer.status),
                        "the guardrail's service answered " + std::to_string(answer.status),
                        answer.status, bay::sv(answer.data).substr(0, 1000));
    }
    // A service gives back what it was given, cut where it likes; verdicts are UTF-8.
    json_tree::Tree document = json_tree::read(bay::sv(answer.data));
    if (!document) return unreadable(out);
    json_tree::make_utf8(document.value);
    return judge(answer.call, document.value, out);
}

bay_status ServiceExchange::unreadable(bay::Out out) {
    return out.fail(BAY_ERR_UPSTREAM, "the guardrail's service gave an answer of another form");
}

}  // namespace patchbay::service
