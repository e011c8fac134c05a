// Anthropic's endpoints, as rows.
#include "engine/surface/surface.hpp"

#include <algorithm>

#include "contract/json/control_params.hpp"
#include "contract/json/member_walker.hpp"
#include "contract/shape/text_size.hpp"
#include "engine/surface/anthropic/messages_answer.hpp"
#include "engine/surface/anthropic/messages_error.hpp"
#include "engine/surface/anthropic/messages_request.hpp"
#include "engine/surface/anthropic/messages_stream.hpp"
#include "engine/surface/body_edit.hpp"
#include "engine/surface/hub/count_tokens.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

namespace {

// Of `metadata` Anthropic knows user_id and refuses all else, which is the gateway's.
void read_metadata(Ask& ask) {
    const bay_member* metadata = find_member(ask.members(), "metadata");
    const auto is_control = [](const bay_member& member) {
        const std::string_view name = bay::sv(member.name);
        return name != "metadata" && is_control_param(name);
    };
    const auto members = ask.members();
    const bool others = std::any_of(members.begin(), members.end(), is_control);
    if (metadata == nullptr) return;
    const std::string_view text = bay::sv(metadata->value);
    bool alone = text.starts_with('{');
    MemberWalker walker(text);
    for (JsonMember member; walker.next(member);) {
        if (member.name == "user_id") {
            ask.own_metadata = "{\"user_id\":" + std::string(member.value) + "}";
        } else {
            alone = false;
        }
    }
    if (alone) ask.own_metadata = text;
    ask.options.any_control = others || !alone;
}

template <const RequestForm& form>
std::optional<Error> read(const AskParts& parts, Ask& ask) {
    if (auto refused = read_json(parts, form, ask)) return refused;
    read_metadata(ask);
    return std::nullopt;
}

class MessagesTranslator final : public Translator {
  public:
    MessagesTranslator(const Ask& ask, const surface::ChatNames& names)
        : model_(ask.model),
          names_(names),
          stream_(ask.model, names, estimated_tokens(text_size(ask.scan.content))) {}

    std::string whole(std::string_view json) override {
        return surface::message_of_chat(json, model_, names_);
    }
    Result<void> event(std::string_view json, const EmitEvent& emit) override {
        return stream_.chunk(json, emit);
    }
    void end(const EmitEvent& emit) override { stream_.end(emit); }

  private:
    const std::string& model_;
    const surface::ChatNames& names_;
    surface::MessagesStream stream_;
};

class MessagesTranslation final : public Translation {
  public:
    MessagesTranslation(const Ask& ask, surface::ChatRequest request)
        : ask_(ask), names_(std::move(request.names)) {
        json = std::move(request.json);
        dropped = std::move(request.dropped);
    }
    std::unique_ptr<Translator> translator() const override {
        return std::make_unique<MessagesTranslator>(ask_, names_);
    }

  private:
    const Ask& ask_;
    surface::ChatNames names_;
};

Result<std::unique_ptr<Translation>> translate(const Ask& ask, bool drop_params) {
    auto request = surface::chat_of_messages(ask.body, drop_params);
    if (!request) return request.error();
    return std::unique_ptr<Translation>(
        std::make_unique<MessagesTranslation>(ask, std::move(*request)));
}

constexpr surface::CountForm kCounted{.tokens = "input_tokens", .object = {}};

Result<std::unique_ptr<Translation>> translate_count(const Ask& ask, bool drop_params) {
    auto request = surface::chat_of_messages(ask.body, drop_params);
    if (!request) return request.error();
    return surface::count_translation(std::move(request->json), std::move(request->dropped),
                                      kCounted);
}

}  // namespace

const Surface kMessagesSurface{.route = "/v1/messages",
                               .operation = &kMessages,
                               .hub = &kChatCompletions,
                               .framing = Framing::sse_named,
                               .form = &kMessagesForm,
                               .read = read<kMessagesForm>,
                               .translate = translate,
                               .error = surface::messages_error,
                               .status = surface::messages_error_status,
                               .ping = "event: ping\ndata: {\"type\": \"ping\"}\n\n"};
const Surface kCountTokensSurface{.route = "/v1/messages/count_tokens",
                                  .operation = &kCountTokens,
                                  .hub = &kCountChat,
                                  .form = &kMessagesOnceForm,
                                  .read = read<kMessagesOnceForm>,
                                  .translate = translate_count,
                                  .error = surface::messages_error,
                                  .status = surface::messages_error_status};

}  // namespace patchbay
