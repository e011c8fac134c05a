/* A guardrail of ABI 0.2, made into 0.2-guardrail.so; README.md says how. By its configuration:
 * "block" blocks texts with the word "forbidden"; "mask" turns every "secret" into "******",
 * holding what could be its beginning; "down" fails; "mute" gives no verdict; "two" gives two
 * verdicts; "http" asks http://HOST first.
 */
#include "patchbay/guardrail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char manifest[] BAY_MANIFEST_SECTION =
    "{\"id\":\"org.example.old_guard\",\"version\":\"1.0.0\",\"license\":\"Apache-2.0\","
    "\"abi\":\"0.2\",\"components\":[{\"kind\":\"bay.guardrail/1\",\"id\":\"old-guard\","
    "\"names\":[\"old_guard_by_another_name\"],\"config_env\":{\"url\":[\"OLD_GUARD_URL\"]},"
    "\"config_schema\":{\"type\":\"object\",\"properties\":{\"what\":{\"type\":\"string\"},"
    "\"url\":{\"type\":\"string\",\"x-bay-url\":true}},\"required\":[\"what\"]}}]}";

struct bay_instance {
    char what[16];
    char url[256];
};
struct bay_exchange {
    const bay_instance* self;
};

static const bay_component component = {sizeof component, 0, {"old-guard", 9}};
static const bay_component* component_at(uint32_t index) BAY_NOEXCEPT {
    return index == 0 ? &component : NULL;
}

/* The text of a member, as far as a JSON text without escapes needs it. */
static void member(bay_str json, const char* name, char* to, size_t room) {
    char key[32];
    const int length = snprintf(key, sizeof key, "\"%s\":\"", name);
    for (size_t i = 0; i + (size_t)length < json.len; ++i) {
        if (memcmp(json.ptr + i, key, (size_t)length) != 0) continue;
        const char* begin = json.ptr + i + length;
        size_t n = 0;
        while (begin[n] != '"' && n + 1 < room) ++n;
        memcpy(to, begin, n);
        to[n] = 0;
        return;
    }
}

static bay_status create(const bay_create_info* info, bay_diag* diag,
                         bay_instance** out) BAY_NOEXCEPT {
    (void)diag;
    *out = (bay_instance*)calloc(1, sizeof **out);
    if (*out == NULL) return BAY_E_NOMEM;
    member(info->config, "what", (*out)->what, sizeof(*out)->what);
    member(info->config, "url", (*out)->url, sizeof(*out)->url);
    return BAY_OK;
}
static void destroy(bay_instance* self) BAY_NOEXCEPT {
    free(self);
}
static bay_status open_exchange(bay_instance* self, const bay_open_info* info,
                                bay_exchange** out) BAY_NOEXCEPT {
    (void)info;
    *out = (bay_exchange*)calloc(1, sizeof **out);
    if (*out == NULL) return BAY_E_NOMEM;
    (*out)->self = self;
    return BAY_OK;
}
static void close_exchange(bay_exchange* x) BAY_NOEXCEPT {
    free(x);
}

static int holds(bay_str text, const char* word) {
    const size_t n = strlen(word);
    for (size_t i = 0; i + n <= text.len; ++i) {
        if (memcmp(text.ptr + i, word, n) == 0) return 1;
    }
    return 0;
}

static bay_status decide(bay_out* out, uint32_t decision) {
    bay_verdict verdict = {0};
    verdict.size = sizeof verdict;
    verdict.decision = decision;
    return out->verdict(out, &verdict);
}

static bay_status block(bay_out* out) {
    bay_error error = {0};
    bay_verdict verdict = {0};
    static const char detail[] = "{\"error\":\"Violated guardrail policy\",\"flagged\":true}";
    error.size = sizeof error;
    error.cls = BAY_ERR_CONTENT_POLICY;
    error.message.ptr = detail;
    error.message.len = sizeof detail - 1;
    verdict.size = sizeof verdict;
    verdict.decision = BAY_BLOCK;
    verdict.error = &error;
    verdict.reason.ptr = "word list";
    verdict.reason.len = 9;
    return out->verdict(out, &verdict);
}

