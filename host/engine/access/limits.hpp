// What limits a call: of a key and those that it belongs to, of a customer, of a tag.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/access/subject.hpp"

namespace patchbay::access {

/// One subject, and which calls it is asked for.
struct Limited {
    std::shared_ptr<Subject> subject;
    bool asked = true;    ///< may its budget refuse? A user's may not where a team pays, as a rule
    std::string model{};  ///< of this one alone; empty: of all
    std::string
        counter{};  ///< that its calls are posted to (store/ledger_counters.hpp); empty: none
    bool of_group = false;  ///< `model` is a `model_name`, and no other name of a model
};

/// The name of a call's model, as limits by model may have it.
struct ModelNames {
    std::string_view asked;  ///< as the client says it, without aliases of its key
    std::string_view group;  ///< `model_name` of its deployments
};

/// Immutable but for what says how old it is; what is counted stands in its subjects. Any thread.
struct Limits {
    std::vector<Limited> limits;        ///< of a key its own first
    std::vector<std::int64_t> budgets;  ///< rows: a change of one makes this stale
    std::string alias;                  ///< for errors and alerts; empty: it has none
    bool exempt = false;                ///< an administrator's: counted, and not refused
    /// Something of it was changed: it is to be read anew for the next request.
    mutable std::atomic<bool> stale{false};
    /// It was replaced, or whom it is of may not call any more: it is not used, not even where the store cannot say more.
    mutable std::atomic<bool> gone{false};
    mutable std::atomic<std::int64_t> stale_at{0};  ///< steady_clock's ticks

    using Clock = std::chrono::steady_clock;
    void set_stale() const {
        if (!stale) stale_at = Clock::now().time_since_epoch().count();
        stale = true;
    }
    void set_gone() const {
        set_stale();
        gone = true;
    }
    /// May it be used where the store does not say in time what has become of it?
    bool may_go_on(std::chrono::seconds most) const {
        return !gone &&
               (!stale || Clock::now() - Clock::time_point(Clock::duration(stale_at)) < most);
    }
};

/// Does a limit concern calls of this model? A limit by model holds for the name that was asked for, with its
/// provider or without, and for the group that the name leads to: so no alias leads past it, nor does leaving out the
/// provider where a pattern serves the model. One of a group holds for that alone.
bool concerns(const Limited& limited, const ModelNames& model);

/// May a budget refuse, so that what a call can cost must be known?
bool has_budget(const Limits& limits);
/// Likewise a limit of tokens.
bool has_token_limit(const Limits& limits);

}  // namespace patchbay::access
