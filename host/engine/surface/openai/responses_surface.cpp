// OpenAI's Responses API, as a row.
#include <algorithm>
#include <chrono>
#include <functional>

#include "contract/json/control_params.hpp"
#include "engine/surface/body_edit.hpp"
#include "engine/surface/hub/count_tokens.hpp"
#include "engine/surface/openai/response_actions.hpp"
#include "engine/surface/openai/response_answer.hpp"
#include "engine/surface/openai/response_error.hpp"
#include "engine/surface/openai/response_stream.hpp"
#include "engine/surface/openai/responses_request.hpp"
#include "engine/surface/surface.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

namespace {

// `metadata` is a member of this API: OpenAI keeps it with the response.
std::optional<Error> read(const AskParts& parts, Ask& ask) {
    if (auto refused = read_json(parts, kResponsesForm, ask)) return refused;
    ask.kept = parts.kept;
    const bay_member* metadata = find_member(ask.members(), "metadata");
    if (metadata == nullptr) return std::nullopt;
    ask.own_metadata = bay::sv(metadata->value);
    const auto members = ask.members();
    ask.options.any_control =
        std::any_of(members.begin(), members.end(), [](const bay_member& member) {
            const std::string_view name = bay::sv(member.name);
            return name != "metadata" && is_control_param(name);
        });
    return std::nullopt;
}

// What is no response is not streamed.
std::optional<Error> read_whole(const AskParts& parts, Ask& ask) {
    auto refused = read(parts, ask);
    ask.scan.stream = false;
    return refused;
}

std::uint64_t seconds_since_1970() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

class ResponsesTranslator final : public Translator {
  public:
    using Keep = std::function<void(std::string response)>;

    /// `keep` may be empty; it is called once for an answer that came to its end.
    ResponsesTranslator(const surface::ResponseRequest& request, Keep keep)
        : request_(request), keep_(std::move(keep)), stream_(request, seconds_since_1970()) {}

    std::string whole(std::string_view json) override {
        std::string response = surface::response_of_chat(json, request_, seconds_since_1970());
        if (keep_) keep_(response);
        return response;
    }
    Result<void> event(std::string_view json, const EmitEvent& emit) override {
        return stream_.chunk(json, emit);
    }
    void end(const EmitEvent& emit) override {
        stream_.end(emit);
        if (keep_) keep_(stream_.take_told());
    }
    bool fail(const Error& error, const EmitEvent& emit) override {
        return stream_.fail(surface::response_error_code(error), error.message, emit);
    }

  private:
    const surface::ResponseRequest& request_;
    Keep keep_;
    surface::ResponseStream stream_;
};

class ResponsesTranslation final : public Translation {
  public:
    ResponsesTranslation(const Ask& ask, surface::ChatOfResponses chat)
        : request_{.id = chat.input ? KeptResponses::new_id() : std::string(),
                   .previous = chat.previous ? chat.previous->id : std::string(),
                   .model = ask.model,
                   .echo = surface::echo_of(ask.members()),
                   .names = std::move(chat.names),
                   .custom = std::move(chat.custom),
                   .client_search = chat.client_search},
          kept_(ask.kept),
          input_(std::move(chat.input)),
          previous_(std::move(chat.previous)) {
        json = std::move(chat.json);
        dropped = std::move(chat.dropped);
    }
    std::unique_ptr<Translator> translator() const override {
        ResponsesTranslator::Keep keep;
        if (!request_.id.empty()) {
            keep = [this](std::string response) {
                KeptResponse kept;
                kept.id = "resp_" + request_.id;
                kept.response = std::move(response);
                kept.input = *input_;
                kept.previous = previous_;
                kept_.keep(std::move(kept));
            };
        }
        return std::make_unique<ResponsesTranslator>(request_, std::move(keep));
    }

  private:
    surface::ResponseRequest request_;
    ClientResponses kept_;
    std::optional<std::string> input_;
    std::shared_ptr<const KeptResponse> previous_;
};

Result<std::unique_ptr<Translation>> translate(const Ask& ask, bool drop_params) {
    auto chat = surface::chat_of_responses(ask.body, drop_params, ask.kept);
    if (!chat) return chat.error();
    return std::unique_ptr<Translation>(
        std::make_unique<ResponsesTranslation>(ask, std::move(*chat)));
}

constexpr surface::CountForm kCounted{.tokens = "input_tokens", .object = "response.input_tokens"};

Result<std::unique_ptr<Translation>> translate_count(const Ask& ask, bool drop_params) {
    auto chat = surface::chat_of_responses(ask.body, drop_params, ask.kept);
    if (!chat) return chat.error();
    return surface::count_translation(std::move(chat->json), std::move(chat->dropped), kCounted);
}

std::string error(const Error& error, std::string_view) {
    return error_json(error);
}

int status(const Error& error) {
    return error.status();
}

}  // namespace

const Surface kResponsesSurface{.route = "/responses",
                                .operation = &kResponses,
                                .hub = &kChatCompletions,
                                .framing = Framing::sse_named,
                                .form = &kResponsesForm,
                                .read = read,
                                .translate = translate,
                                .error = error,
                                .stream_error = surface::response_error_event,
                                .status = status};
const Surface kCompactResponseSurface{.route = "/responses/compact",
                                      .operation = &kCompactResponse,
                                      .form = &kResponsesForm,
                                      .read = read_whole,
                                      .error = error,
                                      .status = status};
const Surface kCountResponseSurface{.route = "/responses/input_tokens",
                                    .operation = &kCountResponse,
                                    .hub = &kCountChat,
                                    .form = &kResponsesForm,
                                    .read = read_whole,
                                    .translate = translate_count,
                                    .error = error,
                                    .status = status};

}  // namespace patchbay
