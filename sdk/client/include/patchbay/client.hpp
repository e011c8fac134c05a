// SPDX-License-Identifier: Apache-2.0
// patchbay/client.hpp -- calls to models from C++20, over patchbay/client.h. Header-only.
//
//     #include <patchbay/client.hpp>
//
//     auto answer = patchbay::completion({.model = "openai/gpt-4o", .messages = {{"user", "Hello"}}});
//     if (!answer) return fail(answer.error().message);          // a Result is asked, or
//     std::cout << answer.value().text() << '\n';                // value() throws its error
//
//     for (const patchbay::Chunk& chunk : patchbay::stream({...})) std::cout << chunk.text();
//
// Results and exceptions are the caller's choice: value() of a Result that failed throws the
// exception of the failure's class (RateLimitError, AuthenticationError, ...), all of them Errors.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "patchbay/client.h"

namespace patchbay {

namespace detail {

inline std::string_view text(bay_str view) {
    return {view.ptr, view.len};
}
inline bay_str view(std::string_view text) {
    return {text.data() ? text.data() : "", text.size()};
}

/// What stands at `pointer` of a document; nothing if it is not there.
inline std::optional<std::string> at(std::string_view json, std::string_view pointer) {
    std::string found(256, '\0');
    std::size_t size = found.size();
    bay_status status = bay_json_at(view(json), view(pointer), found.data(), &size);
    if (status == BAY_E_LIMIT) {
        found.resize(size);
        status = bay_json_at(view(json), view(pointer), found.data(), &size);
    }
    if (status != BAY_OK) return std::nullopt;
    found.resize(size);
    return found;
}

/// `text` as a JSON string with its quotes.
inline std::string quoted(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string json = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            (json += '\\') += c;
        } else if (byte < 0x20) {
            ((json += "\\u00") += kHex[byte >> 4]) += kHex[byte & 15];
        } else {
            json += c;
        }
    }
    return json += '"';
}

}  // namespace detail

/// What went wrong with a call: how BAY_CALL_FAILED tells it.
struct Failure {
    std::string message;
    std::string
        exception;     ///< LiteLLM's class: "RateLimitError", "ContextWindowExceededError", ...
    std::string type;  ///< of OpenAI's error object; may be empty, as may all that follow
    std::string code;
    std::string param;
    std::string provider;
    std::string model;
    std::string upstream_body;  ///< what the provider said
    int status = 0;             ///< of HTTP: 429, ...; 499: the call was cancelled
    std::optional<std::chrono::milliseconds> retry_after;

    /// Reads the data of a BAY_CALL_FAILED.
    static Failure read(std::string_view json) {
        const auto text = [&](std::string_view name) {
            return detail::at(json, name).value_or("");
        };
        Failure failure;
        failure.message = text("/message");
        failure.exception = text("/exception");
        failure.type = text("/type");
        failure.code = text("/code");
        failure.param = text("/param");
        failure.provider = text("/provider");
        failure.model = text("/model");
        failure.upstream_body = text("/upstream_body");
        failure.status = std::atoi(text("/status").c_str());
        if (const auto seconds = detail::at(json, "/retry_after")) {
            failure.retry_after = std::chrono::milliseconds(
                static_cast<std::int64_t>(std::strtod(seconds->c_str(), nullptr) * 1000));
        }
        return failure;
    }
};

/// A failure, thrown.
class Error : public std::runtime_error {
  public:
    explicit Error(Failure failure)
        : std::runtime_error(failure.message), failure_(std::move(failure)) {}
    const Failure& failure() const { return failure_; }
    int status() const { return failure_.status; }

  private:
    Failure failure_;
};

// LiteLLM's classes. What is more special is also what it is a case of.
struct APIError : Error {
    using Error::Error;
};
struct APIConnectionError : Error {
    using Error::Error;
};
struct AuthenticationError : Error {
    using Error::Error;
};
struct PermissionDeniedError : Error {
    using Error::Error;
};
struct NotFoundError : Error {
    using Error::Error;
};
struct RateLimitError : Error {
    using Error::Error;
};
struct InternalServerError : Error {
    using Error::Error;
};
struct ServiceUnavailableError : Error {
    using Error::Error;
};
struct Timeout : APIConnectionError {
    using APIConnectionError::APIConnectionError;
};
struct BadRequestError : Error {
    using Error::Error;
};
struct ContextWindowExceededError : BadRequestError {
    using BadRequestError::BadRequestError;
};
struct ContentPolicyViolationError : BadRequestError {
    using BadRequestError::BadRequestError;
};
struct UnsupportedParamsError : BadRequestError {
    using BadRequestError::BadRequestError;
};

