// What a client asks, read once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/kept/client_responses.hpp"
#include "engine/surface/request_options.hpp"
#include "engine/surface/request_scan.hpp"

namespace patchbay {

/// An answer that the client goes on from, which only the deployment that gave it knows.
struct EarlierAnswer {
    std::string deployment;  ///< its id
    std::string id;          ///< as the provider calls it
    std::string quoted;      ///< as the client calls it, JSON text
    /// nullopt: it was made where callers are not known, or before ids named their owners.
    std::optional<ResponseOwner> owner{};
};

/// A request as the client sent it, or as it was translated for a provider that speaks another API.
/// Not movable: the parts point into the texts.
struct Ask {
    Ask() = default;
    Ask(const Ask&) = delete;
    Ask& operator=(const Ask&) = delete;

    std::string_view body;  ///< JSON: the client's own bytes, or `own`
    RequestScan scan;       ///< of `body`
    RequestOptions options;
    std::string model;  ///< what the client calls it: from the path, else from the body
    /// What is sent on of "metadata" where that is a member of the client's API; nullopt: nothing.
    std::optional<std::string> own_metadata;
    /// What the body says that is the header "anthropic-beta" in Anthropic's API; empty: nothing.
    std::string anthropic_beta;
    /// Of an operation whose answers are named again: who asks, and what its earlier calls left here.
    ClientResponses kept;
    /// Operation::earlier names it, or the path (Operation::resource).
    std::optional<EarlierAnswer> previous;
    std::string resource;  ///< as the path names it; empty: it names none
    std::vector<std::pair<std::string, std::string>> query;  ///< that goes on, decoded
    std::string own;  ///< holds `body` if it is not the client's

    std::span<const bay_member> members() const {
        return {scan.members.data(), scan.members.size()};
    }
};

}  // namespace patchbay
