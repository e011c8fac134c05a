// OpenAI's endpoints, as rows.
#include "contract/json/member_walker.hpp"
#include "engine/surface/body_edit.hpp"
#include "engine/surface/openai/realtime_query.hpp"
#include "engine/surface/surface.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

namespace {

template <const RequestForm& form>
std::optional<Error> read(const AskParts& parts, Ask& ask) {
    return read_json(parts, form, ask);
}

// Of a chat's `metadata`, which is the gateway's, some providers' own APIs have user_id.
std::optional<Error> read_chat(const AskParts& parts, Ask& ask) {
    auto failed = read_json(parts, kMessagesForm, ask);
    const bay_member* metadata = failed ? nullptr : find_member(ask.members(), "metadata");
    if (metadata == nullptr) return failed;
    MemberWalker walker(bay::sv(metadata->value));
    for (JsonMember member; walker.next(member);) {
        if (member.name == "user_id" && member.value.starts_with('"')) {
            ask.own_metadata = "{\"user_id\":" + std::string(member.value) + "}";
        }
    }
    return failed;
}

// OpenAI's default, which LiteLLM leaves to it: here a model is asked by its name.
std::optional<Error> read_moderation(const AskParts& parts, Ask& ask) {
    auto failed = read_json(parts, kInputForm, ask);
    const bool unnamed =
        failed && failed->param == "model" && failed->code == "missing_required_parameter";
    if (!unnamed || !parts.path_model.empty()) return failed;
    AskParts named = parts;
    named.path_model = "omni-moderation-latest";
    return read_json(named, kInputForm, ask);
}

std::string error(const Error& error, std::string_view) {
    return error_json(error);
}

int status(const Error& error) {
    return error.status();
}

}  // namespace

const Surface kChatSurface{.route = "/chat/completions",
                           .operation = &kChatCompletions,
                           .framing = Framing::sse_done,
                           .form = &kMessagesForm,
                           .read = read_chat,
                           .error = error,
                           .status = status};
const Surface kEmbeddingsSurface{.route = "/embeddings",
                                 .operation = &kEmbeddings,
                                 .form = &kInputForm,
                                 .read = read<kInputForm>,
                                 .error = error,
                                 .status = status};
const Surface kSpeechSurface{.route = "/audio/speech",
                             .operation = &kSpeech,
                             .form = &kInputForm,
                             .read = read<kInputForm>,
                             .error = error,
                             .status = status};
const Surface kModerationsSurface{.route = "/moderations",
                                  .operation = &kModerations,
                                  .form = &kInputForm,
                                  .read = read_moderation,
                                  .error = error,
                                  .status = status};
const Surface kImagesSurface{.route = "/images/generations",
                             .operation = &kImages,
                             .framing = Framing::sse_named,
                             .form = &kPromptStreamForm,
                             .read = read<kPromptStreamForm>,
                             .error = error,
                             .status = status};
// Cohere's, which Jina, Voyage and others speak, too.
const Surface kRerankSurface{.route = "/rerank",
                             .operation = &kRerank,
                             .form = &kQueryForm,
                             .read = read<kQueryForm>,
                             .error = error,
                             .status = status};
const Surface kRealtimeSurface{.route = "/realtime",
                               .operation = &kRealtime,
                               .read = read_realtime_query,
                               .error = error,
                               .status = status};

}  // namespace patchbay
