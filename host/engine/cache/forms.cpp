#include "engine/cache/forms.hpp"

#include <algorithm>
#include <iterator>

#include "engine/surface/operation.hpp"

namespace patchbay {

namespace {

// Where a whole answer is an event, too: the only one.
std::optional<KeptEvents> one_event(std::string_view whole) {
    KeptEvents events;
    events.append({}, whole);
    return events;
}

struct Row {
    const Operation* operation;
    std::optional<std::string> (*fold)(const KeptEvents& events);
    std::optional<KeptEvents> (*unfold)(std::string_view whole);
};

const Row kRows[] = {
    {&kChatCompletions, folded_chat, unfolded_chat},
    {&kMessages, folded_message, unfolded_message},
    {&kResponses, folded_response, unfolded_response},
    {&kGenerateContent, nullptr, one_event},
    {&kCompletions, nullptr, one_event},
};

const Row* row_of(const Operation& operation) {
    const auto* const row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& one) {
        return one.operation == &operation;
    });
    return row == std::end(kRows) ? nullptr : row;
}

}  // namespace

std::optional<std::string> folded(const Operation& operation, const KeptEvents& events) {
    const Row* const row = row_of(operation);
    return row && row->fold ? row->fold(events) : std::nullopt;
}

std::optional<KeptEvents> unfolded(const Operation& operation, std::string_view whole) {
    const Row* const row = row_of(operation);
    return row && row->unfold ? row->unfold(whole) : std::nullopt;
}

}  // namespace patchbay
