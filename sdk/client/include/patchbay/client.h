/* SPDX-License-Identifier: Apache-2.0 */
/*
 * patchbay/client.h -- calls to models from within a program, without a server: the engine of the
 * Patchbay gateway as a library, libpatchbay.so.
 *
 * THE IDEA.  A client owns an event loop with a thread of its own.  A call is started on any
 * thread with an operation and a JSON object, as they are sent to the gateway, and comes back as
 * EVENTS: the answer, or the pieces of a streamed one, and at last its end.  They are taken one by
 * one with bay_call_next(), which can wait or not, or are given to a callback on the client's
 * thread.  bay_call_descriptor() is for programs with an event loop of their own.
 *
 *      bay_client* client;
 *      bay_client_open(NULL, &client);
 *      bay_call_options options = {.size = sizeof options};
 *      options.operation = BAY_STR("chat.completions");
 *      options.request = BAY_STR("{\"model\": \"openai/gpt-4o\", \"messages\": [...]}");
 *      bay_call* call;
 *      bay_call_start(client, &options, &call);
 *      bay_call_event event = {.size = sizeof event};
 *      while (bay_call_next(call, -1, &event) == BAY_OK && event.type < BAY_CALL_END) ...
 *      bay_call_free(call);
 *      bay_client_close(client);
 *
 * MODELS.  A client that is opened with a configuration (LiteLLM's config.yaml) serves its
 * model_list.  One that is opened without takes "provider/model", and bare names that are well
 * known, with the keys from the environment (OPENAI_API_KEY, ...); the request may say more of the
 * deployment: api_key, api_base, api_version, custom_llm_provider, extra_headers, ssl_verify, ...
 *
 * RULES R1 to R6 and R9 of patchbay/abi.h hold: what is passed in is borrowed until the call
 * returns, extensible structs begin with their size, nothing throws.  There are no opaque sizes to
 * guess and nothing to free but clients and calls.
 *
 * FORKS.  A client belongs to the process that opened it.  In a child of fork() its functions say
 * BAY_CLIENT_E_FORKED, bay_call_free() and bay_client_close() do nothing, and the child opens a
 * client of its own.
 */
#ifndef PATCHBAY_CLIENT_H_
#define PATCHBAY_CLIENT_H_

#include "patchbay/abi.h"

/** Of this header. The major is in the library's soname; the minor says that something was added
 *  at the end of a struct, or a function. 0: until the first release nothing is promised. */
#define BAY_CLIENT_ABI_MAJOR 0
#define BAY_CLIENT_ABI_MINOR 2

/** A view of a string literal. */
#ifdef __cplusplus
#define BAY_STR(text) (bay_str{text, sizeof(text) - 1})
#else
#define BAY_STR(text) ((bay_str){text, sizeof(text) - 1})
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bay_client bay_client;
typedef struct bay_call bay_call;

/** What these functions return besides BAY_OK and BAY_E_* of patchbay/abi.h. */
enum {
    BAY_CLIENT_E_AGAIN = -20,       /**< nothing has come yet                              */
    BAY_CLIENT_E_INTERRUPTED = -21, /**< a signal came while it waited: ask again, or leave */
    BAY_CLIENT_E_FORKED = -22,      /**< the client is the parent process's                */
    BAY_CLIENT_E_CLOSED = -23,      /**< the client is closed, or the call's events are over */
};

/** bay_client_options.flags */
enum {
    /** The configuration holds settings (litellm_settings, callback_settings, ...) and no
     *  model_list: calls name their own deployments, as without a configuration. */
    BAY_CLIENT_SETTINGS_ONLY = 1
};

/** How a client is opened. */
typedef struct bay_client_options {
    uint32_t size;
    uint32_t flags; /**< BAY_CLIENT_* */
    /** LiteLLM's config.yaml as text; JSON is YAML, too. Absent: none. */
    bay_str config;
    /** Its path, in place of the text. */
    bay_str config_file;
    /** Folders of plugin files, parted by ':'. Absent: those the configuration names, else
     *  "patchbay/plugins" beside the library. */
    bay_str plugin_directories;
    /** Gets what is wrong with the configuration and with plugins; the pointer is the place
     *  ("config.yaml:12:7"). May be NULL. Used while bay_client_open() runs. */
    bay_diag* problems;
    /** Gets log lines of all clients of the process, on any thread, without a line end; severities
     *  are BAY_LOG_*. NULL: they stay where they go, at first nowhere. It stays in use when the
     *  client is closed, until another is given. */
    void(BAY_CALL* log)(void* ctx, uint32_t severity, bay_str line) BAY_NOEXCEPT;
    void* log_ctx;
} bay_client_options;

