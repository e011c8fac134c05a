// Where a call goes on when a model group has failed it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/routing.hpp"
#include "engine/router/failure_rules.hpp"
#include "engine/surface/request_options.hpp"

namespace patchbay {

/// Finds lists of fallbacks as LiteLLM does: those of the request stand for the configuration's,
/// kind by kind; a list that the client gives is for its own model only.
class FallbackLists {
  public:
    /// Both must outlive the object and what it gives out.
    FallbackLists(const FallbackSettings& configured, const RequestOptions& options)
        : configured_(configured), options_(options) {}

    /// The list for a group, which was asked for as `requested`; nullptr = there is none. `first`:
    /// it is the client's own model. The kinds beside `general` stand for it where any group has
    /// such a list: then a group without one has no fallback for this failure.
    const std::vector<std::string>* find(FallbackKind kind, std::string_view group,
                                         std::string_view requested, bool first) const;
    /// Has any group `content_policy_fallbacks`?
    bool for_content_policy() const;
    /// How many fallbacks a call may take.
    int most() const;

  private:
    const FallbackMap& map_of(FallbackMap FallbackSettings::*kind) const;

    const FallbackSettings& configured_;
    const RequestOptions& options_;
};

}  // namespace patchbay
