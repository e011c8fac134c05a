/* A provider for an endpoint that speaks OpenAI's chat API, in plain C11.  The client's request
 * goes on as it came, with another model name in it, and the answer comes back as it is: the host
 * moves the bytes, and this file only says where to and what went wrong.
 *
 * Structs of the host are read without asking their size: the entry says which host minor this file
 * was compiled for, and an older host does not load it.  Fields of a later minor need BAY_HAS. */
#include <patchbay/provider.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

#define TEXT(literal) \
    { (literal), sizeof(literal) - 1 }

/* patchbay_add_plugin() embeds manifest.json under this name, BAY_MANIFEST_SIZE bytes. */
extern const char BAY_MANIFEST_NAME[];

/* The component has no settings; what the `config` of create() says would be kept here. */
struct bay_instance {
    char unused;
};
/* What one request must remember between its events. */
struct bay_exchange {
    char unused;
};

static int is(bay_str text, const char* word) {
    return text.len == strlen(word) && memcmp(text.ptr, word, text.len) == 0;
}

/* ---- the request ---- */

/* A body under construction: pieces of the client's request, and bytes between them. */
typedef struct body {
    bay_seg* segments;
    size_t count;
    uint64_t taken; /* so much of the request is in the body, or replaced */
} body;

/* The request from where the body stands up to `end`. */
static void keep(body* b, uint64_t end) {
    if (end > b->taken) { /* a length of 0 would mean "to the end" */
        const bay_seg piece = {BAY_SEG_BLOB, 0, {NULL, 0}, b->taken, end - b->taken};
        b->segments[b->count++] = piece;
    }
    b->taken = end;
}
static void insert(body* b, bay_str bytes) {
    const bay_seg piece = {BAY_SEG_BYTES, 0, bytes, 0, 0};
    b->segments[b->count++] = piece;
}

/* The request with `model` in place of the client's, and asking for the usage of a stream. */
static void rewrite(body* b, const bay_ev_request* request, bay_str model, int ask_usage) {
    const bay_str usage = TEXT("{\"include_usage\":true}");
    const bay_str more = TEXT(",\"stream_options\":");
    int usage_is_there = 0;
    uint64_t end = 0;
    for (uint64_t i = 0; i < request->member_count; ++i) {
        const bay_member* member = &request->members[i];
        const int is_usage = ask_usage && is(member->name, "stream_options");
        end = member->value_off + member->value.len;
        if (!is_usage && !is(member->name, "model")) continue;
        keep(b, member->value_off);
        insert(b, is_usage ? usage : model);
        b->taken = end;
        usage_is_there |= is_usage;
    }
    if (ask_usage && !usage_is_there) { /* a stream has at least the member "stream" */
        keep(b, end);
        insert(b, more);
        insert(b, usage);
    }
    keep(b, request->json.len);
}

static bay_status fail(bay_out* out, uint32_t cls, const char* message, int32_t status,
                       bay_str upstream_body) {
    const bay_error error = {.size = sizeof error,
                             .cls = cls,
                             .upstream_status = status,
                             .message = {message, strlen(message)},
                             .upstream_body = upstream_body};
    return out->fail(out, &error);
}

static bay_status on_request(const bay_ev_request* request, bay_out* out) {
    static const char path[] = "/chat/completions";
    static const char scheme[] = "Bearer ";
    const bay_str none = {NULL, 0};
    const bay_target* target = request->target;
    if (!is(request->operation, "chat.completions")) {
        return fail(out, BAY_ERR_UNSUPPORTED, "this provider only does chat.completions", 0, none);
    }
    const int stream = (request->flags & BAY_REQ_STREAM) != 0;
    const int ask_usage = stream && request->flags & BAY_REQ_WANT_USAGE;

    /* One block for everything this call needs; the host copies what http() is given. */
    const size_t url_size = target->base_url.len + sizeof path - 1;
    const size_t key_size = target->api_key.len + sizeof scheme - 1;
    const size_t segments_size = (2 * (size_t)request->member_count + 4) * sizeof(bay_seg);
    char* memory = malloc(segments_size + url_size + key_size + json_quoted_max(target->model.len));
    if (memory == NULL) return BAY_E_NOMEM;
    char* url = memory + segments_size;
    if (target->base_url.len > 0) memcpy(url, target->base_url.ptr, target->base_url.len);
    memcpy(url + target->base_url.len, path, sizeof path - 1);
    char* key = url + url_size;
    memcpy(key, scheme, sizeof scheme - 1);
    if (target->api_key.len > 0)
        memcpy(key + sizeof scheme - 1, target->api_key.ptr, target->api_key.len);
    char* model = key + key_size;
    body b = {(bay_seg*)(void*)memory, 0, 0};
    const bay_str model_json = {model, json_quote(target->model, model)};
    rewrite(&b, request, model_json, ask_usage);

    const bay_kv headers[] = {{TEXT("content-type"), TEXT("application/json")},
                              {TEXT("authorization"), {key, key_size}}};
    const bay_http_req call = {.size = sizeof call,
                               .call = 1,
                               .flags = BAY_HTTP_MAIN,
                               .decode = stream ? BAY_DECODE_SSE : BAY_DECODE_BUFFER,
                               .method = TEXT("POST"),
                               .url = {url, url_size},
                               .headers = headers,
                               .header_count = target->api_key.len > 0 ? 2 : 1,
                               .body = b.segments,
                               .body_count = b.count};
    const bay_status status = out->http(out, &call);
    free(memory);
    return status;
}

