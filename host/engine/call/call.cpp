#include "engine/call/call.hpp"

#include <algorithm>
#include <utility>

#include "engine/call/settle.hpp"

namespace patchbay {

namespace {

constexpr std::size_t kMaxCallId = 128;

// A client's own call id is echoed if it is plain text.
bool plain(std::string_view id) {
    return !id.empty() && id.size() <= kMaxCallId &&
           std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

std::string call_id(Engine& engine, const Caller& caller) {
    return plain(caller.id) ? std::string(caller.id) : engine.uuid();
}

Call::Call(Engine& e, const Surface& s, const Caller& c, std::string call_id)
    : engine(e), surface(s), caller(c), world(e.snapshot), id(std::move(call_id)) {}

Call::~Call() {
    settle_left(*this);
}

Call::Clock::duration Call::upstream_time() const {
    const UsageAccount::Attempt& attempt = usage.last();
    if (!attempt.deployment) return {};
    const bool over = attempt.ended != Clock::time_point{};
    return (over ? attempt.ended : Clock::now()) - attempt.started;
}

std::string Call::lost_in_translation() const {
    std::string lost;
    if (!translation || operation == surface.operation) return lost;
    for (const std::string& kind : translation->dropped) {
        (lost += lost.empty() ? "" : ", ") += kind;
    }
    return lost;
}

std::string_view Call::upstream() const {
    if (!upstream_model.empty()) return upstream_model;
    return deployment ? std::string_view(deployment->configured) : std::string_view();
}

}  // namespace patchbay