/// Throws the exception of the failure's class; an APIError if it has none of its own here.
[[noreturn]] inline void throw_failure(Failure failure) {
    struct Row {
        std::string_view name;
        void (*raise)(Failure);
    };
    static constexpr Row kRows[] = {
        {"APIConnectionError", [](Failure f) { throw APIConnectionError(std::move(f)); }},
        {"AuthenticationError", [](Failure f) { throw AuthenticationError(std::move(f)); }},
        {"PermissionDeniedError", [](Failure f) { throw PermissionDeniedError(std::move(f)); }},
        {"NotFoundError", [](Failure f) { throw NotFoundError(std::move(f)); }},
        {"RateLimitError", [](Failure f) { throw RateLimitError(std::move(f)); }},
        {"InternalServerError", [](Failure f) { throw InternalServerError(std::move(f)); }},
        {"ServiceUnavailableError", [](Failure f) { throw ServiceUnavailableError(std::move(f)); }},
        {"Timeout", [](Failure f) { throw Timeout(std::move(f)); }},
        {"BadRequestError", [](Failure f) { throw BadRequestError(std::move(f)); }},
        {"ContextWindowExceededError",
         [](Failure f) { throw ContextWindowExceededError(std::move(f)); }},
        {"ContentPolicyViolationError",
         [](Failure f) { throw ContentPolicyViolationError(std::move(f)); }},
        {"UnsupportedParamsError", [](Failure f) { throw UnsupportedParamsError(std::move(f)); }},
    };
    for (const Row& row : kRows) {
        if (row.name == failure.exception) row.raise(std::move(failure));
    }
    throw APIError(std::move(failure));
}

/// A value, or why there is none.
template <class T>
class Result {
  public:
    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Result(Failure failure) : held_(std::in_place_index<1>, std::move(failure)) {}

    explicit operator bool() const { return held_.index() == 0; }
    /// Throws the failure if there is one.
    T& value() & {
        if (held_.index() == 1) throw_failure(std::get<1>(held_));
        return std::get<0>(held_);
    }
    T&& value() && { return std::move(value()); }
    T* operator->() { return &value(); }
    T& operator*() { return value(); }
    /// Only if there is no value.
    const Failure& error() const { return std::get<1>(held_); }

  private:
    std::variant<T, Failure> held_;
};

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

/// A whole answer.
class Answer : public Document {
  public:
    Answer(std::string json, std::string about)
        : Document(std::move(json)), about_(std::move(about)) {}
    /// What the model said in the first choice of a chat; empty if it said nothing.
    std::string text() const { return at("/choices/0/message/content").value_or(""); }
    /// About the call (bay_call_event::about).
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

/// A message of a chat.
struct Message {
    std::string role;
    std::string content;
};

/// A chat request. `more` are other members by name, each JSON text: {"temperature", "0.2"}.
struct ChatRequest {
    std::string model;
    std::vector<Message> messages;
    std::vector<std::pair<std::string, std::string>> more{};

    std::string json(bool stream) const {
        std::string text = "{\"model\":" + detail::quoted(model) + ",\"messages\":[";
        for (const Message& message : messages) {
            if (text.back() != '[') text += ',';
            text += "{\"role\":" + detail::quoted(message.role) +
                    ",\"content\":" + detail::quoted(message.content) + '}';
        }
        text += ']';
        for (const auto& [name, value] : more) text += ',' + detail::quoted(name) + ':' + value;
        if (stream) text += ",\"stream\":true";
        return text + '}';
    }
};

/// A streamed answer, for one pass: `for (const Chunk& chunk : stream)`. A failure is thrown by the
/// step that meets it, or read from failure() after next() gave nothing. Left early, the call is
/// cancelled. One thread at a time.
class Stream {
  public:
    explicit Stream(bay_call* call) : call_(call) {}
    explicit Stream(Failure failure) : failure_(std::move(failure)) {}

    /// The next piece, waiting for it; nothing at the end, good or bad.
    std::optional<Chunk> next() {
        if (!call_) return std::nullopt;
        bay_call_event event{};
        event.size = sizeof event;
        bay_status status = BAY_CLIENT_E_INTERRUPTED;
        while (status == BAY_CLIENT_E_INTERRUPTED) status = bay_call_next(call_.get(), -1, &event);
        if (status == BAY_OK && event.type < BAY_CALL_END) {
            return Chunk(std::string(detail::text(event.name)),
                         std::string(detail::text(event.data)));
        }
        if (status == BAY_OK && event.type == BAY_CALL_FAILED) {
            failure_ = Failure::read(detail::text(event.data));
        }
        if (status == BAY_OK) about_ = detail::text(event.about);
        call_.reset();
        return std::nullopt;
    }
    /// Set when the stream has failed.
    const std::optional<Failure>& failure() const { return failure_; }
    /// About the call, when it has ended.
    Document about() const { return Document(about_); }
    /// Ends the call.
    void cancel() { call_.reset(); }
    /// Readable while next() would not wait; negative at the end.
    int descriptor() const { return call_ ? bay_call_descriptor(call_.get()) : -1; }

