// Conversations of the chat API that other APIs can say, too.
#pragma once

#include <patchbay/json_tree.hpp>
#include <string>
#include <utility>

#include "engine/surface/hub/sample_answers.hpp"

namespace patchbay::surface::test {

/// Makes conversations out of a seed: the same in every run.
class Conversations {
  public:
    explicit Conversations(unsigned seed) : random_(seed) {}

    json::array messages() {
        json::array made;
        calls_ = 0;
        const auto turns = 1 + pick(random_, 5);
        for (std::size_t turn = 0; turn < turns; ++turn) {
            made.emplace_back(json::object{{"role", "user"}, {"content", words()}});
            add_answer(made);
        }
        made.emplace_back(json::object{{"role", "user"}, {"content", words()}});
        return made;
    }

  private:
    std::string words() {
        static constexpr const char* kWords[] = {
            "Hello", "caf\xc3\xa9", "\xf0\x9f\x98\x80", "\"quoted\"\n", "{\"json\": 1}", " "};
        std::string made = "w";
        for (std::size_t i = pick(random_, 6); i > 0; --i) made += kWords[pick(random_, 6)];
        return made;
    }

    json::object arguments() {
        json::object made;
        if (pick(random_, 3) == 0) return made;
        made["text"] = words();
        made["n"] = json_tree::number_from("12345678901234567890123.50");
        made["list"] = json::array{1, nullptr, true, json::object{{"a", words()}}};
        return made;
    }

    void add_answer(json::array& made) {
        json::object answer{{"role", "assistant"}, {"content", nullptr}};
        const auto kind = pick(random_, 3);
        if (kind != 1) answer["content"] = words();
        if (pick(random_, 3) == 0) {
            const auto thought = words();
            answer["reasoning_content"] = thought;
            answer["thinking_blocks"] = json::array{
                json::object{{"type", "thinking"}, {"thinking", thought}, {"signature", words()}}};
        }
        if (kind == 0) return made.push_back(std::move(answer));
        json::array calls;
        json::array results;
        for (std::size_t i = 1 + pick(random_, 3); i > 0; --i) {
            const auto id = "call-" + std::to_string(++calls_);
            calls.emplace_back(json::object{
                {"id", id},
                {"type", "function"},
                {"function", {{"name", "f"}, {"arguments", json_tree::write(arguments())}}}});
            results.emplace_back(
                json::object{{"role", "tool"}, {"tool_call_id", id}, {"content", words()}});
        }
        answer["tool_calls"] = std::move(calls);
        made.push_back(std::move(answer));
        for (auto& result : results) made.push_back(std::move(result));
    }

    Random random_;
    int calls_ = 0;
};

}  // namespace patchbay::surface::test
