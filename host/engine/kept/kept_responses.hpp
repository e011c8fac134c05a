// Responses of the Responses API that clients name later instead of sending again what they said.
//
// OpenAI keeps a response unless the client says `store: false`; clients go on with
// `previous_response_id`, or name its items. Models that are asked for by way of chat keep nothing,
// so the gateway does, in this process alone: a response is gone when the process ends, when others
// need its place, or an hour after it was last asked for. Whoever sends whole conversations never
// needs it.
//
// A conversation is a chain: each response holds what its own request said, and the one before. A
// response that was dropped lives on while a later one needs it; its bytes count until then.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/kept/response_asker.hpp"

namespace patchbay {

/// One response as it was told. Immutable once it is kept.
struct KeptResponse {
    std::string id;        ///< "resp_..."
    std::string response;  ///< JSON object, as the client got it
    std::string input;     ///< JSON array: what its request said, without what was before
    std::shared_ptr<const KeptResponse> previous{};

    KeptResponse() = default;
    KeptResponse(KeptResponse&&) = default;
    KeptResponse& operator=(KeptResponse&&) = default;
    /// Chains may be long; they are taken apart one by one.
    ~KeptResponse();

    std::size_t bytes() const { return id.size() + response.size() + input.size() + sizeof *this; }
};

/// All that is kept in this process. Any thread; a lock is held for moments, not while texts are
/// read or written.
class KeptResponses {
  public:
    using Clock = std::chrono::steady_clock;
    struct Limits {
        std::size_t bytes = std::size_t{64} << 20;  ///< of all together; 0: nothing is kept
        std::size_t one = std::size_t{4} << 20;     ///< of one response; larger ones are not kept
        Clock::duration unused = std::chrono::hours(1);
    };

    explicit KeptResponses(Limits limits) : limits_(limits) {}

    bool keeps() const { return limits_.bytes > 0; }
    /// The part behind "resp_" of the id of a response that is to be kept: 32 hexadecimal digits that
    /// nobody can guess.
    static std::string new_id();

    /// Keeps it for its owner, in place of the ones that were not asked for the longest. A response
    /// that is too large is not kept.
    void keep(const ResponseOwner& owner, KeptResponse response, Clock::time_point now);
    /// nullptr if there is none of that id which the asker may use, or no longer.
    std::shared_ptr<const KeptResponse> find(const ResponseAsker& asker, std::string_view id,
                                             Clock::time_point now);
    /// False if there is none of that id which the asker may use.
    bool drop(const ResponseAsker& asker, std::string_view id, Clock::time_point now);
    /// Is there one of that id which the asker may not use?
    bool has_anothers(const ResponseAsker& asker, std::string_view id) const;

    /// Bytes of all that are alive, and how many can be found.
    std::size_t bytes() const { return *bytes_; }
    std::size_t count() const;

  private:
    struct Place {
        ResponseOwner owner;
        std::shared_ptr<const KeptResponse> response;
        Clock::time_point used;
    };
    using Places = std::list<Place>;

    Places::iterator place_of(const ResponseAsker& asker, std::string_view id);
    void make_room(Clock::time_point now);
    void forget(Places::iterator place);

    const Limits limits_;
    /// Shared with the responses, which take off their bytes when they die.
    std::shared_ptr<std::atomic<std::size_t>> bytes_ =
        std::make_shared<std::atomic<std::size_t>>(0);
    mutable std::mutex mutex_;
    Places places_;  ///< last used first
    std::map<std::string, Places::iterator, std::less<>> by_id_;
};

}  // namespace patchbay
