/* SPDX-License-Identifier: Apache-2.0 */
/* patchbay/guardrail.h -- the kind "bay.guardrail/1": what looks at requests and answers, and may
 * change or block them. */
#ifndef PATCHBAY_GUARDRAIL_H_
#define PATCHBAY_GUARDRAIL_H_

#include "provider.h"

#ifdef __cplusplus
extern "C" {
#endif

/** When a guardrail is asked.  An unknown stage is answered with BAY_ALLOW only by a guardrail
 *  that has nothing to protect; when in doubt BAY_BLOCK. */
enum {
    BAY_STAGE_PRE_CALL = 1,    /**< before the provider; may change the request              */
    BAY_STAGE_DURING_CALL = 2, /**< beside the provider; may only allow or block             */
    BAY_STAGE_POST_CALL = 3,   /**< a whole answer; may change it                            */
    BAY_STAGE_STREAM = 4,      /**< one window of a streamed answer; may change or hold      */
    BAY_STAGE_LOG_ONLY = 5     /**< what log sinks will see; changes nothing for the client  */
};

/** One question of the host.  The answer is exactly one verdict(), at once or after http() calls,
 *  timers or shared values; the next INSPECT comes only after it.  fail() instead says that no
 *  verdict could be had (a service is down): what that means, open or closed, is the operator's
 *  setting and not the plugin's.
 *
 *  One exchange lives from PRE_CALL to the end of the answer, so what a guardrail learned of the
 *  request (a table of masked names) is there when the answer comes.  DURING_CALL and LOG_ONLY
 *  have exchanges of their own.  Only stages are asked that the operator's `mode` names.
 *
 *  PRE_CALL, DURING_CALL: `json` is the request and `texts` are its user-visible texts: message
 *  contents and parts, tool results, tool descriptions, `prompt`, `input`.
 *  POST_CALL: `json` is the answer, `texts` its contents, reasoning, refusals, tool arguments.
 *  LOG_ONLY: the same for the request, then for the answer if it was a success.
 *  STREAM: `json` is absent.  `texts` holds one entry for each channel of the answer with text that
 *  is not released yet ("/choices/0/delta/content", "/choices/1/delta/tool_calls/0/function/
 *  arguments"; array indexes are the `index` members of OpenAI's chunks): the whole text held so
 *  far, preceded by `fixed` bytes that went out before and are shown for context only.  Windows
 *  are numbered from 1; BAY_INSPECT_LAST marks the one after which nothing follows. */
typedef struct bay_ev_inspect {
    bay_event h;
    uint32_t stage;  /**< BAY_STAGE_* */
    uint32_t flags;  /**< BAY_INSPECT_* */
    uint64_t window; /**< STREAM: 1, 2, ... */
    bay_str operation;
    bay_str json;
    bay_str request; /**< POST_CALL, STREAM: the request that is being answered             */
    const bay_text* texts;
    uint64_t text_count;
    bay_str params;   /**< JSON object: settings this request gives for this guardrail, "{}" */
    bay_str metadata; /**< JSON object: who asks ("user_api_key_hash", "user_api_key_alias",
                           "user_id", "model", "litellm_call_id", "headers": {...}); members
                           that are not known are left out                                   */
} bay_ev_inspect;
enum {
    BAY_INSPECT_LAST = 1 /**< STREAM: the last window; BAY_HOLD and holds are not possible    */
};

/** New text for texts[index], all of it from `fixed` on but the last `hold` bytes.  An absent
 *  text leaves it as it is.  `hold` (STREAM only): so many bytes at the end are not released; they
 *  come again at the head of the next window's text.  A masker holds what could be the beginning
 *  of something it would mask.  `hold` must fall on a UTF-8 boundary: the host moves it to the
 *  left if it does not.  FROZEN. */
typedef struct bay_edit {
    uint64_t index;
    bay_str text;
    uint64_t hold;
} bay_edit;

struct bay_verdict {
    uint32_t size;
    uint32_t decision;     /**< BAY_ALLOW .. BAY_HOLD; unknown = BLOCK                            */
    const bay_edit* edits; /**< MODIFY; each index at most once                               */
    uint64_t edit_count;
    bay_str json; /**< MODIFY, not STREAM: the whole document instead of edits                */
    const bay_error* error; /**< BLOCK: what the client is told.  `message` may be a JSON object,
                               which becomes LiteLLM's error detail.  NULL = the default          */
    bay_str reason;         /**< for logs and the record's guardrail_information; no user text */
};
enum {
    BAY_ALLOW = 1,  /**< as it is; a window is released whole                                */
    BAY_BLOCK = 2,  /**< the request ends with an error; what was released stays with the client */
    BAY_MODIFY = 3, /**< with these edits                                                    */
    BAY_HOLD = 4    /**< STREAM: release nothing, ask again when there is more               */
};

#ifdef __cplusplus
}
#endif
#endif /* PATCHBAY_GUARDRAIL_H_ */
