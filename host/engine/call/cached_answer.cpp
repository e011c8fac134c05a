#include "engine/call/cached_answer.hpp"

#include <algorithm>

#include "engine/call/answer_sink.hpp"
#include "engine/call/attempt_sink.hpp"
#include "engine/call/attempts.hpp"
#include "engine/call/failure.hpp"
#include "engine/call/guarded_sink.hpp"

namespace patchbay {

namespace asio = boost::asio;

namespace {

// As AnswerSink holds what it cannot send yet, a long stream goes out in pieces.
constexpr std::size_t kFlushEvery = 64u << 10;  // bytes

// False: the client is gone, or a guardrail has stopped the answer.
asio::awaitable<bool> tell_events(const Shape& shape, const KeptEvents& events, Sink& sink) {
    std::size_t at = 0;
    std::size_t flushed = 0;
    for (KeptEvents::Event event; events.next(at, event);) {
        sink.chunk(event.name, event.json, shape.scan(event.name, event.json));
        if (at - flushed < kFlushEvery || !sink.dirty()) continue;
        flushed = at;
        const bool sent = co_await sink.flush();
        if (!sent) co_return false;
    }
    co_return true;
}

Error client_left() {
    Error error;
    error.http_status = UsageAccount::kClientClosedRequest;
    error.message = "The client closed the connection.";
    return error;
}

}  // namespace

asio::awaitable<Failed> tell_cached(Call& call, const ModelRoute& route,
                                    std::shared_ptr<const CacheEntry> entry, Answer& answer) {
    const auto& all = route.group->deployments;
    call.deployment = *std::find_if(all.begin(), all.end(), [&](const Deployment* one) {
        return one->id == entry->deployment;
    });
    call.operation = entry->operation;
    call.left_out = entry->left_out;
    if (call.translated()) {
        if (Failed refused = translate(call)) co_return refused;
    }
    const Ask& ask = call.translated() ? *call.hub : call.ask;
    const Shape& shape = *call.operation->shape;
    AnswerSink plain(call, answer);
    std::unique_ptr<GuardedSink> guarded;
    if (call.guard) guarded = std::make_unique<GuardedSink>(call, plain, ask.body);
    if (guarded) {
        guarded->begin();
    } else {
        plain.begin();
    }
    call.usage.begin(*call.deployment, shape, ask.scan.content);
    call.usage.from_cache();
    if (!route.captures.empty()) {
        call.usage.one_of_many(route.requested, route.model_for(*call.deployment));
    }
    Sink& sink = guarded ? static_cast<Sink&>(*guarded) : plain;
    AttemptSink metered(call.usage, call.left_out, sink);
    bool sent = true;
    if (call.ask.scan.stream) {
        sent = co_await tell_events(shape, entry->events, metered);
    } else {
        metered.result(entry->whole, shape.scan({}, entry->whole));
    }
    call.usage.end(nullptr);
    if (sent && guarded) {
        co_await guarded->end();
    } else if (sent) {
        plain.end();
    }
    if (Failed stopped = guarded ? guarded->stopped() : Failed()) {
        clean(*stopped, call.world->secrets);
        co_return stopped;
    }
    if (plain.fault()) co_return plain.fault();
    if (!sent) co_return client_left();
    co_return std::nullopt;
}

}  // namespace patchbay
