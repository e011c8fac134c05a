/* SPDX-License-Identifier: Apache-2.0 */
/* patchbay/entry.h -- how the host finds a plugin: the one exported symbol, the manifest, the
 * kinds. */
#ifndef PATCHBAY_ENTRY_H_
#define PATCHBAY_ENTRY_H_

#include "abi.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bay_instance bay_instance; /**< plugin's: one component + one config */
typedef struct bay_exchange bay_exchange; /**< plugin's: one state machine          */
typedef struct bay_out bay_out;           /**< host's: where actions go, part 3     */

/** Every event starts with this; `type` tells which bay_ev_* it is, `size` is that
 *  of the whole event.  FROZEN. */
typedef struct bay_event {
    uint32_t size;
    uint32_t type;
} bay_event;

/** A component is something an operator can name in the configuration, such as
 *  "anthropic" or "pii-mask".  One file may hold many, of several kinds. */
typedef struct bay_component {
    uint32_t size;
    uint32_t flags; /**< 0 */
    bay_str id;     /**< [a-z0-9][a-z0-9_-]*, unique within its kind              */
} bay_component;

typedef struct bay_create_info {
    uint32_t size;
    uint32_t flags;    /**< BAY_CREATE_* */
    bay_str component; /**< bay_component.id */
    bay_str name;      /**< operator's name for this instance, for logs           */
    /** Config as JSON, already valid against the manifest's schema, defaults filled
     *  in, references to variables (os.environ/NAME) already resolved. */
    bay_str config;
} bay_create_info;
enum { BAY_CREATE_VALIDATE_ONLY = 1 /**< will be destroyed at once; skip warm-up */ };

typedef struct bay_open_info {
    uint32_t size;
    uint32_t flags;
    bay_str request_id;
    bay_str traceparent; /**< W3C */
    uint32_t attempt;    /**< 1 on the first try; a retry is a NEW exchange        */
    uint32_t budget_ms;  /**< what is left of the request's deadline; 0 = none     */
} bay_open_info;

/** THE plugin interface, one static table per kind. */
typedef struct bay_kind {
    uint32_t size;
    uint32_t flags; /**< 0 */

    /** [any] Enumerate components; result is static.  NULL past the end. */
    const bay_component*(BAY_CALL* component)(uint32_t index)BAY_NOEXCEPT;

    /** [control] Make an instance.  Do the semantic checks that a schema cannot,
     *  and report all of them.  On failure *out stays NULL. */
    bay_status(BAY_CALL* create)(const bay_create_info* info, bay_diag* diag,
                                 bay_instance** out) BAY_NOEXCEPT;
    /** [control] After the last exchange of the instance was closed. */
    void(BAY_CALL* destroy)(bay_instance* self) BAY_NOEXCEPT;

    /** [any] Start a machine.  Cheap; no actions yet, START follows. */
    bay_status(BAY_CALL* open)(bay_instance* self, const bay_open_info* info,
                               bay_exchange** out) BAY_NOEXCEPT;
    /** [exchange] One event in, any number of actions on `out`.  `ev` and `out` are
     *  valid only until return.  A return other than BAY_OK ends the exchange as a
     *  plugin fault (HTTP 500 to the client, counted, may trip the breaker). */
    bay_status(BAY_CALL* feed)(bay_exchange* x, const bay_event* ev, bay_out* out) BAY_NOEXCEPT;
    /** [exchange] Always called once, at any point between events: this is also how
     *  a cancelled exchange ends.  Must release everything. */
    void(BAY_CALL* close)(bay_exchange* x) BAY_NOEXCEPT;
} bay_kind;

typedef struct bay_entry {
    uint32_t size;
    uint32_t abi_minor;      /**< BAY_ABI_MINOR the plugin was compiled with       */
    uint32_t min_host_minor; /**< BAY_TARGET_MINOR                                 */
    uint32_t flags;          /**< BAY_ENTRY_* */

    /** The manifest: the very bytes of section ".bay_manifest" (see BAY_PLUGIN). */
    bay_str manifest;

    /** [control] Once per load, first.  Nothing else in the file is called if it
     *  fails.  `host` stays valid until deinit() returns. */
    bay_status(BAY_CALL* init)(const bay_host* host, bay_diag* diag) BAY_NOEXCEPT;
    /** [control] Save nothing, free everything.  All instances are gone by now.  The
     *  file may or may not be unmapped afterwards; do not depend on either. */
    void(BAY_CALL* deinit)(void) BAY_NOEXCEPT;
    /** [any] Table for a kind id ("bay.provider/1"), NULL if not offered.  Unknown
     *  ids MUST give NULL.  `kind_id` is NUL-terminated.  Callable before init(). */
    const bay_kind*(BAY_CALL* get_kind)(const char* kind_id)BAY_NOEXCEPT;
} bay_entry;
enum {
    BAY_ENTRY_KEEP_LOADED = 1 /**< never dlclose (Go runtime, live TLS destructors)  */
};

