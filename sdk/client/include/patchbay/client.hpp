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

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "patchbay/client.h"
#include "patchbay/client_failure.hpp"
#include "patchbay/client_values.hpp"

namespace patchbay {

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
    /// next() would not wait, now or within `wait`: a piece has come, or the end.
    bool ready(std::chrono::milliseconds wait = {}) const {
        return !call_ || bay_call_next(call_.get(), std::max<std::int64_t>(wait.count(), 0),
                                       nullptr) == BAY_OK;
    }
    /// Readable while ready(), and perhaps once more; negative at the end.
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
    /// The configuration holds settings and no model_list: calls name their own deployments.
    bool settings_only = false;
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
        if (options.settings_only) raw.flags |= BAY_CLIENT_SETTINGS_ONLY;
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

    /// Answers a question about the world (bay_client_look_up): "provider", "model", "cost", "tokens", ... with its
    /// JSON object; nothing if there is no such question.
    std::optional<Document> look_up(std::string_view what, std::string_view about = "{}") const {
        std::string json;
        const bay_status status = bay_client_look_up(
            client_.get(), detail::view(what), detail::view(about),
            [](void* to, bay_str found) { *static_cast<std::string*>(to) = detail::text(found); },
            &json);
        if (status != BAY_OK) return std::nullopt;
        return Document(std::move(json));
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
