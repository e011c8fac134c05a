// Whom a limit is of: a key, a user, a team, a member of one, an organization, a customer, a tag; or one of them with
// a model, or for a period among several.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "engine/access/rate_headers.hpp"
#include "engine/meter/allowance.hpp"
#include "engine/meter/rate_window.hpp"
#include "store/key_record.hpp"
#include "store/subjects.hpp"

namespace patchbay::access {

using meter::Allowance;
using meter::RateWindow;

/// What the process counts of one subject; shared by all loops, and by all keys that belong to it. The
/// limits are those of the record that was read last.
struct Subject {
    static constexpr std::int64_t kNone = -1;

    Subject(std::string_view of, std::string shown)
        : descriptor(of), value(std::move(shown)), headers(of) {}

    /// Takes the limits of rates. One thread at a time.
    void limit_rates(const store::LimitsRecord& limits);

    const std::string_view descriptor;  ///< LiteLLM's: "api_key", "team_member", "model_per_key"
    const std::string value;            ///< as errors show it; of a key its hash
    const RateHeaders headers;
    std::atomic<std::int64_t> rpm{kNone}, tpm{kNone}, parallel{kNone};
    RateWindow requests, tokens;
    std::atomic<std::int64_t> in_flight{0};
    /// Of `parallel`, what this gateway may have where others have the rest; kNone: all.
    std::atomic<std::int64_t> parallel_share{kNone};
    std::atomic<std::uint32_t> parallel_missed{0};  ///< calls refused for want of a share
    Allowance budget;
};

/// All that there are. Used on one thread at a time, under a lock; never by a call.
class SubjectTable {
  public:
    struct Id {
        store::Subject kind;
        std::int64_t row, of;                  ///< a member's team and user; else 0 behind the row
        std::string model;                     ///< empty: of all models
        std::int64_t seconds = 0, months = 0;  ///< of one among several budgets, its duration
        std::string name{};                    ///< of what is known by it: a customer, a tag
        auto operator<=>(const Id&) const = default;
    };

    /// The same for the same id, as long as somebody has it or its counts may still matter.
    std::shared_ptr<Subject> get(const Id& id, std::string_view descriptor, std::string value);

  private:
    void drop_unused();

    std::mutex mutex_;
    std::map<Id, std::shared_ptr<Subject>> subjects_;
    std::size_t drop_at_ = 4096;
};

}  // namespace patchbay::access
