// An answer that was kept, told to another client.
#pragma once

#include "contract/failed.hpp"
#include "engine/call/answer.hpp"
#include "engine/call/call.hpp"
#include "engine/call/call_cache.hpp"

namespace patchbay {

/// Tells the answer as if its deployment had just given it: in the client's API and with the client's
/// name of the model, past this call's guardrails, for the log and the books, but at no cost. The
/// entry is one that CallCache::find() gave for this route. The error is what the client is told
/// instead, or that it is gone.
boost::asio::awaitable<Failed> tell_cached(Call& call, const ModelRoute& route,
                                           std::shared_ptr<const CacheEntry> entry, Answer& answer);

}  // namespace patchbay