/* ---- the answer ---- */

static uint32_t class_of_status(int32_t status) {
    switch (status) {
        case 401:
            return BAY_ERR_AUTH;
        case 402:
            return BAY_ERR_QUOTA;
        case 403:
            return BAY_ERR_PERMISSION;
        case 404:
            return BAY_ERR_NOT_FOUND;
        case 408:
        case 504:
            return BAY_ERR_TIMEOUT;
        case 409:
            return BAY_ERR_UPSTREAM;
        case 429:
            return BAY_ERR_RATE_LIMIT;
        default:
            return status >= 400 && status < 500 ? BAY_ERR_BAD_REQUEST : BAY_ERR_UPSTREAM;
    }
}

/* Fails with what the provider says in {"error":{"message":...}}, or with `fallback`. */
static bay_status fail_with_body(bay_out* out, uint32_t cls, const char* fallback,
                                 const bay_ev_http* http) {
    const bay_str raw = json_member(json_member(http->data, "error"), "message");
    char* message = raw.len > 0 ? malloc(raw.len) : NULL;
    const size_t length = message != NULL ? json_string(raw, message) : SIZE_MAX;
    const int said = length != SIZE_MAX;
    const bay_error error = {
        .size = sizeof error,
        .cls = cls,
        .upstream_status = http->status,
        .message = {said ? message : fallback, said ? length : strlen(fallback)},
        .upstream_body = http->data};
    const bay_status status = out->fail(out, &error);
    free(message);
    return status;
}

static bay_status on_http_done(const bay_ev_http* http, bay_out* out) {
    if (http->failure != BAY_FAIL_NONE) {
        const uint32_t cls = http->failure == BAY_FAIL_TIMEOUT  ? BAY_ERR_TIMEOUT
                             : http->failure == BAY_FAIL_DENIED ? BAY_ERR_PERMISSION
                                                                : BAY_ERR_UPSTREAM;
        return fail(out, cls, "the provider could not be reached", http->status, http->data);
    }
    if (http->status / 100 == 2) return out->done(out);
    char fallback[48];
    snprintf(fallback, sizeof fallback, "the provider answered %d", (int)http->status);
    return fail_with_body(out, class_of_status(http->status), fallback, http);
}

/* ---- the tables ---- */

static bay_status feed(bay_exchange* x, const bay_event* event, bay_out* out) {
    const bay_ev_http* http = (const bay_ev_http*)event;
    (void)x;
    switch (event->type) {
        case BAY_EV_REQUEST:
            return on_request((const bay_ev_request*)event, out);
        case BAY_EV_HTTP_HEAD:
            return http->status / 100 == 2 ? out->pass_through(out, http->call) : BAY_OK;
        case BAY_EV_HTTP_FRAME: /* of what is passed through only errors come here */
            return fail_with_body(out, BAY_ERR_UPSTREAM, "the stream broke", http);
        case BAY_EV_HTTP_DONE:
            return on_http_done(http, out);
        default:
            return BAY_E_UNSUPPORTED;
    }
}

static const bay_component* component_at(uint32_t index) {
    static const bay_component component = {sizeof component, 0, TEXT("template")};
    return index == 0 ? &component : NULL;
}
static bay_status create(const bay_create_info* info, bay_diag* diag, bay_instance** out) {
    (void)info;
    (void)diag;
    *out = calloc(1, sizeof **out);
    return *out != NULL ? BAY_OK : BAY_E_NOMEM;
}
static void destroy(bay_instance* self) {
    free(self);
}
static bay_status open_exchange(bay_instance* self, const bay_open_info* info, bay_exchange** out) {
    (void)self;
    (void)info;
    *out = calloc(1, sizeof **out);
    return *out != NULL ? BAY_OK : BAY_E_NOMEM;
}
static void close_exchange(bay_exchange* x) {
    free(x);
}

static bay_status init(const bay_host* host, bay_diag* diag) {
    (void)host; /* a plugin that logs or reads the clock keeps it */
    (void)diag;
    return BAY_OK;
}
static void deinit(void) {}
static const bay_kind* get_kind(const char* id) {
    static const bay_kind provider = {sizeof provider, 0,    component_at,  create, destroy,
                                      open_exchange,   feed, close_exchange};
    return strcmp(id, BAY_KIND_PROVIDER) == 0 ? &provider : NULL;
}

const bay_entry* BAY_ENTRY_NAME(void) {
    static const bay_entry entry = {
        sizeof entry, BAY_ABI_MINOR, BAY_TARGET_MINOR, 0, {BAY_MANIFEST_NAME, BAY_MANIFEST_SIZE},
        init,         deinit,        get_kind};
    return &entry;
}