/** What a piece of an answer is. What is less than BAY_CALL_END is followed by others. */
enum {
    BAY_CALL_RESULT = 1,  /**< the whole answer, a JSON document                          */
    BAY_CALL_CHUNK = 2,   /**< an event of a streamed answer, a JSON document; `name` is its name
                              in APIs whose events have one ("content_block_delta")      */
    BAY_CALL_BYTES = 3,   /**< a piece of an answer that is bytes (speech); `name` is the media
                              type, with the first piece only                            */
    BAY_CALL_END = 100,   /**< the answer came to its good end                             */
    BAY_CALL_FAILED = 101 /**< it failed; `data` is a JSON object: message, type, param, code,
                               status (of HTTP), exception (LiteLLM's class, "RateLimitError"),
                               provider, model, retry_after (seconds), upstream_status,
                               upstream_body                                              */
};

/** One event of a call. The views live until the next bay_call_next() or bay_call_free() of the
 *  call, for a callback until it returns. */
typedef struct bay_call_event {
    uint32_t size;
    uint32_t type;
    bay_str name;
    bay_str data;
    /** A JSON object about the call, with its first and its last event: call_id, model_id,
     *  model_group, provider, model, api_base, attempts, retries, fallbacks, dropped, duration_ms,
     *  usage, headers, and with the last one cost (dollars), cache_hit, cache_key. Members that are
     *  not known are not there. */
    bay_str about;
} bay_call_event;

/** A call to start. */
typedef struct bay_call_options {
    uint32_t size;
    uint32_t flags; /**< none yet */
    /** "chat.completions", "messages", ...: the ids of patchbay/operations.h. */
    bay_str operation;
    /** The request as the operation's API has it, a JSON object with "model". "stream": true makes
     *  it a stream. LiteLLM's parameters (timeout, num_retries, drop_params, mock_response, ...)
     *  may be among its members. */
    bay_str request;
    /** The id of the call in logs; absent: one is made. */
    bay_str id;
    /** Gets the events on the client's thread, one at a time; may start and cancel calls, but
     *  neither wait nor close the client. NULL: they wait for bay_call_next(). */
    void(BAY_CALL* on_event)(void* ctx, const bay_call_event* event) BAY_NOEXCEPT;
    void* ctx;
    /** For programs with an event loop that would rather not watch a descriptor for each call: is told
     *  on the client's thread, once, that an event has come after bay_call_next() said
     *  BAY_CLIENT_E_AGAIN. It must return at once and call no function of this header. NULL: nobody is
     *  told. Not together with on_event. */
    void(BAY_CALL* on_ready)(void* ctx) BAY_NOEXCEPT;
} bay_call_options;

/** The minor of the library that is loaded. [any] */
BAY_EXPORT uint32_t BAY_CALL bay_client_abi_minor(void) BAY_NOEXCEPT;

/** Opens a client; `options` NULL: without a configuration. Reads files and loads plugins, some
 *  10 ms. BAY_E_INVALID: the configuration cannot be used, `problems` were told why; BAY_E_INTERNAL:
 *  the system has no threads or descriptors left. `*out` is NULL then. [any] */
BAY_EXPORT bay_status BAY_CALL bay_client_open(const bay_client_options* options,
                                               bay_client** out) BAY_NOEXCEPT;

/** Cancels the calls under way, waits for their last events and ends the thread; log records that
 *  wait are delivered, for 5 s at most. Its calls can still be read and must still be freed. Not
 *  within a callback. NULL is taken. [any, once] */
BAY_EXPORT void BAY_CALL bay_client_close(bay_client* client) BAY_NOEXCEPT;

