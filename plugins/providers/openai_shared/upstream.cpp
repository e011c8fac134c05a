#include "upstream.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/percent.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

bool same_name(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [&](char x, char y) { return lower(x) == lower(y); });
}

/// Headers in the order in which they win.
class HeaderList {
  public:
    HeaderList() { list_.reserve(kUsual); }

    void add(std::string_view name, std::string_view value) {
        if (!has(name)) list_.emplace_back(name, value);
    }
    bool has(std::string_view name) const { return has_header(list_, name); }
    Headers take() { return std::move(list_); }

  private:
    static constexpr std::size_t kUsual = 4;

    Headers list_;
};

void add_object(const json::value* object, HeaderList& headers) {
    if (object == nullptr || !object->is_object()) return;
    for (const auto& [name, value] : object->get_object()) {
        if (value.is_string()) headers.add(name, value.get_string());
    }
}

void add_text(const json::object& params, std::string_view param, std::string_view header,
              HeaderList& headers) {
    const json::value* value = params.if_contains(param);
    if (value != nullptr && value->is_string()) headers.add(header, value->get_string());
}

/// Parses the deployment's parameters only if they speak of headers.
void add_deployment_headers(std::string_view text, bool openai, HeaderList& headers) {
    const bool account = openai && (shared::mentions(text, "\"organization\"") ||
                                    shared::mentions(text, "\"project\""));
    if (!account && !shared::mentions(text, "headers\"")) return;
    const auto value = shared::parse_json(text);
    if (!value || !value->is_object()) return;
    const json::object& params = value->get_object();
    add_object(params.if_contains("extra_headers"), headers);
    add_object(params.if_contains("headers"), headers);
    if (!account) return;
    add_text(params, "organization", "OpenAI-Organization", headers);
    add_text(params, "project", "OpenAI-Project", headers);
}

}  // namespace

bool has_header(const Headers& headers, std::string_view name) {
    return std::any_of(headers.begin(), headers.end(),
                       [&](const auto& header) { return same_name(header.first, name); });
}

std::string_view origin_of(std::string_view url) {
    const auto scheme = url.find("://");
    const auto path = scheme == std::string_view::npos ? scheme : url.find('/', scheme + 3);
    return url.substr(0, path);
}

std::string address_of(const bay_ev_request& request, const Dialect& dialect,
                       const OperationRule* rule) {
    std::string_view base = bay::sv(request.target->base_url);
    if (base.empty()) base = dialect.base_url;
    const std::string_view model = bay::sv(request.target->model);
    const ModelRule* const models = find_model_rule(dialect, model);
    if (models != nullptr && !models->base_url.empty() && base == dialect.base_url) {
        return filled(models->base_url, dialect, models, model, {});
    }
    if (rule == nullptr || rule->base_url.empty()) return std::string(base);
    const std::string_view host = origin_of(base);
    if (host == origin_of(dialect.base_url)) return rule->base_url;
    const std::string_view usual(dialect.base_url);
    if (base.substr(host.size()) != usual.substr(origin_of(usual).size())) return std::string(base);
    const std::string_view own(rule->base_url);
    return std::string(host).append(own.substr(origin_of(own).size()));
}

namespace {

/// "/v1".
bool is_version(std::string_view segment) {
    return segment.size() == 3 && segment.starts_with("/v") && segment[2] >= '0' &&
           segment[2] <= '9';
}

}  // namespace

std::string operation_url(std::string_view base, std::string_view path) {
    if (base.empty()) return {};
    const auto question = base.find('?');
    const std::string_view query =
        question == std::string_view::npos ? std::string_view{} : base.substr(question);
    base = base.substr(0, question);
    while (base.ends_with('/')) base.remove_suffix(1);
    constexpr std::string_view kChat = "/chat/completions";
    const bool chat = base.ends_with(kChat);
    const bool whole = chat ? path.ends_with(kChat) : base.ends_with(path);
    if (chat && !whole) base.remove_suffix(kChat.size());
    // ".../v1" is how most addresses end, also where the version belongs to the path.
    const std::string_view version = path.substr(0, path.find('/', 1));
    if (!whole && is_version(version) && base.ends_with(version)) {
        base.remove_suffix(version.size());
    }
    std::string url;
    url.reserve(base.size() + path.size() + query.size());
    url = base;
    if (!whole) url += path;
    url += query;
    return url;
}

