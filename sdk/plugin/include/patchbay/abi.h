/* SPDX-License-Identifier: Apache-2.0 */
/*
 * patchbay/abi.h -- the plugin ABI of Patchbay: rules and basic types.  The major is 0 until the
 * freeze described in docs/abi.md: until then nothing is promised.
 *
 * THE IDEA.  A plugin never does I/O.  It is a set of state machines.  The host
 * owns sockets, TLS, pools, timeouts, retries, files, clocks and randomness; it
 * feeds a machine EVENTS and the machine answers with ACTIONS on a host-owned
 * `bay_out`.  Same events in, same actions out -- always.
 *
 *      client ──HTTP──▶ host ──START(request)──▶ exchange ──http()──▶ host ──▶ upstream
 *      client ◀──HTTP── host ◀──chunk()/done()── exchange ◀──HTTP_FRAME── host ◀──
 *
 * Every kind of plugin (provider, guardrail, logger, and later cache, auth,
 * secret, router) is the same seven functions, `bay_kind`.  Kinds differ only
 * in which events they are fed and which actions they may take.
 *
 * RULES, in force for the whole file
 *
 *  R1  Pure C11, fixed-width types, LP64 little-endian.  No C++ type, no enum
 *      type, no bool, no bitfield, no long, no errno, no FILE, no varargs.
 *  R2  Nothing is freed across the boundary.  A view (`bay_str`, arrays) passed
 *      INTO a call is borrowed until that call returns.  There is no free
 *      function in this ABI and there never will be.
 *  R3  Strings are (ptr,len).  They are not NUL-terminated.  Text is UTF-8; JSON
 *      is RFC 8259 text.  {NULL,0} means absent, {non-NULL,0} means empty.
 *  R4  No exception, longjmp or panic crosses the boundary, either way.  Function
 *      pointer types are `noexcept` for C++17 and later, so the compiler checks.
 *  R5  EXTENSIBLE structs start with `uint32_t size`, set by whoever fills the
 *      struct to sizeof() as it was compiled.  They only ever grow at the end,
 *      and are passed by pointer, one at a time.  A reader must not read a field
 *      beyond `size` (use BAY_HAS).  Absent means zero, and zero must always
 *      mean "default / not stated".  No struct has implicit padding (the build
 *      has -Wpadded): a field grown into tail padding would not change sizeof().
 *  R6  FROZEN structs (marked so) never change; only they appear in arrays.
 *      An array of extensible structs is an array of POINTERS.
 *  R7  Numbers are open sets.  A reader that meets an unknown constant takes the
 *      documented default branch; it never aborts.
 *  R8  The host sends an event type only to a machine that asked for it by an
 *      earlier action (or that is the START of its kind).  So an old plugin never
 *      meets an event it does not know.  A new plugin on an old host gets
 *      BAY_E_UNSUPPORTED from the action, or finds the slot missing (BAY_HAS).
 *  R9  Reserved fields and flag bits are zero when written, ignored when read.
 *
 * THREADS.  Every function carries one of these tags:
 *   [control]   one call at a time per plugin file; never beside any other call
 *               into that file for init/deinit, and beside [any]/[exchange] calls
 *               for create/destroy.  May take up to a few hundred ms.
 *   [any]       any thread, many at once.  The callee is thread-safe.
 *   [exchange]  any thread, but never two at once for one exchange; calls on one
 *               exchange happen-before one another.  Threads change between
 *               calls: keep no state in thread-locals.  Return in well under 1 ms.
 * A plugin starts no threads, blocks on nothing, and touches no process-global
 * state (environment, locale, signals, cwd, umask, stdio).
 */
#ifndef PATCHBAY_ABI_H_
#define PATCHBAY_ABI_H_

#include <stddef.h>
#include <stdint.h>

/** Major: in the entry symbol's name; a host may support several at once.
 *  Minor: additions only.  A plugin built for 1.n runs on every host 1.m, m >= n,
 *  and on older hosts if it targets them (below). */
#define BAY_ABI_MAJOR 0
#define BAY_ABI_MINOR 3

/** Define before including to pin the oldest host minor the plugin must run on.
 *  Declarations newer than this disappear, so using one is a compile error, and
 *  the value is written into `bay_entry.min_host_minor`.  Pin the LOWEST that has
 *  what you need. */