static bay_status mask(const bay_ev_inspect* event, bay_out* out) {
    static const char word[] = "secret";
    const size_t n = sizeof word - 1;
    bay_verdict verdict = {0};
    bay_edit* edits = (bay_edit*)calloc(event->text_count + 1, sizeof *edits);
    char** texts = (char**)calloc(event->text_count + 1, sizeof *texts);
    const int may_hold = event->stage == BAY_STAGE_STREAM && !(event->flags & BAY_INSPECT_LAST);
    for (uint64_t i = 0; i < event->text_count; ++i) {
        const bay_text* text = &event->texts[i];
        const size_t length = text->text.len - text->fixed;
        char* copy = texts[i] = (char*)malloc(length + 1);
        memcpy(copy, text->text.ptr + text->fixed, length);
        for (size_t at = 0; at + n <= length; ++at) {
            if (memcmp(copy + at, word, n) == 0) memset(copy + at, '*', n);
        }
        size_t hold = 0;
        for (size_t tail = 1; may_hold && tail < n && tail <= length; ++tail) {
            if (memcmp(copy + length - tail, word, tail) == 0) hold = tail;
        }
        edits[i].index = i;
        edits[i].text.ptr = copy;
        edits[i].text.len = length - hold;
        edits[i].hold = hold;
    }
    verdict.size = sizeof verdict;
    verdict.decision = BAY_MODIFY;
    verdict.edits = edits;
    verdict.edit_count = event->text_count;
    const bay_str key = {"masked_entity_count", 19};
    const bay_str json = {"{\"WORD\":1}", 10};
    out->note(out, key, json);
    const bay_status status = out->verdict(out, &verdict);
    for (uint64_t i = 0; i < event->text_count; ++i) free(texts[i]);
    free(texts);
    free(edits);
    return status;
}

static bay_status ask(const bay_instance* self, bay_out* out) {
    bay_http_req request = {0};
    request.size = sizeof request;
    request.call = 1;
    request.method.ptr = "POST";
    request.method.len = 4;
    request.url.ptr = self->url;
    request.url.len = strlen(self->url);
    return out->http(out, &request);
}

static bay_status feed(bay_exchange* x, const bay_event* event, bay_out* out) BAY_NOEXCEPT {
    const char* what = x->self->what;
    if (event->type == BAY_EV_HTTP_DONE) {
        const bay_ev_http* answer = (const bay_ev_http*)event;
        if (answer->failure != 0) return BAY_E_INTERNAL;
        return holds(answer->data, "no") ? block(out) : decide(out, BAY_ALLOW);
    }
    if (event->type == BAY_EV_HTTP_HEAD) return BAY_OK;
    if (event->type != BAY_EV_INSPECT) return BAY_E_UNSUPPORTED;
    const bay_ev_inspect* question = (const bay_ev_inspect*)event;
    if (strcmp(what, "mask") == 0) return mask(question, out);
    if (strcmp(what, "http") == 0) return ask(x->self, out);
    if (strcmp(what, "mute") == 0) return BAY_OK;
    if (strcmp(what, "down") == 0) {
        bay_error error = {0};
        error.size = sizeof error;
        error.cls = BAY_ERR_UPSTREAM;
        error.message.ptr = "the service is down";
        error.message.len = 19;
        return out->fail(out, &error);
    }
    for (uint64_t i = 0; i < question->text_count; ++i) {
        if (holds(question->texts[i].text, "forbidden")) return block(out);
    }
    const bay_status status = decide(out, BAY_ALLOW);
    if (strcmp(what, "two") == 0) return decide(out, BAY_ALLOW);
    return status;
}

static const bay_kind kind = {sizeof kind,   0,    component_at,  create, destroy,
                              open_exchange, feed, close_exchange};
static const bay_kind* get_kind(const char* id) BAY_NOEXCEPT {
    return strcmp(id, BAY_KIND_GUARDRAIL) == 0 ? &kind : NULL;
}
static bay_status init(const bay_host* host, bay_diag* diag) BAY_NOEXCEPT {
    (void)host;
    (void)diag;
    return BAY_OK;
}
static void deinit(void) BAY_NOEXCEPT {}
static const bay_entry entry = {
    sizeof entry, BAY_ABI_MINOR, 2, 0, {manifest, sizeof manifest - 1}, init, deinit, get_kind};
const bay_entry* bay_entry_v0(void) BAY_NOEXCEPT {
    return &entry;
}