    class Iterator {
      public:
        using value_type = Chunk;
        using difference_type = std::ptrdiff_t;
        explicit Iterator(Stream& stream) : stream_(&stream) { ++*this; }
        const Chunk& operator*() const { return *chunk_; }
        const Chunk* operator->() const { return &*chunk_; }
        Iterator& operator++() {
            chunk_ = stream_->next();
            if (!chunk_ && stream_->failure_) throw_failure(*stream_->failure_);
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const { return !chunk_; }

      private:
        Stream* stream_;
        std::optional<Chunk> chunk_;
    };
    Iterator begin() { return Iterator(*this); }
    std::default_sentinel_t end() const { return {}; }

  private:
    struct Free {
        void operator()(bay_call* call) const { bay_call_free(call); }
    };
    std::unique_ptr<bay_call, Free> call_;
    std::optional<Failure> failure_;
    std::string about_;
};

/// One place of a configuration, and what is wrong there.
struct Problem {
    bool error = false;
    std::string place;
    std::string message;
};

/// How a client is opened; empty: without a configuration.
struct ClientOptions {
    std::string config{};       ///< LiteLLM's config.yaml as text
    std::string config_file{};  ///< its path
    std::string plugin_directories{};
};

/// A client, which any thread may use. Opened without options it takes "provider/model" names with
/// keys from the environment. Throws std::runtime_error if it cannot be opened; problems() has the
/// warnings, the exception's text the errors.
class Client {
  public:
    explicit Client(const ClientOptions& options = {}) {
        bay_diag diag{};
        diag.size = sizeof diag;
        diag.ctx = &problems_;
        diag.report = [](bay_diag* d, std::uint32_t severity, bay_str place,
                         bay_str message) noexcept {
            static_cast<std::vector<Problem>*>(d->ctx)->push_back(
                {severity >= BAY_LOG_ERROR, std::string(detail::text(place)),
                 std::string(detail::text(message))});
        };
        bay_client_options raw{};
        raw.size = sizeof raw;
        raw.config = detail::view(options.config);
        raw.config_file = detail::view(options.config_file);
        raw.plugin_directories = detail::view(options.plugin_directories);
        raw.problems = &diag;
        bay_client* opened = nullptr;
        if (bay_client_open(&raw, &opened) != BAY_OK) throw std::runtime_error(all_errors());
        client_.reset(opened);
    }

    const std::vector<Problem>& problems() const { return problems_; }

    /// A chat, answered whole.
    Result<Answer> completion(const ChatRequest& request) {
        return call("chat.completions", request.json(false));
    }
    /// A chat, answered piece by piece.
    Stream stream(const ChatRequest& request) {
        return start("chat.completions", request.json(true));
    }
    /// The same; each piece goes to `on_chunk`, on this thread, until it returns false. The whole
    /// text is the result.
    template <class OnChunk>
    Result<std::string> completion(const ChatRequest& request, OnChunk on_chunk) {
        Stream pieces = stream(request);
        std::string text;
        while (auto chunk = pieces.next()) {
            text += chunk->text();
            if (!on_chunk(*chunk)) return text;
        }
        if (pieces.failure()) return *pieces.failure();
        return text;
    }

    /// Any operation (patchbay/operations.h) with its request as JSON; the answer is a document, or
    /// the bytes of speech.
    Result<Answer> call(std::string_view operation, std::string_view request) {
        Stream pieces = start(operation, request);
        std::string data;
        while (auto chunk = pieces.next()) data += chunk->json();
        if (pieces.failure()) return *pieces.failure();
        return Answer(std::move(data), pieces.about().json());
    }
    /// The same, piece by piece if the request says "stream".
    Stream start(std::string_view operation, std::string_view request) {
        bay_call_options options{};
        options.size = sizeof options;
        options.operation = detail::view(operation);
        options.request = detail::view(request);
        bay_call* started = nullptr;
        const bay_status status = bay_call_start(client_.get(), &options, &started);
        if (status == BAY_OK) return Stream(started);
        Failure failure;
        failure.exception = "BadRequestError";
        failure.status = 400;
        failure.message =
            status == BAY_E_UNSUPPORTED
                ? "there is no operation '" + std::string(operation) + "'"
                : "the call cannot be started (status " + std::to_string(status) + ")";
        return Stream(std::move(failure));
    }

  private:
    std::string all_errors() const {
        std::string text = "the client cannot be opened";
        for (const Problem& problem : problems_) {
            if (problem.error) text += "\n" + problem.place + ": " + problem.message;
        }
        return text;
    }
    struct Close {
        void operator()(bay_client* client) const { bay_client_close(client); }
    };
    std::vector<Problem> problems_;
    std::unique_ptr<bay_client, Close> client_;
};

/// The process's client without a configuration, opened when it is first asked for.
inline Client& default_client() {
    static Client client;
    return client;
}

/// A chat by the default client, answered whole.
inline Result<Answer> completion(const ChatRequest& request) {
    return default_client().completion(request);
}
/// The same, piece by piece.
inline Stream stream(const ChatRequest& request) {
    return default_client().stream(request);
}

}  // namespace patchbay
