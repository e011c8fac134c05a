// SPDX-License-Identifier: Apache-2.0
#include "tool_turns.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "assistant.hpp"
#include "content.hpp"

namespace patchbay::anthropic {

namespace {

constexpr std::string_view kNoResult = "No result: the call was not answered.";

json::object* as_type(json::value& block, std::string_view type) {
    auto* object = block.if_object();
    return object && text(*object, "type") == type ? object : nullptr;
}

struct Call {
    std::string id;  ///< that it has upstream
    std::size_t turn = 0;
    json::value result;     ///< null: none was found
    std::size_t place = 0;  ///< of the result, counted over the conversation
};

/// Calls with one id of the client's that wait for their results.
struct Waiting {
    std::size_t turn = 0;
    std::deque<std::size_t> calls;
};

class Pairing {
  public:
    explicit Pairing(std::vector<Turn>& turns) : turns_(turns) {}

    void run() {
        for (std::size_t i = 0; i < turns_.size(); ++i) read(i);
        if (calls_.empty()) return;
        std::vector<Turn> paired;
        std::size_t next = 0;
        for (std::size_t i = 0; i < turns_.size(); ++i) {
            const auto first = next;
            while (next < calls_.size() && calls_[next].turn == i) ++next;
            paired.push_back(std::move(turns_[i]));
            if (next == first) continue;
            auto results = results_of(first, next);
            if (i + 1 == turns_.size()) {
                paired.push_back({"user", std::move(results)});
            } else {
                auto& blocks = turns_[i + 1].blocks;
                blocks.insert(blocks.begin(), results.begin(), results.end());
            }
        }
        turns_ = std::move(paired);
    }

  private:
    void read(std::size_t turn) {
        json::array kept;
        for (auto& block : turns_[turn].blocks) {
            if (auto* call = as_type(block, "tool_use")) {
                add_call(*call, turn);
            } else if (auto* result = as_type(block, "tool_result")) {
                add_result(*result, block, kept);
                continue;
            }
            kept.push_back(std::move(block));
        }
        turns_[turn].blocks = std::move(kept);
    }

    void add_call(json::object& call, std::size_t turn) {
        const std::string given(text(call, "id"));
        const auto safe = tool_use_id(given);
        auto id = safe;
        if (!used_.insert(id).second) {
            // All up to the last one are taken: a long conversation may call by one id again and again.
            auto& last = numbers_.try_emplace(safe, 1).first->second;
            do {
                id = safe + "_" + std::to_string(++last);
            } while (!used_.insert(id).second);
        }
        call["id"] = id;
        auto& waiting = waiting_[given];
        if (waiting.turn != turn) waiting = {turn, {}};
        waiting.calls.push_back(calls_.size());
        calls_.push_back({std::move(id), turn, nullptr, 0});
    }

    void add_result(json::object& result, json::value& block, json::array& kept) {
        const auto found = waiting_.find(std::string(text(result, "tool_use_id")));
        if (found == waiting_.end() || found->second.calls.empty()) {
            keep_as_content(result, kept);
            return;
        }
        auto& call = calls_[found->second.calls.front()];
        found->second.calls.pop_front();
        result["tool_use_id"] = call.id;
        call.result = std::move(block);
        call.place = ++results_;
    }

    static void keep_as_content(json::object& result, json::array& kept) {
        auto* content = find(result, "content");
        if (!content) return;
        if (auto* blocks = content->if_array()) {
            for (auto& block : *blocks) kept.push_back(std::move(block));
        } else if (content->is_string() && !is_blank(content->get_string())) {
            kept.emplace_back(json::object{{"type", "text"}, {"text", std::move(*content)}});
        }
    }

    json::array results_of(std::size_t first, std::size_t end) {
        std::vector<Call*> order;
        for (auto i = first; i < end; ++i) {
            auto& call = calls_[i];
            if (call.result.is_null()) {
                call.result = json::object{{"type", "tool_result"},
                                           {"tool_use_id", call.id},
                                           {"content", kNoResult},
                                           {"is_error", true}};
                call.place = ++results_;
            }
            order.push_back(&call);
        }
        std::stable_sort(order.begin(), order.end(),
                         [](const Call* a, const Call* b) { return a->place < b->place; });
        json::array results;
        for (auto* call : order) results.push_back(std::move(call->result));
        return results;
    }

    std::vector<Turn>& turns_;
    std::vector<Call> calls_;
    std::unordered_map<std::string, Waiting> waiting_;  ///< by the client's id
    std::unordered_set<std::string> used_;
    std::unordered_map<std::string, int> numbers_;  ///< by id: the last that was put behind it
    std::size_t results_ = 0;
};

}  // namespace

void pair_tool_results(std::vector<Turn>& turns) {
    Pairing(turns).run();
}

}  // namespace patchbay::anthropic