namespace {

/// The beginning of the client's headers that mean something in Anthropic's API alone.
constexpr std::string_view kAnthropic = "anthropic-";
/// Without it a server of that API answers nothing.
constexpr std::string_view kVersion = "anthropic-version";
constexpr std::string_view kVersionThatIsSpoken = "2023-06-01";

}  // namespace

std::optional<Headers> request_headers(const bay_ev_request& request, const Dialect& dialect,
                                       std::string_view content_type) {
    std::string_view key = bay::sv(request.target->api_key);
    if (key.empty()) key = dialect.default_api_key;
    HeaderList headers;
    // A form cannot be read without its boundary, so there this header is nobody else's.
    if (content_type.starts_with("multipart/")) headers.add("content-type", content_type);
    add_deployment_headers(bay::sv(request.target->params), dialect.openai_families, headers);
    if (key.empty() && !dialect.key_optional && !headers.has("authorization")) return std::nullopt;
    if (!content_type.empty()) headers.add("content-type", content_type);
    if (dialect.bearer && !key.empty()) {
        headers.add("authorization", std::string("Bearer ").append(key));
    }
    for (const HeaderTemplate& header : dialect.headers) {
        constexpr std::string_view kSlot = "{api_key}";
        const auto at = header.value.find(kSlot);
        if (at == std::string::npos) {
            const bool named = header.value.find('{') != std::string::npos;
            const std::string value =
                named ? filled(header.value, dialect, nullptr, {}, bay::sv(request.target->params))
                      : header.value;
            if (!named || !value.empty()) headers.add(header.name, value);
        } else if (!key.empty()) {
            headers.add(header.name, std::string(header.value).replace(at, kSlot.size(), key));
        }
    }
    const bool messages = bay::sv(request.operation) == BAY_OP_MESSAGES;
    for (std::uint64_t i = 0; i < request.header_count; ++i) {
        const std::string_view name = bay::sv(request.headers[i].name);
        if (!messages && same_name(name.substr(0, kAnthropic.size()), kAnthropic)) continue;
        headers.add(name, bay::sv(request.headers[i].value));
    }
    if (messages) headers.add(kVersion, kVersionThatIsSpoken);
    return headers.take();
}

namespace {

void append_parameter(std::string& url, std::string_view name, std::string_view value) {
    url += url.find('?') == std::string::npos ? '?' : '&';
    url.append(bay::percent_encoded(name)).append("=").append(bay::percent_encoded(value));
}

}  // namespace

std::string resource_url(std::string url, const bay_ev_request& request) {
    for (std::uint64_t i = 0; i < request.id_count; ++i) {
        const std::string hole = std::string("{").append(bay::sv(request.ids[i].name)).append("}");
        const auto at = url.find(hole);
        if (at == std::string::npos) continue;
        url.replace(at, hole.size(), bay::percent_encoded(bay::sv(request.ids[i].value)));
    }
    for (std::uint64_t i = 0; i < request.query_count; ++i) {
        append_parameter(url, bay::sv(request.query[i].name), bay::sv(request.query[i].value));
    }
    return url;
}

bool add_headers(const bay_ev_request& request, const Dialect& dialect,
                 std::string_view content_type, bay::HttpRequest& call) {
    const auto headers = request_headers(request, dialect, content_type);
    if (!headers) return false;
    for (const auto& [name, value] : *headers) call.header(name, value);
    return true;
}

std::string realtime_url(std::string_view base, const bay_ev_request& request, bool named) {
    if (!base.starts_with("http://") && !base.starts_with("https://")) return {};
    constexpr std::string_view kHttp = "http";
    std::string url = "ws" + operation_url(base.substr(kHttp.size()), "/realtime");
    if (!named) append_parameter(url, "model", bay::sv(request.target->model));
    const auto body = shared::parse_json(bay::sv(request.json));
    if (!body || !body->is_object()) return url;
    for (const auto& [name, value] : body->get_object()) {
        if (name == "model" || !value.is_string()) continue;
        append_parameter(url, name, std::string_view(value.get_string()));
    }
    return url;
}

}  // namespace patchbay::openai
