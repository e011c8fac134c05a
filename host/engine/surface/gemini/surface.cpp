// Gemini's endpoints, as rows.
#include "engine/surface/surface.hpp"

#include "engine/surface/gemini/count_tokens.hpp"
#include "engine/surface/gemini/generate_answer.hpp"
#include "engine/surface/gemini/generate_error.hpp"
#include "engine/surface/gemini/generate_request.hpp"
#include "engine/surface/gemini/generate_stream.hpp"
#include "engine/surface/hub/count_tokens.hpp"

namespace patchbay {

namespace {

constexpr RequestForm kWholeRequestForm{.content = "generateContentRequest"};

std::optional<Error> read(const AskParts& parts, Ask& ask) {
    return read_json(parts, kContentsForm, ask);
}

// Whether the answer is streamed stands in the path.
std::optional<Error> read_streamed(const AskParts& parts, Ask& ask) {
    if (auto refused = read(parts, ask)) return refused;
    ask.scan.stream = true;
    return std::nullopt;
}

class GenerateTranslator final : public Translator {
  public:
    explicit GenerateTranslator(const surface::Answering& answering)
        : answering_(answering), stream_(answering) {}

    std::string whole(std::string_view json) override {
        return surface::generate_of_chat(json, answering_);
    }
    Result<void> event(std::string_view json, const EmitEvent& emit) override {
        return stream_.chunk(json, emit);
    }
    void end(const EmitEvent& emit) override { stream_.end(emit); }

  private:
    const surface::Answering& answering_;
    surface::GenerateStream stream_;
};

class GenerateTranslation final : public Translation {
  public:
    GenerateTranslation(const Ask& ask, surface::GenerateRequest request)
        : answering_{ask.model, std::move(request.names), request.thoughts} {
        json = std::move(request.json);
        dropped = std::move(request.dropped);
    }
    std::unique_ptr<Translator> translator() const override {
        return std::make_unique<GenerateTranslator>(answering_);
    }

  private:
    surface::Answering answering_;
};

Result<std::unique_ptr<Translation>> translate(const Ask& ask, bool drop_params) {
    const surface::GenerateCall call{ask.model, ask.scan.stream};
    auto request = surface::chat_of_generate(ask.body, call, drop_params);
    if (!request) return request.error();
    return std::unique_ptr<Translation>(
        std::make_unique<GenerateTranslation>(ask, std::move(*request)));
}

// What is counted stands in `contents`, or in a whole request.
std::optional<Error> read_counted(const AskParts& parts, Ask& ask) {
    auto refused = read(parts, ask);
    if (!refused || refused->param != kContentsForm.content) return refused;
    return read_json(parts, kWholeRequestForm, ask) ? refused : std::nullopt;
}

constexpr surface::CountForm kTotal{.tokens = "totalTokens", .object = {}};

Result<std::unique_ptr<Translation>> translate_count(const Ask& ask, bool drop_params) {
    auto request = surface::chat_of_counted(ask.body, ask.model, drop_params);
    if (!request) return request.error();
    return surface::count_translation(std::move(request->json), std::move(request->dropped),
                                      kTotal);
}

constexpr std::string_view kStreamRoute = "/v1beta/models/{model_name}:streamGenerateContent";

const Surface kStreamGenerateSseSurface{.route = kStreamRoute,
                                        .operation = &kGenerateContent,
                                        .hub = &kChatCompletions,
                                        .framing = Framing::sse_crlf,
                                        .form = &kContentsForm,
                                        .read = read_streamed,
                                        .translate = translate,
                                        .error = surface::generate_error,
                                        .status = surface::generate_error_status,
                                        .key_in_query = true};

}  // namespace

const Surface kGenerateSurface{.route = "/v1beta/models/{model_name}:generateContent",
                               .operation = &kGenerateContent,
                               .hub = &kChatCompletions,
                               .form = &kContentsForm,
                               .read = read,
                               .translate = translate,
                               .error = surface::generate_error,
                               .status = surface::generate_error_status,
                               .key_in_query = true};
const Surface kStreamGenerateSurface{.route = kStreamRoute,
                                     .operation = &kGenerateContent,
                                     .hub = &kChatCompletions,
                                     .framing = Framing::json_array,
                                     .form = &kContentsForm,
                                     .read = read_streamed,
                                     .translate = translate,
                                     .error = surface::generate_error,
                                     .status = surface::generate_error_status,
                                     .with_sse = &kStreamGenerateSseSurface,
                                     .key_in_query = true};
const Surface kCountGenerateSurface{.route = "/v1beta/models/{model_name}:countTokens",
                                    .operation = &kGenerateCount,
                                    .hub = &kCountChat,
                                    .form = &kContentsForm,
                                    .read = read_counted,
                                    .translate = translate_count,
                                    .error = surface::generate_error,
                                    .status = surface::generate_error_status,
                                    .key_in_query = true};

}  // namespace patchbay