/** The only exported symbol.  A function, not data: dlsym is only promised for
 *  functions.  The name carries the major.  Must have no side effect. */
#define BAY_ENTRY_SYMBOL "bay_entry_v0"
typedef const bay_entry*(BAY_CALL* bay_entry_fn)(void)BAY_NOEXCEPT;
/** Plugins linked statically (all-in-one binary, unit tests) define BAY_ENTRY_NAME
 *  to a name of their own; the source is otherwise the same. */
#ifndef BAY_ENTRY_NAME
#define BAY_ENTRY_NAME bay_entry_v0
#endif
BAY_EXPORT const bay_entry* BAY_CALL BAY_ENTRY_NAME(void) BAY_NOEXCEPT;

/** Put the manifest where the host can read it WITHOUT running plugin code: an
 *  ELF section.  (Mach-O: "__DATA,__bay_manifest"; PE: a resource.)  Text must be
 *  one JSON object:
 *   { "id": "com.example.anthropic", "version": "1.4.0", "license": "Apache-2.0",
 *     "abi": "0.3", "name": "...", "vendor": "...", "homepage": "...",
 *     "components": [ { "kind": "bay.provider/1", "id": "anthropic",
 *        "operations": ["chat.completions", { "id": "messages", "features": ["stream"] }],
 *        "features": ["stream", "tools", "vision"],
 *        "egress": ["https://api.anthropic.com"],
 *        "config_schema": { ...JSON Schema draft-07... },
 *        "names": ["..."],
 *        "config_env": { "host": ["ANTHROPIC_HOST"] },
 *        "provider": { "prefixes": ["anthropic"],
 *                      "base_url": "https://api.anthropic.com",
 *                      "api_key_env": ["ANTHROPIC_API_KEY"],
 *                      "api_base_env": ["ANTHROPIC_API_BASE"] } } ] }
 *  "operations": what a provider can be asked, ids of operations.h; an object instead of a
 *  text says besides what that operation can do ("features").
 *  "egress": the origins that the component may call: "https://host", "https://host:port",
 *  or "https://<any>.host" (written with a star) for every name below the host.  Always
 *  allowed besides: the origin of the target's base_url, and of config values whose schema
 *  says "x-bay-url": true.
 *  "names": further names by which an operator may name the component ("guardrail:",
 *  "callbacks:").  "config_env": where the value of a config member comes from if the
 *  operator gives none: the first variable that is set.
 *  "guardrail": { "modes": ["pre_call", "post_call"], "stream_every": 5 } (guardrail kind
 *  only, both optional): the modes it can be used in (all), and after how many chunks of
 *  a stream it is asked again (1).
 *  "provider" (provider kind only) tells the host which model prefixes the component
 *  serves and, for each, where the endpoint and the key come from when the operator
 *  gives none: the first variable that is set wins.  A component that serves many
 *  providers names a data file beside the plugin file instead:
 *        "provider": { "rows": "openai_compatible.json" }
 *  with one object per prefix: { "groq": { "base_url": ..., "api_key_env": [...],
 *  "api_base_env": [...], "operations": [...], ...quirks... } }.  A row's own "operations"
 *  replace those of the component for it.  The host makes one instance per row in use; the whole
 * row is part of its config, under "row" (and its prefix under "prefix").  An operator adds rows in
 * a file of their own. */
#if defined(__ELF__)
#define BAY_MANIFEST_SECTION __attribute__((section(".bay_manifest"), used, aligned(1)))
#elif defined(__APPLE__)
#define BAY_MANIFEST_SECTION __attribute__((section("__DATA,__bay_manifest"), used))
#else
#define BAY_MANIFEST_SECTION
#endif

#define BAY_KIND_PROVIDER "bay.provider/1"
#define BAY_KIND_GUARDRAIL "bay.guardrail/1"
#define BAY_KIND_LOGGER "bay.logger/1"
/* Planned, same seven functions: "bay.cache/1", "bay.secret/1", "bay.auth/1",
 * "bay.router/1".  A third party names its own "com.example.thing/1". */

#ifdef __cplusplus
}
#endif
#endif /* PATCHBAY_ENTRY_H_ */
