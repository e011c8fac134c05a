// What a call's key, customer and tags may do: asked before anything is sent, settled when the call has ended.
#pragma once

#include <optional>
#include <string>

#include "engine/call/call.hpp"
#include "engine/router/route_gate.hpp"
#include "engine/router/router.hpp"

namespace patchbay {

/// Puts the name for which the client's name of the model is an alias of its key or team in its place. Whom the team
/// has given the alias may use the model by it.
void use_alias(Call& call);

/// An Error if what all calls together may spend is spent; if the key may not use the model, nor those that the client
/// names as fallbacks; if the limits of the key, the customer and the tags do not let the call in; or if the capacity of
/// the model, or the share that the key's priority has of it, is used up. On an Error nothing was taken. A call without a
/// virtual key may use all models.
std::optional<Error> admit(Call& call, const ModelRoute& route);

/// The limits by model of the key, the customer and the tags of an admitted call, asked of what stands in for its model.
class FallbackGrant final : public FallbackGate {
  public:
    explicit FallbackGrant(Call& call) : call_(call) {}
    bool turn_to(const ModelRoute& route, std::string_view name) override;

  private:
    Call& call_;
};

/// Instead of `unknown`, the error of a name that leads to no model: the same as for one that is there and that the
/// key may not use.
Error unknown_model(const Call& call, Error unknown);

/// Gives back what admit() took, and counts what was used. After the call's bill was made; once.
void settle_grant(Call& call);

}  // namespace patchbay
