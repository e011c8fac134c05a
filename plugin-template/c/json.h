/* The little JSON that a provider without a parser needs: to find one member of an upstream's
 * document, to read a string, to write one.  Safe for any bytes: what is no JSON is "not found". */
#ifndef TEMPLATE_JSON_H_
#define TEMPLATE_JSON_H_

#include <patchbay/abi.h>

/** Raw text of the member `name` (without escapes) of the object `json`, the first of that name;
 *  absent ({NULL,0}) if there is none.  A view into `json`. */
bay_str json_member(bay_str json, const char* name);

/** Decodes the JSON string `raw`, quotes included, into `to`, which has room for raw.len bytes.
 *  Length of the text, or SIZE_MAX if `raw` is no string. */
size_t json_string(bay_str raw, char* to);

/** Writes `text` as a JSON string into `to`, which has room for json_quoted_max(text.len) bytes.
 *  Length of the string, quotes included. */
size_t json_quote(bay_str text, char* to);
static inline size_t json_quoted_max(size_t length) {
    return 6 * length + 2;
}

#endif
