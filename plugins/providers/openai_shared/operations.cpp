#include "operations.hpp"

#include <algorithm>
#include <type_traits>

#include "chat_exchange.hpp"
#include "fim_exchange.hpp"
#include "patchbay/sdk/by_operation.hpp"
#include "realtime.hpp"

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

constexpr bay::Operation<const Dialect*> kOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS, make<ChatExchange>},
    {BAY_OP_COMPLETIONS, make_completions},
    {BAY_OP_RESPONSES, make<PassExchange>},
    {BAY_OP_MESSAGES, make<PassExchange>},
    {BAY_OP_EMBEDDINGS, make<PassExchange>},
    {BAY_OP_MODERATIONS, make<PassExchange>},
    {BAY_OP_RERANK, make<PassExchange>},
    {BAY_OP_IMAGES_GENERATE, make<PassExchange>},
    {BAY_OP_IMAGES_EDIT, make<PassExchange>},
    {BAY_OP_IMAGES_VARIATIONS, make<PassExchange>},
    {BAY_OP_AUDIO_SPEECH, make<PassExchange>},
    {BAY_OP_AUDIO_TRANSCRIPTIONS, make<PassExchange>},
    {BAY_OP_AUDIO_TRANSLATIONS, make<PassExchange>},
    {BAY_OP_REALTIME, make<RealtimeExchange>},
};

}  // namespace

std::unique_ptr<bay::Exchange> open_exchange(const Dialect& dialect) {
    return std::make_unique<bay::ByOperation<const Dialect*>>(kOperations, &dialect,
                                                              dialect.provider);
}

bool has_operation(std::string_view id) {
    return std::any_of(std::begin(kOperations), std::end(kOperations),
                       [&](const auto& row) { return row.id == id; });
}

}  // namespace patchbay::openai
