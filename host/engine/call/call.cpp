#include "engine/call/call.hpp"

#include <algorithm>
#include <utility>

#include "contract/unix_time.hpp"
#include "engine/call/call_cache.hpp"
#include "engine/call/call_uuid.hpp"
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
    if (plain(caller.id)) return std::string(caller.id);
    return text_of(call_uuid(engine.random, unix_us()));
}

Call::Call(Engine& e, const Surface& s, const Caller& c, std::string call_id,
           Clock::time_point began)
    : engine(e), surface(s), caller(c), world(e.snapshot), id(std::move(call_id)), started(began) {}

Call::~Call() {
    settle_left(*this);
}

Call::Clock::duration Call::upstream_time() const {
    return patchbay::upstream_time(usage);
}

Call::Clock::duration upstream_time(const UsageAccount& usage) {
    using Clock = Call::Clock;
    const UsageAccount::Attempt& attempt = usage.last();
    if (!attempt.deployment) return {};
    const bool over = attempt.ended != Clock::time_point{};
    return (over ? attempt.ended : Clock::now()) - attempt.started;
}

std::string Call::lost() const {
    std::vector<std::string_view> names;
    const auto add = [&](const std::vector<std::string>& list) {
        for (const std::string& name : list) {
            if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
        }
    };
    if (translation && operation != surface.operation) add(translation->dropped);
    add(left_out);
    std::string text;
    for (const std::string_view name : names) (text += text.empty() ? "" : ", ") += name;
    return text;
}

std::string_view Call::upstream() const {
    if (!upstream_model.empty()) return upstream_model;
    return deployment ? std::string_view(deployment->configured) : std::string_view();
}

}  // namespace patchbay
