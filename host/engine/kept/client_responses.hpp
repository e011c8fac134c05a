// What one client left in the gateway, and how it names it again.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "engine/kept/kept_responses.hpp"

namespace patchbay {

/// The responses that somebody can find. A small value; the default finds and keeps nothing. Any
/// thread.
class ClientResponses {
  public:
    ClientResponses() = default;
    /// `all` may be nullptr; else it outlives this.
    ClientResponses(KeptResponses* all, const ResponseAsker& asker) : all_(all), asker_(asker) {}

    const ResponseAsker& asker() const { return asker_; }
    bool keeps() const { return all_ != nullptr && all_->keeps(); }
    void keep(KeptResponse response) const;
    /// nullptr: there is none of that id, or no longer.
    std::shared_ptr<const KeptResponse> find(std::string_view id) const;
    bool drop(std::string_view id) const;
    /// There is one of that id, which is another's. False where callers are not known.
    bool is_anothers(std::string_view id) const;

    /// The item of that id in the output of a response; nothing if it is not there.
    std::optional<boost::json::value> item(std::string_view id) const;

  private:
    KeptResponses* all_ = nullptr;
    ResponseAsker asker_{};
};

/// All that a conversation holds up to and with `last`, in its order: what each request said and what
/// was answered to it.
std::vector<boost::json::value> conversation_items(const KeptResponse& last);
/// The same without the answer of `last`: what its model was asked.
std::vector<boost::json::value> asked_items(const KeptResponse& last);

}  // namespace patchbay
