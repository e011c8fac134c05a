#include "operations.hpp"

#include <algorithm>
#include <type_traits>

#include "chat/count_tokens.hpp"
#include "chat_exchange.hpp"
#include "count_exchange.hpp"
#include "fim_exchange.hpp"
#include "patchbay/sdk/by_operation.hpp"
#include "picture_forms.hpp"
#include "ranking_exchange.hpp"
#include "realtime.hpp"
#include "responses_exchange.hpp"
#include "responses_models.hpp"

namespace patchbay::openai {

namespace {

using Made = std::unique_ptr<bay::Exchange>;

/// An operation that the dialect does not list is none of its.
template <class Machine>
Made make(const Dialect* const& dialect, std::string_view id) {
    if (dialect->find(id) == nullptr) return nullptr;
    if constexpr (std::is_base_of_v<PassExchange, Machine>) {
        return std::make_unique<Machine>(*dialect, *find_pass_operation(id));
    } else {
        return std::make_unique<Machine>(*dialect);
    }
}

Made make_completions(const Dialect* const& dialect, std::string_view id) {
    const OperationRule* rule = dialect->find(id);
    if (rule != nullptr && rule->answers_chat) return std::make_unique<FimExchange>(*dialect);
    return make<PassExchange>(dialect, id);
}

Made make_rerank(const Dialect* const& dialect, std::string_view id) {
    const OperationRule* rule = dialect->find(id);
    if (rule != nullptr && !rule->form.empty()) return std::make_unique<RankingExchange>(*dialect);
    return make<PassExchange>(dialect, id);
}

Made make_pictures(const Dialect* const& dialect, std::string_view id) {
    const OperationRule* rule = dialect->find(id);
    if (rule != nullptr && !rule->form.empty()) return std::make_unique<PicturesExchange>(*dialect);
    return make<PassExchange>(dialect, id);
}

constexpr bay::Operation<const Dialect*> kOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS, make<ChatExchange>},
    {BAY_OP_COMPLETIONS, make_completions},
    {BAY_OP_RESPONSES, make<PassExchange>},
    {BAY_OP_RESPONSES_GET, make<PassExchange>},
    {BAY_OP_RESPONSES_DELETE, make<PassExchange>},
    {BAY_OP_RESPONSES_CANCEL, make<PassExchange>},
    {BAY_OP_RESPONSES_INPUT_ITEMS, make<PassExchange>},
    {kCompactResponse, make<PassExchange>},
    {kCountResponse, make<PassExchange>},
    {shared::kCountChat, make<CountExchange>},
    {BAY_OP_MESSAGES, make<PassExchange>},
    {BAY_OP_EMBEDDINGS, make<PassExchange>},
    {BAY_OP_MODERATIONS, make<PassExchange>},
    {BAY_OP_RERANK, make_rerank},
    {BAY_OP_IMAGES_GENERATE, make_pictures},
    {BAY_OP_IMAGES_EDIT, make<PassExchange>},
    {BAY_OP_IMAGES_VARIATIONS, make<PassExchange>},
    {BAY_OP_AUDIO_SPEECH, make<PassExchange>},
    {BAY_OP_AUDIO_TRANSCRIPTIONS, make<PassExchange>},
    {BAY_OP_AUDIO_TRANSLATIONS, make<PassExchange>},
    {BAY_OP_REALTIME, make<RealtimeExchange>},
};

/// As the operation says, but that chat with some models goes by way of another one.
class Opened : public bay::ByOperation<const Dialect*> {
  public:
    explicit Opened(const Dialect& dialect)
        : ByOperation(kOperations, &dialect, dialect.provider), dialect_(dialect) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        const bool chat = bay::sv(request.operation) == BAY_OP_CHAT_COMPLETIONS;
        if (!chat || !goes_by_responses(request, dialect_)) {
            return ByOperation::on_request(request, out);
        }
        by_responses_ =
            std::make_unique<ResponsesExchange>(dialect_, *find_pass_operation(BAY_OP_RESPONSES));
        return by_responses_->on_request(request, out);
    }
    bay::Exchange& current() noexcept override {
        return by_responses_ ? *by_responses_ : ByOperation::current();
    }

  private:
    const Dialect& dialect_;
    Made by_responses_;
};

}  // namespace

std::unique_ptr<bay::Exchange> open_exchange(const Dialect& dialect) {
    return std::make_unique<Opened>(dialect);
}

bool has_operation(std::string_view id) {
    return std::any_of(std::begin(kOperations), std::end(kOperations),
                       [&](const auto& row) { return row.id == id; });
}

}  // namespace patchbay::openai
