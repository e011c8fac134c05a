// The function table of a bay_out.
#pragma once

#include "patchbay/guardrail.h"

namespace patchbay {

/// A table whose entries are the static functions of `Slots` that have the names of bay_out's
/// members, all of them. `ctx` is what those find in bay_out::ctx.
template <class Slots>
bay_out out_table(void* ctx) {
    bay_out out{};
    out.size = sizeof out;
    out.ctx = ctx;
    out.http = Slots::http;
    out.http_abort = Slots::http_abort;
    out.shared_get = Slots::shared_get;
    out.shared_put = Slots::shared_put;
    out.shared_drop = Slots::shared_drop;
    out.timer = Slots::timer;
    out.want = Slots::want;
    out.note = Slots::note;
    out.fail = Slots::fail;
    out.done = Slots::done;
    out.result = Slots::result;
    out.chunk = Slots::chunk;
    out.body = Slots::body;
    out.usage = Slots::usage;
    out.pass_through = Slots::pass_through;
    out.ws_open = Slots::ws_open;
    out.ws_send = Slots::ws_send;
    out.ws_close = Slots::ws_close;
    out.verdict = Slots::verdict;
    out.retry_records = Slots::retry_records;
    out.get_extension = Slots::get_extension;
    out.head = Slots::head;
    return out;
}

}  // namespace patchbay
