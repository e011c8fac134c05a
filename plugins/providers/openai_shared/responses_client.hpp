// A server that tells a response in events, and a client that joins the chunks made of them, for this
// folder's tests.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "envelope/envelope.hpp"
#include "responses_answer.hpp"
#include "responses_stream.hpp"

namespace patchbay::openai {

inline ChatAnswerContext context(bool functions = false) {
    return {.model = "gpt-5", .created = 7, .own_id = "chatcmpl-own", .functions = functions};
}

inline std::string sealed() {
    return shared::sealed(shared::kOfResponses, "gAAA");
}

/// A response with these items.
inline std::string response(const std::string& output,
                            const std::string& more = R"("status":"completed")") {
    return R"({"id":"resp_1","object":"response","created_at":5,"model":"gpt-5-pro","error":null,)" +
           more + R"(,"usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":2},
           "output_tokens":4,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":13},
           "output":)" +
           output + "}";
}

inline json::object whole(const std::string& text, bool functions = false) {
    const auto tree = json::parse(text);
    const auto answer = chat_of_response(tree.as_object(), context(functions));
    EXPECT_TRUE(answer) << text;
    return answer ? json::parse(answer->json).as_object() : json::object();
}

/// What of its three ways of saying everything a server uses.
struct Server {
    bool deltas, dones, all;
};

/// Feeds the events in which a server tells the response; gives what a client joins.
class Client {
  public:
    explicit Client(bool functions) : stream_(context(functions), true) {}

    ResponsesStream::State feed(const json::value& event) {
        chunks_.clear();
        const auto state = stream_.feed("", json::serialize(event), chunks_);
        for (const auto& chunk : chunks_) take(json::parse(chunk).as_object());
        return state;
    }

    json::object hear(const json::object& response, const Server& server) {
        json::object begun = response;
        begun["output"] = json::array();
        begun["status"] = "in_progress";
        const auto before = chunks_heard_;
        feed({{"type", "response.created"}, {"response", begun}});
        EXPECT_EQ(chunks_heard_, before) << "nothing is shown before something is said";
        const auto& output = response.at("output").as_array();
        for (std::size_t i = 0; i < output.size(); ++i) {
            const auto& item = output[i].as_object();
            if (server.deltas) tell(item, i);
            if (server.dones) {
                feed({{"type", "response.output_item.done"}, {"output_index", i}, {"item", item}});
            }
        }
        json::object last = response;
        if (!server.all) last["output"] = json::array();
        const std::string type = "response." + std::string(last.at("status").as_string());
        EXPECT_EQ(feed({{"type", type}, {"response", last}}), ResponsesStream::State::ended);
        EXPECT_EQ(feed({{"type", type}, {"response", last}}), ResponsesStream::State::ended);
        return answer_;
    }

  private:
    /// In pieces of two characters where the API has deltas.
    void pieces(std::string_view words, json::object event) {
        std::size_t characters = 0;
        std::string piece;
        for (std::size_t at = 0; at < words.size(); ++at) {
            if ((words[at] & 0xc0) != 0x80 && characters++ % 2 == 0 && at > 0) {
                event["delta"] = std::exchange(piece, {});
                feed(event);
            }
            piece += words[at];
        }
        if (piece.empty()) return;
        event["delta"] = piece;
        feed(event);
    }

