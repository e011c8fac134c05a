// OpenAI's older text completions, as a row.
#include "engine/surface/openai/completions_answer.hpp"
#include "engine/surface/openai/completions_request.hpp"
#include "engine/surface/surface.hpp"

namespace patchbay {

namespace {

std::optional<Error> read(const AskParts& parts, Ask& ask) {
    return read_json(parts, kPromptStreamForm, ask);
}

class CompletionTranslator final : public Translator {
  public:
    explicit CompletionTranslator(const surface::CompletionRequest& request)
        : request_(request), stream_(request) {}

    std::string whole(std::string_view json) override {
        return surface::completion_of_chat(json, request_);
    }
    Result<void> event(std::string_view json, const EmitEvent& emit) override {
        return stream_.chunk(json, emit);
    }
    void end(const EmitEvent&) override {}

  private:
    const surface::CompletionRequest& request_;
    surface::CompletionStream stream_;
};

class CompletionTranslation final : public Translation {
  public:
    CompletionTranslation(const Ask& ask, surface::ChatOfCompletion chat)
        : request_{.model = ask.model,
                   .echo = chat.echoes ? std::move(chat.prompt) : std::string(),
                   .include_usage = ask.scan.include_usage} {
        json = std::move(chat.json);
        dropped = std::move(chat.dropped);
    }
    std::unique_ptr<Translator> translator() const override {
        return std::make_unique<CompletionTranslator>(request_);
    }

  private:
    surface::CompletionRequest request_;
};

Result<std::unique_ptr<Translation>> translate(const Ask& ask, bool drop_params) {
    auto chat = surface::chat_of_completion(ask.body, drop_params);
    if (!chat) return chat.error();
    return std::unique_ptr<Translation>(
        std::make_unique<CompletionTranslation>(ask, std::move(*chat)));
}

std::string error(const Error& error, std::string_view) {
    return error_json(error);
}

int status(const Error& error) {
    return error.status();
}

}  // namespace

const Surface kCompletionsSurface{.route = "/completions",
                                  .operation = &kCompletions,
                                  .hub = &kChatCompletions,
                                  .framing = Framing::sse_done,
                                  .form = &kPromptStreamForm,
                                  .read = read,
                                  .translate = translate,
                                  .error = error,
                                  .status = status};

}  // namespace patchbay
