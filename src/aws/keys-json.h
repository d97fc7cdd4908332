/* SPDX-License-Identifier: Apache-2.0 */
/* Keys in JSON, as the different services and programs name the parts. */
#ifndef EBSIMG_AWS_KEYS_JSON_H
#define EBSIMG_AWS_KEYS_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "aws/credentials.h"

struct keys_names {
    const char *id, *secret, *token, *expires;
    bool needs_token;   /* such keys are always temporary ones */
    bool in_ms;         /* when they expire: a number, ms since 1970; else a
                         * text, ISO 8601 */
};

/* The object of an answer; ERR_ACCESS when something is missing or not as it
 * must be: the message shows nothing of it. */
int keys_from_json(const cJSON *o, const struct keys_names *names,
                   struct credentials *out, struct err *e);

/* When keys or a token expire, in ns since 1970: ISO 8601 with Z, UTC or an
 * offset behind it, as AWS's tools write it into their caches.  0: none of
 * these.  A year behind 2260 (some write 9999 for "never") counts as 2260. */
uint64_t keys_parse_time(const char *text);

/* All of a text, as JSON that is an object; NULL: ERR_ACCESS.  The text is
 * not changed; cJSON_Delete() and keys_wipe_json() are the caller's. */
cJSON *keys_parse_json(const char *text, size_t n, struct err *e);
/* Frees it, its strings overwritten. */
void keys_wipe_json(cJSON *o);

#endif
