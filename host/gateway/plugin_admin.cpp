#include "gateway/plugin_admin.hpp"

#include <memory>
#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "engine/version.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;

namespace {

PluginCommand command_of(Route route) {
    switch (route) {
        case Route::plugin_promote:
            return PluginCommand::promote;
        case Route::plugin_rollback:
            return PluginCommand::roll_back;
        default:
            return PluginCommand::reload;
    }
}

Error without_master_key() {
    Error error;
    error.cls = ErrorClass::permission;
    error.type = "permission_error";
    error.message =
        "Commands need a master key (general_settings.master_key): without one anyone who reaches "
        "this port could give them.";
    return error;
}

Error not_taken() {
    Error error;
    error.cls = ErrorClass::overloaded;
    error.type = "overloaded";
    error.message = "The gateway takes no more commands: it stops, or too many are waiting.";
    return error;
}

/// The answer on its way from the control thread to this loop, which may be left before it comes.
struct Slot {
    explicit Slot(asio::io_context& io) : wake(io, asio::steady_timer::time_point::max()) {}
    asio::steady_timer wake;
    std::optional<PluginControl::Answer> answer;
};

}  // namespace

asio::awaitable<void> handle_plugin_command(Served& served, const Match& match) {
    if (served.snapshot->config.general.master_key.empty()) {
        co_await refuse(served, without_master_key());
        co_return;
    }
    // The old world must be able to go while the new one is awaited.
    served.snapshot.reset();
    asio::io_context& io = served.server.engine.loop.io;
    const auto slot = std::make_shared<Slot>(io);
    const auto done = [known = std::weak_ptr<Slot>(slot), &io](PluginControl::Answer answer) {
        if (known.expired()) return;
        asio::post(io, [known, answer = std::move(answer)]() mutable {
            const auto waiting = known.lock();
            if (!waiting) return;
            waiting->answer = std::move(answer);
            waiting->wake.cancel();
        });
    };
    const bool taken = served.server.control != nullptr &&
                       served.server.control->submit(command_of(match.route), match.plugin, done);
    if (!taken) {
        co_await refuse(served, not_taken());
        co_return;
    }
    if (!slot->answer) co_await slot->wake.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!slot->answer) co_return;  // the client left
    if (slot->answer->has_error()) {
        co_await refuse(served, slot->answer->error());
        co_return;
    }
    co_await send_answer(served, served.page_head(200, "application/json"), **slot->answer);
}

}  // namespace patchbay::gateway
