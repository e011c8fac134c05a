// SPDX-License-Identifier: Apache-2.0
// patchbay/client_values.hpp -- requests and answers as values. A part of patchbay/client.hpp, which
// programs include.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "patchbay/client_failure.hpp"

namespace patchbay {

/// A JSON document: an answer, or a piece of one.
class Document {
  public:
    explicit Document(std::string json) : json_(std::move(json)) {}
    const std::string& json() const { return json_; }
    /// What stands at an RFC 6901 pointer ("/usage/total_tokens"): a string's characters, else JSON.
    std::optional<std::string> at(std::string_view pointer) const {
        return detail::at(json_, pointer);
    }

  private:
    std::string json_;
};

/// `text` as a JSON string with its quotes: for members of a request that are texts.
inline std::string json_text(std::string_view text) {
    return detail::quoted(text);
}

/// A message of a chat.
struct Message {
    std::string role{};
    std::string content{};
    /// All of it as a JSON object, in place of the two: pictures, calls of tools, what these gave.
    std::string json{};
};

/// A whole answer.
class Answer : public Document {
  public:
    Answer(std::string json, std::string about)
        : Document(std::move(json)), about_(std::move(about)) {}
    /// What the model said in the first choice of a chat; empty if it said nothing.
    std::string text() const { return at("/choices/0/message/content").value_or(""); }
    /// The first choice of a chat, for the next request of the conversation: with its calls of tools.
    Message message() const { return {.json = at("/choices/0/message").value_or("{}")}; }
    /// About the call (bay_call_event::about): at("/cost"), at("/provider"), ...
    const Document& about() const { return about_; }

  private:
    Document about_;
};

/// A piece of a streamed answer.
class Chunk : public Document {
  public:
    Chunk(std::string name, std::string data) : Document(std::move(data)), name_(std::move(name)) {}
    /// What the first choice of a chat says here; empty if it says nothing.
    std::string text() const { return at("/choices/0/delta/content").value_or(""); }
    /// Of the event; the media type of a piece of bytes, which json() holds then.
    const std::string& name() const { return name_; }

  private:
    std::string name_;
};

/// A chat request. `more` are other members by name, each JSON text: {"temperature", "0.2"}, {"api_key", json_text(key)}.
struct ChatRequest {
    std::string model;
    std::vector<Message> messages;
    std::vector<std::pair<std::string, std::string>> more{};

    std::string json(bool stream) const {
        std::string text = "{\"model\":" + detail::quoted(model) + ",\"messages\":[";
        for (const Message& message : messages) {
            if (text.back() != '[') text += ',';
            if (!message.json.empty()) {
                text += message.json;
                continue;
            }
            text += "{\"role\":" + detail::quoted(message.role) +
                    ",\"content\":" + detail::quoted(message.content) + '}';
        }
        text += ']';
        for (const auto& [name, value] : more) text += ',' + detail::quoted(name) + ':' + value;
        if (stream) text += ",\"stream\":true";
        return text + '}';
    }
};

}  // namespace patchbay
