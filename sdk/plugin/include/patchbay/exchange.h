/* SPDX-License-Identifier: Apache-2.0 */
/* patchbay/exchange.h -- events and actions that every kind of plugin can use. */
#ifndef PATCHBAY_EXCHANGE_H_
#define PATCHBAY_EXCHANGE_H_

#include "entry.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    BAY_EV_NONE = 0,
    /* 1..31: START of a kind */
    BAY_EV_REQUEST = 1, /**< provider  */
    BAY_EV_INSPECT = 2, /**< guardrail; repeated per stream window */
    BAY_EV_BATCH = 3,   /**< logger    */
    BAY_EV_REFRESH = 4, /**< any kind: compute one shared value    */
    /* 32..: answers to actions */
    BAY_EV_HTTP_HEAD = 32,  /**< bay_ev_http */
    BAY_EV_HTTP_DATA = 33,  /**< bay_ev_http; DECODE_RAW only       */
    BAY_EV_HTTP_FRAME = 34, /**< bay_ev_http; one whole SSE/NDJSON/AWS frame */
    BAY_EV_HTTP_DONE = 35,  /**< bay_ev_http; last event of a call, also on failure */
    BAY_EV_WS_OPEN = 40,    /**< bay_ev_ws */
    BAY_EV_WS_FRAME = 41,
    BAY_EV_WS_CLOSE = 42,
    BAY_EV_CLIENT_FRAME = 44, /**< bay_ev_ws; realtime: a frame from the client */
    BAY_EV_CLIENT_CLOSE = 45,
    BAY_EV_SHARED = 48, /**< bay_ev_shared */
    BAY_EV_TIMER = 49,  /**< bay_ev_timer  */
    BAY_EV_CANCEL = 50  /**< bay_ev_cancel; only to machines that set WANT_CANCEL */
};

/** How the host cuts a response body into events.  Framing is decoded ONCE, in
 *  the host, so no plugin ever sees a frame split over two reads. */
enum {
    BAY_DECODE_BUFFER = 0,          /**< whole body in HTTP_DONE.data (capped by max_body)  */
    BAY_DECODE_RAW = 1,             /**< HTTP_DATA as it arrives; for binary, e.g. audio    */
    BAY_DECODE_SSE = 2,             /**< HTTP_FRAME: event=name/id, data=joined data lines  */
    BAY_DECODE_NDJSON = 3,          /**< HTTP_FRAME per line                                */
    BAY_DECODE_AWS_EVENTSTREAM = 4, /**< HTTP_FRAME: headers as text (booleans "true" and
                                         "false", numbers in decimal, a timestamp in
                                         milliseconds since 1970, a UUID in canonical form,
                                         bytes as they are), data=payload, event=the value
                                         of ":event-type", else of ":exception-type"; CRCs
                                         are checked */
    BAY_DECODE_JSON_ARRAY = 5       /**< HTTP_FRAME per element of a top-level array: data=
                                         its text, whose grammar is checked (UTF-8 is not) */
};

/** A non-2xx head always falls back to BAY_DECODE_BUFFER, so error bodies arrive
 *  whole in HTTP_DONE whatever was asked for. */
typedef struct bay_ev_http {
    bay_event h;
    uint32_t call;         /**< the id the plugin chose                              */
    int32_t status;        /**< HTTP status; 0 if no response was had                */
    uint32_t failure;      /**< HTTP_DONE: BAY_FAIL_*, 0 = complete response         */
    uint32_t last;         /**< DATA: 1 on the last piece; DONE: 1 if "[DONE]" came  */
    const bay_kv* headers; /**< HEAD: response headers, names lower-case.  FRAME: AWS
                                frame headers.  DONE: headers again (BUFFER).      */
    uint64_t header_count;
    bay_str event; /**< FRAME: SSE event name, AWS event or exception type   */
    bay_str id;    /**< FRAME: SSE id                                        */
    bay_str data;  /**< DATA, FRAME, or the whole body in DONE (BUFFER)      */
    bay_str error; /**< DONE with failure: text for logs                     */
} bay_ev_http;
enum {
    BAY_FAIL_NONE = 0,
    BAY_FAIL_CONNECT = 1, /**< DNS, TCP, TLS                                       */
    BAY_FAIL_TIMEOUT = 2,
    BAY_FAIL_RESET = 3,   /**< cut mid-body                                        */
    BAY_FAIL_FRAMING = 4, /**< decoder met bytes that are not the asked-for framing */
    BAY_FAIL_LIMIT = 5,   /**< max_body or frame limit                             */
    BAY_FAIL_DENIED = 6,  /**< egress policy                                       */
    BAY_FAIL_ABORTED = 7
};

