#include "answer_form.hpp"

#include <algorithm>

#include "contract/json/json_walk.hpp"
#include "contract/json/member_walker.hpp"
#include "patchbay/operations.h"

namespace patchbay::transcript {

namespace {

const Shape kObjectShape{
    .name = "object",
    .named_events = true,
    .scan =
        [](std::string_view, std::string_view json) {
            AnswerFacts facts;
            MemberWalker walker(json);
            for (JsonMember m; walker.next(m);) {
                if (m.name == "error") facts.error = says_something(m.value);
            }
            if (!walker.complete()) return AnswerFacts{};
            facts.object = true;
            facts.answer = !facts.error;
            return facts;
        },
};

struct Row {
    std::string_view operation;
    AnswerForm form;
};
const Row kRows[] = {
    {BAY_OP_CHAT_COMPLETIONS, {&kChatShape}},
    {BAY_OP_COMPLETIONS, {&kChatShape}},
    {BAY_OP_MESSAGES, {&kMessageShape}},
    {BAY_OP_EMBEDDINGS, {&kListShape}},
    {BAY_OP_MODERATIONS, {&kListShape}},
    {BAY_OP_RERANK, {&kListShape}},
    {BAY_OP_IMAGES_GENERATE, {&kListShape}},
    {BAY_OP_IMAGES_EDIT, {&kListShape}},
    {BAY_OP_IMAGES_VARIATIONS, {&kListShape}},
    {BAY_OP_AUDIO_SPEECH, {&kObjectShape, true}},
    {BAY_OP_VIDEOS_CONTENT, {&kObjectShape, true}},
    {BAY_OP_FILES_CONTENT, {&kObjectShape, true}},
    {BAY_OP_PASSTHROUGH, {&kObjectShape, true}},
};

}  // namespace

AnswerForm form_of(std::string_view operation) {
    const auto found = std::find_if(std::begin(kRows), std::end(kRows),
                                    [&](const Row& row) { return row.operation == operation; });
    return found != std::end(kRows) ? found->form : AnswerForm{&kObjectShape};
}

}  // namespace patchbay::transcript
