// Bedrock Runtime's endpoints, as rows.
#include "engine/surface/surface.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <patchbay/json_tree.hpp>
#include <string>
#include <utility>

#include "engine/surface/bedrock/converse_answer.hpp"
#include "engine/surface/bedrock/converse_error.hpp"
#include "engine/surface/bedrock/converse_request.hpp"
#include "engine/surface/bedrock/converse_stream.hpp"
#include "engine/surface/bedrock/invoke_form.hpp"
#include "engine/surface/body_edit.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

namespace {

using Clock = std::chrono::steady_clock;

constexpr RequestForm kAnyForm{.content = "messages", .optional = true};

class ConverseTranslator final : public Translator {
  public:
    /// `named`: an event is an object that says its type, as the models of AWS's own stream.
    ConverseTranslator(const surface::ConverseAnswering& answering, bool named)
        : answering_(answering), named_(named), stream_(answering) {}

    std::string whole(std::string_view json) override {
        return surface::converse_of_chat(json, answering_, milliseconds());
    }
    Result<void> event(std::string_view json, const EmitEvent& emit) override {
        return named_ ? stream_.chunk(json, naming(emit)) : stream_.chunk(json, emit);
    }
    void end(const EmitEvent& emit) override {
        stream_.end(milliseconds(), named_ ? naming(emit) : emit);
    }

  private:
    static EmitEvent naming(const EmitEvent& emit) {
        return [&emit](std::string_view type, std::string_view json) {
            std::string named = "{\"";
            named.append(type).append("\":").append(json).append("}");
            emit(type, named);
        };
    }
    std::uint64_t milliseconds() const {
        const auto took =
            std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun_);
        return static_cast<std::uint64_t>(took.count());
    }

    const surface::ConverseAnswering& answering_;
    bool named_;
    surface::ConverseStream stream_;
    Clock::time_point begun_ = Clock::now();
};

template <bool Named>
class ConverseTranslation final : public Translation {
  public:
    explicit ConverseTranslation(surface::ConverseRequest request)
        : answering_(std::move(request.answering)) {
        json = std::move(request.json);
        dropped = std::move(request.dropped);
    }
    std::unique_ptr<Translator> translator() const override {
        return std::make_unique<ConverseTranslator>(answering_, Named);
    }

  private:
    surface::ConverseAnswering answering_;
};

template <bool Named>
Result<std::unique_ptr<Translation>> translate(const Ask& ask, bool drop_params) {
    auto request = surface::chat_of_converse(ask.body, {ask.model, ask.scan.stream}, drop_params);
    if (!request) return request.error();
    return std::unique_ptr<Translation>(
        std::make_unique<ConverseTranslation<Named>>(std::move(*request)));
}

// Whether the answer is streamed stands in the path.
template <bool Streamed>
std::optional<Error> read(const AskParts& parts, Ask& ask) {
    if (auto refused = read_json(parts, kMessagesOnceForm, ask)) return refused;
    ask.scan.stream = Streamed;
    return std::nullopt;
}

// The same for bodies that have a member for it.
template <bool Streamed>
std::optional<Error> say_stream(Ask& ask, std::function<bool(std::string_view)> drop) {
    const std::array overrides{
        BodyMember{"\"model\"", json_tree::write(boost::json::value(ask.model))},
        BodyMember{"\"stream\"", Streamed ? "true" : "false"}};
    const EditedBody edited({ask.body, ask.members()},
                            {.drop = std::move(drop), .defaults = {}, .overrides = overrides});
    return replace_body(ask, kMessagesForm, std::string(edited.view().json));
}

template <bool Streamed>
std::optional<Error> read_chat(const AskParts& parts, Ask& ask) {
    if (auto refused = read_json(parts, kMessagesForm, ask)) return refused;
    return say_stream<Streamed>(ask, {});
}

// "anthropic_beta": ["a", "b"] is "anthropic-beta: a,b" in Anthropic's own API.
std::optional<Error> read_betas(Ask& ask) {
    const bay_member* member = find_member(ask.members(), "anthropic_beta");
    if (member == nullptr) return std::nullopt;
    const auto tree = json_tree::read(bay::sv(member->value));
    const auto* betas = tree ? tree.value.if_array() : nullptr;
    if (!betas) return bad_request("anthropic_beta: must be an array", "anthropic_beta");
    for (const auto& value : *betas) {
        const auto* beta = value.if_string();
        const auto name = beta ? std::string_view(*beta) : std::string_view();
        const bool plain = !name.empty() && std::all_of(name.begin(), name.end(),
                                                        [](char c) { return c > ' ' && c <= '~'; });
        if (!plain) return bad_request("anthropic_beta: must hold names", "anthropic_beta");
        if (!ask.anthropic_beta.empty()) ask.anthropic_beta += ',';
        ask.anthropic_beta += name;
    }
    return std::nullopt;
}

// Anthropic's Messages API with a version in the body.
template <bool Streamed>
std::optional<Error> read_messages(const AskParts& parts, Ask& ask) {
    if (auto refused = kMessagesSurface.read(parts, ask)) return refused;
    if (auto refused = read_betas(ask)) return refused;
    return say_stream<Streamed>(ask, [](std::string_view name) {
        return name == "anthropic_version" || name == "anthropic_beta";
    });
}