#ifndef BAY_TARGET_MINOR
#define BAY_TARGET_MINOR BAY_ABI_MINOR
#endif
#if BAY_TARGET_MINOR > BAY_ABI_MINOR
#error "BAY_TARGET_MINOR is newer than this header"
#endif

#if defined(_WIN32)
#define BAY_CALL __cdecl
#define BAY_EXPORT __declspec(dllexport)
#else
#define BAY_CALL
#define BAY_EXPORT __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
#define BAY_EXTERN_C extern "C"
#if __cplusplus >= 201703L
#define BAY_NOEXCEPT noexcept
#else
#define BAY_NOEXCEPT
#endif
extern "C" {
#else
#define BAY_EXTERN_C
#define BAY_NOEXCEPT
#endif

/** Borrowed bytes (R2, R3).  FROZEN. */
typedef struct bay_str {
    const char* ptr;
    size_t len;
} bay_str;

/** Name/value pair: HTTP headers, labels.  FROZEN. */
typedef struct bay_kv {
    bay_str name;
    bay_str value;
} bay_kv;

/** True if an extensible struct of this `sz`, filled by the other side, has field f:
 *    if (BAY_HAS(out->size, bay_out, timer)) out->timer(out, 1, 500); */
#define BAY_HAS(sz, type, f) ((sz) >= offsetof(type, f) + sizeof(((type*)0)->f))

/** 0 or a negative BAY_E_*.  It says whether the CALL worked, not whether the
 *  request did: a request that fails is reported with bay_out.fail(). */
typedef int32_t bay_status;
enum {
    BAY_OK = 0,
    BAY_E_INVALID = -1,     /**< bad argument, malformed JSON, bad config          */
    BAY_E_UNSUPPORTED = -2, /**< unknown id, event, action or flag                 */
    BAY_E_STATE = -3,       /**< not allowed in this state or for this kind        */
    BAY_E_LIMIT = -4,       /**< a host limit (bytes, calls, depth) was reached    */
    BAY_E_NOMEM = -5,
    BAY_E_DENIED = -6,   /**< policy: egress list, secret scope                 */
    BAY_E_INTERNAL = -99 /**< bug or escaped exception; counts against the plugin */
};

/** Collects problems found while loading or configuring; host-owned. */
typedef struct bay_diag {
    uint32_t size;
    uint32_t flags;
    void* ctx;
    /** severity: BAY_LOG_WARN or BAY_LOG_ERROR.  pointer: RFC 6901 pointer into the
     *  config ("" for the whole).  May be called many times; report every problem,
     *  not just the first.  [same thread as the call that got the diag] */
    void(BAY_CALL* report)(struct bay_diag* d, uint32_t severity, bay_str pointer,
                           bay_str message) BAY_NOEXCEPT;
} bay_diag;

enum { BAY_LOG_TRACE = 0, BAY_LOG_DEBUG, BAY_LOG_INFO, BAY_LOG_WARN, BAY_LOG_ERROR };

/** Services of the host that need no exchange.  One per plugin file; valid from
 *  init() until deinit() returns.  All functions [any], non-blocking. */
typedef struct bay_host {
    uint32_t size;
    uint32_t abi_minor; /**< of the host */
    void* ctx;
    bay_str name;
    bay_str version;

    /** Optional host services by id ("bay.crypto/1"); NULL if absent.  The result
     *  lives as long as the bay_host.  `id` is NUL-terminated. */
    const void*(BAY_CALL* get_extension)(const struct bay_host* h, const char* id)BAY_NOEXCEPT;

    void(BAY_CALL* log)(const struct bay_host* h, uint32_t level, bay_str message) BAY_NOEXCEPT;
    uint32_t(BAY_CALL* log_level)(const struct bay_host* h) BAY_NOEXCEPT;

    /** Clock and randomness come from the host so that recorded exchanges replay
     *  byte for byte (plugin-check freezes them). */
    int64_t(BAY_CALL* unix_ms)(const struct bay_host* h) BAY_NOEXCEPT;
    void(BAY_CALL* random)(const struct bay_host* h, void* dst, size_t n) BAY_NOEXCEPT;
} bay_host;

#ifdef __cplusplus
}
#endif
#endif /* PATCHBAY_ABI_H_ */