/** A piece of an outgoing body; the host concatenates.  FROZEN.
 *  BLOBs are bytes the host already holds: blob 0 is the client's request body as
 *  received, 1.. are its multipart parts.  They cost the plugin nothing, however
 *  large, and may never have been in memory. */
typedef struct bay_seg {
    uint32_t kind; /**< BAY_SEG_* */
    uint32_t blob;
    bay_str bytes; /**< BAY_SEG_BYTES */
    uint64_t off;  /**< BLOB*: offset and length; len 0 = to the end */
    uint64_t len;
} bay_seg;
enum {
    BAY_SEG_BYTES = 0,
    BAY_SEG_BLOB = 1,
    BAY_SEG_BLOB_BASE64 = 2 /**< standard alphabet, padded; counts as copied bytes */
};

typedef struct bay_http_req {
    uint32_t size;
    uint32_t call;   /**< chosen by the plugin, unique in the exchange, not 0       */
    uint32_t flags;  /**< BAY_HTTP_* */
    uint32_t decode; /**< BAY_DECODE_* */
    bay_str method;
    bay_str url;           /**< absolute; must match the instance's egress list           */
    const bay_kv* headers; /**< host adds Host, Content-Length, Accept-Encoding     */
    uint64_t header_count;
    const bay_seg* body;
    uint64_t body_count;
    uint32_t total_ms; /**< 0 = host's default; never beyond the exchange's budget */
    uint32_t idle_ms;  /**< longest gap between body bytes                         */
    uint64_t max_body; /**< BUFFER cap; 0 = host's default                         */
} bay_http_req;
enum {
    BAY_HTTP_MAIN = 1,       /**< THE upstream call: timed, traced, counted as such   */
    BAY_HTTP_REPEATABLE = 2, /**< host may resend if the connection broke before a byte
                                  of response (otherwise it never does)             */
    BAY_HTTP_DETACHED = 4    /**< outlives the exchange; its answer is dropped.  For
                                  "cancel" calls.                                   */
};

/** Opens a WebSocket; answered by WS_OPEN, or by WS_CLOSE at once.  What is sent before
 *  WS_OPEN waits for it. */
typedef struct bay_ws_req {
    uint32_t size;
    uint32_t call;    /**< chosen by the plugin, unique among all calls of the exchange, not 0 */
    uint32_t flags;   /**< 0 */
    uint32_t idle_ms; /**< longest gap between messages, either way; 0 = none */
    bay_str url;      /**< ws or wss; must match the egress list, as http and https do */
    const bay_kv* headers;
    uint64_t header_count;
    bay_str subprotocols; /**< comma separated */
} bay_ws_req;

/** WS_OPEN: `code` is 101, `data` the subprotocol that the server chose.
 *  WS_FRAME, CLIENT_FRAME: one whole message.
 *  WS_CLOSE, CLIENT_CLOSE: last event of a socket.  Closed as it should be: the peer's code (1005
 *  if it gave none) and reason.  Else `failure` is set and `data` is text for logs; `code` is 1006,
 *  1002, 1007 or 1009 for a socket that was open; for one that was not, 0, or the HTTP status that
 *  the handshake was refused with, and `data` is the body of that answer (its first 64 KiB). */
typedef struct bay_ev_ws {
    bay_event h;
    uint32_t call;    /**< 0 for CLIENT_* */
    uint32_t opcode;  /**< BAY_WS_*; host reassembles fragments, answers pings      */
    uint32_t code;    /**< see above */
    uint32_t failure; /**< *_CLOSE: BAY_FAIL_* */
    bay_str data;
} bay_ev_ws;
enum { BAY_WS_TEXT = 1, BAY_WS_BINARY = 2 };

/** Values shared by all exchanges of an instance: OAuth tokens, STS credentials,
 *  discovered endpoints.  Kept by the HOST: single-flight, with a TTL, redacted in
 *  logs, surviving a hot reload.  Ask with out->shared_get(key):
 *    fresh   -> BAY_EV_SHARED with the value (may be delivered at once)
 *    stale   -> the host opens ONE exchange, feeds it BAY_EV_REFRESH{key}, waits for
 *               its shared_put(), then answers everyone who asked. */
typedef struct bay_ev_shared {
    bay_event h;
    bay_status status; /**< BAY_OK, or why there is no value */
    uint32_t ttl_ms;   /**< what is left */
    bay_str key;
    bay_str value;
    bay_str error;
#if BAY_TARGET_MINOR >= 3
    /** Of a refresh that ended with fail(): its class (BAY_ERR_*) and time to wait; 0 = not told. */
    uint32_t cls;
    uint32_t retry_after_ms;
#endif
} bay_ev_shared;