Result<std::unique_ptr<Translation>> translate_messages(const Ask& ask, bool drop_params) {
    return kMessagesSurface.translate(ask, drop_params);
}

std::optional<Error> refuse_form(const AskParts& parts, Ask& ask) {
    if (auto refused = read_json(parts, kAnyForm, ask)) return refused;
    Error error = bad_request(
        "This body is in none of the forms that invoke takes here: Claude's (with "
        "anthropic_version and messages), Nova's, and OpenAI's chat. Use Converse, which asks "
        "every "
        "model.");
    error.cls = ErrorClass::unsupported;
    return error;
}

/// What all of AWS's surfaces have.
consteval Surface aws(Surface facts) {
    facts.call_type = "allm_passthrough_route";
    facts.error = surface::converse_error;
    facts.status = surface::converse_error_status;
    facts.aws_error_type = surface::converse_error_type;
    facts.stream_error_name = surface::converse_stream_exception;
    return facts;
}

constexpr std::string_view kInvokeRoute = "/bedrock/model/{model_id}/invoke";
constexpr std::string_view kInvokeStreamRoute =
    "/bedrock/model/{model_id}/invoke-with-response-stream";

constexpr Surface kInvokeMessages = aws({.route = kInvokeRoute,
                                         .operation = &kMessages,
                                         .hub = &kChatCompletions,
                                         .form = &kMessagesForm,
                                         .read = read_messages<false>,
                                         .translate = translate_messages});
constexpr Surface kInvokeMessagesStream = aws({.route = kInvokeStreamRoute,
                                               .operation = &kMessages,
                                               .hub = &kChatCompletions,
                                               .framing = Framing::aws_chunks,
                                               .form = &kMessagesForm,
                                               .read = read_messages<true>,
                                               .translate = translate_messages});
constexpr Surface kInvokeConverse = aws({.route = kInvokeRoute,
                                         .operation = &kInvoke,
                                         .hub = &kChatCompletions,
                                         .form = &kMessagesOnceForm,
                                         .read = read<false>,
                                         .translate = translate<true>});
constexpr Surface kInvokeConverseStream = aws({.route = kInvokeStreamRoute,
                                               .operation = &kInvoke,
                                               .hub = &kChatCompletions,
                                               .framing = Framing::aws_chunks,
                                               .form = &kMessagesOnceForm,
                                               .read = read<true>,
                                               .translate = translate<true>});
constexpr Surface kInvokeChat = aws({.route = kInvokeRoute,
                                     .operation = &kChatCompletions,
                                     .form = &kMessagesForm,
                                     .read = read_chat<false>});
constexpr Surface kInvokeChatStream = aws({.route = kInvokeStreamRoute,
                                           .operation = &kChatCompletions,
                                           .framing = Framing::aws_chunks,
                                           .form = &kMessagesForm,
                                           .read = read_chat<true>});

const Surface& invoke_of(std::string_view body) {
    switch (surface::invoke_form(body)) {
        case surface::InvokeForm::messages:
            return kInvokeMessages;
        case surface::InvokeForm::converse:
            return kInvokeConverse;
        case surface::InvokeForm::chat:
            return kInvokeChat;
        case surface::InvokeForm::other:
            break;
    }
    return kInvokeSurface;
}

const Surface& invoke_stream_of(std::string_view body) {
    switch (surface::invoke_form(body)) {
        case surface::InvokeForm::messages:
            return kInvokeMessagesStream;
        case surface::InvokeForm::converse:
            return kInvokeConverseStream;
        case surface::InvokeForm::chat:
            return kInvokeChatStream;
        case surface::InvokeForm::other:
            break;
    }
    return kInvokeStreamSurface;
}

}  // namespace

constinit const Surface kConverseSurface = aws({.route = "/bedrock/model/{model_id}/converse",
                                                .operation = &kConverse,
                                                .hub = &kChatCompletions,
                                                .form = &kMessagesOnceForm,
                                                .read = read<false>,
                                                .translate = translate<false>});
constinit const Surface kConverseStreamSurface =
    aws({.route = "/bedrock/model/{model_id}/converse-stream",
         .operation = &kConverse,
         .hub = &kChatCompletions,
         .framing = Framing::aws_events,
         .form = &kMessagesOnceForm,
         .read = read<true>,
         .translate = translate<false>});
constinit const Surface kInvokeSurface = aws({.route = kInvokeRoute,
                                              .operation = &kInvoke,
                                              .form = &kAnyForm,
                                              .read = refuse_form,
                                              .of_body = invoke_of});
constinit const Surface kInvokeStreamSurface = aws({.route = kInvokeStreamRoute,
                                                    .operation = &kInvoke,
                                                    .framing = Framing::aws_chunks,
                                                    .form = &kAnyForm,
                                                    .read = refuse_form,
                                                    .of_body = invoke_stream_of});

}  // namespace patchbay