/** Answers a question about the world, without a call: `take` gets a JSON document before the
 *  function returns. `what` and `about` are:
 *    "provider"   {"model", "custom_llm_provider"?, "api_base"?}: who would serve that name, as
 *                 {"provider", "model", "served", "api_base", "api_key_env", "api_base_env",
 *                 "operations"}; {} if nobody knows
 *    "model"      {"model", "custom_llm_provider"?, "prices"?}: {"mode", "max_input_tokens",
 *                 "input_cost_per_token", ...}, as far as known, with LiteLLM's names
 *    "cost"       {"model", "custom_llm_provider"?, "usage"?, "units"?, "service_tier"?, "prices"?}:
 *                 what that costs in dollars, {"input", "output", "cost", "priced"}; {} for a model
 *                 without prices. "usage" is an answer's, "units" has counts by the names of the
 *                 price table ("images_out"), "prices" are LiteLLM's fields in place of the table's
 *    "tokens"     {"text"}: an estimate of its tokens, {"tokens"}
 *    "models"     {}: the names that the configuration serves, a list
 *    "providers"  {}: those that loaded plugins serve, a list of objects as for "provider"
 *    "catalogue"  {}: the models that are known at all, {"table"}: a text, a line with the columns'
 *                 names, then a model a line, columns parted by tabs; empty ones at an end may be missing
 *    "deployment" {"model", "operation"?}: the deployment of the configuration that a call would be sent to now, {"id"};
 *                 if there is none {"status", "exception", "message"}. Counts as a request where it has limits of the minute
 *    "schema"     {"schema", "value"}: what of a value a JSON schema (draft 7) forbids, a list of {"at": a JSON pointer,
 *                 "message"}
 *  BAY_E_UNSUPPORTED: `what` is none of these; BAY_E_INVALID: `about` is not such an object. [any] */
BAY_EXPORT bay_status BAY_CALL bay_client_look_up(bay_client* client, bay_str what, bay_str about,
                                                  void(BAY_CALL* take)(void* ctx, bay_str json),
                                                  void* ctx) BAY_NOEXCEPT;

/** Starts a call. What is wrong with the request is told by its events, as what the provider says
 *  is. BAY_E_UNSUPPORTED: there is no such operation; BAY_CLIENT_E_CLOSED: the client is closing.
 *  `*out` is NULL then. Reads the environment: not beside a thread that changes it. [any] */
BAY_EXPORT bay_status BAY_CALL bay_call_start(bay_client* client, const bay_call_options* options,
                                              bay_call** out) BAY_NOEXCEPT;

/** The next event, waiting up to `timeout_ms` for it; 0 does not wait, less than 0 waits without an
 *  end. BAY_CLIENT_E_AGAIN: it has not come; BAY_CLIENT_E_CLOSED: the last one was taken.
 *  BAY_E_STATE: the call has a callback. `event` NULL: only waits, the event stays for who takes it;
 *  any number of threads may. [any, one at a time for a call] */
BAY_EXPORT bay_status BAY_CALL bay_call_next(bay_call* call, int64_t timeout_ms,
                                             bay_call_event* event) BAY_NOEXCEPT;

/** A descriptor that can be read (poll, epoll) while an event waits for bay_call_next(), and after the
 *  last one. It may be readable once more without one: bay_call_next() says BAY_CLIENT_E_AGAIN then,
 *  and it is quiet. It is the call's: not to be read from, written to or closed. Negative: the
 *  system has none left. [any] */
BAY_EXPORT int BAY_CALL bay_call_descriptor(bay_call* call) BAY_NOEXCEPT;

/** Ends the call soon: its connection is closed, and its last event is BAY_CALL_FAILED with the
 *  exception "APIError" and the status 499, unless it has come to its end already. [any] */
BAY_EXPORT void BAY_CALL bay_call_cancel(bay_call* call) BAY_NOEXCEPT;

/** Cancels the call if it is under way and lets go of it. A callback that runs meanwhile is waited
 *  for; there is none after this. Within the call's own callback: there is none after that one.
 *  NULL is taken. [any, once] */
BAY_EXPORT void BAY_CALL bay_call_free(bay_call* call) BAY_NOEXCEPT;

/** What stands in a JSON document at an RFC 6901 pointer ("/choices/0/message/content"): the
 *  characters of a string, in UTF-8, or the JSON text of another value, in `buffer` up to
 *  `*size` bytes. `*size` becomes the length of all of it; BAY_E_LIMIT if the buffer was too small.
 *  BAY_CLIENT_E_AGAIN: there is nothing there, or null; BAY_E_INVALID: it is no JSON. [any] */
BAY_EXPORT bay_status BAY_CALL bay_json_at(bay_str json, bay_str pointer, char* buffer,
                                           size_t* size) BAY_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif /* PATCHBAY_CLIENT_H_ */
