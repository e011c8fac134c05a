// What a call holds of the capacity of its model, and of what its key's priority may use of that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "contract/error.hpp"
#include "engine/lanes/capacity.hpp"

namespace patchbay {

/// What a call asks for.
struct CapacityAsk {
    std::string_view priority;  ///< of its key; empty: none
    std::uint32_t tokens = 0;   ///< that it may use, estimated
    std::uint32_t now = 0;      ///< RateWindow's clock
};

/// Of one call; on its loop. Takes no lock and allocates nothing unless it refuses. It must be settled.
class CapacityGrant {
  public:
    enum class Limit { none, requests, tokens };  ///< LiteLLM's `rate_limit_type`

    /// An Error (429, LiteLLM's words) if the model's capacity is used up, or if it is saturated and so is the share of the
    /// priority: then nothing was taken. Below saturation a share only counts. Once; `group` outlives it.
    std::optional<Error> take(const GroupCapacity& group, const CapacityAsk& ask);

    /// The tokens that the call has used. Nothing the second time, nor where nothing was asked or taken.
    void settle(std::int64_t tokens, std::uint32_t now);

    /// Whose capacity was asked for; nullptr: nobody's.
    const GroupCapacity* asked() const { return group_; }
    /// The share that it is of, as configured; "default" for the others'. Where somebody was asked.
    std::string_view share() const { return share_.empty() ? "default" : share_; }
    /// Its counts; nullptr: nothing is reserved.
    const Capacity* part() const { return part_.of; }
    /// What has refused it.
    Limit refused() const { return refused_; }
    /// Did the share refuse it, and not the whole?
    bool refused_by_share() const { return by_share_; }
    /// How much of the model was used before the call, 1 = all.
    double saturation() const { return saturation_; }

  private:
    using Taken = meter::RateWindow::Taken;
    struct Held {
        Capacity* of = nullptr;
        Taken requests{}, tokens{};
    };
    static Limit take(Held& held, const CapacityAsk& ask);
    static void count(Held& held, const CapacityAsk& ask);
    void give_back(std::uint32_t now);

    const GroupCapacity* group_ = nullptr;
    std::string_view share_;
    Held whole_, part_;
    std::uint32_t tokens_ = 0;
    double saturation_ = 0;
    Limit refused_ = Limit::none;
    bool by_share_ = false;
};

/// What has refused it, for x-patchbay-explain: "gpt-4o: refused, the share 'dev' has used 3 of 3 requests of the minute, ..."
std::string explained(const CapacityGrant& grant, std::uint32_t now);

}  // namespace patchbay
