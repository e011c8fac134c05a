#include "gateway/request.hpp"

#include <utility>

#include "contract/http/header.hpp"
#include "contract/http/query.hpp"
#include "engine/access/key_hash.hpp"

namespace patchbay::gateway {

namespace {

// A target may be a whole URL (RFC 9112, 3.2.2), of which the path counts.
std::string_view without_authority(std::string_view target) {
    if (target.starts_with('/')) return target;
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!http::iequals(target.substr(0, scheme.size()), scheme)) continue;
        const std::size_t end = target.find_first_of("/?", scheme.size());
        if (end == std::string_view::npos) return "/";
        return target[end] == '/' ? target.substr(end) : "/";
    }
    return target;
}

}  // namespace

const store::KeyHash& Request::hash_of(std::string_view key) {
    if (hashed_.key.empty() || !hashed_.key.equals(key)) {
        hashed_ = {Secret(std::string(key)), access::hash_key(key)};
    }
    return hashed_.hash;
}

void Request::take_head(boost::beast::http::request_header<>&& from) {
    head = std::move(from);
    const auto target = head.target();
    const std::string_view whole = without_authority({target.data(), target.size()});
    const std::size_t mark = whole.find('?');
    path = whole.substr(0, mark);
    query = mark == std::string_view::npos ? std::string_view() : whole.substr(mark + 1);
    method = head.method();
    match = match_route(method, path, query);
    const bool key_in_query = match.surface != nullptr && match.surface->key_in_query;
    query_key = Secret(key_in_query ? http::query_value(query, "key").value_or("") : "");
    refused.reset();
    key_hash.reset();
    principal.reset();
}

}  // namespace patchbay::gateway
