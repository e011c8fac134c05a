// SPDX-License-Identifier: Apache-2.0
// Base classes: a machine (Exchange) and what opens machines (Component: Provider, Guardrail,
// Logger).
#pragma once

#include <exception>
#include <memory>
#include <new>
#include <utility>

#include "host.hpp"
#include "out.hpp"

namespace bay {

/// One state machine, fed events by the host and answering on `out`. [exchange]
///
/// Events, and everything they point to, are valid only until the function returns. Return BAY_OK;
/// any other status, and any exception, ends the exchange as a fault of the plugin. A request that
/// fails for a reason the client should know is out.fail(), with BAY_OK. An event is fed only to a
/// machine that asked for it, so only what is asked for needs a function; the rest refuses. A head
/// is only a note and is accepted by default.
struct Exchange {
    virtual ~Exchange() = default;

    /// The machine that takes the next event: this one, or one that it made to go on in its place
    /// (ByOperation).
    virtual Exchange& current() noexcept { return *this; }

    virtual bay_status on_request(const bay_ev_request&, Out) { return BAY_E_UNSUPPORTED; }
    /// Guardrail: answer with one out.verdict(), see Verdict.
    virtual bay_status on_inspect(const bay_ev_inspect&, Out) { return BAY_E_UNSUPPORTED; }
    /// Logger: deliver the records, see Records.
    virtual bay_status on_batch(const bay_ev_batch&, Out) { return BAY_E_UNSUPPORTED; }
    /// Compute one shared value and shared_put() it, or fail().
    virtual bay_status on_refresh(const bay_ev_refresh&, Out) { return BAY_E_UNSUPPORTED; }
    virtual bay_status on_shared(const bay_ev_shared&, Out) { return BAY_E_UNSUPPORTED; }
    virtual bay_status on_http_head(const bay_ev_http&, Out) { return BAY_OK; }
    virtual bay_status on_http_data(const bay_ev_http&, Out) { return BAY_E_UNSUPPORTED; }
    virtual bay_status on_http_frame(const bay_ev_http&, Out) { return BAY_E_UNSUPPORTED; }
    /// Last event of a call, also of one that failed: look at `failure` and `status`.
    virtual bay_status on_http_done(const bay_ev_http&, Out) { return BAY_E_UNSUPPORTED; }
    virtual bay_status on_timer(const bay_ev_timer&, Out) { return BAY_E_UNSUPPORTED; }
    /// Only after out.want(BAY_WANT_CANCEL).
    virtual bay_status on_cancel(const bay_ev_cancel&, Out) { return BAY_OK; }
    virtual bay_status on_ws_open(const bay_ev_ws&, Out) { return BAY_E_UNSUPPORTED; }
    virtual bay_status on_ws_frame(const bay_ev_ws&, Out) { return BAY_E_UNSUPPORTED; }
    virtual bay_status on_ws_close(const bay_ev_ws&, Out) { return BAY_E_UNSUPPORTED; }
    virtual bay_status on_client_frame(const bay_ev_ws&, Out) { return BAY_E_UNSUPPORTED; }
    virtual bay_status on_client_close(const bay_ev_ws&, Out) { return BAY_E_UNSUPPORTED; }
    /// An event this SDK has no function for.
    virtual bay_status on_other(const bay_event&, Out) { return BAY_E_UNSUPPORTED; }
};

/// One component with one configuration. Immutable after construction: open() comes from any
/// thread, many at once. [any]
///
/// A component is a class with `static constexpr char id[]` (its id in the manifest) and a
/// constructor
/// `(std::string_view config, bay::Diag&)`; `config` is JSON, valid against the manifest's schema,
/// and is gone when the constructor returns. [control]
struct Component {
    virtual ~Component() = default;
    virtual std::unique_ptr<Exchange> open(const bay_open_info& info) = 0;
};
/// Speaks to a model provider: its machines get on_request().
struct Provider : Component {};
/// Looks at requests and answers: its machines get on_inspect().
struct Guardrail : Component {};
/// Delivers log records: its machines get on_batch().
struct Logger : Component {};

/// Runs `f` and turns what it throws into a status: the ABI carries no exceptions (rule R4).
template <class F>
bay_status guarded(F&& f) noexcept {
    try {
        return std::forward<F>(f)();
    } catch (const std::bad_alloc&) {
        return BAY_E_NOMEM;
    } catch (const std::exception& e) {
        Host::log(BAY_LOG_ERROR, e.what());
        return BAY_E_INTERNAL;
    } catch (...) {
        Host::log(BAY_LOG_ERROR, "unknown exception");
        return BAY_E_INTERNAL;
    }
}

/// Hands an event to the function of the machine that takes it.
inline bay_status dispatch(Exchange& opened, const bay_event* event, Out out) {
    Exchange& machine = opened.current();
    const auto http = [&](auto function) {
        return (machine.*function)(*Whole<bay_ev_http>(event, event->size), out);
    };
    const auto ws = [&](auto function) {
        return (machine.*function)(*Whole<bay_ev_ws>(event, event->size), out);
    };
    switch (event->type) {
        case BAY_EV_REQUEST: {
            Whole<bay_ev_request> request(event, event->size);
            const bay_target* target = (*request).target;
            static const bay_target no_target{};
            if (!target) target = &no_target;
            const Whole<bay_target> whole_target(target, target->size);
            if (&*whole_target != (*request).target) request.edit().target = &*whole_target;
            return machine.on_request(*request, out);
        }
        case BAY_EV_INSPECT:
            return machine.on_inspect(*Whole<bay_ev_inspect>(event, event->size), out);
        case BAY_EV_BATCH:
            return machine.on_batch(*Whole<bay_ev_batch>(event, event->size), out);
        case BAY_EV_REFRESH:
            return machine.on_refresh(*Whole<bay_ev_refresh>(event, event->size), out);
        case BAY_EV_SHARED:
            return machine.on_shared(*Whole<bay_ev_shared>(event, event->size), out);
        case BAY_EV_TIMER:
            return machine.on_timer(*Whole<bay_ev_timer>(event, event->size), out);
        case BAY_EV_CANCEL:
            return machine.on_cancel(*Whole<bay_ev_cancel>(event, event->size), out);
        case BAY_EV_HTTP_HEAD:
            return http(&Exchange::on_http_head);
        case BAY_EV_HTTP_DATA:
            return http(&Exchange::on_http_data);
        case BAY_EV_HTTP_FRAME:
            return http(&Exchange::on_http_frame);
        case BAY_EV_HTTP_DONE:
            return http(&Exchange::on_http_done);
        case BAY_EV_WS_OPEN:
            return ws(&Exchange::on_ws_open);
        case BAY_EV_WS_FRAME:
            return ws(&Exchange::on_ws_frame);
        case BAY_EV_WS_CLOSE:
            return ws(&Exchange::on_ws_close);
        case BAY_EV_CLIENT_FRAME:
            return ws(&Exchange::on_client_frame);
        case BAY_EV_CLIENT_CLOSE:
            return ws(&Exchange::on_client_close);
        default:
            return machine.on_other(*event, out);
    }
}

}  // namespace bay
