// A client's HTTP request, whole.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/verb.hpp>

#include "config/secret.hpp"
#include "contract/error.hpp"
#include "contract/http/header.hpp"
#include "engine/access/principal.hpp"
#include "gateway/routes.hpp"

namespace patchbay::gateway {

/// Belongs to one connection; reused from one request to the next.
struct Request {
    boost::beast::http::verb method{};
    std::string_view path;   ///< without query; views into `head`
    std::string_view query;  ///< without '?'
    boost::beast::http::request_header<> head;
    boost::beast::flat_buffer body_buffer;
    Match match;  ///< the route: decided when the head is there, and not again
    std::string_view
        peer;  ///< the address of who is connected, of the connection; empty: it is gone
    /// Where the operator has clients send their key (general_settings.litellm_key_header_name); empty: nowhere else.
    std::string key_header;
    Secret query_key;              ///< the key in the query, where the route takes one there
    std::optional<Error> refused;  ///< likewise why the request may not go on, such as a wrong key
    std::optional<store::KeyHash> key_hash;              ///< of a virtual key; nullopt: it is none
    std::shared_ptr<const access::Principal> principal;  ///< whose it is; null: that must be found

    /// Takes a head, which may be one of which only the beginning could be read.
    void take_head(boost::beast::http::request_header<>&& from);

    /// Without the byte order mark with which some clients begin a text (RFC 8259, 8.1).
    std::string_view body() const {
        constexpr std::string_view kMark = "\xEF\xBB\xBF";
        std::string_view whole{static_cast<const char*>(body_buffer.data().data()),
                               body_buffer.size()};
        if (whole.starts_with(kMark)) whole.remove_prefix(kMark.size());
        return whole;
    }

    /// The hash of a key. A client sends the same one with each request: the last one is kept, and not hashed
    /// again.
    const store::KeyHash& hash_of(std::string_view key);

    /// Empty if absent; of several of one name the first. A head has a few fields: to look at each is
    /// cheaper than to ask their tree, which compares without case.
    std::string_view header(boost::beast::http::field name) const {
        for (const auto& field : head) {
            if (field.name() == name) return field.value();
        }
        return {};
    }
    std::string_view header(std::string_view name) const {
        for (const auto& field : head) {
            if (http::iequals(field.name_string(), name)) return field.value();
        }
        return {};
    }

  private:
    struct {
        Secret key;
        store::KeyHash hash{};
    } hashed_;
};

}  // namespace patchbay::gateway
