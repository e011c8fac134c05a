// Where an instance may call: the origins of its manifest, or the operator's in their place, and
// every address that the operator configured for it.
//
// This keeps mistakes and surprises in, not malice: while a plugin runs in the gateway's process
// nothing can keep its code from opening a socket of its own.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

namespace patchbay {

/// Scheme and authority of an absolute URL as written; empty if there is no "://".
std::string_view origin_of(std::string_view url);

/// Filled while its instance is made, then read from any thread.
class EgressList {
  public:
    /// Who wrote an entry: only the operator may say "*".
    enum class From { manifest, operators };

    /// Takes "https://host", "https://host:port", "https://*.host" (any name below host, not host
    /// itself), the same with http, and "*", everything. "${base_url}" in a manifest stands for
    /// what is allowed anyway. Empty = taken, else what is wrong with it, to stand after the entry.
    std::string add(std::string_view entry, From from);
    /// Takes the origin of an http(s) URL, or one file by its "file:///" URL; false if it is
    /// neither.
    bool add_url(std::string_view url);

    /// What was taken, in the form that again() takes: the same list in another process.
    std::vector<std::string> entries() const;
    void again(std::string_view entry);

    /// May `url` be called by an exchange whose target has this base URL (empty = none)? A file
    /// may be written only if its very URL was configured. Another text that is no http(s) URL
    /// leads nowhere and is not the list's business: true. ws and wss count as http and https, here
    /// and in every entry. Allocates nothing for http(s).
    bool allows(std::string_view url, std::string_view base_url) const;

  private:
    struct Origin {
        bool tls = false;
        bool below = false;  ///< "*.": names that end with "." + host
        std::string host;
        std::uint16_t port = 0;
    };
    std::vector<Origin> origins_;
    std::vector<std::string> files_;
    bool everything_ = false;
};

/// The origins that were refused so far, so that each is logged once. Any thread.
class RefusedOrigins {
  public:
    static constexpr std::size_t kMax = 64;  ///< what comes after is counted, not logged
    /// The origin of `url` if it is new; else empty.
    std::string first_time(std::string_view url);

  private:
    std::mutex mutex_;
    std::set<std::string> seen_;
};

/// The values in `config` that `schema` marks with "x-bay-url": true, with their JSON pointers.
/// Looks into "properties" and "items"; references in the schema are not followed.
struct ConfiguredUrl {
    std::string pointer;
    std::string url;
};
std::vector<ConfiguredUrl> configured_urls(const boost::json::object& schema,
                                           const boost::json::object& config);

}  // namespace patchbay
