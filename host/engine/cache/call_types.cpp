#include "engine/cache/call_types.hpp"

#include <algorithm>
#include <array>

namespace patchbay {

namespace {

/// LiteLLM's names of an operation's calls: from synchronous Python, from asynchronous, and streams'
/// where they have their own.
struct Row {
    const Operation* operation;
    std::array<std::string_view, 3> names;
    bool usual = true;   ///< also where no names are configured
    bool words = false;  ///< asks_in_words()
};

const Row kRows[] = {
    {&kChatCompletions, {"completion", "acompletion", ""}, true, true},
    {&kMessages, {"anthropic_messages", "", ""}, true, true},
    {&kResponses, {"responses", "aresponses", ""}, true, true},
    {&kGenerateContent,
     {"generate_content", "agenerate_content", "agenerate_content_stream"},
     true,
     true},
    {&kConverse, {"llm_passthrough_route", "allm_passthrough_route", ""}, true, true},
    {&kCompletions, {"text_completion", "atext_completion", ""}, true, true},
    {&kEmbeddings, {"embedding", "aembedding", ""}},
    {&kRerank, {"rerank", "arerank", ""}},
    {&kModerations, {"moderation", "amoderation", ""}, false},
};

const Row* row_of(const Operation& operation) {
    const auto* const row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& one) {
        return one.operation == &operation;
    });
    return row == std::end(kRows) ? nullptr : row;
}

}  // namespace

bool asks_in_words(const Operation& operation) {
    const Row* const row = row_of(operation);
    return row && row->words;
}

bool is_cached(const Operation& operation, const CacheSettings& settings) {
    const Row* const row = row_of(operation);
    if (row == nullptr) return false;
    if (!settings.call_types) return row->usual;
    return std::any_of(
        settings.call_types->begin(), settings.call_types->end(), [&](const std::string& name) {
            return !name.empty() &&
                   std::find(row->names.begin(), row->names.end(), name) != row->names.end();
        });
}

}  // namespace patchbay