    void tell(const json::object& item, std::size_t i) {
        const auto type = text(item, "type");
        json::object begun = item;
        for (const std::string_view name : {"arguments", "input"}) {
            if (begun.contains(name)) begun[name] = "";
        }
        for (const std::string_view name : {"content", "summary"}) {
            if (begun.contains(name)) begun[name] = json::array();
        }
        begun.erase("encrypted_content");
        begun.erase("result");
        feed({{"type", "response.output_item.added"}, {"output_index", i}, {"item", begun}});
        if (is_call(type)) {
            const bool custom = type == "custom_tool_call";
            pieces(text(item, custom ? "input" : "arguments"),
                   json::object{{"type", custom ? "response.custom_tool_call_input.delta"
                                                : "response.function_call_arguments.delta"},
                                {"output_index", i}});
        }
        if (const auto* summary = find_array(item, "summary")) {
            for (const auto& part : *summary) {
                feed({{"type", "response.reasoning_summary_part.added"}, {"output_index", i}});
                pieces(text(part.as_object(), "text"),
                       json::object{{"type", "response.reasoning_summary_text.delta"},
                                    {"output_index", i}});
            }
        }
        const auto* content = find_array(item, "content");
        for (std::size_t n = 0; content && n < content->size(); ++n) {
            const auto& part = (*content)[n].as_object();
            const bool refusal = text(part, "type") == "refusal";
            const bool thought = text(part, "type") == "reasoning_text";
            json::object event{{"type", refusal   ? "response.refusal.delta"
                                        : thought ? "response.reasoning_text.delta"
                                                  : "response.output_text.delta"},
                               {"output_index", i},
                               {"content_index", n}};
            pieces(text(part, refusal ? "refusal" : "text"), event);
            const auto* annotations = find_array(part, "annotations");
            for (std::size_t a = 0; annotations && a < annotations->size(); ++a) {
                feed({{"type", "response.output_text.annotation.added"},
                      {"output_index", i},
                      {"content_index", n},
                      {"annotation_index", a},
                      {"annotation", (*annotations)[a]}});
            }
        }
    }

    void take(const json::object& chunk) {
        ++chunks_heard_;
        for (const std::string_view name : {"id", "created", "model", "service_tier", "usage"}) {
            if (const auto* value = chunk.if_contains(name)) answer_[name] = *value;
        }
        const auto& choices = chunk.at("choices").as_array();
        if (choices.empty()) return;
        const auto& choice = choices[0].as_object();
        EXPECT_EQ(choice.at("delta").as_object().contains("role"), chunks_heard_ == 1);
        if (!choice.at("finish_reason").is_null()) answer_["finish"] = choice.at("finish_reason");
        for (const auto& member : choice.at("delta").as_object()) {
            join(member.key(), member.value());
        }
    }

    void join(std::string_view name, const json::value& value) {
        if (name == "role") return;
        if (name == "tool_calls") {
            for (const auto& piece : value.as_array()) join_call(piece.as_object());
        } else if (name == "function_call") {
            merge(value.as_object(), answer_["function_call"]);
        } else if (value.is_string()) {
            if (!answer_.contains(name)) answer_[name] = "";
            answer_[name].as_string() += value.as_string();
        } else if (value.is_array()) {
            if (!answer_.contains(name)) answer_[name] = json::array();
            for (const auto& one : value.as_array()) answer_[name].as_array().push_back(one);
        } else {
            answer_[name] = value;
        }
    }

    void join_call(const json::object& piece) {
        if (!answer_.contains("tool_calls")) answer_["tool_calls"] = json::array();
        auto& calls = answer_["tool_calls"].as_array();
        const auto index = piece.at("index").to_number<std::size_t>();
        if (index == calls.size()) calls.emplace_back(json::object());
        ASSERT_LT(index, calls.size());
        merge(piece, calls[index]);
        calls[index].as_object().erase("index");
    }

    static void merge(const json::object& from, json::value& to) {
        if (!to.is_object()) to = json::object();
        for (const auto& member : from) {
            auto& target = to.as_object()[member.key()];
            if (member.value().is_object()) {
                merge(member.value().as_object(), target);
            } else if (target.is_string() && member.value().is_string()) {
                target.as_string() += member.value().as_string();
            } else {
                target = member.value();
            }
        }
    }

    ResponsesStream stream_;
    std::vector<std::string> chunks_;
    std::size_t chunks_heard_ = 0;
    json::object answer_;
};

/// A whole answer as Client joins a stream.
inline json::object flat(const json::object& answer) {
    json::object joined;
    for (const std::string_view name : {"id", "created", "model", "service_tier", "usage"}) {
        if (const auto* value = answer.if_contains(name)) joined[name] = *value;
    }
    const auto& choice = answer.at("choices").at(0).as_object();
    joined["finish"] = choice.at("finish_reason");
    for (const auto& member : choice.at("message").as_object()) {
        if (member.key() != "role" && !member.value().is_null()) {
            joined[member.key()] = member.value();
        }
    }
    return joined;
}

}  // namespace patchbay::openai
