/* Whether a text is one JSON object: what a sound plugin asks before it gives a text on as an answer. */
#ifndef PATCHBAY_TESTS_JSON_OBJECT_H_
#define PATCHBAY_TESTS_JSON_OBJECT_H_

#include <stddef.h>
#include <string.h>

/* The text from `at` to `end`; `at` is NULL once it was found to be no JSON. */
struct json_text {
    const unsigned char* at;
    const unsigned char* end;
};

static inline void json_space(struct json_text* t) {
    while (t->at != NULL && t->at != t->end && memchr(" \t\r\n", *t->at, 4) != NULL) ++t->at;
}

static inline int json_next(struct json_text* t, char c) {
    json_space(t);
    if (t->at == NULL || t->at == t->end || *t->at != (unsigned char)c) return 0;
    ++t->at;
    return 1;
}

static inline void json_demand(struct json_text* t, int holds) {
    if (!holds) t->at = NULL;
}

/* The bytes behind the first of a character of several; RFC 3629, section 4. */
static inline void json_rest_of_char(struct json_text* t, unsigned char first) {
    const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    const unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    json_demand(t, first >= 0xC2 && first <= 0xF4 && t->end - t->at >= more && t->at[0] >= low &&
                       t->at[0] <= high);
    for (int i = 0; t->at != NULL && i < more; ++i) json_demand(t, (*t->at++ & 0xC0) == 0x80);
}

static inline void json_escape(struct json_text* t) {
    const unsigned char c = t->at != t->end ? *t->at++ : 0;
    if (c != 'u') {
        json_demand(t, c != 0 && strchr("\"\\/bfnrt", c) != NULL);
        return;
    }
    json_demand(t, t->end - t->at >= 4);
    for (int i = 0; t->at != NULL && i < 4; ++i) {
        json_demand(t, *t->at != 0 && strchr("0123456789abcdefABCDEF", *t->at++) != NULL);
    }
}

/* Behind the opening quote. */
static inline void json_string(struct json_text* t) {
    while (t->at != NULL) {
        json_demand(t, t->at != t->end);
        if (t->at == NULL) return;
        const unsigned char c = *t->at++;
        if (c == '"') return;
        json_demand(t, c >= 0x20);
        if (t->at != NULL && c == '\\') json_escape(t);
        if (t->at != NULL && c >= 0x80) json_rest_of_char(t, c);
    }
}

static inline void json_digits(struct json_text* t) {
    json_demand(t, t->at != t->end && *t->at >= '0' && *t->at <= '9');
    while (t->at != NULL && t->at != t->end && *t->at >= '0' && *t->at <= '9') ++t->at;
}

static inline void json_scalar(struct json_text* t) {
    static const char* const words[] = {"true", "false", "null"};
    for (int i = 0; i < 3; ++i) {
        const size_t size = strlen(words[i]);
        if ((size_t)(t->end - t->at) < size || memcmp(t->at, words[i], size) != 0) continue;
        t->at += size;
        return;
    }
    if (*t->at == '-') ++t->at;
    if (t->at != t->end && *t->at == '0') {
        ++t->at;
    } else {
        json_digits(t);
    }
    if (t->at != NULL && t->at != t->end && *t->at == '.') ++t->at, json_digits(t);
    if (t->at == NULL || t->at == t->end || (*t->at | 0x20) != 'e') return;
    ++t->at;
    if (t->at != t->end && (*t->at == '+' || *t->at == '-')) ++t->at;
    json_digits(t);
}

static inline void json_value(struct json_text* t, int depth) {
    const int object = json_next(t, '{');
    json_demand(t, t->at != t->end && depth != 0);
    if (t->at == NULL) return;
    const int string = !object && json_next(t, '"');
    const int list = !object && !string && json_next(t, '[');
    if (string) json_string(t);
    if (!object && !string && !list) json_scalar(t);
    if (!object && !list) return;
    const char close = object ? '}' : ']';
    if (json_next(t, close)) return;
    do {
        if (object) {
            json_demand(t, json_next(t, '"'));
            json_string(t);
            json_demand(t, json_next(t, ':'));
        }
        json_value(t, depth - 1);
    } while (t->at != NULL && json_next(t, ','));
    json_demand(t, json_next(t, close));
}

static inline int is_json_object(const char* text, size_t size) {
    enum { DEPTH = 500 };
    struct json_text t = {(const unsigned char*)text, (const unsigned char*)text + size};
    if (size == 0 || !json_next(&t, '{')) return 0;
    t.at = (const unsigned char*)text;
    json_value(&t, DEPTH);
    json_space(&t);
    return t.at == t.end;
}

#endif /* PATCHBAY_TESTS_JSON_OBJECT_H_ */
