// What routing must know of a request's size and kind, where a strategy or hedging asks for it.
#pragma once

#include <memory>

#include "engine/call/call.hpp"
#include "engine/router/plan.hpp"

namespace patchbay {

/// Sets the tokens of `ask`, how its prompt begins (kept in `keys`, which outlives the plan) and
/// whether it may have a second attempt beside the first and is for a schema. What is not asked for, by the strategy of
/// the call's group or, where it may have fallbacks, of some other, is not worked out.
void add_size(const Call& call, const ModelGroup& group, RouteAsk& ask,
              std::unique_ptr<PrefixKeys>& keys);

/// Is nothing but tokens lost if the request is sent to two providers? Only streams, of which one
/// can be left at once; not what makes something (pictures, speech) or keeps it (Responses that are
/// stored), and not tools that a provider runs itself: they act while we wait. A client's own tools
/// are only named in the answer.
bool may_be_asked_twice(const Call& call);

}  // namespace patchbay