typedef struct bay_ev_refresh {
    bay_event h;
    bay_str key;
    bay_str old_value; /**< e.g. holds a refresh token */
#if BAY_TARGET_MINOR >= 3
    /** The deployment whose exchange asked, for a value that is made of its settings (a key file,
     *  a region); NULL if no provider's exchange asked.  Values are one for each key and instance,
     *  whoever asks: what the value depends on must be part of the key. */
    const struct bay_target* target;
#endif
} bay_ev_refresh;

typedef struct bay_ev_timer {
    bay_event h;
    uint32_t timer;
} bay_ev_timer;

typedef struct bay_ev_cancel {
    bay_event h;
    uint32_t reason; /**< 1 client gone, 2 deadline, 3 guardrail, 4 shutdown */
} bay_ev_cancel;

/* Payloads of provider and guardrail actions: provider.h, guardrail.h. */
typedef struct bay_error bay_error;
typedef struct bay_usage bay_usage;
typedef struct bay_verdict bay_verdict;

/** Actions.  Valid only inside the feed() call that got it, on that thread.  Every
 *  function only RECORDS: it copies what it is given, never calls back into the
 *  plugin, never blocks.  Effects happen after feed() returns, in call order.  All
 *  return BAY_OK, BAY_E_LIMIT, BAY_E_DENIED, BAY_E_STATE (wrong kind, or already
 *  finished) or BAY_E_UNSUPPORTED.
 *
 *  An exchange is FINISHED by result(), done(), fail() or shared_put(); that of a guardrail only by
 *  fail(), else the host closes it when no question is left.  After
 *  feed() returns, a machine that owes an answer (a result; a verdict on the last
 *  INSPECT) and has nothing pending (no call, socket, timer or shared value) can
 *  never wake up; the host ends it at once as a plugin fault ("stalled") instead
 *  of waiting for a timeout. */
struct bay_out {
    uint32_t size;
    uint32_t flags;
    void* ctx;

    /* -- asking the host for something -- */
    bay_status(BAY_CALL* http)(bay_out* o, const bay_http_req* req) BAY_NOEXCEPT;
    bay_status(BAY_CALL* http_abort)(bay_out* o, uint32_t call) BAY_NOEXCEPT;
    bay_status(BAY_CALL* shared_get)(bay_out* o, bay_str key) BAY_NOEXCEPT;
    /** Only in an exchange started by BAY_EV_REFRESH, for its key; finishes it. */
    bay_status(BAY_CALL* shared_put)(bay_out* o, bay_str value, uint32_t ttl_ms) BAY_NOEXCEPT;
    /** The value was refused (401): forget it, unless it was replaced since. */
    bay_status(BAY_CALL* shared_drop)(bay_out* o, bay_str key, bay_str value) BAY_NOEXCEPT;
    bay_status(BAY_CALL* timer)(bay_out* o, uint32_t timer, uint32_t after_ms) BAY_NOEXCEPT;
    /** BAY_WANT_* bits. */
    bay_status(BAY_CALL* want)(bay_out* o, uint32_t bits) BAY_NOEXCEPT;

    /* -- telling the host something -- */
    /** Key/JSON pair for the log record and the trace span. */
    bay_status(BAY_CALL* note)(bay_out* o, bay_str key, bay_str json) BAY_NOEXCEPT;
    bay_status(BAY_CALL* fail)(bay_out* o, const bay_error* err) BAY_NOEXCEPT;
    bay_status(BAY_CALL* done)(bay_out* o) BAY_NOEXCEPT;

