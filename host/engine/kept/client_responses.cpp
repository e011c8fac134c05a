#include "engine/kept/client_responses.hpp"

#include <algorithm>
#include <patchbay/json_tree.hpp>
#include <utility>

#include <boost/json.hpp>

namespace patchbay {

namespace json = boost::json;

namespace {

constexpr std::size_t kIdDigits = 32;

void append_list(json::value list, std::vector<json::value>& items) {
    auto* const array = list.if_array();
    if (array == nullptr) return;
    for (auto& item : *array) items.push_back(std::move(item));
}

void append_output(const KeptResponse& response, std::vector<json::value>& items) {
    auto tree = json_tree::read(response.response);
    auto* const object = tree ? tree.value.if_object() : nullptr;
    auto* const output = object != nullptr ? object->if_contains("output") : nullptr;
    if (output != nullptr) append_list(std::move(*output), items);
}

}  // namespace

void ClientResponses::keep(KeptResponse response) const {
    if (keeps()) all_->keep(asker_.owner, std::move(response), KeptResponses::Clock::now());
}

std::shared_ptr<const KeptResponse> ClientResponses::find(std::string_view id) const {
    return keeps() ? all_->find(asker_, id, KeptResponses::Clock::now()) : nullptr;
}

bool ClientResponses::drop(std::string_view id) const {
    return keeps() && all_->drop(asker_, id, KeptResponses::Clock::now());
}

bool ClientResponses::is_anothers(std::string_view id) const {
    return keeps() && asker_.known && all_->has_anothers(asker_, id);
}

// An item's id holds that of its response: "msg_<digits>_<number>".
std::optional<json::value> ClientResponses::item(std::string_view id) const {
    const std::size_t begin = id.find('_') + 1;
    const std::string_view digits = id.substr(begin, kIdDigits);
    if (begin == 0 || digits.size() != kIdDigits) return std::nullopt;
    const auto response = find(std::string("resp_").append(digits));
    if (!response) return std::nullopt;
    std::vector<json::value> output;
    append_output(*response, output);
    for (auto& value : output) {
        const auto* item = value.if_object();
        const auto* own = item != nullptr ? item->if_contains("id") : nullptr;
        const auto* words = own != nullptr ? own->if_string() : nullptr;
        if (words != nullptr && std::string_view(words->data(), words->size()) == id) {
            return std::move(value);
        }
    }
    return std::nullopt;
}

std::vector<json::value> conversation_items(const KeptResponse& last) {
    std::vector<json::value> items = asked_items(last);
    append_output(last, items);
    return items;
}

std::vector<json::value> asked_items(const KeptResponse& last) {
    std::vector<const KeptResponse*> chain;
    for (const auto* one = &last; one != nullptr; one = one->previous.get()) chain.push_back(one);
    std::vector<json::value> items;
    for (auto one = chain.rbegin(); one != chain.rend(); ++one) {
        auto tree = json_tree::read((*one)->input);
        if (tree) append_list(std::move(tree.value), items);
        if (*one != &last) append_output(**one, items);
    }
    return items;
}

}  // namespace patchbay
