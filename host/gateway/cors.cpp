#include "gateway/cors.hpp"

#include <algorithm>

namespace patchbay::gateway {

namespace {

using boost::beast::http::field;

// Measured at LiteLLM: Starlette's CORSMiddleware, all methods and headers allowed.
constexpr std::string_view kMethods = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY";
constexpr std::uint64_t kMaxAge = 600;  // seconds

}  // namespace

Cors::Cors(std::string_view origins) {
    while (!origins.empty()) {
        const std::size_t comma = origins.find(',');
        std::string origin(origins.substr(0, comma));
        std::erase(origin, ' ');
        while (origin.ends_with('/')) origin.pop_back();
        if (!origin.empty()) origins_.push_back(std::move(origin));
        origins.remove_prefix(comma == std::string_view::npos ? origins.size() : comma + 1);
    }
    if (std::find(origins_.begin(), origins_.end(), "*") != origins_.end()) origins_.clear();
}

bool Cors::allows(std::string_view origin) const {
    return origins_.empty() ||
           std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

void Cors::add(ResponseHead& head, const Request& request) const {
    const std::string_view origin = request.header(field::origin);
    if (origin.empty()) return;
    if (!origins_.empty()) head.add("vary", "Origin");
    if (!allows(origin)) return;
    head.add("access-control-allow-origin", origins_.empty() ? std::string_view("*") : origin);
    // Without credentials this stands for all names: x-litellm-*, llm_provider-*, x-ratelimit-*.
    head.add("access-control-expose-headers", "*");
}

ResponseHead Cors::preflight(const Request& request, std::string_view allow,
                             std::string_view& body) const {
    const std::string_view origin = request.header(field::origin);
    const bool refused = !origin.empty() && !allows(origin);
    body = refused ? "Disallowed CORS origin" : "OK";
    ResponseHead head(refused ? 400 : 200);
    head.add("content-type", "text/plain; charset=utf-8");
    if (!allow.empty()) head.add("allow", std::string(allow) + ", OPTIONS");
    add(head, request);
    if (origin.empty() || refused) return head;
    head.add("access-control-allow-methods", kMethods);
    head.add_if("access-control-allow-headers",
                request.header(field::access_control_request_headers));
    head.add("access-control-max-age", kMaxAge);
    return head;
}

}  // namespace patchbay::gateway
