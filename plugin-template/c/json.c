#include "json.h"

#include <string.h>

typedef struct cursor {
    const char* at;
    const char* end;
} cursor;

static void skip_space(cursor* c) {
    while (c->at < c->end &&
           (*c->at == ' ' || *c->at == '\t' || *c->at == '\n' || *c->at == '\r')) {
        ++c->at;
    }
}

static int take(cursor* c, char wanted) {
    skip_space(c);
    if (c->at == c->end || *c->at != wanted) return 0;
    ++c->at;
    return 1;
}

/* The string at the cursor with its quotes; absent if there is none. */
static bay_str take_string(cursor* c) {
    skip_space(c);
    const bay_str none = {NULL, 0};
    const char* begin = c->at;
    if (!take(c, '"')) return none;
    for (; c->at < c->end; ++c->at) {
        if (*c->at == '\\') {
            if (++c->at == c->end) return none;
        } else if (*c->at == '"') {
            ++c->at;
            const bay_str found = {begin, (size_t)(c->at - begin)};
            return found;
        }
    }
    return none;
}

/* The value at the cursor: a string, brackets to their match, or what ends at a separator. */
static bay_str take_value(cursor* c) {
    skip_space(c);
    const bay_str none = {NULL, 0};
    const char* begin = c->at;
    size_t depth = 0;
    while (c->at < c->end) {
        const char byte = *c->at;
        if (byte == '"') {
            if (take_string(c).ptr == NULL) return none;
            if (depth == 0) break;
            continue;
        }
        if (depth == 0 && strchr(",}] \t\r\n", byte) != NULL) break;
        if (byte == '{' || byte == '[') ++depth;
        ++c->at;
        if ((byte == '}' || byte == ']') && --depth == 0) break;
    }
    const bay_str found = {begin, (size_t)(c->at - begin)};
    return depth == 0 && found.len > 0 ? found : none;
}

bay_str json_member(bay_str json, const char* name) {
    const bay_str none = {NULL, 0};
    cursor c = {json.ptr, json.ptr + json.len};
    if (json.ptr == NULL || !take(&c, '{')) return none;
    do {
        const bay_str key = take_string(&c);
        if (key.ptr == NULL || !take(&c, ':')) return none;
        const bay_str value = take_value(&c);
        if (value.ptr == NULL) return none;
        if (key.len == strlen(name) + 2 && memcmp(key.ptr + 1, name, key.len - 2) == 0)
            return value;
    } while (take(&c, ','));
    return none;
}

/* Four hex digits at `at`; above 0xFFFF if they are none. */
static uint32_t hex4(const char* at, const char* end) {
    uint32_t code = 0;
    if (end - at < 4) return UINT32_MAX;
    for (int i = 0; i < 4; ++i) {
        static const char digits[] = "0123456789abcdefABCDEF";
        const char* digit = at[i] != 0 ? strchr(digits, at[i]) : NULL;
        if (digit == NULL) return UINT32_MAX;
        const uint32_t value = (uint32_t)(digit - digits);
        code = code * 16 + (value < 16 ? value : value - 6);
    }
    return code;
}

static size_t utf8(uint32_t code, char* to) {
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    const size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; --i, code >>= 6) to[i] = (char)(0x80 | (code & 0x3F));
    to[0] = (char)((0xF00 >> size & 0xFF) | code);
    return size;
}

size_t json_string(bay_str raw, char* to) {
    if (raw.len < 2 || raw.ptr[0] != '"' || raw.ptr[raw.len - 1] != '"') return SIZE_MAX;
    const char* end = raw.ptr + raw.len - 1;
    size_t length = 0;
    for (const char* at = raw.ptr + 1; at < end; ++at) {
        if (*at != '\\') {
            to[length++] = *at;
            continue;
        }
        static const char names[] = "\"\\/bfnrt";
        static const char bytes[] = "\"\\/\b\f\n\r\t";
        if (++at == end) return SIZE_MAX;
        const char* name = *at != 0 ? strchr(names, *at) : NULL;
        if (name != NULL) {
            to[length++] = bytes[name - names];
            continue;
        }
        uint32_t code = *at == 'u' ? hex4(at + 1, end) : UINT32_MAX;
        if (code == UINT32_MAX) return SIZE_MAX;
        at += 4;
        if (code >= 0xD800 && code < 0xE000) { /* half of a pair: with its other half, or U+FFFD */
            const int low_follows = code < 0xDC00 && end - at > 2 && at[1] == '\\' && at[2] == 'u';
            const uint32_t low = low_follows ? hex4(at + 3, end) : UINT32_MAX;
            if (low >= 0xDC00 && low < 0xE000) {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                at += 6;
            } else {
                code = 0xFFFD;
            }
        }
        length += utf8(code, to + length);
    }
    return length;
}

size_t json_quote(bay_str text, char* to) {
    static const char hex[] = "0123456789abcdef";
    size_t length = 0;
    to[length++] = '"';
    for (size_t i = 0; i < text.len; ++i) {
        const unsigned char byte = (unsigned char)text.ptr[i];
        if (byte < 0x20) {
            memcpy(to + length, "\\u00", 4);
            to[length + 4] = hex[byte >> 4];
            to[length + 5] = hex[byte & 15];
            length += 6;
        } else {
            if (byte == '"' || byte == '\\') to[length++] = '\\';
            to[length++] = (char)byte;
        }
    }
    to[length++] = '"';
    return length;
}
