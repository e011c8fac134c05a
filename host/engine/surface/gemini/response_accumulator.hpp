// A client of Gemini's API that puts the responses of a stream together, and is strict about them.
#pragma once

#include <patchbay/json_tree.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "engine/surface/gemini/test_support.hpp"

namespace patchbay::surface::test {

/// Takes responses one by one; what no stream of Google's has fails the test.
class GeminiAccumulator {
  public:
    void response(std::string_view name, std::string_view text_of_response) {
        EXPECT_EQ(name, "");
        auto tree = tree_of(text_of_response);
        auto& response = tree.get_object();
        EXPECT_FALSE(ended_) << "behind the last: " << text_of_response;
        for (auto& value : response.at("candidates").get_array()) {
            auto& candidate = value.get_object();
            EXPECT_EQ(count(candidate, "index"), 0u);
            auto& parts = candidate.at("content").get_object().at("parts").get_array();
            EXPECT_FALSE(parts.empty()) << "clients take it for broken: " << text_of_response;
            for (auto& part : parts) add(part.get_object());
            ended_ |= candidate.contains("finishReason");
            for (auto& member : candidate) {
                if (member.key() != "content") candidate_[member.key()] = member.value();
            }
        }
        EXPECT_EQ(response.contains("usageMetadata"), ended_);
        for (auto& member : response) {
            if (member.key() != "candidates") response_[member.key()] = member.value();
        }
    }

    /// The response; the stream must have ended.
    json::object whole() {
        EXPECT_TRUE(ended_);
        json::object candidate = candidate_;
        candidate["content"] = json::object{{"parts", parts_}, {"role", "model"}};
        json::object response = response_;
        response["candidates"] = json::array{std::move(candidate)};
        return response;
    }

  private:
    // Texts of one kind are one part; an empty one only carries what must come back.
    void add(json::object& part) {
        const auto* words = find(part, "text");
        if (!words) return parts_.push_back(std::move(part));
        const bool thought = is_true(part, "thought");
        const bool empty = words->get_string().empty();
        if (empty && !part.contains("thoughtSignature")) return;
        auto* last = parts_.empty() ? nullptr : parts_.back().if_object();
        const bool joins = last && last->contains("text") && is_true(*last, "thought") == thought &&
                           !part.contains("thoughtSignature");
        if (!joins) return parts_.push_back(std::move(part));
        std::string joined(text(*last, "text"));
        json_tree::join(joined, view(words->get_string()));
        (*last)["text"] = joined;
    }

    json::object response_;
    json::object candidate_;
    json::array parts_;
    bool ended_ = false;
};

}  // namespace patchbay::surface::test
