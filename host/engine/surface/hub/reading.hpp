// What the readers of one request share: the place they are at, what they could not say in the words
// of OpenAI's chat API, and the names that they had to change.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "contract/error.hpp"
#include "engine/surface/hub/call_names.hpp"

namespace patchbay::surface {

/// Where in the request something stands; written out only for errors. A chain on the stack: each
/// link must outlive those made from it.
class Place {
  public:
    explicit Place(std::string_view member, const Place* above = nullptr)
        : member_(member), above_(above) {}
    Place(std::size_t index, const Place* above) : index_(index), above_(above) {}

    /// "messages.2.content.0.source", as Anthropic writes places.
    std::string path() const;
    /// The same without the numbers: "messages.content.source".
    std::string kind() const;

  private:
    std::string_view member_;  ///< empty: an element
    std::size_t index_ = 0;
    const Place* above_;
};

/// State of one translation.
class Reading {
  public:
    /// `drop_params`: what OpenAI's chat API cannot say is left out where it would be refused.
    explicit Reading(bool drop_params) : drop_params_(drop_params) {}

    /// Notes that something was left out or said less exactly. One note for all of a kind.
    void note(const Place& place) { note(place.kind()); }
    void note(std::string what);
    /// The same for something whose loss would change the answer: with `drop_params` it is only
    /// noted, else the request will be refused (fault()).
    void refuse(const Place& place);

    /// A refusal that names all places given to refuse(); nothing if there were none.
    const Error* fault();

    ChatNames names;
    std::vector<std::string> dropped;  ///< the notes, in the order of their first cause

  private:
    bool drop_params_;
    std::vector<std::string> refused_;
    Error fault_;
};

/// What the client wrote is not of its API: 400 that names the place, also in the message.
Error bad_shape(const Place& place, std::string_view what);

}  // namespace patchbay::surface
