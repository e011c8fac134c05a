/* A sound guardrail of one component: it turns every "secret" into "******" and holds what could be
 * its beginning. A fixture defines FIXTURE_ID and perhaps FIXTURE_FEED, or HOLDS 0: it holds
 * nothing. */
#ifndef PATCHBAY_TESTS_GUARDRAIL_FIXTURE_H_
#define PATCHBAY_TESTS_GUARDRAIL_FIXTURE_H_

#ifndef FIXTURE_FEED
#define FIXTURE_FEED mask_feed
#endif
#ifndef HOLDS
#define HOLDS 1
#endif
#define FIXTURE_KIND BAY_KIND_GUARDRAIL
#define FIXTURE_MANIFEST                                                                    \
    "{\"id\":\"org.example." FIXTURE_ID                                                     \
    "\",\"version\":\"1.0.0\",\"license\":\"Apache-2.0\",\"abi\":\"0.2\",\"components\":[{" \
    "\"kind\":\"bay.guardrail/1\",\"id\":\"" FIXTURE_ID "\"}]}"

#include "../fixtures/fixture.h"
#include "patchbay/guardrail.h"

#define WORD "secret"
enum { MOST_TEXTS = 8, WORD_LENGTH = sizeof WORD - 1 };

/* The text behind what was released, masked; NULL without memory. `hold` gets what waits. */
static inline char* masked(const bay_text* text, int may_hold, uint64_t* hold) {
    const size_t length = text->text.len - text->fixed;
    char* copy = (char*)malloc(length + 1);
    *hold = 0;
    if (copy == NULL) return NULL;
    memcpy(copy, text->text.ptr + text->fixed, length);
    for (size_t at = 0; at + WORD_LENGTH <= length; ++at) {
        if (memcmp(copy + at, WORD, WORD_LENGTH) == 0) memset(copy + at, '*', WORD_LENGTH);
    }
    for (size_t tail = 1; may_hold && tail < WORD_LENGTH && tail <= length; ++tail) {
        if (memcmp(copy + length - tail, WORD, tail) == 0) *hold = tail;
    }
    return copy;
}

static inline bay_status mask_feed(bay_exchange* x, const bay_event* event, bay_out* out) {
    (void)x;
    if (event->type != BAY_EV_INSPECT) return BAY_E_UNSUPPORTED;
    const bay_ev_inspect* question = (const bay_ev_inspect*)event;
    const int stream = question->stage == BAY_STAGE_STREAM;
    const int may_hold = HOLDS && stream && !(question->flags & BAY_INSPECT_LAST);
    bay_edit edits[MOST_TEXTS] = {{0}};
    bay_verdict verdict = {0};
    verdict.size = sizeof verdict;
    verdict.decision = BAY_MODIFY;
    verdict.edits = edits;
    if (question->text_count > MOST_TEXTS) return BAY_E_LIMIT;
    for (uint64_t i = 0; i < question->text_count; ++i) {
        const bay_text* text = &question->texts[i];
        char* copy = masked(text, may_hold, &edits[i].hold);
        if (copy == NULL) break;
        edits[i].index = i;
        edits[i].text.ptr = copy;
        edits[i].text.len = text->text.len - text->fixed - edits[i].hold;
        ++verdict.edit_count;
    }
    const bay_status status =
        verdict.edit_count == question->text_count ? out->verdict(out, &verdict) : BAY_E_NOMEM;
    for (uint64_t i = 0; i < verdict.edit_count; ++i) free((void*)edits[i].text.ptr);
    return status;
}

#endif /* PATCHBAY_TESTS_GUARDRAIL_FIXTURE_H_ */
