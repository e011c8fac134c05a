// A client of the Responses API that rebuilds the response from a stream's events, as the official
// clients do, and is strict about their order.
#pragma once

#include <map>
#include <patchbay/json_tree.hpp>
#include <string>
#include <string_view>

#include "engine/surface/hub/test_support.hpp"

namespace patchbay::surface::test {

/// Takes events one by one; what is out of order fails the test.
class ResponseAccumulator {
  public:
    void event(std::string_view name, std::string_view text_of_event) {
        const auto tree = tree_of(text_of_event);
        const auto& event = tree.get_object();
        EXPECT_EQ(text(event, "type"), name);
        EXPECT_EQ(count(event, "sequence_number"), events_) << text_of_event;
        EXPECT_TRUE(last_.empty()) << "behind the last: " << text_of_event;
        if (events_ < 2) {
            EXPECT_EQ(name, events_ == 0 ? "response.created" : "response.in_progress");
            EXPECT_EQ(text(event.at("response").get_object(), "status"), "in_progress");
        } else if (const auto* response = find_object(event, "response")) {
            last_ = name;
            response_ = *response;
        } else if (name == "response.output_item.added") {
            EXPECT_EQ(count(event, "output_index"), items_.size());
            items_[items_.size()].value = event.at("item").get_object();
        } else {
            of_item(name, event, text_of_event);
        }
        ++events_;
    }

    /// The response that the last event told, which must be what the others told together.
    const json::object& response() const {
        EXPECT_FALSE(last_.empty());
        json::array output;
        for (const auto& [index, item] : items_) {
            EXPECT_TRUE(item.done) << index;
            output.push_back(item.value);
        }
        EXPECT_EQ(json_tree::write(response_.at("output")), json_tree::write(output));
        EXPECT_EQ(last_, "response." + std::string(text(response_, "status")));
        return response_;
    }

  private:
    struct Item {
        json::object value;
        std::string words;
        bool part_open = false;
        bool words_done = false;
        std::size_t parts = 0;
        bool done = false;
    };

    void of_item(std::string_view name, const json::object& event, std::string_view line) {
        ASSERT_TRUE(items_.count(count(event, "output_index"))) << line;
        Item& item = items_[count(event, "output_index")];
        EXPECT_FALSE(item.done) << line;
        if (name == "response.output_item.done") {
            EXPECT_FALSE(item.part_open) << line;
            EXPECT_EQ(text(event.at("item").get_object(), "id"), text(item.value, "id"));
            EXPECT_EQ(text(event.at("item").get_object(), "type"), text(item.value, "type"));
            const auto type = text(item.value, "type");
            const bool call = type == "function_call" || type == "custom_tool_call";
            EXPECT_TRUE(item.words_done || !call);
            item.value = event.at("item").get_object();
            item.done = true;
            return;
        }
        EXPECT_EQ(text(event, "item_id"), text(item.value, "id")) << line;
        if (name.ends_with("part.added")) {
            EXPECT_FALSE(item.part_open) << line;
            EXPECT_EQ(index_of(event), item.parts);
            item.part_open = true;
            item.words_done = false;
            item.words.clear();
        } else if (name.ends_with(".delta")) {
            EXPECT_FALSE(item.words_done) << line;
            EXPECT_TRUE(item.part_open || !event.contains("content_index")) << line;
            json_tree::join(item.words, text(event, "delta"));
        } else if (name.ends_with("part.done")) {
            EXPECT_TRUE(item.part_open && item.words_done) << line;
            item.part_open = false;
            ++item.parts;
        } else if (name.ends_with(".done")) {
            for (const std::string_view member : {"text", "refusal", "arguments", "input"}) {
                if (!event.contains(member)) continue;
                EXPECT_EQ(text(event, member), item.words) << line;
            }
            item.words_done = true;
        } else {
            EXPECT_EQ(name, "response.output_text.annotation.added");
        }
    }

    static std::size_t index_of(const json::object& event) {
        return count(event, event.contains("summary_index") ? "summary_index" : "content_index");
    }

    std::map<std::size_t, Item> items_;
    json::object response_;
    std::string last_;
    std::size_t events_ = 0;
};

}  // namespace patchbay::surface::test
