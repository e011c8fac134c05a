// Tested by call_indexes_test.cpp.
#include "call_indexes.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/sdk/host.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

constexpr std::size_t kDigits = 24;

std::string_view name_of(const json::object& call) {
    const json::object* function = shared::find_object(call, "function");
    return function != nullptr ? shared::text(*function, "name") : std::string_view();
}

std::string_view id_of(const json::object& call) {
    const std::string_view id = shared::text(call, "id");
    return id.find_first_not_of(' ') == std::string_view::npos ? std::string_view() : id;
}

}  // namespace

std::string new_call_id() {
    return "call_" + bay::Host::random_hex(kDigits);
}

void CallIndexes::Call::feed(std::string_view arguments) {
    for (const char c : arguments) {
        if (escaped) {
            escaped = false;
        } else if (in_string) {
            escaped = c == '\\';
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{') {
            ++depth;
            begun = true;
        } else if (c == '}' && depth > 0) {
            --depth;
        }
    }
}

CallIndexes::Call* CallIndexes::known(std::uint64_t choice, const json::object& call) {
    const std::string_view id = id_of(call), name = name_of(call);
    const bool numbered = shared::find(call, "index") != nullptr;
    const std::uint64_t given = shared::count(call, "index");
    const auto same = [&](const Call& one) {
        if (one.choice != choice) return false;
        if (!id.empty() && !one.id.empty()) return one.id == id;
        if (id.empty() && !numbered) return name.empty();
        if (!numbered || one.given != given) return false;
        const bool nameless = name.empty() || !id.empty() || !one.id.empty();
        return nameless || (name == one.name && !one.whole());
    };
    const auto found = std::find_if(calls_.rbegin(), calls_.rend(), same);
    return found != calls_.rend() ? &*found : nullptr;
}

CallIndexes::Call* CallIndexes::add(std::uint64_t choice, json::object& call) {
    if (calls_.size() >= kMost) return nullptr;
    const std::uint64_t given = shared::count(call, "index");
    std::uint64_t index = given;
    const auto taken = [&](const Call& one) { return one.choice == choice && one.index == index; };
    while (std::any_of(calls_.begin(), calls_.end(), taken)) ++index;
    Call one{.choice = choice, .given = given, .index = index};
    one.id = id_of(call);
    one.name = name_of(call);
    calls_.push_back(std::move(one));
    return &calls_.back();
}

bool CallIndexes::number(json::object& choice) {
    json::object* delta = shared::find_object(choice, "delta");
    json::value* pieces = delta != nullptr ? shared::find(*delta, "tool_calls") : nullptr;
    if (pieces == nullptr || !pieces->is_array()) return false;
    const std::uint64_t of = shared::count(choice, "index");
    bool changed = false;
    for (json::value& piece : pieces->get_array()) {
        json::object* call = piece.if_object();
        if (call == nullptr) continue;
        Call* one = known(of, *call);
        const bool begins = one == nullptr;
        if (begins) one = add(of, *call);
        if (one == nullptr) continue;
        const bool blank = id_of(*call).empty() && !shared::text(*call, "id").empty();
        if (begins && one->id.empty()) {
            (*call)["id"] = new_call_id();
            changed = true;
        } else if (!begins && (one->id.empty() || blank)) {
            changed |= call->erase("id") > 0;  // the client has been told another one
        }
        if (json::object* function = shared::find_object(*call, "function")) {
            one->feed(shared::text(*function, "arguments"));
            if (!begins && one->name == name_of(*call)) changed |= function->erase("name") > 0;
            if (one->name.empty()) one->name = name_of(*call);
        }
        json::value& index = (*call)["index"];
        if (index.is_number() && shared::count(*call, "index") == one->index) continue;
        index = one->index;
        changed = true;
    }
    return changed;
}

}  // namespace patchbay::openai
