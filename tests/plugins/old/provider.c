/* A provider that uses most of what a provider of ABI 0.1 can: the log, a timer, a call,
 * frames, chunks, a whole answer, usage, errors, notes.  README.md says how the file beside it was
 * made; this source is kept to tell what it does, and is not built any more. */
#include <patchbay/provider.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) \
    { (literal), sizeof(literal) - 1 }

static const char manifest[] BAY_MANIFEST_SECTION =
    "{\"id\":\"org.example.old\",\"version\":\"1.0.0\",\"license\":\"Apache-2.0\",\"abi\":\"0.1\","
    "\"components\":[{"
    "\"kind\":\"bay.provider/"
    "1\",\"id\":\"old\",\"operations\":[\"chat.completions\"],\"features\":[\"stream\"],"
    "\"config_schema\":{\"type\":\"object\",\"properties\":{}},"
    "\"provider\":{\"prefixes\":[\"old\"],\"base_url\":\"https://api.example.org/v1\","
    "\"api_key_env\":[\"OLD_API_KEY\"],\"api_base_env\":[\"OLD_API_BASE\"]}}]}";

static const bay_host* host;

struct bay_instance {
    char unused;
};
struct bay_exchange {
    uint32_t stream;
    uint32_t frames;
    char* url;
    char* key;
    char* body;
    size_t body_size;
};

static char* copy(bay_str text, const char* more) {
    char* result = malloc(text.len + strlen(more) + 1);
    if (result == NULL) return NULL;
    if (text.len > 0) memcpy(result, text.ptr, text.len);
    strcpy(result + text.len, more);
    return result;
}

/* The request is kept, and sent when the timer has fired. */
static bay_status on_request(bay_exchange* x, const bay_ev_request* request, bay_out* out) {
    const bay_str key = TEXT("operation");
    const bay_str json = TEXT("\"chat\"");
    x->stream = request->flags & BAY_REQ_STREAM;
    x->url = copy(request->target->base_url, "/chat/completions");
    x->key = copy(request->target->api_key, "");
    x->body = malloc(request->json.len + request->target->model.len + 2);
    if (x->url == NULL || x->key == NULL || x->body == NULL) return BAY_E_NOMEM;
    const int length =
        sprintf(x->body, "%.*s\"%.*s\"%.*s", (int)request->model_off, request->json.ptr,
                (int)request->target->model.len, request->target->model.ptr,
                (int)(request->json.len - request->model_off - request->model_len),
                request->json.ptr + request->model_off + request->model_len);
    x->body_size = (size_t)length;
    bay_status status = out->note(out, key, json);
    if (status == BAY_OK) status = out->timer(out, 7, 1);
    return status;
}

static bay_status on_timer(bay_exchange* x, const bay_ev_timer* timer, bay_out* out) {
    if (timer->timer != 7) return BAY_E_INTERNAL;
    const bay_seg body = {BAY_SEG_BYTES, 0, {x->body, x->body_size}, 0, 0};
    const bay_kv headers[] = {{TEXT("content-type"), TEXT("application/json")},
                              {TEXT("x-api-key"), {x->key, strlen(x->key)}}};
    const bay_http_req call = {.size = sizeof call,
                               .call = 3,
                               .flags = BAY_HTTP_MAIN,
                               .decode = x->stream ? BAY_DECODE_SSE : BAY_DECODE_BUFFER,
                               .method = TEXT("POST"),
                               .url = {x->url, strlen(x->url)},
                               .headers = headers,
                               .header_count = 2,
                               .body = &body,
                               .body_count = 1};
    return out->http(out, &call);
}

static bay_status on_frame(bay_exchange* x, const bay_ev_http* http, bay_out* out) {
    const bay_str none = {NULL, 0};
    ++x->frames;
    return out->chunk(out, none, http->data);
}

static bay_status on_done(bay_exchange* x, const bay_ev_http* http, bay_out* out) {
    if (http->failure != BAY_FAIL_NONE || http->status / 100 != 2) {
        bay_error error = {0};
        error.size = sizeof error;
        error.cls = http->status == 429 ? BAY_ERR_RATE_LIMIT : BAY_ERR_UPSTREAM;
        error.upstream_status = http->status;
        error.message = (bay_str)TEXT("the old upstream failed");
        error.upstream_body = http->data;
        return out->fail(out, &error);
    }
    bay_usage usage = {0};
    usage.size = sizeof usage;
    usage.input_tokens = 3;
    usage.output_tokens = 5;
    out->usage(out, &usage);
    if (x->stream) return out->done(out);
    return out->result(out, http->data);
}

static bay_status feed(bay_exchange* x, const bay_event* event, bay_out* out) {
    switch (event->type) {
        case BAY_EV_REQUEST:
            return on_request(x, (const bay_ev_request*)event, out);
        case BAY_EV_TIMER:
            return on_timer(x, (const bay_ev_timer*)event, out);
        case BAY_EV_HTTP_HEAD:
            return BAY_OK;
        case BAY_EV_HTTP_FRAME:
            return on_frame(x, (const bay_ev_http*)event, out);
        case BAY_EV_HTTP_DONE:
            return on_done(x, (const bay_ev_http*)event, out);
        default:
            return BAY_E_UNSUPPORTED;
    }
}

static const bay_component* component_at(uint32_t index) {
    static const bay_component component = {sizeof component, 0, TEXT("old")};
    return index == 0 ? &component : NULL;
}
static bay_status create(const bay_create_info* info, bay_diag* diag, bay_instance** out) {
    const bay_str line = TEXT("an instance of the old provider");
    (void)info;
    (void)diag;
    host->log(host, BAY_LOG_DEBUG, line);
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
    free(x->url);
    free(x->key);
    free(x->body);
    free(x);
}
static bay_status init(const bay_host* given, bay_diag* diag) {
    (void)diag;
    host = given;
    return BAY_OK;
}
static void deinit(void) {}
static const bay_kind kind = {sizeof kind,   0,    component_at,  create, destroy,
                              open_exchange, feed, close_exchange};
static const bay_kind* get_kind(const char* id) {
    return strcmp(id, BAY_KIND_PROVIDER) == 0 ? &kind : NULL;
}
static const bay_entry entry = {
    sizeof entry, BAY_ABI_MINOR, BAY_TARGET_MINOR, 0, {manifest, sizeof manifest - 1},
    init,         deinit,        get_kind};
const bay_entry* bay_entry_v0(void) {
    return &entry;
}
