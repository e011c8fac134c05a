// Shared values: asked for, waited for, computed by an exchange of their own.
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "engine/exchange/run.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

namespace asio = boost::asio;
using bay::str;

asio::awaitable<void> Run::perform_shared_get(SharedGetAction action) {
    const SharedValue value = co_await wait_for_shared(std::string(action.key));
    if (out_of_time()) co_return expire();
    bay_ev_shared event{};
    event.h = {sizeof event, BAY_EV_SHARED};
    event.status = value.status;
    event.ttl_ms = static_cast<std::uint32_t>(value.ttl.count());
    event.key = str(action.key);
    event.value = str(value.value);
    event.error = str(value.error);
    event.cls = value.cls;
    event.retry_after_ms = value.retry_after_ms;
    co_await deliver(event.h);
}

asio::awaitable<SharedValue> Run::wait_for_shared(std::string key) {
    struct Slot {
        Slot(asio::io_context& io, asio::steady_timer::time_point end) : wake(io, end) {}
        asio::steady_timer wake;
        std::optional<SharedValue> value;
    };
    // The waiter may outlive this loop, the slot may not: so the waiter only knows of it.
    auto slot = std::make_shared<Slot>(context_.loop.io, deadline());
    asio::io_context& io = context_.loop.io;
    SharedValue fresh;
    const auto lookup = component_.shared->get(
        key, SharedValues::Clock::now(),
        [known = std::weak_ptr<Slot>(slot), &io](const SharedValue& value) {
            if (known.expired()) return;
            asio::post(io, [known, value] {
                const auto waiting = known.lock();
                if (!waiting) return;
                waiting->value = value;
                waiting->wake.cancel();
            });
        },
        fresh);
    if (lookup == SharedValues::Lookup::fresh) co_return fresh;
    if (lookup == SharedValues::Lookup::refused) {
        co_return SharedValue{BAY_E_LIMIT, {}, {}, "too many shared values or waiters"};
    }
    if (lookup == SharedValues::Lookup::refresh) start_refresh(key);
    if (!slot->value) co_await slot->wake.async_wait(asio::as_tuple(asio::use_awaitable));
    if (slot->value) co_return std::move(*slot->value);
    // The refresh has the time of whoever began it, which may be longer.
    if (std::chrono::steady_clock::now() >= deadline()) expire();
    co_return SharedValue{BAY_E_STATE, {}, {}, "cancelled"};
}

namespace {

/// A target of its own, for what outlives the exchange.
class KeptTarget {
  public:
    explicit KeptTarget(const bay_target& from)
        : model_(bay::sv(from.model)),
          base_url_(bay::sv(from.base_url)),
          api_key_(bay::sv(from.api_key)),
          params_(bay::sv(from.params)) {}
    bay_target target() const {
        return {.size = sizeof(bay_target),
                .flags = 0,
                .model = str(model_),
                .base_url = str(base_url_),
                .api_key = str(api_key_),
                .params = str(params_)};
    }

  private:
    std::string model_, base_url_, api_key_, params_;
};

/// What those who wait are told of a refresh without a value. A class is the plugin's word, so a
/// fault of the plugin has none.
SharedValue why_none(const Failed& fault, const Failed& failed) {
    if (fault) return {BAY_E_INTERNAL, {}, {}, fault->message};
    SharedValue why{BAY_E_INVALID, {}, {}, "the refresh ended without a value"};
    if (!failed) return why;
    why.error = failed->message;
    why.cls = static_cast<std::uint32_t>(failed->cls);
    if (failed->retry_after) {
        why.retry_after_ms = static_cast<std::uint32_t>(failed->retry_after->count());
    }
    return why;
}

}  // namespace

void Run::start_refresh(const std::string& key) {
    // The refresh belongs to everyone who waits for it, so it goes on when this exchange ends.
    auto run =
        std::make_shared<Run>(context_, component_, Role::refresh, nullptr, std::string_view(),
                              false, timeouts_, verify_tls_, request_id_, base_url_);
    std::optional<KeptTarget> asker;
    if (target_ != nullptr) asker.emplace(*target_);
    const auto refresh = [](std::shared_ptr<Run> self, std::string k,
                            std::optional<KeptTarget> kept) -> asio::awaitable<void> {
        SharedValues& shared = *self->component_.shared;
        const std::string old = shared.old_value(k);
        bay_open_info info{};
        info.size = sizeof info;
        info.request_id = str(self->request_id_);
        info.attempt = 1;
        if (self->open(info)) {
            bay_ev_refresh event{};
            event.h = {sizeof event, BAY_EV_REFRESH};
            event.key = str(k);
            event.old_value = str(old);
            bay_target target{};
            if (kept) target = kept->target();
            if (kept) event.target = &target;
            co_await self->deliver(event.h);
            co_await self->drive();
        }
        Recorder& recorder = self->recorder();
        if (recorder.shared_put()) {
            const Recorder::SharedPut& put = *recorder.shared_put();
            shared.put(k, put.value, std::chrono::milliseconds(put.ttl_ms),
                       SharedValues::Clock::now());
        } else {
            shared.fail(k, why_none(self->fault(), recorder.error()));
        }
        self->end();
    };
    asio::co_spawn(context_.loop.io, refresh(run, key, std::move(asker)),
                   [run, key](std::exception_ptr failed) {
                       if (failed)
                           run->component_.shared->fail(
                               key, {BAY_E_INTERNAL, {}, {}, "the refresh was cancelled"});
                   });
}

}  // namespace patchbay
