// A client of the Messages API that rebuilds the message from a stream's events, as the official
// clients do, and is strict about their order.
#pragma once

#include <patchbay/json_tree.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "engine/surface/hub/test_support.hpp"

namespace patchbay::surface::test {

/// Takes events one by one; what is out of order fails the test.
class MessageAccumulator {
  public:
    void event(std::string_view name, std::string_view text_of_event) {
        const auto tree = tree_of(text_of_event);
        const auto& event = tree.get_object();
        EXPECT_EQ(text(event, "type"), name);
        EXPECT_FALSE(stopped_) << "behind message_stop: " << text_of_event;
        if (name == "message_start") {
            EXPECT_TRUE(message_.empty());
            message_ = event.at("message").get_object();
        } else if (name == "content_block_start") {
            start_block(event);
        } else if (name == "content_block_delta") {
            add_delta(event.at("delta").get_object(), event);
        } else if (name == "content_block_stop") {
            stop_block(event);
        } else if (name == "message_delta") {
            EXPECT_FALSE(open_);
            for (const auto& member : event.at("delta").get_object()) {
                message_[member.key()] = member.value();
            }
            for (const auto& member : event.at("usage").get_object()) {
                message_["usage"].get_object()[member.key()] = member.value();
            }
            ended_ = true;
        } else {
            EXPECT_EQ(name, "message_stop");
            EXPECT_TRUE(ended_);
            stopped_ = true;
        }
    }

    /// The message; the stream must have ended.
    const json::object& message() const {
        EXPECT_TRUE(stopped_);
        return message_;
    }
    const json::array& content() const { return message_.at("content").get_array(); }

  private:
    void start_block(const json::object& event) {
        EXPECT_FALSE(std::exchange(open_, true));
        EXPECT_FALSE(ended_);
        auto& content = message_["content"].get_array();
        EXPECT_EQ(count(event, "index"), content.size());
        content.push_back(event.at("content_block"));
        input_.clear();
    }

    void add_delta(const json::object& delta, const json::object& event) {
        auto& content = message_["content"].get_array();
        ASSERT_TRUE(open_);
        ASSERT_EQ(count(event, "index") + 1, content.size());
        auto& block = content.back().get_object();
        const auto kind = text(block, "type");
        const auto type = text(delta, "type");
        if (type == "input_json_delta") {
            EXPECT_EQ(kind, "tool_use");
            json_tree::join(input_, text(delta, "partial_json"));
            return;
        }
        const struct {
            std::string_view type, kind, member;
            bool joined;
        } known[] = {{"text_delta", "text", "text", true},
                     {"thinking_delta", "thinking", "thinking", true},
                     {"signature_delta", "thinking", "signature", false}};
        for (const auto& row : known) {
            if (row.type != type) continue;
            EXPECT_EQ(kind, row.kind);
            EXPECT_FALSE(text(delta, row.member).empty());
            std::string words(row.joined ? text(block, row.member) : std::string_view());
            json_tree::join(words, text(delta, row.member));
            block[row.member] = words;
            return;
        }
        ADD_FAILURE() << "unknown delta " << type;
    }

    void stop_block(const json::object& event) {
        auto& content = message_["content"].get_array();
        EXPECT_TRUE(std::exchange(open_, false));
        EXPECT_EQ(count(event, "index") + 1, content.size());
        auto& block = content.back().get_object();
        if (text(block, "type") == "tool_use" && !input_.empty()) block["input"] = tree_of(input_);
        EXPECT_FALSE(text(block, "type") == "text" && text(block, "text").empty());
    }

    json::object message_;
    std::string input_;
    bool open_ = false;
    bool ended_ = false;
    bool stopped_ = false;
};

}  // namespace patchbay::surface::test