    /* -- provider: results -- */
    /** The whole OpenAI-shaped answer; implies done(). */
    bay_status(BAY_CALL* result)(bay_out* o, bay_str json) BAY_NOEXCEPT;
    /** One OpenAI-shaped stream event.  The host frames it (SSE, "[DONE]").
     *  `event` names it for the Responses API, {NULL,0} for chat. */
    bay_status(BAY_CALL* chunk)(bay_out* o, bay_str event, bay_str json) BAY_NOEXCEPT;
    /** Result that is bytes (speech, files), piece by piece, then done().  The first call fixes
     *  the content type. */
    bay_status(BAY_CALL* body)(bay_out* o, bay_str content_type, bay_str bytes) BAY_NOEXCEPT;
    bay_status(BAY_CALL* usage)(bay_out* o, const bay_usage* u) BAY_NOEXCEPT;
    /** Forward a live 2xx upstream body to the client from here on, in the shape of the
     *  operation.  Allowed in the HTTP_HEAD event of a BAY_HTTP_MAIN call.  What the host does by
     *  decode:
     *    SSE, NDJSON, JSON_ARRAY, AWS_EVENTSTREAM: every frame is an event of the answer, and is
     *      framed for the client as its API frames events.  Of an operation whose answer is bytes
     *      (a speech asked for as events) the frames go on in the same framing.
     *    BUFFER: the body is the whole answer.  An operation of JSON gets it once it has come and
     *      was checked; of one of bytes it is what RAW is.
     *    RAW: bytes go on as they come, with the upstream's content type; for operations whose
     *      answer may be bytes, else BAY_E_STATE.
     *  Of JSON documents the host reads usage on the side, puts the client's model name in place
     *  of the upstream's and withholds a usage chunk the client did not ask for; bytes are not
     *  looked at: what they cost is told by usage().  Fed from here on is what is not forwarded:
     *  frames that are no JSON object, have an "error" that says something or are named "error";
     *  and HTTP_DONE, with FAIL_RESET if the stream ended before its answer did (chat and
     *  completions: every choice has a finish_reason, or "[DONE]"; messages: "message_stop";
     *  responses: "response.completed", ".incomplete" or ".failed") or the bytes were cut, with
     *  FAIL_FRAMING and the bytes if a whole body of JSON is no answer; then the machine calls
     *  done() or fail().  Before 0.3: SSE and BUFFER of chat.completions only. */
    bay_status(BAY_CALL* pass_through)(bay_out* o, uint32_t call) BAY_NOEXCEPT;

    /* -- realtime: providers only -- */
    /** A realtime exchange ends by fail(), by done(), which closes every socket with 1000 after
     *  what was sent last, or when its sockets have ended.  Ends close together: when the
     *  client's socket ends the host closes the others, and when the last of the others has ended
     *  it closes the client's, with the code that the machine gives in that very event, else with
     *  the peer's, 1011 after a failure. */
    bay_status(BAY_CALL* ws_open)(bay_out* o, const bay_ws_req* req) BAY_NOEXCEPT;
    /** call 0 sends to the client, once it is wanted.  Text must be UTF-8.  BAY_E_STATE: no such
     *  socket, or it is closed. */
    bay_status(BAY_CALL* ws_send)(bay_out* o, uint32_t call, uint32_t opcode,
                                  bay_str data) BAY_NOEXCEPT;
    /** After what was sent before.  Codes that may not be sent (RFC 6455, section 7.4) are
     * replaced: 0 and 1005 by 1000, others by 1011; so the code of an event can be handed on.
     * `reason` is cut at 123 bytes. */
    bay_status(BAY_CALL* ws_close)(bay_out* o, uint32_t call, uint32_t code,
                                   bay_str reason) BAY_NOEXCEPT;

    /* -- guardrail.h; logger.h -- */
    /** Answers the INSPECT in hand; once. */
    bay_status(BAY_CALL* verdict)(bay_out* o, const bay_verdict* v) BAY_NOEXCEPT;
    /** Indexes into the batch of records that were not delivered; before done(). */
    bay_status(BAY_CALL* retry_records)(bay_out* o, const uint32_t* index,
                                        uint64_t count) BAY_NOEXCEPT;

    /** Actions of kinds not in this header ("bay.out.cache/1"); NULL if absent. */
    void*(BAY_CALL* get_extension)(bay_out* o, const char* id)BAY_NOEXCEPT;

#if BAY_TARGET_MINOR >= 3
    /** provider: the answer's own status, 200 to 299, and headers, where they are part of it: files
     *  and pass-through (operations.h).  Once, before the first result(), chunk(), body(), or
     *  pass_through(); without it 200 and the content type alone.  Names in lower case.  Headers of
     *  the connection, lengths and codings are left out by the host; a "content-type" here gives
     *  way to that of body(). */
    bay_status(BAY_CALL* head)(bay_out* o, int32_t status, const bay_kv* headers,
                               uint64_t count) BAY_NOEXCEPT;
#endif
    /* Additions go here, inside #if BAY_TARGET_MINOR >= the minor that has them */
};
enum {
    BAY_WANT_CANCEL = 1,       /**< feed BAY_EV_CANCEL before close(); the machine may
                                    answer with DETACHED calls only                 */
    BAY_WANT_CLIENT_FRAMES = 2 /**< realtime: accept the client's upgrade, once.  Until then
                                    fail() is an HTTP error for the client, and another
                                    deployment may be tried                         */
};

#ifdef __cplusplus
}
#endif
#endif /* PATCHBAY_EXCHANGE_H_ */
