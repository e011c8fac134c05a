/* SPDX-License-Identifier: Apache-2.0 */
/* patchbay/provider.h -- the kind "bay.provider/1": what speaks to a model provider. */
#ifndef PATCHBAY_PROVIDER_H_
#define PATCHBAY_PROVIDER_H_

#include "exchange.h"
#include "operations.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Where this attempt goes: chosen by the host's router from the configuration. */
typedef struct bay_target {
    uint32_t size;
    uint32_t flags;
    bay_str model;    /**< upstream model id, after aliasing                       */
    bay_str base_url; /**< empty = the provider's own                              */
    bay_str api_key;  /**< from the key pool; empty = the instance's own scheme    */
    bay_str params;   /**< JSON object of per-deployment settings (region, ...)    */
} bay_target;

/** A piece of user or model text found by the host, so that most plugins need no
 *  JSON parser.  FROZEN. */
typedef struct bay_text {
    bay_str path;   /**< RFC 6901, e.g. "/messages/3/content"                        */
    bay_str role;   /**< system, user, assistant, tool, ""                           */
    bay_str text;   /**< decoded: no JSON escapes                                    */
    uint64_t fixed; /**< guardrail streams: so many bytes at the head were released before */
} bay_text;

/** One member of the top-level object of a JSON document, by byte ranges in it, so
 *  that renaming, replacing or dropping a parameter is a splice and needs no parser.
 *  Members come in document order.  A name that occurs twice is listed twice.
 *  FROZEN. */
typedef struct bay_member {
    bay_str name;       /**< as written, without the quotes; names with JSON escapes keep them */
    bay_str value;      /**< the raw JSON text of the value, no white space around it */
    uint64_t name_off;  /**< offset of the name's opening quote */
    uint64_t value_off; /**< offset of the value */
} bay_member;

/** A multipart part or attached file.  FROZEN. */
typedef struct bay_part {
    bay_str name;
    bay_str filename; /**< absent: a plain field */
    bay_str content_type;
    bay_str data;  /**< whole part up to 64 KiB; ptr NULL if larger (use the blob) */
    uint64_t blob; /**< for bay_seg */
    uint64_t length;
} bay_part;

/** START of a provider exchange. */
typedef struct bay_ev_request {
    bay_event h;
    uint32_t flags;    /**< BAY_REQ_* */
    uint32_t reserved; /**< 0 */
    bay_str operation; /**< BAY_OP_* (operations.h): what is asked, and how it is answered */
    bay_str json;      /**< request body, OpenAI shape, valid JSON; blob 0.  Absent in
                            a multipart request: its parts are below              */
    const bay_target* target;
    const bay_part* parts; /**< multipart operations                               */
    uint64_t part_count;
    const bay_kv* headers; /**< client headers the operator allows through          */
    uint64_t header_count;
    bay_str path; /**< "passthrough": path and query after the mount point  */
    bay_str method;
    /** Byte range, in `json`, of the top-level "model" value including its quotes,
     *  so that an OpenAI-compatible provider is three segments and no parser.
     *  len 0: not there. */
    uint64_t model_off;
    uint64_t model_len;
    /** The top-level members of `json`. */
    const bay_member* members;
    uint64_t member_count;
    /** Parameters to pass on although the provider does not support them (LiteLLM's
     *  allowed_openai_params), comma separated. */
    bay_str allowed_params;
#if BAY_TARGET_MINOR >= 3
    /** Resources named in the client's URL, as the provider knows them: {"file_id", "file-abc"}.
     *  Names are those of operations.h. */
    const bay_kv* ids;
    uint64_t id_count;
    /** Query of the client's URL, decoded, in the client's order, a repeated name repeated;
     *  without what is the gateway's own (keys, the API version of a deployment). */
    const bay_kv* query;
    uint64_t query_count;
    /** Content type of the client's body, with its parameters, where `json` is absent; blob 0
     *  are its bytes.  Absent if there is no body, or it is JSON. */
    bay_str content_type;
    /** Parameters that say how, and not what (whose cache, how much to think), comma separated:
     *  a client of another API sent them, which cannot know this provider.  Those that it does
     *  not support are left out and no reason to fail. */
    bay_str hint_params;
#endif
} bay_ev_request;
enum {
    BAY_REQ_STREAM = 1,      /**< client asked for a stream */
    BAY_REQ_DROP_PARAMS = 2, /**< drop what the provider does not support (LiteLLM's
                                  drop_params) instead of failing with BAY_ERR_UNSUPPORTED */
    BAY_REQ_WANT_USAGE = 4   /**< the host wants the usage of a stream: ask the upstream
                                  for it even if the client did not; the host withholds
                                  from the client what it did not ask for */
};

struct bay_error {
    uint32_t size;
    uint32_t cls;        /**< BAY_ERR_*: what routing, retry and cooldown act on   */
    int32_t http_status; /**< for the client; 0 = from cls                        */
    uint32_t retry;      /**< BAY_RETRY_* */
    uint32_t retry_after_ms;
    int32_t upstream_status;
    bay_str message; /**< OpenAI error object: message, type, code, param     */
    bay_str type;
    bay_str code;
    bay_str param;
    bay_str upstream_body; /**< kept for the log; never shown unless configured     */
};
enum {
    BAY_ERR_UNKNOWN = 0,
    BAY_ERR_BAD_REQUEST = 1,
    BAY_ERR_AUTH = 2,
    BAY_ERR_PERMISSION = 3,
    BAY_ERR_NOT_FOUND = 4,
    BAY_ERR_RATE_LIMIT = 5,
    BAY_ERR_QUOTA = 6,
    BAY_ERR_CONTEXT_LENGTH = 7,
    BAY_ERR_CONTENT_POLICY = 8,
    BAY_ERR_TIMEOUT = 9,
    BAY_ERR_OVERLOADED = 10,
    BAY_ERR_UPSTREAM = 11,   /**< 5xx, cut stream, unreadable answer               */
    BAY_ERR_UNSUPPORTED = 12 /**< the provider cannot do this operation or option  */
};
enum { BAY_RETRY_BY_CLASS = 0, BAY_RETRY_NEVER = 1, BAY_RETRY_SAME = 2, BAY_RETRY_OTHER = 3 };

/** Cumulative; the last call wins.  Costs are the host's business. */
struct bay_usage {
    uint32_t size;
    uint32_t flags;
    uint64_t input_tokens;
    uint64_t output_tokens;
    uint64_t cached_input_tokens; /**< part of input_tokens   */
    uint64_t cache_write_tokens;  /**< part of input_tokens   */
    uint64_t reasoning_tokens;    /**< part of output_tokens  */
    uint64_t audio_input_tokens;
    uint64_t audio_output_tokens;
    uint64_t units; /**< superseded from 0.3 on by the counts below: images, characters or
                         seconds * 1000, whichever the operation has; read only by hosts
                         of before, and by later ones if none of those is set           */
#if BAY_TARGET_MINOR >= 3
    uint64_t images;                /**< made */
    uint64_t milliseconds;          /**< of audio or video, read or made              */
    uint64_t characters;            /**< of text that was spoken or translated        */
    uint64_t searches;              /**< on the web, by the provider                  */
    uint64_t cache_write_1h_tokens; /**< part of cache_write_tokens: kept for an hour */
    uint64_t image_input_tokens;    /**< part of input_tokens                         */
    uint64_t image_output_tokens;   /**< part of output_tokens                        */
    bay_str tier; /**< the tier it was served in, as the provider names it ("flex", "priority") */
#endif
};

#ifdef __cplusplus
}
#endif
#endif /* PATCHBAY_PROVIDER_H_ */
