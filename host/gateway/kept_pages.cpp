#include "gateway/kept_pages.hpp"

#include <algorithm>
#include <charconv>
#include <patchbay/json_tree.hpp>
#include <utility>

#include <boost/json.hpp>

#include "contract/http/query.hpp"

namespace patchbay::gateway {

namespace json = boost::json;

namespace {

constexpr std::size_t kUsual = 20;
constexpr std::size_t kMost = 100;

std::string id_of(const json::value& item) {
    const auto* object = item.if_object();
    const auto* id = object != nullptr ? object->if_contains("id") : nullptr;
    const auto* words = id != nullptr ? id->if_string() : nullptr;
    return words != nullptr ? std::string(words->data(), words->size()) : std::string();
}

// Clients write their items without ids; the list names each.
void name_items(std::string_view response_id, std::vector<json::value>& items) {
    const std::string_view seed = response_id.substr(response_id.find('_') + 1);
    for (std::size_t i = 0; i < items.size(); ++i) {
        auto* const item = items[i].if_object();
        if (item == nullptr || !id_of(items[i]).empty()) continue;
        (*item)["id"] = "msg_" + std::string(seed) + "_in" + std::to_string(i);
    }
}

std::size_t limit_of(std::string_view query) {
    const std::string text = http::query_value(query, "limit").value_or("");
    std::size_t limit = 0;
    std::from_chars(text.data(), text.data() + text.size(), limit);
    return limit >= 1 && limit <= kMost ? limit : kUsual;
}

std::string deleted(std::string_view id) {
    return json_tree::write(json::object{{"id", id}, {"object", "response"}, {"deleted", true}});
}

std::string input_items(const KeptResponse& response, std::string_view query) {
    std::vector<json::value> items = asked_items(response);
    name_items(response.id, items);
    if (http::query_value(query, "order") != "asc") std::reverse(items.begin(), items.end());
    auto first = items.begin();
    if (const auto after = http::query_value(query, "after")) {
        const auto named = std::find_if(items.begin(), items.end(), [&](const json::value& item) {
            return id_of(item) == *after;
        });
        if (named != items.end()) first = named + 1;
    }
    const auto left = static_cast<std::size_t>(items.end() - first);
    const std::size_t count = std::min(limit_of(query), left);
    json::array data;
    for (std::size_t i = 0; i < count; ++i) data.push_back(std::move(*(first++)));
    json::object list{{"object", "list"}, {"has_more", count < left}};
    list["first_id"] = data.empty() ? json::value() : json::value(id_of(data.front()));
    list["last_id"] = data.empty() ? json::value() : json::value(id_of(data.back()));
    list["data"] = std::move(data);
    return json_tree::write(list);
}

}  // namespace

std::optional<Result<Page>> kept_page(const ClientResponses& kept, const Surface& surface,
                                      std::string_view id, std::string_view query) {
    const auto found = kept.find(id);
    if (!found && kept.is_anothers(id)) return Result<Page>(response_of_another());
    if (!found) return std::nullopt;
    Page page;
    if (surface.operation == &kCancelResponse) {
        return Result<Page>(bad_request("Cannot cancel a synchronous response.", "response_id"));
    }
    if (surface.operation == &kGetResponse && http::query_value(query, "stream") == "true") {
        return Result<Page>(
            bad_request("This response is kept whole; ask for it without `stream`.", "stream"));
    }
    if (surface.operation == &kDeleteResponse) {
        kept.drop(id);
        page.body = deleted(id);
    } else if (surface.operation == &kResponseInput) {
        page.body = input_items(*found, query);
    } else {
        page.body = found->response;
    }
    return Result<Page>(std::move(page));
}

}  // namespace patchbay::gateway
