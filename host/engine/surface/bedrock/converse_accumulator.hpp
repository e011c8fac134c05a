// A client of Converse that puts the events of a stream together, and is strict about them.
#pragma once

#include <map>
#include <patchbay/json_tree.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "engine/surface/bedrock/test_support.hpp"

namespace patchbay::surface::test::converse {

/// Takes events one by one; what no stream of Bedrock's has fails the test.
class ConverseAccumulator {
  public:
    void event(std::string_view type, std::string_view json) {
        auto tree = tree_of(json);
        auto& event = tree.get_object();
        EXPECT_FALSE(ended_) << "behind the last: " << type;
        EXPECT_EQ(type == "messageStart", !begun_) << type;
        EXPECT_FALSE(stopped_ && type != "metadata") << type;
        begun_ = true;
        if (type == "contentBlockStart") {
            start(event);
        } else if (type == "contentBlockDelta") {
            add(event);
        } else if (type == "contentBlockStop") {
            stop(event);
        } else if (type == "messageStop") {
            EXPECT_FALSE(open_);
            stopped_ = true;
            for (auto& member : event) answer_[member.key()] = member.value();
        } else if (type == "metadata") {
            ended_ = true;
            for (auto& member : event) answer_[member.key()] = member.value();
        } else {
            EXPECT_EQ(type, "messageStart");
            EXPECT_EQ(json, R"({"role":"assistant"})");
        }
    }

    /// The answer; the stream must have ended.
    json::object whole() {
        EXPECT_TRUE(stopped_ && ended_);
        json::object answer{
            {"output", {{"message", {{"role", "assistant"}, {"content", blocks_}}}}}};
        for (auto& member : answer_) answer[member.key()] = member.value();
        return answer;
    }

  private:
    void start(json::object& event) {
        EXPECT_FALSE(std::exchange(open_, true));
        EXPECT_EQ(count(event, "contentBlockIndex"), blocks_.size());
        auto& begun = event.at("start").get_object();
        EXPECT_EQ(begun.size(), 1u);
        block_ = begun;
        input_.clear();
    }

    // A block of text or thought begins with its first delta.
    void add(json::object& event) {
        open_ = true;
        EXPECT_EQ(count(event, "contentBlockIndex"), blocks_.size());
        auto& delta = event.at("delta").get_object();
        EXPECT_EQ(delta.size(), 1u);
        if (const auto* words = find(delta, "text")) {
            EXPECT_FALSE(words->get_string().empty());
            join(block_, "text", view(words->get_string()));
        } else if (const auto* call = find_object(delta, "toolUse")) {
            EXPECT_TRUE(block_.contains("toolUse"));
            json_tree::join(input_, text(*call, "input"));
        } else if (const auto* citation = find_object(delta, "citation")) {
            citations_.push_back(*citation);
        } else if (const auto* image = find_object(delta, "image")) {
            block_.at("image").get_object()["source"] = image->at("source");
        } else {
            think(delta.at("reasoningContent").get_object());
        }
    }

    void think(const json::object& piece) {
        if (!block_.contains("reasoningContent")) block_["reasoningContent"] = json::object();
        auto& thought = block_["reasoningContent"].get_object();
        if (const auto* content = find(piece, "redactedContent")) {
            thought["redactedContent"] = *content;
            return;
        }
        if (!thought.contains("reasoningText")) {
            thought["reasoningText"] = json::object{{"text", ""}};
        }
        auto& words = thought["reasoningText"].get_object();
        EXPECT_FALSE(words.contains("signature")) << "it comes last, and once";
        join(words, "text", text(piece, "text"));
        if (const auto* signature = find(piece, "signature")) words["signature"] = *signature;
    }

    static void join(json::object& to, std::string_view name, std::string_view piece) {
        std::string joined(text(to, name));
        json_tree::join(joined, piece);
        to[name] = joined;
    }

    void stop(json::object& event) {
        EXPECT_TRUE(std::exchange(open_, false));
        EXPECT_EQ(count(event, "contentBlockIndex"), blocks_.size());
        if (auto* call = block_.if_contains("toolUse")) {
            call->get_object()["input"] = tree_of(input_.empty() ? "{}" : input_);
        }
        if (!citations_.empty()) {
            json::array words{json::object{{"text", block_.at("text")}}};
            block_ = json::object{
                {"citationsContent",
                 {{"content", std::move(words)}, {"citations", std::exchange(citations_, {})}}}};
        }
        blocks_.emplace_back(std::exchange(block_, {}));
    }

    json::object answer_;
    json::array blocks_;
    json::object block_;
    json::array citations_;
    std::string input_;
    bool begun_ = false;
    bool open_ = false;
    bool stopped_ = false;
    bool ended_ = false;
};

}  // namespace patchbay::surface::test::converse
