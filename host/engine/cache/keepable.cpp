#include "engine/cache/keepable.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>

#include "engine/surface/operation.hpp"

namespace patchbay {

namespace {

using Words = std::string_view;

constexpr Words kChatFiltered[] = {"content_filter"};
constexpr Words kMessageFiltered[] = {"refusal", "pause_turn"};
constexpr Words kResponseFiltered[] = {"content_filter", "failed",      "cancelled",
                                       "queued",         "in_progress", "refusal"};
constexpr Words kGenerateFiltered[] = {"SAFETY",
                                       "RECITATION",
                                       "BLOCKLIST",
                                       "PROHIBITED_CONTENT",
                                       "SPII",
                                       "IMAGE_SAFETY",
                                       "IMAGE_RECITATION",
                                       "IMAGE_PROHIBITED_CONTENT",
                                       "IMAGE_OTHER",
                                       "MODEL_ARMOR",
                                       "OTHER",
                                       "MALFORMED_FUNCTION_CALL"};
constexpr Words kConverseFiltered[] = {"guardrail_intervened", "content_filtered"};

constexpr Words kChatLooked[] = {"url_citation"};
constexpr Words kMessageLooked[] = {"server_tool_use", "mcp_tool_use"};
constexpr Words kResponseLooked[] = {"web_search_call", "file_search_call", "code_interpreter_call",
                                     "computer_call", "mcp_call"};
constexpr Words kGenerateLooked[] = {"groundingMetadata", "urlContextMetadata"};

struct Row {
    const Operation* operation;
    std::span<const Words> filtered;        ///< strings that are values
    std::span<const Words> looked{};        ///< likewise
    std::span<const Words> names_looked{};  ///< names of members
};

const Row kRows[] = {
    {&kChatCompletions, kChatFiltered, kChatLooked},
    {&kCompletions, kChatFiltered},
    {&kMessages, kMessageFiltered, kMessageLooked},
    {&kResponses, kResponseFiltered, kResponseLooked},
    {&kGenerateContent, kGenerateFiltered, {}, kGenerateLooked},
    {&kConverse, kConverseFiltered},
};

enum class As { value, name };

// Does the word stand in the document as a string of its own? In a longer string its quotes would be
// escaped.
bool says(std::string_view json, Words word, As as) {
    for (std::size_t at = 0; (at = json.find(word, at)) != json.npos;) {
        const std::size_t end = at + word.size();
        const bool quoted = at > 0 && json[at - 1] == '"' && end < json.size() && json[end] == '"';
        at = end;
        if (!quoted) continue;
        const std::size_t next = json.find_first_not_of(" \t\r\n", end + 1);
        const bool name = next != json.npos && json[next] == ':';
        if (name == (as == As::name)) return true;
    }
    return false;
}

bool says_any(std::string_view json, std::span<const Words> words, As as) {
    return std::any_of(words.begin(), words.end(),
                       [&](Words word) { return says(json, word, as); });
}

// A stream begins as what it will not be any more at its end.
bool is_end(const Operation& operation, std::string_view event) {
    return &operation != &kResponses ||
           (event != "response.created" && event != "response.in_progress" &&
            event != "response.queued" && event != "response.output_item.added");
}

}  // namespace

Objections objections(const CacheEntry& entry) {
    Objections found;
    const auto* const row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& one) {
        return one.operation == entry.operation;
    });
    if (row == std::end(kRows)) return found;
    const auto read = [&](std::string_view json) {
        found.filtered = found.filtered || says_any(json, row->filtered, As::value);
        found.looked = found.looked || says_any(json, row->looked, As::value) ||
                       says_any(json, row->names_looked, As::name);
    };
    read(entry.whole);
    std::size_t at = 0;
    for (KeptEvents::Event event; entry.events.next(at, event);) {
        if (is_end(*entry.operation, event.name)) read(event.json);
    }
    return found;
}

}  // namespace patchbay
