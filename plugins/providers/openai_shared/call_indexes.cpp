// Tested by call_indexes_test.cpp.
#include "call_indexes.hpp"

#include <algorithm>
#include <string_view>

#include <boost/json.hpp>

#include "json/access.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

/// A piece that names a function begins a call, also where calls have no ids.
bool begins(const json::object& call) {
    const json::object* function = shared::find_object(call, "function");
    return function != nullptr && !shared::text(*function, "name").empty();
}

}  // namespace

const CallIndexes::Call* CallIndexes::known(std::uint64_t choice, const json::object& call) const {
    const std::string_view id = shared::text(call, "id");
    const bool numbered = shared::find(call, "index") != nullptr;
    const std::uint64_t given = shared::count(call, "index");
    const auto same = [&](const Call& one) {
        if (one.choice != choice) return false;
        if (!id.empty() && !one.id.empty()) return one.id == id;
        if (id.empty() && !numbered) return !begins(call);
        return numbered && one.given == given;
    };
    const auto found = std::find_if(calls_.rbegin(), calls_.rend(), same);
    return found != calls_.rend() ? &*found : nullptr;
}

const CallIndexes::Call* CallIndexes::add(std::uint64_t choice, std::uint64_t given,
                                          const json::object& call) {
    if (calls_.size() >= kMost) return nullptr;
    std::uint64_t index = given;
    const auto taken = [&](const Call& one) { return one.choice == choice && one.index == index; };
    while (std::any_of(calls_.begin(), calls_.end(), taken)) ++index;
    calls_.push_back({choice, given, index, std::string(shared::text(call, "id"))});
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
        const Call* one = known(of, *call);
        if (one == nullptr) one = add(of, shared::count(*call, "index"), *call);
        if (one == nullptr) continue;
        json::value& index = (*call)["index"];
        if (index.is_number() && shared::count(*call, "index") == one->index) continue;
        index = one->index;
        changed = true;
    }
    return changed;
}

}  // namespace patchbay::openai
